"""Files of JSON lines that other programs write, as a source: one file, or all in one folder.

Cursor  of each file its inode, how far it was read, and a hash of its beginning
"""

from __future__ import annotations

import asyncio
import gzip
from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from listen.errors import BadAnswer, PlatformError, Refused, Unreachable
from listen.following.reading import Known, Plan, batches, plan
from listen.post import Event, Gap, Mark, Notice, Post
from listen.recorded import LINE_LIMIT
from listen.source import Source
from listen.when import now


class Standing(msgspec.Struct, kw_only=True):
    """The cursor: how far each file was read, and when was looked last."""

    heard_at: datetime | None = None
    files: dict[str, Known] = {}


class Follower(Source):
    """One file, or all in one folder; a platform says what a line tells."""

    def __init__(self, path: str, every: timedelta, name: str | None = None) -> None:
        self.name = name or path
        self.path = Path(path).expanduser()
        self.every = every

    @abstractmethod
    async def events_of(self, line: bytes) -> Sequence[Event] | str:
        """What the line tells, or why it cannot be read. Raises PlatformError: then it is read again."""

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        standing, moment = recalled(cursor), now()
        planned = await self._planned(standing.files)
        for remark in planned.remarks if standing.heard_at else ():
            yield Gap(min(standing.heard_at or moment, moment), moment, remark, "retention")
        begin = since if standing.heard_at is None else None
        standing.files = {name: known for name, (_, known) in planned.files.items()}
        for place, known in planned.files.values():
            async for event in self._read(place, known):
                if isinstance(event, Post) and begin and event.posted_at and event.posted_at < begin:
                    continue
                yield event
            yield Mark(msgspec.json.encode(standing).decode())
        standing.heard_at = moment
        yield Mark(msgspec.json.encode(standing).decode())

    async def check(self) -> str:
        """What the newest file begins with."""
        planned = await self._planned({})
        if not planned.files:
            return "a folder without files of JSON lines"
        place, known = list(planned.files.values())[-1]
        lines: list[bytes | None] = await asyncio.to_thread(next, batches(place, known), [])
        read = [await self._told(line) for line in lines if line is None or line.strip()]
        posts = [event for events in read if not isinstance(events, str) for event in events]
        if read and not posts and all(isinstance(events, str) for events in read):
            raise BadAnswer(f"{place.name}: its first line {read[0]}")
        count = len(planned.files)
        files = f"{count} {'file' if count == 1 else 'files'}"
        found = f"{len(posts):,} {'post' if len(posts) == 1 else 'posts'}"
        return f"{files}; {place.name} has {found} in its first {len(read):,} lines"

    async def _told(self, line: bytes | None) -> Sequence[Event] | str:
        return f"is longer than {LINE_LIMIT:,} characters" if line is None else await self.events_of(line)

    async def _planned(self, known: dict[str, Known]) -> Plan:
        try:
            return await asyncio.to_thread(plan, self.path, known)
        except OSError as problem:
            raise _translated(problem, self.name) from problem

    async def _read(self, place: Path, known: Known) -> AsyncIterator[Event]:
        """The events of a file's new lines, and what could not be read."""
        unread: list[str] = []
        new = batches(place, known)
        try:
            while (lines := await asyncio.to_thread(next, new, None)) is not None:
                for line in lines:
                    if line is not None and not line.strip():
                        continue
                    events = await self._told(line)
                    if isinstance(events, str):
                        unread.append(events)
                        continue
                    for event in events:
                        yield event
        except FileNotFoundError:
            return  # gone since it was listed
        except gzip.BadGzipFile:
            unread.append("is not packed, as its name says")
            known.size, known.touched = -1, 0
        except OSError as problem:
            raise _translated(problem, str(place)) from problem
        finally:
            new.close()
        if unread:
            lines_ = "a line" if len(unread) == 1 else f"{len(unread):,} lines, the first of which"
            yield Notice(f"{place.name}: skipped {lines_} {unread[0]}")


def _translated(problem: OSError, path: str) -> PlatformError:
    if isinstance(problem, FileNotFoundError):
        return Unreachable(f"{path}: there is no such file yet")
    if isinstance(problem, PermissionError):
        return Refused(f"{path}: may not be read by this user")
    return Unreachable(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}")


def recalled(cursor: str | None) -> Standing:
    """What was stored as a cursor; nothing read yet if it cannot be read any more."""
    try:
        return msgspec.json.decode(cursor, type=Standing) if cursor else Standing()
    except msgspec.DecodeError:
        return Standing()
