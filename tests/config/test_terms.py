"""What the terms of a network allow bounds what the config may say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from listen.config.keeping import retention
from listen.errors import ConfigError
from listen.platforms import known
from listen.platforms.hackernews import HackerNews

MONTH = timedelta(days=30)


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hacker News as it would be if its terms allowed thirty days."""
    monkeypatch.setattr(HackerNews, "facts", msgspec.structs.replace(HackerNews.facts, keep=MONTH))


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    ("keep", "sections", "expected"),
    [
        ("2y", {}, MONTH),
        ("forever", {}, MONTH),
        ("2y", {"hackernews": {"keep": "10d"}}, timedelta(days=10)),
        ("5d", {}, timedelta(days=5)),
    ],
    ids=["longer", "for ever", "the section is stricter", "the config is stricter"],
)
def test_what_the_terms_allow_at_most_holds_whatever_the_config_says(
    keep: str, sections: dict[str, Any], expected: timedelta
) -> None:
    told = retention(keep, (), sections, "config.toml")
    assert told.of("hackernews", ()) == expected
    assert told.of("bluesky", ()) != MONTH


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("keep", ["31d", "forever"])
def test_a_section_that_wants_more_is_refused(keep: str) -> None:
    with pytest.raises(ConfigError, match=r"\[platforms.hackernews\] keep: the terms of hackernews allow 30d at most"):
        retention(None, (), {"hackernews": {"keep": keep}}, "config.toml")


def test_without_terms_the_config_alone_counts() -> None:
    assert all(platform.facts.keep is None or platform.facts.keep > timedelta(0) for platform in known().values())
    assert retention("forever", (), {}, "config.toml").of("bluesky", ()) is None
