"""What keeps the house in order."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import listen
from listen import errors

ROOT = Path(__file__).parents[1]
HEAVY = ("httpx", "rich", "textblob", "nltk", "feedparser", "websockets", "msgspec", "asyncio", "sqlite3", "tomli",
         "re2", "tomlkit")  # fmt: skip


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter holds after running the code."""
    program = f"{code}\nimport sys; print('\\n'.join(sys.modules), file=sys.__stderr__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["watch", "--help"], ["export", "--help"], ["import", "--help"]], ids=" ".join
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    modules = loaded_by(f"from listen.cli import run\nrun({arguments!r})")
    assert not modules.intersection(HEAVY)


def test_the_version_is_told_without_loading_click() -> None:
    modules = loaded_by("import sys\nsys.argv = ['listen', '--version']\nfrom listen.__main__ import main\nmain()")
    assert "click" not in modules


def test_every_error_derives_from_the_base() -> None:
    ours = [thing for _, thing in inspect.getmembers(errors, inspect.isclass) if thing.__module__ == errors.__name__]
    assert len(ours) > 8
    for error in ours:
        assert issubclass(error, errors.ListenError)
    raised = re.compile(r"class \w+\((?:\w*Error|\w*Exception)\)")
    for file in (ROOT / "src").rglob("*.py"):
        if file.name != "errors.py":
            assert not raised.search(file.read_text(encoding="utf-8")), f"{file} has an error of its own"


def test_every_module_can_be_imported_and_says_what_it_is() -> None:
    names = [module.name for module in pkgutil.walk_packages(listen.__path__, "listen.")]
    assert len(names) > 40
    for name in names:
        if name != "listen.__main__":
            assert importlib.import_module(name).__doc__, f"{name} says nothing about itself"


def test_files_and_functions_stay_small() -> None:
    import ast

    for file in (ROOT / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert text.count("\n") <= 300, f"{file} has grown too long"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                documented = (ast.get_docstring(node, clean=False) or "").count("\n") + 1
                assert lines - documented <= 40, f"{file}: {node.name} has grown too long"


def test_no_exception_is_swallowed() -> None:
    swallowed = re.compile(r"except( Exception| BaseException)?:\n\s+pass")
    for file in (ROOT / "src").rglob("*.py"):
        assert not swallowed.search(file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize(
    "name",
    [
        "",
        "watch",
        "export",
        "import",
        "replay",
        "init",
        "login",
        "add",
        "check",
        "serve-webhooks",
        "status",
        "platforms",
        "query",
        "explain",
        "mark",
        "teach",
        "eval",
        "forget",
        "purge",
        "privacy",
        "db",
        "db path",
        "db check",
        "db backup",
        "db vacuum",
    ],
)
def test_the_reference_shows_the_help_that_the_program_prints(name: str) -> None:
    command = [sys.executable, "-m", "listen", *name.split(), "--help"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    assert not [line for line in shown.splitlines() if len(line) > 79], "a terminal has 80 columns"
    block = f"$ {' '.join(['listen', *name.split(), '--help'])}\n{shown.rstrip()}\n"
    file = ROOT / ("README.md" if name in ("", "watch") else "docs/commands.md")
    assert block in file.read_text(encoding="utf-8"), f"{file.name} is behind; it should say:\n{block}"


def test_documents_link_only_to_files_that_are_there() -> None:
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8")):
            if "://" not in link:
                assert (document.parent / link).exists(), f"{document.name} links to {link}"
