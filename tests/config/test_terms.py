"""What the terms of a network allow bounds what the config may say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from listen.config.keeping import retention
from listen.errors import ConfigError
from listen.login import Grant, Vault, vault_path
from listen.platforms import known
from listen.when import now

MONTH = timedelta(days=30)
KEYED = {"key": "env:KEY"}  # of YouTube, whose terms bound what its API gave


@pytest.mark.parametrize(
    ("keep", "section", "expected"),
    [
        ("2y", {}, MONTH),
        ("forever", {}, MONTH),
        ("2y", {"keep": "10d"}, timedelta(days=10)),
        ("5d", {}, timedelta(days=5)),
    ],
    ids=["longer", "for ever", "the section is stricter", "the config is stricter"],
)
def test_what_the_terms_allow_at_most_holds_whatever_the_config_says(
    keep: str, section: dict[str, Any], expected: timedelta
) -> None:
    told = retention(keep, (), {"youtube": {**KEYED, **section}}, "config.toml")
    assert told.of("youtube", ()) == expected
    assert told.of("bluesky", ()) != MONTH


@pytest.mark.parametrize("keep", ["31d", "forever"])
def test_a_section_that_wants_more_is_refused(keep: str) -> None:
    with pytest.raises(ConfigError, match=r"\[platforms.youtube\] keep: the terms of youtube allow 30d at most"):
        retention(None, (), {"youtube": {**KEYED, "keep": keep}}, "config.toml")


def test_without_terms_the_config_alone_counts() -> None:
    assert all(platform.facts.keep is None or platform.facts.keep > timedelta(0) for platform in known().values())
    assert retention("forever", (), {}, "config.toml").of("bluesky", ()) is None


def test_what_youtube_s_api_gave_is_kept_for_thirty_days_what_its_feeds_gave_as_long_as_one_likes() -> None:
    assert retention("2y", (), {"youtube": KEYED}, "config.toml").of("youtube", ()) == MONTH
    assert retention("forever", (), {"youtube": {"channels": []}}, "config.toml").of("youtube", ()) is None


def test_a_login_is_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    Vault(vault_path()).keep(Grant(platform="youtube", account="anna", made_at=now(), secrets={"key": "hush"}))
    assert retention("forever", (), {}, "config.toml").of("youtube", ()) == MONTH
    with pytest.raises(ConfigError, match="the terms of youtube allow 30d at most"):
        retention(None, (), {"youtube": {"keep": "90d"}}, "config.toml")
