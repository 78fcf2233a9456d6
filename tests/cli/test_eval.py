"""`listen eval` as the contract describes it."""

from __future__ import annotations

import json

import pytest

from tests.cli.program import Program

TEXTS = """text,label,lang,role,rating
"My reader broke after two days, support never answers, I want my money back",complaint,en,own,1
"Absolutely love it, works great, highly recommend",praise,en,own,5
"Should I buy the blue one or the red one? Any recommendations?",opportunity,en,,
"The shop opens at nine\x1b[31m",none,en,,
"Mein Reader ist kaputt und keiner antwortet, so eine Frechheit",complaint,de,,1
"Bin begeistert, klare Kaufempfehlung",praise,de,,5
"Heute Abend Lesung in Graz",complaint,de,,
"""


@pytest.fixture
def labelled(listen: Program) -> Program:
    (listen.home / "l.csv").write_text(TEXTS, encoding="utf-8")
    return listen


def test_json_holds_what_the_contract_says(labelled: Program) -> None:
    done = labelled.run("eval", "l.csv", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert facts["n"] == 7
    assert set(facts["per_flag"]) == {"complaint", "opportunity", "praise", "none"}
    assert set(facts["per_lang"]) == {"de", "en"}
    for figures in (facts, *facts["per_lang"].values()):
        assert {"n", "macro_f1", "accuracy", "per_flag"} <= figures.keys()
        for each in figures["per_flag"].values():
            assert set(each) == {"precision", "recall", "f1", "auc", "n"}
            assert all(value is None or 0 <= value <= 1 for name, value in each.items() if name != "n")
    assert facts["per_lang"]["de"]["n"] == 3
    assert facts["per_flag"]["complaint"]["n"] == 3
    hits = sum(facts["confusion"][flag][flag] for flag in facts["confusion"])
    assert facts["accuracy"] == pytest.approx(hits / 7, abs=1e-4)


def test_one_flag_against_the_rest(labelled: Program) -> None:
    facts = json.loads(labelled.run("eval", "l.csv", "--binary", "complaint", "--json", "--errors", "5").stdout)
    assert set(facts["per_flag"]) == {"complaint", "rest"}
    assert facts["per_flag"]["rest"]["n"] == 4
    missed = facts["per_flag"]["complaint"]["n"] - facts["confusion"]["complaint"]["complaint"]
    assert sum(error["said"] == "complaint" for error in facts["errors"]) == missed


def test_people_get_tables_and_the_worst_errors_on_one_safe_line_each(labelled: Program) -> None:
    done = labelled.run("eval", "l.csv", "--errors", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("all texts: 7, macro-F1 ")
    assert "language de: 3" in done.stdout
    assert "(flag given)" in done.stdout
    errors = done.stdout.partition("the worst errors\n")[2].splitlines()
    assert len(errors) == 1
    assert "labelled complaint (de): Heute Abend Lesung" in done.stdout or "labelled" in errors[0]
    assert "\x1b" not in done.stdout


def test_a_two_label_file_needs_binary(listen: Program) -> None:
    (listen.home / "l.csv").write_text("text,label\nit broke,complaint\nhello,other\n", encoding="utf-8")
    assert listen.run("eval", "l.csv", "--binary", "complaint", "--json").returncode == 0
    done = listen.run("eval", "l.csv")
    assert done.returncode == 1
    assert done.stderr.startswith("listen: l.csv: line 3: there is no label 'other'")


def test_a_wrong_file_says_where_and_what_to_do(listen: Program) -> None:
    (listen.home / "l.csv").write_bytes(b"text,label\nM\xfcll,none\n")
    done = listen.run("eval", "l.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "listen: l.csv: line 2 is not UTF-8; save the file as CSV in UTF-8\n"


def test_a_file_can_come_by_stdin(listen: Program) -> None:
    done = listen.run("eval", "-", "--json", given="text,label\nhello there,none\n")
    assert json.loads(done.stdout)["n"] == 1
