"""Where logins are kept: who can read them, what a crash leaves, and renewing by several at once."""

from __future__ import annotations

import asyncio
import os
import stat
import time
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from listen.errors import ConfigError, OutputError, Refused, Unacceptable, Unreachable
from listen.http import Client, Lease, Secret, Term
from listen.http.secret import redacted
from listen.login import Door, Grant, Vault
from listen.login.renewing import secrets_of
from listen.platforms.bluesky.login import BlueskyLogin
from listen.when import now
from tests.login.talks import Prepared
from tests.servers.accounts import PASSWORD, Pds, bearer_of, said
from tests.servers.scripted import Reply, Request, ScriptedServer


def grant(place: str = "", token: str = "hush-1") -> Grant:
    return Grant(platform="x", account="anna", place=place, made_at=now(), secrets={"token": token})


def test_what_is_kept_comes_back_and_only_its_place_is_replaced(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "a" / "logins")
    assert (vault.grants("x"), vault.platforms(), vault.remove("x")) == ([], [], [])
    for one in (grant(), grant("b", "hush-b"), grant("", "hush-2")):
        vault.keep(one)
    assert {known.place: known.secrets["token"] for known in vault.grants("x")} == {"": "hush-2", "b": "hush-b"}
    assert vault.platforms() == ["x"]
    assert [gone.secrets["token"] for gone in vault.remove("x", "b")] == ["hush-b"]
    assert [known.place for known in vault.grants("x")] == [""]
    assert [gone.secrets["token"] for gone in vault.remove("x")] == ["hush-2"]
    assert vault.platforms() == []


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_nobody_else_can_read_it_whatever_the_mask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Vault(tmp_path / "logins").keep(grant())
    finally:
        os.umask(before)
    for path in [tmp_path / "logins", *(tmp_path / "logins").iterdir()]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660], ids=oct)
def test_a_file_of_ours_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    vault = Vault(tmp_path)
    vault.keep(grant())
    (tmp_path / "x.json").chmod(mode)
    with pytest.raises(ConfigError, match="make it yours alone: chmod 600"):
        vault.grants("x")
    assert "make it yours alone" in vault.warnings(now(), ["x"])[0]


