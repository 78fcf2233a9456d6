"""What Jetstream does not remember any more is searched for, with a session that outlives the run."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from listen.errors import Refused, Unreachable
from listen.http import Client, Secret
from listen.platforms.bluesky import Bluesky, BlueskyOptions
from listen.platforms.bluesky.search import CAP, Search
from listen.platforms.bluesky.session import Account, Session
from listen.post import Event, Gap, Post
from listen.query import parse
from listen.source import Interest
from tests.platforms.bluesky import RECORDED, heard, texts
from tests.servers.appview import HANDLE, PASSWORD, AppView
from tests.servers.jetstream import Jetstream
from tests.servers.scripted import Reply, ScriptedServer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GAP = Gap(NOON, NOON + timedelta(hours=10), "jetstream.example goes back no further", "retention")
INTEREST = Interest((parse("#kindle"), parse("kindle")), lambda raw: "kindle" in raw.lower())
REAL = "http://127.0.0.1:2683"


@pytest.fixture
async def http() -> AsyncIterator[Client]:
    async with Client(patience=3) as client:
        yield client


def session_of(http: Client, server: str, path: Path, password: str = PASSWORD) -> Session:
    return Session(http, Account(server, HANDLE, Secret(password, "test")), path)


def later(**span: float) -> datetime:
    return NOON + timedelta(**span)


def gaps(events: Any) -> list[Gap]:
    return [event for event in events if isinstance(event, Gap)]


async def filled(view: AppView, http: Client, path: Path, gap: Gap = GAP, cap: int = CAP) -> list[Event]:
    return list(await Search(session_of(http, view.base, path), INTEREST, cap=cap).filled(gap))


async def test_a_stop_longer_than_jetstream_remembers_loses_nothing(http: Client, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with AppView() as view, Jetstream(retention=timedelta(hours=1)) as stream:
        view.post("Kindle two days ago", now - timedelta(days=2))
        view.post("Kindle of another time", now - timedelta(days=9))
        both = view.post("Kindle just now", now - timedelta(minutes=30))
        stream.post("Kindle just now", at=int((now - timedelta(minutes=30)).timestamp() * 1e6))
        chosen = msgspec.convert(
            {"jetstream": stream.ws, "api": view.base, "pds": view.base, "handle": HANDLE, "app_password": PASSWORD,
             "session": str(tmp_path / "session.json")},
            BlueskyOptions, dec_hook=lambda _, value: Secret(value, "test"),
        )  # fmt: skip
        (source,) = Bluesky(chosen, INTEREST, http).sources()
        events = await heard(source, since=now - timedelta(days=3))
        assert "Kindle two days ago" in texts(events)
        assert "Kindle of another time" not in texts(events)
        assert "Kindle just now" in texts(events)
        assert not gaps(events)
        assert both.startswith("at://")
        assert "searches as anna.test" in await source.check()


async def test_without_an_account_it_stays_a_gap(http: Client) -> None:
    async with Jetstream(retention=timedelta(hours=1)) as stream:
        stream.post("Kindle", at=int((datetime.now(UTC) - timedelta(minutes=30)).timestamp() * 1e6))
        chosen = BlueskyOptions(jetstream=stream.ws)
        (source,) = Bluesky(chosen, INTEREST, http).sources()
        events = await heard(source, since=datetime.now(UTC) - timedelta(days=3))
    assert len(gaps(events)) == 1


async def test_posts_come_oldest_first_with_what_the_stream_does_not_tell(http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        for minute in (1, 2, 3):
            view.post(f"kindle {minute}", later(minutes=minute), labels=("!no-unauthenticated",) if minute == 2 else ())
        found = await filled(view, http, tmp_path / "s")
    posts = [event for event in found if isinstance(event, Post)]
    assert [post.text for post in posts] == ["kindle 1", "kindle 2", "kindle 3"]
    assert (posts[0].author, posts[0].author_name, posts[0].likes, posts[0].reposts) == ("anna.test", "Anna", 3, 1)
    assert [post.wishes for post in posts] == [(), ("no-unauthenticated",), ()]


@pytest.mark.parametrize("number", [99, 100, 101, 350])
async def test_all_pages_are_read(number: int, http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        for n in range(number):
            view.post(f"kindle {n}", later(seconds=n))
        found = await filled(view, http, tmp_path / "s")
    assert [event.text for event in found if isinstance(event, Post)] == [f"kindle {n}" for n in range(number)]


async def test_empty_pages_with_a_cursor_are_passed_over(http: Client, tmp_path: Path) -> None:
    async with AppView(holes=4) as view:
        for n in range(150):
            view.post(f"kindle {n}", later(seconds=n))
        found = await filled(view, http, tmp_path / "s")
    assert len({event.id for event in found if isinstance(event, Post)}) == 150
    assert not gaps(found)


async def test_a_search_that_leads_nowhere_is_asked_anew_for_what_is_older(http: Client, tmp_path: Path) -> None:
    async with AppView(holes=1_000) as view:
        for n in range(150):
            view.post(f"kindle {n}", later(seconds=n))
        found = await filled(view, http, tmp_path / "s")
        assert len(view.requests) < 30
    assert len({event.id for event in found if isinstance(event, Post)}) == 150
    assert not gaps(found)


async def test_pages_that_stay_empty_end_in_a_gap(http: Client, tmp_path: Path) -> None:
    serial = iter(range(1_000))

    def reply(request: Any) -> Reply:
        if "createSession" in request.target:
            return Reply(body=b'{"accessJwt": "an-access-token", "refreshJwt": "a-refresh-token"}')
        return Reply(body=json.dumps({"posts": [], "cursor": str(next(serial))}).encode())

    async with ScriptedServer(reply) as server:
        found = await Search(session_of(http, server.base, tmp_path / "s"), INTEREST).filled(GAP)
        assert len(server.requests) < 30
    (gap,) = gaps(found)
    assert "empty pages" in gap.why
    assert gap.since == GAP.since


async def test_the_search_goes_on_beyond_its_cap(http: Client, tmp_path: Path) -> None:
    async with AppView(cap=200) as view:
        for n in range(750):
            view.post(f"kindle {n}", later(seconds=n // 3))  # three of each moment, also across the cap
        found = await filled(view, http, tmp_path / "s", cap=200)
    assert len({event.id for event in found if isinstance(event, Post)}) == 750
    assert not gaps(found)


async def test_more_of_one_moment_than_the_search_shows_is_a_gap(http: Client, tmp_path: Path) -> None:
    async with AppView(cap=200) as view:
        view.post("kindle of before", later(seconds=1))
        for n in range(300):
            view.post(f"kindle {n}", later(seconds=50))
        found = await filled(view, http, tmp_path / "s", cap=200)
    (gap,) = gaps(found)
    assert (gap.since, gap.until) == (NOON, later(seconds=50))
    assert "of one moment" in gap.why


async def test_one_login_serves_many_runs(http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        for _ in range(3):
            await filled(view, http, tmp_path / "deep" / "session")
        assert (view.logins, view.renewals) == (1, 0)
    file = tmp_path / "deep" / "session"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert PASSWORD not in file.read_text()
    assert [path.name for path in file.parent.iterdir()] == ["session"]


@pytest.mark.parametrize("over", [(400, "ExpiredToken"), (400, "InvalidToken"), (401, "AuthenticationRequired")])
async def test_a_token_that_is_over_is_renewed_without_a_login(
    over: tuple[int, str], http: Client, tmp_path: Path
) -> None:
    async with AppView(lives=2) as view:
        view.over = over
        for n in range(450):
            view.post(f"kindle {n}", later(seconds=n))
        found = await filled(view, http, tmp_path / "s")
        assert len(found) == 450
        assert view.logins == 1
        assert view.renewals >= 2


async def test_tokens_too_old_to_be_renewed_take_a_login(http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        await filled(view, http, tmp_path / "s")
        view._left, view.refreshable = 0, False
        await filled(view, http, tmp_path / "s")
        assert (view.logins, view.renewals) == (2, 0)


async def test_a_token_that_another_process_renewed_is_taken_from_the_file(http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        mine, other = (session_of(http, view.base, tmp_path / "s") for _ in range(2))
        await Search(mine, INTEREST).filled(GAP)
        view._left = 0
        await Search(other, INTEREST).filled(GAP)
        await Search(mine, INTEREST).filled(GAP)
        assert (view.logins, view.renewals) == (1, 1)


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
async def test_a_file_that_others_can_read_is_not_trusted(http: Client, tmp_path: Path) -> None:
    file = tmp_path / "s"
    async with AppView() as view:
        await filled(view, http, file)
        file.chmod(0o644)
        await filled(view, http, file)
        assert view.logins == 2
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("broken", [b"", b"{", b'{"accessJwt": 1}', b"\xff"])
async def test_a_broken_file_takes_a_login(broken: bytes, http: Client, tmp_path: Path) -> None:
    file = tmp_path / "s"
    file.write_bytes(broken)
    file.chmod(0o600)
    async with AppView() as view:
        await filled(view, http, file)
        assert view.logins == 1


async def test_a_place_that_cannot_be_written_costs_a_login_only(http: Client, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with AppView() as view:
        assert await filled(view, http, tmp_path / "file" / "s") == []


async def test_a_wrong_password_is_said_once_and_the_gap_stays(http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        session = session_of(http, view.base, tmp_path / "s", "hush-wrong")
        for _ in range(3):
            (gap,) = await Search(session, INTEREST).filled(GAP)
            assert isinstance(gap, Gap)
            assert "App passwords" in gap.why
            assert "hush" not in gap.why
        assert len(view.requests) == 1
        with pytest.raises(Refused, match="look at handle and app_password"):
            await Search(session, INTEREST).check()
    assert not session.path.exists()


async def test_a_server_in_trouble_is_tried_again_and_then_the_gap_stays(http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        search = Search(session_of(http, view.base, tmp_path / "s"), INTEREST)
        view.trouble = [Reply(status=502, body=b'{"error": "UpstreamFailure"}') for _ in range(3)]
        for _ in range(2):
            with pytest.raises(Unreachable):
                await search.filled(GAP)
        (gap,) = await search.filled(GAP)
        assert isinstance(gap, Gap)
        assert (gap.since, gap.until, gap.reason) == (GAP.since, GAP.until, "retention")
        view.post("kindle", later(minutes=1))
        assert len(await search.filled(GAP)) == 1


async def test_what_cannot_be_searched_for_stays_a_gap(http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        interest = Interest((parse("/k.ndle/"),))
        (gap,) = await Search(session_of(http, view.base, tmp_path / "s"), interest).filled(GAP)
        assert isinstance(gap, Gap)
        assert (gap.since, gap.until) == (GAP.since, GAP.until)
        assert not view.requests


async def test_broken_posts_are_left_out(http: Client, tmp_path: Path) -> None:
    async with AppView() as view:
        view.post("kindle", later(minutes=1))
        view.post("kindle 2", later(minutes=2), uri="at://did:plc:other/app.bsky.feed.post/x")
        view.post("kindle 3", later(minutes=3), author="nobody")
        view.post("kindle 4", later(minutes=4), uri="https://a.example")
        found = await filled(view, http, tmp_path / "s")
    assert len(found) == 1


@pytest.mark.parametrize("told", [{"handle": "a.test"}, {"app_password": "x"}])
def test_half_an_account_is_refused(told: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError, match="belong together"):
        msgspec.convert(told, BlueskyOptions, dec_hook=lambda _, value: Secret(value, "test"))


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the payloads are not at hand")
async def test_a_recorded_page_and_refusals_are_read(http: Client, tmp_path: Path) -> None:
    page = json.loads((RECORDED / "search_posts_page1.json").read_bytes())

    def reply(request: Any) -> Reply:
        if "createSession" in request.target:
            return Reply(body=b'{"accessJwt": "an-access-token", "refreshJwt": "a-refresh-token"}')
        return Reply(body=json.dumps({"posts": page["posts"]}).encode())

    gap = Gap(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC), "", "retention")
    async with ScriptedServer(reply) as server:
        session = session_of(http, server.base, tmp_path / "s")
        found = await Search(session, Interest((parse("kindle"),))).filled(gap)
    assert len(found) == len({post["uri"] for post in page["posts"]})
    body = (RECORDED / "error_401_create_session.json").read_bytes()
    async with ScriptedServer(lambda _: Reply(status=401, body=body)) as server:
        session = session_of(http, server.base, tmp_path / "t")
        with pytest.raises(Refused, match="Invalid identifier or password"):
            await session.get("app.bsky.feed.searchPosts", {"q": "x"})


def is_up() -> bool:
    try:
        return httpx.get(f"{REAL}/xrpc/com.atproto.server.describeServer", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


async def test_a_real_server_finds_what_was_posted_to_it(tmp_path: Path, http: Client) -> None:
    if not is_up():
        pytest.skip("no Bluesky on this machine")
    account = Account(REAL, "anna.test", Secret("pw-anna", "test"))
    async with httpx.AsyncClient(base_url=f"{REAL}/xrpc/") as client:
        told = {"identifier": "anna.test", "password": "pw-anna"}
        login = (await client.post("com.atproto.server.createSession", json=told)).json()
        if "did" not in login:
            pytest.skip("nobody lives on this Bluesky yet; servers/bluesky/seed")
        now = datetime.now(UTC)
        record = {"$type": "app.bsky.feed.post", "text": "my kindle is lost", "createdAt": now.isoformat()}
        body = {"repo": login["did"], "collection": "app.bsky.feed.post", "record": record}
        head = {"Authorization": f"Bearer {login['accessJwt']}"}
        made = (await client.post("com.atproto.repo.createRecord", json=body, headers=head)).json()
    gap = Gap(now - timedelta(minutes=5), now + timedelta(minutes=1), "test", "retention")
    file, found = tmp_path / "s", list[str]()
    for _ in range(50):
        events = await Search(Session(http, account, file), Interest((parse("kindle"),))).filled(gap)
        found = [event.id for event in events if isinstance(event, Post)]
        if made["uri"] in found:
            break
    assert made["uri"] in found
    tokens = json.loads(file.read_bytes())
    file.write_text(json.dumps({**tokens, "accessJwt": "nonsense"}))
    again = await Search(Session(http, account, file), Interest((parse("kindle"),))).filled(gap)
    assert made["uri"] in [event.id for event in again if isinstance(event, Post)]
    assert json.loads(file.read_bytes())["refreshJwt"] != tokens["refreshJwt"]
