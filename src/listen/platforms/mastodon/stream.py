"""The events of an open stream: updates, edits and deletions, until the server hangs up.

https://docs.joinmastodon.org/methods/streaming/; there are no event ids and there is no replay. A server that
throws a client out ends the stream in good order, which looks like any other end.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

from listen.errors import Unreachable
from listen.plain import mended
from listen.platforms.mastodon.rounds import Round
from listen.platforms.mastodon.status import Status, read
from listen.post import Deletion, Event

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

_EDITS = ("status.update", "status_update")  # as Mastodon says it, and as mastodon-mock does


async def live(
    events: AsyncIterator[ServerSentEvent], round_: Round, may_match: Callable[[str], bool]
) -> AsyncGenerator[Event, None]:
    """What a stream brings, a mark after each update. Raises Unreachable at its end, so that it is opened again."""
    async for event in events:
        for told in _told(event.event, event.data, round_, may_match):
            yield told
    raise Unreachable(f"{round_.server.host} closed the stream")


def _told(kind: str, text: str, round_: Round, may_match: Callable[[str], bool]) -> Iterator[Event]:
    if kind == "delete" and text.strip():
        yield Deletion(platform="mastodon", instance=round_.server.host, ref=text.strip())  # a bare id, not JSON
    if kind != "update" and kind not in _EDITS:
        return
    status = read(text) or _mended(text)
    if status is None:
        yield from round_.server.unreadable()
        return
    corrected = kind in _EDITS
    # Reading HTML is 70 µs of the 78 that a post takes. An edit is read at any rate: it may take away what was wanted.
    if corrected or status.edited_at or may_match(text):
        yield from round_.event(status, corrected=corrected)
    round_.reached(status.id)
    yield round_.mark()


def _mended(text: str) -> Status | None:
    try:
        return read(mended(text))
    except (ValueError, RecursionError):
        return None
