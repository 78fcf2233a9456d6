"""What logins leave behind fits the platforms that they are for, and turns them on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from listen.config import load
from listen.http import Client, Secret
from listen.login import Grant, Vault, vault_path
from listen.platforms import known
from listen.query import parse
from listen.run import sources_of
from listen.source import Interest
from listen.when import now

WITH_LOGIN = [name for name, platform in known().items() if platform.login]
GRANTS: dict[str, dict[str, Any]] = {
    "facebook": {
        "place": "12345",
        "secrets": {"token": "hush-page", "app_secret": "hush-app"},
        "values": {"page": "12345"},
    },
    "instagram": {"secrets": {"token": "hush-page", "app_secret": "hush-app"}, "values": {"account": "67890"}},
    "reddit": {"secrets": {"client_id": "hush-id", "client_secret": "hush-secret"}, "values": {"user": "anna"}},
    "threads": {"secrets": {"token": "hush-user"}, "renews": True},
    "tumblr": {"secrets": {"key": "hush-key"}},
    "youtube": {"secrets": {"key": "hush-key"}},
    "x": {"secrets": {"token": "hush-token"}},
}


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.mark.parametrize("name", WITH_LOGIN)
def test_a_login_fills_options_that_there_are(name: str) -> None:
    platform = known()[name]
    assert platform.login is not None
    assert platform.login.options
    assert set(platform.login.options) <= set(platform.options.__struct_fields__)


@pytest.mark.parametrize("name", [name for name in WITH_LOGIN if known()[name].facts.needs is not None])
async def test_a_login_is_all_that_it_takes_to_hear_something(name: str, tmp_path: Path) -> None:
    empty = tmp_path / "listen.toml"
    empty.write_text("", encoding="utf-8")
    assert name not in load(empty).platforms
    Vault(vault_path()).keep(Grant(platform=name, account="anna", made_at=now(), **GRANTS[name]))
    config = load(empty)
    held = {secret.reveal() for secret in config.secrets()}
    assert held == set(GRANTS[name]["secrets"].values())
    async with Client(secrets=[Secret(value, "test") for value in held]) as client:
        assert sources_of(config, Interest((parse("#kindle"),)), client, [name])[name]
    empty.write_text(f"[platforms.{name}]\nenabled = false\n", encoding="utf-8")
    assert name not in load(empty).platforms


def test_a_token_in_the_config_takes_nothing_of_another_app(tmp_path: Path) -> None:
    for name in ("facebook", "instagram"):
        Vault(vault_path()).keep(Grant(platform=name, account="anna", made_at=now(), **GRANTS[name]))
    path = tmp_path / "listen.toml"
    path.write_text(
        '[platforms.facebook]\npages = ["12345"]\ntoken = "mine"\n[platforms.instagram]\naccount = "1"\ntoken = "mine"',
        encoding="utf-8",
    )
    assert {secret.reveal() for secret in load(path).secrets()} == {"mine"}
