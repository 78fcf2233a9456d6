"""One value more or less in the config: nothing else in it changes."""

from __future__ import annotations

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as some

from listen.config.editing import Change, changed, said
from listen.config.starting import example
from listen.errors import ConfigError

NEW = "https://new.example/feed/"


def _with(text: str, **told: object) -> str:
    change = {"platform": "feeds", "option": "urls", "value": NEW} | told
    return changed(text, Change(**change), "config.toml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f'[platforms.feeds]\nurls = ["{NEW}"]\n'),
        ("# mine\nx = 1", f'# mine\nx = 1\n\n[platforms.feeds]\nurls = ["{NEW}"]\n'),
        ("[platforms.feeds]\n\n[llm]\n", f'[platforms.feeds]\nurls = ["{NEW}"]\n\n[llm]\n'),
        ("[platforms.feeds]", f'[platforms.feeds]\nurls = ["{NEW}"]\n'),
        (
            "[platforms.feeds]\n# urls = []   # which\n# more\n\n# -- the model\n[llm]\n",
            f'[platforms.feeds]\n# urls = []   # which\nurls = ["{NEW}"]\n# more\n\n# -- the model\n[llm]\n',
        ),
        (
            "[platforms.feeds]\nurls             = []           # which\nnews = true\n",
            f'[platforms.feeds]\nurls             = ["{NEW}"]           # which\nnews = true\n',
        ),
        (
            '[platforms.feeds]\nurls = [\n  "https://a",   # ours\n  # theirs\n  "https://b",\n]\n',
            f'[platforms.feeds]\nurls = [\n  "https://a",   # ours\n  # theirs\n  "https://b",\n  "{NEW}",\n]\n',
        ),
        ("[ platforms . feeds ]\nevery_minutes = 1\n", f'[ platforms . feeds ]\nurls = ["{NEW}"]\nevery_minutes = 1\n'),
        ("[platforms.feeds]\r\nnews = true\r\n", f'[platforms.feeds]\r\nurls = ["{NEW}"]\r\nnews = true\r\n'),
        ("\ufeff[platforms.feeds]\nurls = []\n", f'\ufeff[platforms.feeds]\nurls = ["{NEW}"]\n'),
        ("[platforms]\nfeeds.news = true\n", f'[platforms]\nfeeds.news = true\nfeeds.urls = ["{NEW}"]\n'),
        ("[platforms]\nfeeds = {news = true}\n", f'[platforms]\nfeeds = {{news = true,urls = ["{NEW}"]}}\n'),
        (
            'query = """\n[platforms.feeds]\n"""\n',
            f'query = """\n[platforms.feeds]\n"""\n\n[platforms.feeds]\nurls = ["{NEW}"]\n',
        ),
    ],
    ids=[
        "nothing", "no section", "an empty section", "a section at the end", "explained", "empty", "over lines",
        "odd blanks", "line ends of Windows", "a mark of Windows", "dotted", "inline", "in a text",
    ],
)  # fmt: skip
def test_a_value_is_added_and_all_else_stays(before: str, after: str) -> None:
    found = _with(before)
    assert tomli.loads(found.removeprefix("\ufeff")) == tomli.loads(after.removeprefix("\ufeff"))
    for line in before.splitlines():
        if "urls" not in line and "feeds" not in line:
            assert line in found.splitlines()
    if "dotted" not in before and "{" not in before and '"""' not in before:
        assert found == after
    assert _with(found) == found


def test_adding_to_the_example_changes_one_line() -> None:
    before, after = example(), _with(example())
    changes = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    (one,) = changes
    assert one[0].startswith("urls ")
    assert one[1].split("#")[1] == one[0].split("#")[1]


def test_taking_it_out_again_leaves_the_config_as_it_was() -> None:
    before = '[platforms.feeds]\nurls = ["https://a"]  # ours\n'
    assert _with(_with(before), there=False) == before
    assert _with(before, there=False) == before


def test_a_default_is_kept_where_the_config_says_nothing() -> None:
    found = _with("", platform="mastodon", option="servers", value="c.example", default=("a.example", "b.example"))
    assert tomli.loads(found)["platforms"]["mastodon"]["servers"] == ["a.example", "b.example", "c.example"]
    assert _with("", value="a.example", default=("a.example",)) == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[platforms.feeds]\nurls = 5\n", r"\[platforms.feeds\] urls: expected a list of texts in quotes, got 5"),
        ("[platforms.feeds]\nurls = [5]\n", "expected a list of texts"),
        ("[platforms.feeds\n", "config.toml: is not TOML: "),
        ("platforms = 5\n", r"\[platforms.feeds\] is not a table"),
    ],
)
def test_what_cannot_be_changed_says_so(text: str, problem: str) -> None:
    with pytest.raises(ConfigError, match=problem):
        _with(text)


@given(values=some.lists(some.text(), unique=True, max_size=5), value=some.text())
def test_any_text_can_be_added_and_read_again(values: list[str], value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    text = "[platforms.feeds]\nurls = []\nnews = true\n"
    for one in [*values, value]:
        text = _with(text, value=one.encode("utf-8", "replace").decode())
    assert tomli.loads(text)["platforms"]["feeds"]["urls"][-1:] == [value] or value in values
    assert said(text, "feeds", "news", "config.toml") is True
