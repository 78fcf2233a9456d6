"""The cases in which other tools are known to lose posts, on every network where they can happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from listen.http import Client
from listen.platforms.mastodon.timeline import TagSource
from listen.selection import Selection
from listen.source import Interest, Source
from tests.faults.stage import Stage, staged
from tests.faults.transports import PAGE, TRANSPORTS, EventStream, Feed, Socket
from tests.servers.frames import POSTS, now
from tests.servers.mastodon import snowflake, status, update

NOW = datetime.now(UTC)
every_network = pytest.mark.parametrize("network", TRANSPORTS)
LATE_COMERS = [name for name in TRANSPORTS if name != "items"]  # Hacker News dates its items itself


def assert_all_once(stage: Stage) -> None:
    everything = [*range(1, stage.posted + 1)]
    assert stage.stored == everything
    assert stage.shown() == everything


@every_network
async def test_posts_of_the_same_second_are_all_heard(network: str, tmp_path: Path) -> None:
    second = NOW.replace(microsecond=0)
    async with staged(TRANSPORTS[network](), tmp_path) as stage:
        stage.post(2, at=second)
        await stage.all_heard()
        stage.post(3, at=second)
        await stage.all_heard()
        stage.post(1, at=second)
        await stage.all_heard()
    assert_all_once(stage)


@every_network
async def test_a_post_that_arrives_late_and_claims_to_be_eleven_seconds_older_is_heard(
    network: str, tmp_path: Path
) -> None:
    async with staged(TRANSPORTS[network](), tmp_path) as stage:
        stage.post(1, at=NOW)
        await stage.all_heard()
        stage.post(1, at=NOW - timedelta(seconds=11))
        await stage.all_heard()
    assert_all_once(stage)


@every_network
async def test_a_burst_of_1200_posts_is_heard_to_its_end(network: str, tmp_path: Path) -> None:
    async with staged(TRANSPORTS[network](), tmp_path) as stage:
        stage.post(1)
        await stage.all_heard()
        stage.post(1_200)
        await stage.all_heard()
    assert not stage.lost
    assert_all_once(stage)


@pytest.mark.parametrize("network", LATE_COMERS)
async def test_a_post_dated_2036_blinds_nobody(network: str, tmp_path: Path) -> None:
    async with staged(TRANSPORTS[network](), tmp_path) as stage:
        stage.post(1, at=datetime(2036, 1, 1, tzinfo=UTC))
        await stage.all_heard()
        stage.post(3, at=NOW)
        await stage.all_heard()
    async with staged(stage.transport, tmp_path) as again:
        again.posted = stage.posted
        again.post(2, at=NOW)
        await again.all_heard()
    assert again.stored == [*range(1, 7)]


async def test_300_new_entries_of_a_listing_that_shows_100_are_told_and_listed_as_a_gap(tmp_path: Path) -> None:
    class Newest(Feed):
        """Without pages: what is not among the newest is gone."""

        paged = False

    async with staged(Newest(), tmp_path) as stage:
        stage.post(PAGE)
        await stage.all_heard()
        stage.post(300)  # between two looks, as nobody looks while this goes on
        await stage.told()
    (missed,) = stage.lost
    assert "all are new" in missed.detail
    assert missed.reason == "page limit"
    assert missed.since < missed.until
    assert stage.stored == [*range(1, 101), *range(301, 401)]
    assert [line for line in stage.output.said if "may be missing" in line]


async def test_an_edit_before_its_post_stays_the_last_word(tmp_path: Path) -> None:
    async with staged(socket := Socket(), tmp_path) as stage:
        record = {"$type": POSTS, "createdAt": now(), "text": "Kindle 1 edited"}
        did = "did:plc:berndberndberndberndber2"
        socket.server.commit(did, "3mlate", record, operation="update")
        socket.server.commit(did, "3mlate", record | {"text": "Kindle 1"})
        stage.posted = 1
        stage.post(1)
        await stage.all_heard()
        assert [text for text in texts(stage) if "1" in text] == ["Kindle 1 edited"]
    assert_all_once(stage)


async def test_an_edit_that_overtakes_its_post_on_an_event_stream_stays_the_last_word(tmp_path: Path) -> None:
    async with staged(stream := EventStream(), tmp_path) as stage:
        stage.post(1)
        await stage.all_heard()
        posted = NOW - timedelta(minutes=1)
        edited = {"edited_at": NOW.isoformat().replace("+00:00", "Z")}
        told = status(snowflake(posted), "#Kindle Kindle 2", posted)
        stream.server.tell(update(told | {"content": "#Kindle Kindle 2 edited"} | edited, "status.update"))
        stream.server.tell(update(told))
        stage.posted = 2
        stage.post(1)
        await stage.all_heard()
        assert [text for text in texts(stage) if "2" in text] == ["#Kindle Kindle 2 edited"]
    assert_all_once(stage)


@pytest.mark.parametrize("network", ["event stream", "WebSocket"])
async def test_a_deletion_of_something_never_seen_takes_nothing_away(network: str, tmp_path: Path) -> None:
    transport = TRANSPORTS[network]()
    async with staged(transport, tmp_path) as stage:
        stage.post(2)
        await stage.all_heard()
        if isinstance(transport, EventStream):
            transport.server.tell(("delete", "112233445566778899"))
        elif isinstance(transport, Socket):
            transport.server.delete(f"at://did:plc:nobodynobodynobodynobody/{POSTS}/3mnever")
            transport.server.account("did:plc:nobodynobodynobodynobody", active=False, status="deleted")
        stage.post(2)
        await stage.all_heard()
        assert not stage.output.said
    assert_all_once(stage)


@pytest.mark.parametrize("network", ["event stream", "WebSocket"])
async def test_a_stream_that_ends_in_good_order_is_opened_again(network: str, tmp_path: Path) -> None:
    transport = TRANSPORTS[network]()
    async with staged(transport, tmp_path) as stage:
        stage.post(2)
        await stage.all_heard()
        for _ in range(3):
            if isinstance(transport, EventStream):
                transport.server.end_streams()
            elif isinstance(transport, Socket):
                await transport.server.hang_up(1000, "")
            stage.post(2)
            await stage.all_heard()
    assert_all_once(stage)


async def test_a_stream_that_says_200_and_stays_silent_is_not_believed(tmp_path: Path) -> None:
    class Mute(EventStream):
        """Heartbeats and no posts, as with closed topic feeds, or where a server is broken inside."""

        def sources(self, base: str, interest: Interest, http: Client) -> list[Source]:
            self.server.mute = True
            sources = super().sources(base, interest, http)
            for source in sources:
                assert isinstance(source, TagSource)
                source.look = timedelta(seconds=0.3)
            return sources

    async with staged(stream := Mute(), tmp_path) as stage:
        stage.post(2)
        await stage.all_heard()
        assert stream.server.listened == 1
        stage.post(2)
        await stage.all_heard()
        assert stream.server.listened == 1
    assert_all_once(stage)


@pytest.mark.parametrize("network", ["event stream", "WebSocket", "relay"])
async def test_a_dead_link_that_nobody_tells_of_is_noticed(network: str, tmp_path: Path) -> None:
    async with staged(TRANSPORTS[network](), tmp_path) as stage:
        stage.post(2)
        await stage.all_heard()
        stage.proxy.freeze()
        stage.post(2)
        await stage.all_heard()
        assert len(stage.trouble()) <= 1
    assert_all_once(stage)


@every_network
async def test_a_slow_store_slows_the_reading_down_and_nothing_is_dropped(network: str, tmp_path: Path) -> None:
    async with staged(TRANSPORTS[network](), tmp_path, slow=0.1) as stage:
        stage.post(1)
        await stage.all_heard()
        stage.post(1_200)
        await stage.all_heard()
    assert_all_once(stage)


def texts(stage: Stage) -> list[str]:
    return [mention.post.text for _, mention in stage.store.mentions(Selection())]
