"""Each network's own way to its key."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from listen.config.logins import with_logins
from listen.errors import ConfigError, PlatformError, RateLimited, Refused, Unacceptable, UsageError
from listen.http import Client, Secret
from listen.login import Door, Grant, Login, Vault
from listen.login.google import YOUTUBE_LOGIN
from listen.login.meta import FACEBOOK_LOGIN, INSTAGRAM_LOGIN, THREADS_LOGIN
from listen.login.reddit import REDDIT_LOGIN
from listen.login.tumblr import TUMBLR_LOGIN
from listen.login.x import X_LOGIN
from listen.platforms import known
from listen.platforms.bluesky.login import BlueskyLogin
from listen.platforms.bluesky.session import Account, Session
from listen.platforms.github.login import GITHUB_LOGIN
from listen.platforms.mastodon.login import MastodonLogin
from listen.when import now
from tests.login.talks import Prepared
from tests.servers.accounts import PASSWORD, Fediverse, Graph, Pds, keys
from tests.servers.scripted import ScriptedServer

GOOD = {"user": "anna", "client_id": "app-1", "client_secret": "hush-key-1", "token": "hush-key-1", "key": "hush-key-1"}
BY_KEY = {
    "github": GITHUB_LOGIN, "reddit": REDDIT_LOGIN, "tumblr": TUMBLR_LOGIN, "x": X_LOGIN, "youtube": YOUTUBE_LOGIN,
}  # fmt: skip
META = {"app_id": "1", "app_secret": "hush-app-secret", "token": "hush-short"}


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client(patience=5) as client:
        yield client


def door(client: Client, base: str, place: str = "", platform: str = "test") -> Door:
    options = {"api": base, "url": base, "pds": base, "servers": [base]}
    return Door(platform=platform, http=client, options=options, place=place)


@pytest.mark.parametrize("name", BY_KEY)
async def test_a_key_is_asked_for_tried_and_kept(client: Client, name: str) -> None:
    login: Login = BY_KEY[name]
    talk = Prepared(dict(GOOD))
    async with ScriptedServer(keys) as server:
        grant = await login.made(door(client, server.base), talk)
        assert (await login.tried(door(client, server.base), grant)).account == grant.account
    assert set(grant.secrets) | set(grant.values) == set(login.options)
    assert all("hush" not in value for value in grant.values.values())
    assert all(question.secret for question in talk.asked if "hush" in talk.answers[question.name])
    assert login.steps


@pytest.mark.parametrize("name", BY_KEY)
async def test_a_key_that_is_not_taken_is_refused_and_never_repeated(client: Client, name: str) -> None:
    talk = Prepared({**GOOD, "token": "hush-wrong", "key": "hush-wrong", "client_secret": "hush-wrong"})
    async with ScriptedServer(keys) as server:
        with pytest.raises(Refused) as problem:
            await BY_KEY[name].made(door(client, server.base), talk)
    assert "hush" not in str(problem.value)


async def test_reddit_is_told_whose_program_it_is(client: Client) -> None:
    async with ScriptedServer(keys) as server:
        with pytest.raises(RateLimited):
            await REDDIT_LOGIN.made(door(client, server.base), Prepared({**GOOD, "user": "somebody"}))


@pytest.mark.parametrize("user", ["u/anna", "/u/anna"])
async def test_an_account_of_reddit_may_be_written_as_reddit_writes_it(client: Client, user: str) -> None:
    async with ScriptedServer(keys) as server:
        grant = await REDDIT_LOGIN.made(door(client, server.base), Prepared({**GOOD, "user": user}))
    assert grant.values == {"user": "anna"}


async def test_a_key_of_google_stands_in_no_address(client: Client) -> None:
    async with ScriptedServer(keys) as server:
        await YOUTUBE_LOGIN.made(door(client, server.base), Prepared(dict(GOOD)))
        assert all("hush" not in target for target in server.asked())


async def test_github_says_until_when_its_token_is_good(client: Client) -> None:
    async with ScriptedServer(keys) as server:
        grant = await GITHUB_LOGIN.made(door(client, server.base), Prepared(dict(GOOD)))
    assert grant.ends_at == datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("short", [False, True], ids=["for ever", "an hour"])
async def test_a_mastodon_server_is_logged_in_to_by_a_code(client: Client, short: bool) -> None:
    fediverse = Fediverse(short=short)

    def opens(text: str) -> dict[str, str]:
        address = next((word for word in text.split() if "/oauth/authorize?" in word), None)
        return {"code": fediverse.opened(address)} if address else {}

    async with ScriptedServer(fediverse) as server:
        talk = Prepared({"server": server.base}, opens)
        grant = await MastodonLogin().made(door(client, server.base), talk)
        assert grant.account == f"@anna@127.0.0.1:{server.port}"
        assert (grant.place, grant.renews) == (server.base, short)
        assert (grant.ends_at is not None) == short
        fresh = await MastodonLogin().renewed(door(client, server.base), grant)
        if short:
            assert fresh is not None
            assert (await MastodonLogin().tried(door(client, server.base), fresh)).account == grant.account
            with pytest.raises(Unacceptable, match="used before"):
                await MastodonLogin().renewed(door(client, server.base), grant)
        else:
            assert fresh is None


async def test_a_wrong_code_is_refused_and_not_repeated(client: Client) -> None:
    async with ScriptedServer(Fediverse()) as server:
        talk = Prepared({"server": server.base}, lambda text: {"code": "hush-wrong"})
        with pytest.raises(PlatformError) as problem:
            await MastodonLogin().made(door(client, server.base), talk)
    assert "hush" not in str(problem.value)


async def test_a_script_gives_mastodon_a_token_of_its_own(client: Client) -> None:
    fediverse = Fediverse()
    fediverse.good = "hush-by-hand"
    async with ScriptedServer(fediverse) as server:
        grant = await MastodonLogin().made(door(client, server.base, server.base), Prepared({"token": "hush-by-hand"}))
    assert grant.secrets == {"token": "hush-by-hand"}


async def test_bluesky_makes_one_session_and_refreshes_it(client: Client) -> None:
    pds = Pds(time.time() + 7_200)
    async with ScriptedServer(pds) as server:
        talk = Prepared({"handle": "@Anna.bsky.social", "app_password": PASSWORD})
        grant = await BlueskyLogin().made(door(client, server.base), talk)
        assert grant.account == "@anna.bsky.social"
        assert grant.ends_at is not None
        assert timedelta(hours=1) < grant.ends_at - now() < timedelta(hours=3)
        fresh = await BlueskyLogin().renewed(door(client, server.base), grant)
        assert fresh is not None
        await BlueskyLogin().tried(door(client, server.base), fresh)
    assert (pds.made, pds.refreshed) == (1, 1)


async def test_bluesky_logs_in_anew_only_where_the_refresh_token_has_ended_too(client: Client) -> None:
    pds = Pds(time.time() + 7_200)
    async with ScriptedServer(pds) as server:
        talk = Prepared({"handle": "anna.bsky.social", "app_password": PASSWORD})
        grant = await BlueskyLogin().made(door(client, server.base), talk)
        pds.refresh = "hush-another"
        assert await BlueskyLogin().renewed(door(client, server.base), grant)
    assert pds.made == 2


@pytest.mark.parametrize(
    ("login", "account"), [(FACEBOOK_LOGIN, "Shop 0"), (INSTAGRAM_LOGIN, "@shop0")], ids=["facebook", "instagram"]
)
async def test_a_page_of_meta_gets_its_lasting_token(client: Client, login: Login, account: str) -> None:
    async with ScriptedServer(Graph()) as server:
        grant = await login.made(door(client, server.base), Prepared(dict(META)))
        assert (await login.tried(door(client, server.base), grant)).account == account
    assert grant.account == account
    assert grant.secrets == {"token": "hush-page-0", "app_secret": "hush-app-secret"}
    assert grant.ends_at == datetime.fromtimestamp(1_800_000_000, UTC), "access to data ends, if not the token"


async def test_of_several_pages_one_is_chosen(client: Client) -> None:
    async with ScriptedServer(Graph(pages=3)) as server:
        talk = Prepared({**META, "page": "shop 2"})
        assert (await FACEBOOK_LOGIN.made(door(client, server.base), talk)).place == "102"
        assert (await FACEBOOK_LOGIN.made(door(client, server.base, "101"), Prepared(dict(META)))).place == "101"
        with pytest.raises(Refused, match="there is no page 'nope' among those allowed: Shop 0"):
            await FACEBOOK_LOGIN.made(door(client, server.base, "nope"), Prepared(dict(META)))


async def test_an_expired_token_of_meta_is_told_without_it(client: Client) -> None:
    async with ScriptedServer(Graph()) as server:
        with pytest.raises(PlatformError, match="Session has expired") as problem:
            await FACEBOOK_LOGIN.made(door(client, server.base), Prepared({**META, "token": "hush-old"}))
    assert "hush" not in str(problem.value)


async def test_threads_is_refreshed_for_another_sixty_days(client: Client) -> None:
    async with ScriptedServer(Graph()) as server:
        grant = await THREADS_LOGIN.made(door(client, server.base + "/v1.0"), Prepared(dict(META)))
        assert (grant.account, grant.renews) == ("@anna", True)
        fresh = await THREADS_LOGIN.renewed(door(client, server.base + "/v1.0"), grant)
        assert fresh is not None
        assert (await THREADS_LOGIN.tried(door(client, server.base + "/v1.0"), fresh)).account == "@anna"
    assert fresh.secrets == {"token": "hush-threads-1"}
    assert fresh.ends_at is not None
    assert fresh.ends_at - now() > timedelta(days=59)


async def test_nothing_given_stores_nothing(client: Client) -> None:
    with pytest.raises(UsageError, match="nothing was given for 'Bearer Token'"):
        await X_LOGIN.made(door(client, "http://127.0.0.1:9"), Prepared({"token": "  "}))


@pytest.mark.parametrize("short", [False, True], ids=["for ever", "refreshed"])
async def test_mastodon_revokes_what_it_gave(client: Client, short: bool) -> None:
    fediverse = Fediverse(short=short)
    async with ScriptedServer(fediverse) as server:
        talk = Prepared({}, lambda text: {"code": fediverse.opened(text.split()[-1])} if "http" in text else {})
        grant = await MastodonLogin().made(door(client, server.base, server.base), talk)
        assert await MastodonLogin().ended(door(client, server.base), grant) == "its token is revoked there"
        assert (fediverse.good, fediverse.refresh) == ("", "")
        pasted = grant_of(server.base, "hush-own")
        server.requests.clear()
        assert await MastodonLogin().ended(door(client, server.base), pasted) is None
        assert server.requests == []


async def test_bluesky_ends_its_session_and_one_that_has_ended_is_no_error(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    pds = Pds(time.time() + 7_200)
    async with ScriptedServer(pds) as server:
        talk = Prepared({"handle": "anna.bsky.social", "app_password": PASSWORD})
        grant = await BlueskyLogin().made(door(client, server.base), talk)
        for _ in range(2):
            told = await BlueskyLogin().ended(door(client, server.base), grant)
            assert told
            assert "app password stays good" in told
    assert (pds.deleted, pds.refresh) == (1, "")


async def test_bluesky_ends_the_session_that_listening_made_and_removes_its_file(
    client: Client, tmp_path: Path
) -> None:
    pds, path = Pds(time.time() + 7_200), tmp_path / "session.json"
    async with ScriptedServer(pds) as server:
        account = Account(server.base, "anna.bsky.social", Secret(PASSWORD, "test"))
        await Session(client, account, path).get("app.bsky.feed.searchPosts", {"q": "kindle"})
        assert path.exists()
        grant = Grant(platform="bluesky", account="@anna", made_at=now(), values={"handle": "anna.bsky.social"})
        options = {"pds": server.base, "session": str(path)}
        await BlueskyLogin().ended(Door(platform="bluesky", http=client, options=options), grant)
    assert (pds.deleted, path.exists()) == (1, False)


@pytest.mark.parametrize("name", [name for name, platform in known().items() if platform.login])
def test_a_stored_login_that_lacks_something_is_told_with_what_to_do(tmp_path: Path, name: str) -> None:
    login = known()[name].login
    assert login
    assert login.needs
    vault = Vault(tmp_path)
    for missing in login.needs:
        held = {need: "hush" for need in login.needs if need != missing}
        place = "troet.cafe" if name == "mastodon" else ""
        vault.keep(Grant(platform=name, account="anna", place=place, made_at=now(), secrets=held, renews=True))
        with pytest.raises(ConfigError, match=f"{name}: the stored login of anna lacks its '{missing}'; 'listen login"):
            with_logins(known()[name], {}, vault)


def grant_of(place: str, token: str) -> Grant:
    return Grant(platform="mastodon", account=f"@anna@{place}", place=place, made_at=now(), secrets={"token": token})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param({}, {"a.example": "one", "troet.cafe": "two"}, id="nothing is written"),
        pytest.param({"servers": ["troet.cafe"]}, {"troet.cafe": "two"}, id="servers are written"),
        pytest.param({"servers": ["troet.cafe"], "token": "env:T"}, {}, id="a token is written"),
        pytest.param({"tokens": {"a.example": "env:A"}}, {"a.example": "env:A", "troet.cafe": "two"}, id="one is"),
    ],
)
def test_what_the_config_says_counts_before_logins(tmp_path: Any, written: dict[str, Any], expected: Any) -> None:
    vault = Vault(tmp_path / "logins")
    vault.keep(grant_of("a.example", "one"))
    vault.keep(grant_of("troet.cafe", "two"))
    told = with_logins(known()["mastodon"], written, vault)
    tokens = told.get("tokens", {})
    shown = {host: token if isinstance(token, str) else token.reveal() for host, token in tokens.items()}
    assert shown == expected
    if not written:
        assert told["servers"][-1] == "a.example"