def test_what_is_no_login_can_be_removed(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.keep(grant())
    (tmp_path / "x.json").write_text("{")
    with pytest.raises(ConfigError, match="holds no login; 'listen login x --remove' clears it"):
        vault.grants("x")
    vault.clear("x")
    assert vault.grants("x") == []


def test_what_cannot_be_kept_is_told_before_anybody_is_asked(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    vault.prepare("x")
    (tmp_path / "x.json").write_text("{")
    (tmp_path / "x.json").chmod(0o600)
    with pytest.raises(ConfigError, match="holds no login"):
        vault.prepare("x")
    (tmp_path / ".y.lock").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        vault.prepare("y")


@pytest.mark.parametrize(
    ("place", "is_it"),
    [("troet.cafe", True), ("https://Troet.cafe/", True), ("anna@troet.cafe", True), ("cafe", False), ("", False)],
)
def test_a_login_is_found_however_its_place_is_spelt(place: str, is_it: bool) -> None:
    login = Grant(platform="mastodon", account="@anna@troet.cafe", place="troet.cafe", made_at=now())
    assert login.is_of(place) is is_it


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be made"):
        Vault(tmp_path / "file" / "logins").keep(grant())


@pytest.mark.parametrize(
    ("left", "renews", "said"),
    [
        (None, False, None),
        (timedelta(days=8), False, None),
        (
            timedelta(days=6, hours=1),
            False,
            "x: the login of anna ends in 6 d; 'listen login x troet.cafe' makes a new",
        ),
        (timedelta(hours=-1), False, "x: the login of anna has ended; 'listen login x troet.cafe' makes a new one"),
        (timedelta(hours=1), True, None),
    ],
    ids=["no end", "later", "a week", "over", "renews itself"],
)
def test_a_week_before_its_end_a_login_says_so(left: timedelta | None, renews: bool, said: str | None) -> None:
    moment = now()
    ends_at = None if left is None else moment + left
    line = msgspec.structs.replace(grant("troet.cafe"), ends_at=ends_at, renews=renews).warning(moment)
    assert line is None if said is None else (line or "").startswith(said)


async def test_ten_that_renew_at_once_ask_once(tmp_path: Path) -> None:
    """Each with a vault of its own, as processes have; whoever comes later finds the new token on the disk."""
    pds, login = Pds(time.time() + 7_200), BlueskyLogin()
    async with ScriptedServer(pds) as server, Client(patience=5) as client:
        options = {"pds": server.base}
        talk = Prepared({"handle": "anna.bsky.social", "app_password": PASSWORD})
        made = await login.made(Door(platform="bluesky", http=client, options=options), talk)
        Vault(tmp_path).keep(made)
        leases = [secrets_of(login, made, Vault(tmp_path), options)["access"] for _ in range(10)]
        pds.good = "hush-ended"
        url = f"{server.base}/xrpc/app.bsky.feed.searchPosts"
        answers = await asyncio.gather(*(client.get(url, token=lease) for lease in leases))
        assert [answer.status for answer in answers] == [200] * 10
    assert (pds.made, pds.refreshed) == (1, 1)
    assert [known.secrets["access"] for known in Vault(tmp_path).grants("bluesky")] == [pds.good]


async def test_a_run_that_goes_on_does_not_bring_back_a_login_that_was_removed(tmp_path: Path) -> None:
    pds, login = Pds(time.time() + 7_200), BlueskyLogin()
    async with ScriptedServer(pds) as server, Client(patience=5) as client:
        options = {"pds": server.base}
        talk = Prepared({"handle": "anna.bsky.social", "app_password": PASSWORD})
        made = await login.made(Door(platform="bluesky", http=client, options=options), talk)
        vault = Vault(tmp_path)
        vault.keep(made)
        token = secrets_of(login, made, vault, options)["access"]
        vault.remove("bluesky")
        pds.good = "hush-ended"
        with pytest.raises(Refused, match="was removed; 'listen login bluesky' makes a new login"):
            await client.get(f"{server.base}/xrpc/app.bsky.feed.searchPosts", token=token)
    assert (pds.refreshed, vault.grants("bluesky")) == (0, [])


def lease(values: list[str], *, left: timedelta | None = None, problem: Exception | None = None) -> Lease:
    """A token that is renewed by the next of the values."""

    async def renew(client: Client) -> Term:
        if problem:
            raise problem
        return Term(values.pop(0), now() + timedelta(hours=1))

    return Lease(Term(values.pop(0), None if left is None else now() + left), "test", renew, timedelta(minutes=5))


def taking(good: str, status: int, told: str) -> object:
    def script(request: Request) -> Reply:
        return said({}) if bearer_of(request) == good else said({"message": told}, status)

    return script


@pytest.mark.parametrize(
    ("status", "told", "renewed"),
    [
        (401, "who are you", True),
        (400, "Token has expired", True),
        (400, "Error validating access token: Session has expired", True),
        (400, "limit must be below 100", False),
        (403, "not for you", False),
    ],
    ids=["401", "Bluesky", "Meta", "another 400", "403"],
)
async def test_a_token_that_is_not_taken_is_renewed_once(status: int, told: str, renewed: bool) -> None:
    async with ScriptedServer(taking("hush-2", status, told)) as server, Client(patience=5) as client:  # type: ignore[arg-type]
        token = lease(["hush-1", "hush-2"])
        if renewed:
            assert (await client.get(server.base, token=token)).status == 200
        else:
            with pytest.raises((Refused, Unacceptable)):
                await client.get(server.base, token=token)
        assert len(server.requests) == 1 + renewed


async def test_a_server_that_takes_no_token_is_not_asked_for_many() -> None:
    async with ScriptedServer(taking("never", 401, "no")) as server, Client(patience=5) as client:  # type: ignore[arg-type]
        token = lease(["hush-1", "hush-2", "hush-3", "hush-4"])
        for _ in range(5):
            with pytest.raises(Refused):
                await client.get(server.base, token=token)
        assert token.reveal() == "hush-2"


async def test_a_token_is_renewed_before_its_end_and_one_that_is_still_good_may_fail_to_be() -> None:
    async with ScriptedServer(lambda request: said({"was": bearer_of(request)})) as server, Client(patience=5) as http:
        soon = await http.get(server.base, token=lease(["hush-1", "hush-2"], left=timedelta(minutes=2)))
        assert soon.json() == {"was": "hush-2"}
        later = await http.get(server.base, token=lease(["hush-1", "hush-2"], left=timedelta(hours=1)))
        assert later.json() == {"was": "hush-1"}
        failing = lease(["hush-1"], left=timedelta(minutes=2), problem=Unreachable("down"))
        assert (await http.get(server.base, token=failing)).json() == {"was": "hush-1"}
        over = lease(["hush-1"], left=timedelta(minutes=-2), problem=Unreachable("down"))
        with pytest.raises(Unreachable, match="down"):
            await http.get(server.base, token=over)


async def test_old_and_new_values_are_blotted_out() -> None:
    token = lease(["hush-1", "hush-2"])
    async with Client(patience=5) as client:
        await token.renewed(client, "hush-1")
    assert redacted("was hush-1, is hush-2", [token, Secret("", "empty")]) == "was ***, is ***"
    assert "hush" not in repr(token)
