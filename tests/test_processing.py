"""The record of processing tells what the config does, in both languages alike."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest

from listen.config import Config, load
from listen.processing import LANGUAGES, Stored, facts_of, markdown
from listen.processing.words import ENGLISH, GERMAN

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HELD = Stored(mentions=12, withheld=3, forgotten=2, mode="0600")
FULL = """
contact = "datenschutz@shop.example"
keep = "1y"
authors_wishes = "{wishes}"
judge = "llm"
[[topic]]
name = "kindle"
query = "#Kindle"
keep = "90d"
[[topic]]
name = "# tolino"
query = "tolino"
role = "competitor"
keep = "forever"
[platforms.bluesky]
enabled = false
keep = "30d"
[platforms.hackernews]
enabled = false
[platforms.mastodon]
servers = ["mastodon.social", "http://127.0.0.1:3000", "b.example"]
[platforms.feeds]
urls = ["https://blog.example/feed?token=hush"]
keep = "26w"
[llm]
url = "{url}"
model = "a-model"
"""


def config(tmp_path: Path, *, wishes: str = "respect", url: str = "https://llm.example/v1") -> Config:
    path = tmp_path / "config.toml"
    path.write_text(FULL.replace("{wishes}", wishes).replace("{url}", url), encoding="utf-8")
    return load(path)


def told(tmp_path: Path, lang: str = "en", stored: Stored | None = HELD, **more: str) -> str:
    return markdown(facts_of(config(tmp_path, **more), "/data/listen.db", stored, NOW), lang)


def test_both_languages_say_the_same_things() -> None:
    assert list(ENGLISH) == list(GERMAN)

    def fields(text: str) -> list[str]:
        return sorted(field or "" for _, field, _, _ in Formatter().parse(text) if field is not None)

    for name, sentence in ENGLISH.items():
        assert fields(sentence) == fields(GERMAN[name]), name
        assert ("[" in sentence) == ("[" in GERMAN[name]), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_record_tells_what_the_config_says(tmp_path: Path, lang: str) -> None:
    record = told(tmp_path, lang)
    expected = ["datenschutz@shop.example", "`kindle`", "365", "90", "182", "30", "llm.example", "a-model", "b.example"]
    expected += ["blog.example", "mastodon.social", "/data/listen.db", "0600", "12", "#nobot", "Art. 30"]
    for word in expected:
        assert word in record, word
    assert "hush" not in record
    assert "news.google.com" not in record, "it is not asked"
    assert "firebaseio" not in record, "it is turned off"
    assert len(re.findall(r"^## ", record, re.MULTILINE)) == 9
    assert not re.search(r"^#+ tolino", record, re.MULTILINE), "a topic's name makes no heading"
    assert "{" not in record


def test_a_turned_off_network_still_bounds_what_was_heard_there(tmp_path: Path) -> None:
    assert facts_of(config(tmp_path), "x", None, NOW).keep_platforms == {"bluesky": 30, "feeds": 182}


def test_it_says_what_is_not_as_it_should_be(tmp_path: Path) -> None:
    record = told(tmp_path, wishes="ignore", stored=Stored(mentions=1, withheld=0, forgotten=0, mode="0644"))
    assert "are NOT respected" in record
    assert "OTHERS may read (mode 0644)" in record
    assert "`# tolino`: without a limit in time. [your reason]" in record


def test_a_model_on_this_machine_is_no_recipient(tmp_path: Path) -> None:
    assert "None by the second opinion: the model `a-model` runs on this machine" in told(
        tmp_path, url="http://127.0.0.1:11434/v1"
    )
    assert "and then by the model named above" in told(tmp_path)


def test_without_a_config_it_tells_of_the_open_networks_and_leaves_open_who_it_is() -> None:
    from listen.config.load import _platforms

    bare = Config(platforms=_platforms({}, "config"))
    record = markdown(facts_of(bare, "/data/listen.db", None, NOW), "en")
    assert "[name and contact details of the controller" in record
    assert "730 days after they were first seen" in record
    assert "Nothing is stored yet." in record
    assert "`mastodon.social`: Germany" in record
    assert "`fosstodon.org`: [country to be found out]" in record
