"""JSONL: one mention a line, whatever is in it."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.errors import OutputError
from listen.mention import Change, Mention, record
from listen.outputs.jsonl import JsonlOutput
from tests.store.invented import mention


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def written(*mentions: Mention, stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO(newline="")
    with JsonlOutput(stream) as output:
        for each in mentions:
            output.show(Change("new", each))
    return stream.getvalue()


def test_a_line_is_the_record_with_its_keys_in_order() -> None:
    said = mention(likes=0, hashtags=("kindle",), text="kaputt 😀 ä")
    text = written(said, said)
    first, second = text.splitlines()
    assert first == second
    assert text.endswith("}\n")
    assert list(json.loads(first).items()) == list(record(said).items())
    assert "😀 ä" in first, "UTF-8 as it is, so that grep finds it"


def test_edits_are_written_as_mentions_and_withdrawals_are_not() -> None:
    stream = io.StringIO()
    output = JsonlOutput(stream)
    for kind, text in [("new", "kaputt"), ("edited", "geht"), ("withdrawn", "geht")]:
        output.show(Change(kind, mention(text=text)))  # type: ignore[arg-type]
    assert [json.loads(line)["text"] for line in stream.getvalue().splitlines()] == ["kaputt", "geht"]
    assert {frozenset(json.loads(line)) for line in stream.getvalue().splitlines()} == {frozenset(record(mention()))}


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.booleans())
def test_every_text_comes_back_from_one_line(text: str, on_terminal: bool) -> None:
    said = mention(text=text, title=text, hashtags=(text,))
    line = written(said, stream=Terminal() if on_terminal else None)
    assert line.count("\n") == 1
    assert json.loads(line)["text"] == json.loads(line)["hashtags"][0] == text


def test_a_cell_that_csv_would_defuse_is_left_untouched() -> None:
    assert json.loads(written(mention(text="=1+1")))["text"] == "=1+1"


def test_half_characters_become_replacement_characters() -> None:
    line = written(mention(text="a\ud83db", hashtags=("\udcff",), author_name="\ud83d"))
    told = json.loads(line.encode("utf-8"))
    assert (told["text"], told["hashtags"], told["author_name"]) == ("a\ufffdb", ["\ufffd"], "\ufffd")


@pytest.mark.parametrize("hostile", ["\x1b[2J", "\x9b2J", "\x07", "\u202etxt", "\x7f", "\u2066"])
def test_a_terminal_is_not_obeyed_and_the_text_stays_the_same(hostile: str) -> None:
    line = written(mention(text=hostile), stream=Terminal())
    assert line.rstrip("\n").isprintable()
    assert json.loads(line)["text"] == hostile


def test_what_is_no_number_is_null() -> None:
    assert json.loads(written(mention(rating=float("nan"))))["rating"] is None


def test_a_reader_of_a_pipe_does_not_wait_for_a_full_buffer() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "w", encoding="utf-8") as stream:
        output = JsonlOutput(stream)
        output.show(Change("new", mention()))
        output.health([])
        assert json.loads(reader.readline())["id"] == "bluesky:1"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told() -> None:
    with contextlib.suppress(OSError), Path("/dev/full").open("w", encoding="utf-8") as stream:
        output = JsonlOutput(stream)
        output.show(Change("new", mention()))
        with pytest.raises(OutputError, match="/dev/full: cannot be written"):
            output.close()


def test_a_closed_pipe_passes_through() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with contextlib.suppress(BrokenPipeError), os.fdopen(writing, "w", encoding="utf-8") as stream:
        output = JsonlOutput(stream)
        output.show(Change("new", mention()))
        with pytest.raises(BrokenPipeError):
            output.flush()
