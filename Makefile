# The only entrance for developers. Everything is installed into .venv, from pinned and hashed packages.

PYTHON ?= python3
TERMS  ?= '\#Kindle'
BIN    := .venv/bin

.PHONY: watch demo test bench fuzz soak judge judge-report picture lock clean

watch: .venv/run          ## set up and stream mentions of TERMS, with no account and no config
	@$(BIN)/listen watch $(TERMS)

demo: .venv/run           ## set up and play the bundled tape; needs no network
	@$(BIN)/listen watch --demo

test: .venv/dev           ## set up and run all checks and tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: .venv/dev          ## the figures of docs/performance.md
	$(BIN)/python -m benchmarks

fuzz: .venv/dev           ## ten minutes of queries and texts that nobody would write
	$(BIN)/python -m scripts.fuzz

soak: .venv/dev           ## 500 kills and an hour of a thousand frames a second, with faults; some 75 minutes
	$(BIN)/python -m scripts.soak

judge: .venv/dev          ## the judge's weights anew, from corpus/ and the licensed corpora in LISTEN_CORPORA
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m training

judge-report: .venv/dev   ## the judge's figures, into docs/judge.md
	$(BIN)/python -m training.report

picture: .venv/dev        ## the terminal session that README shows
	$(BIN)/python scripts/picture.py

lock: .venv/dev           ## pin the packages anew
	$(BIN)/pip install -qq pip-tools
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --strip-extras --allow-unsafe \
		--output-file=requirements/run.txt pyproject.toml
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --strip-extras --allow-unsafe \
		--constraint=requirements/run.txt --output-file=requirements/dev.txt pyproject.toml requirements/dev.in

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/run: requirements/run.txt pyproject.toml
	@echo "setting up .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
