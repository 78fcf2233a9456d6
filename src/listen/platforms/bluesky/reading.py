"""One connection to Jetstream: frames in; posts, edits, deletions, marks, gaps and the moment of being live out."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from listen.errors import PlatformError, Unreachable
from listen.http.wire import translated
from listen.platforms.bluesky.frames import Frame, event_of, time_of, worth_decoding
from listen.platforms.bluesky.pacing import SECOND, STEADY, Pacing
from listen.platforms.bluesky.packing import Packing
from listen.platforms.bluesky.profiles import Profiles
from listen.post import CaughtUp, Event, Gap, Mark
from listen.source import Interest
from listen.when import now

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

OVERLAP = 5 * SECOND  # `time_us` of one event differs that much between hosts, and is not quite in order
OLDEST = 10**15  # smaller cursors are sequence numbers to a server of the 2026 code
RETENTION = 36 * 3600 * SECOND  # what the public servers keep
SLACK = 120 * SECOND  # a later first frame means that the server did not have what was asked for

MARK_AFTER = 1_000  # frames
MARK_EVERY = 2.0  # seconds
SILENCE = 60.0  # seconds after which a link is dead; the whole network is never that quiet
QUIET = 2.0  # seconds without a frame: there is nothing left to catch up with
CONFIRMED = 50  # frames in a row that are ahead of our clock: then it is the clock that is behind
REMEMBERED = 10_000  # commits of one connection, to drop what is sent twice


class Start(msgspec.Struct, frozen=True):
    """Where to begin, in microseconds. `promised` is what must not be missed without saying so."""

    asked: int
    position: int
    promised: int | None


def start_of(cursor: str | None, since: datetime | None, replay: timedelta, now: int) -> Start:
    """From the cursor with an overlap, else from `since`, else `replay` ago. A broken cursor counts as none."""
    if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) == 16:
        asked = min(int(cursor), now) - OVERLAP  # a cursor from the future would mean: live, and nothing before
        return Start(max(asked, OLDEST), int(cursor), int(cursor))
    if since is not None:
        begin = min(max(int(since.timestamp() * SECOND), OLDEST), now)
        return Start(begin, begin, begin)
    begin = now - int(replay.total_seconds() * SECOND)
    return Start(begin, begin, None)


def now_us() -> int:
    return int(now().timestamp() * SECOND)


class Reading:
    """What one connection delivers. `patience` is that of the HTTP client, in seconds.

    A host that is `mute` opened the last link and never sent a frame: its silence is not taken for having caught up.
    """

    def __init__(
        self,
        socket: ClientConnection,
        start: Start,
        *,
        host: str,
        interest: Interest,
        packing: Packing,
        profiles: Profiles,
        patience: float,
    ) -> None:
        self.socket = socket
        self.host = host
        self.may_match = interest.may_match
        self.unpacked = packing.unpacked
        self.profiles = profiles
        self.silence = min(SILENCE, 2 * patience)
        self.quiet = min(QUIET, patience / 8)
        self.mute = False
        self.promised = start.promised
        self.position = start.position
        self.connected = now_us()
        self.begun = False
        self.was_mute = False  # the link died of silence, without ever a frame
        self.live = False
        self.frames = 0  # since the last mark
        self.newest = 0  # what this connection has shown to be the network's time
        self.ahead = 0  # frames in a row from the future
        self.broken: PlatformError | None = None
        self._seen: dict[tuple[str, ...], None] = {}
        self._clock = asyncio.get_running_loop().time
        self.heard_at = self.marked_at = self._clock()
        self._pacing = Pacing(min(STEADY, 3 * patience))

    async def next(self) -> list[Event]:
        """The events up to the next one that matters or is due, in order. Raises Unreachable or BadAnswer."""
        if self.broken:
            raise self.broken
        events: list[Event] = []
        self.heard_at = self._clock()  # the time that others took since the last call is no silence
        try:
            with translated(self.host):
                await self._read(events)
        except PlatformError as problem:
            if not (events or self.frames):
                raise
            # What came before the end is delivered and marked first.
            self.broken = problem
            return [*events, self._mark()]
        self._settle(events)
        return events

    async def _read(self, events: list[Event]) -> None:
        with suppress(TimeoutError):
            # Cancelling recv() loses nothing, by websockets' documentation.
            async with asyncio.timeout_at(self._due()) as limit:
                while not (events or self._is_ripe()):
                    self._take(await self.socket.recv(), events)
                    if self.frames == 1:
                        limit.reschedule(self._due())
        if self._clock() - self.heard_at > self.silence - 0.01:
            self.was_mute = not self.begun
            raise Unreachable(f"{self.host} sent nothing for {self.silence:.0f} s")

    def _due(self) -> float:
        """When to look up even if nothing comes: for a mark, for being live, for a dead link."""
        due = self.heard_at + self.silence
        if self.frames:
            due = min(due, self.marked_at + MARK_EVERY)
        return due if self.live or (self.mute and not self.begun) else min(due, self.heard_at + self.quiet)

    def _is_ripe(self) -> bool:
        return self.frames >= MARK_AFTER or (not self.live and self.newest >= self.connected)

    def _take(self, packed: str | bytes, events: list[Event]) -> None:
        raw = self.unpacked(packed)
        self.frames += 1
        self.heard_at = self._clock()
        moment = time_of(raw)
        if moment is not None:
            self._advance(moment, events)
        frame = worth_decoding(raw, self.may_match)
        if frame is None or self._was_seen(frame):
            return
        if frame.kind == "identity":
            self.profiles.forget(frame.did)
        event = event_of(frame)
        if event is not None:
            events.append(event)

    def _advance(self, moment: int, events: list[Event]) -> None:
        if not self.begun:
            self.begun = True
            # The event at the cursor comes again if the server still has it. It clamps without a word.
            if self.promised is not None and moment > self.promised + SLACK:
                events.append(_gap(self.promised, moment, f"{self.host} goes back no further"))
        self.ahead = self.ahead + 1 if moment > max(now_us(), self.position) + SLACK else 0
        if not 0 < self.ahead < CONFIRMED:
            self.newest = max(self.newest, moment)
            self.position = max(self.position, moment)

    def _was_seen(self, frame: Frame) -> bool:
        key = frame.key
        if key is None:
            return False
        if key in self._seen:
            return True
        self._seen[key] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return False

    def _settle(self, events: list[Event]) -> None:
        """Add the mark that is due, and the news of being live."""
        now = self._clock() + 0.01  # timers may fire a little early
        caught_up = not self.live and (self.newest >= self.connected or self._is_quiet(now) or self._keeps_pace())
        if caught_up and not self.begun and self.promised is not None:
            self._admit_what_is_too_old(self.promised, events)
        if caught_up or self.frames >= MARK_AFTER or (self.frames and now >= self.marked_at + MARK_EVERY):
            events.append(self._mark())
        if caught_up:
            self.live = True
            events.append(CaughtUp())

    def _is_quiet(self, now: float) -> bool:
        """Whether there is nothing left to catch up with."""
        return now >= self.heard_at + self.quiet and (self.begun or not self.mute)

    def _keeps_pace(self) -> bool:
        """Whether frames come no faster than they are written: that is live, whatever our clock says."""
        return self.newest > 0 and self._pacing.is_live(self._clock(), self.newest)

    def _admit_what_is_too_old(self, promised: int, events: list[Event]) -> None:
        """A server without a single frame to send has not shown how far back it goes."""
        floor = self.connected - RETENTION
        if promised < floor - SLACK:
            events.append(_gap(promised, floor, f"{self.host} keeps 36 hours"))
            self.position = max(self.position, floor)

    def _mark(self) -> Mark:
        self.frames = 0
        self.marked_at = self._clock()
        if self.newest and self.position > max(self.newest, now_us()) + SLACK:
            self.position = self.newest  # the cursor was from a future that the network has not reached
        return Mark(str(self.position))


def _gap(since: int, until: int, why: str) -> Gap:
    begin, end = (datetime.fromtimestamp(moment / SECOND, UTC) for moment in (since, until))
    return Gap(begin, end, why, "retention")
