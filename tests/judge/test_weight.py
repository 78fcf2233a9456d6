"""What the judge costs: nothing at start-up, TextBlob for English alone, little time to compile its tables."""

from __future__ import annotations

import subprocess
import sys

import pytest

from listen.judge.cues import Cues, cues
from listen.judge.words import read

_PROGRAM = """
import sys
from listen.judge import Judge
early = {name for name in sys.modules if name.startswith(("textblob", "nltk", "listen.judge.german"))}
assert not early, early
verdict = %s(%r)
assert verdict.flag == "complaint", verdict
print("textblob" in sys.modules, "listen.judge.english" in sys.modules)
"""


def _loaded(text: str, judge: str = "Judge()") -> str:
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM % (judge, text)], capture_output=True, text=True, timeout=60, check=True
    )
    return run.stdout.strip()


def test_german_never_loads_textblob_nor_the_english_tables() -> None:
    assert _loaded("Mein Reader geht nicht mehr, so eine Frechheit") == "False False"


def test_english_loads_textblob_only_if_asked_to() -> None:
    text = "My reader is broken and it won't turn on"
    assert _loaded(text) == "False True"
    assert _loaded(text, "Judge(textblob=True)") == "True True"


@pytest.mark.parametrize("lang", ["de", "en", None])
def test_a_table_holds_only_words_that_a_text_can_hold(lang: str | None) -> None:
    unreachable = {
        word
        for word in cues(lang).words
        if not word.startswith("<") and word != ".." and read(word.rstrip("*")).keys != [word.rstrip("*")]
    }
    assert unreachable <= {"<n>", "<@>"}


def test_the_longest_phrase_wins_and_the_rest_is_still_found() -> None:
    tables = Cues([(("complaint", 1.0, "Probleme; Ärger"), ("praise", 2.0, "nie [wieder] Probleme"))])
    words = read("nie Probleme, nur Ärger")
    assert [(hit.cue.kind, hit.first, hit.last) for hit in tables.find(words)] == [
        ("praise", 0, 1),
        ("complaint", 3, 3),
    ]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("geht .. nicht", "das geht mir doch nicht", True),
        ("geht .. nicht", "das geht mir doch auch so nicht", False),
        ("geht .. nicht", "es geht. Aber nicht so", False),
        ("enttäusch*", "so eine Enttaeuschung", True),
        ("seit <n> Wochen", "seit drei Wochen", True),
        ("seit <n> Wochen", "seit 12 wochen", True),
        ("(geht|läuft) nicht [mehr]", "LAEUFT NICHT", True),
        ("#fail", "ein #fail", True),
        ("#fail", "ein fail", False),
        ("fail", "ein #fail", True),
        ("für den", "fur den", True),
        ("schön", "schon", False),
        ("(lang|\n   kurz) gut", "kurz gut", True),
        ("gut -- ein Wort", "ein Wort", False),
    ],
)
def test_a_phrase_means_what_the_page_says(phrase: str, text: str, found: bool) -> None:
    assert bool(Cues([(("complaint", 1.0, phrase),)]).find(read(text))) == found
