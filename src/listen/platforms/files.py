"""Posts that other programs write: a growing file of JSON lines, or a folder of such files.

API     the lines of `listen replay`: a mention's keys as JSON, of which `text` alone is needed; `.gz` is read, too
Limits  10 MB a line; a rotated file is found by its inode while it stays in its folder, unpacked
Cursor  of each file its inode, how far it was read, and a hash of its beginning
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, ClassVar

import msgspec

from listen.errors import BadAnswer, PlatformError, Refused, Unreachable
from listen.platforms.files.reading import Known, Plan, batches, plan
from listen.post import Event, Gap, Mark, Notice, Post
from listen.recorded import LINE_LIMIT, Recorded, problem_of
from listen.source import Facts, Options, Platform, Source
from listen.when import now

_DECODER = msgspec.json.Decoder(Recorded)


class FilesOptions(Options, frozen=True, kw_only=True):
    """`[platforms.files]`. `paths` are files, or folders whose .jsonl and .ndjson files are read; `~` is one's home."""

    paths: tuple[Annotated[str, msgspec.Meta(min_length=1)], ...] = ()
    poll_seconds: Annotated[float, msgspec.Meta(ge=0.1, le=86_400)] = 5


class Files(Platform[FilesOptions]):
    """One source a path."""

    name = "files"
    facts = Facts(
        about="posts that other programs write into files of JSON lines, as these grow",
        needs="url",
        streams=False,
        searches=(),
        deletions=True,
        proved="server",
        limits="lines as `listen replay` reads them; what is written and removed between two looks is not seen",
    )
    options: ClassVar[type[Options]] = FilesOptions

    def sources(self) -> Sequence[Source]:
        every = timedelta(seconds=self.chosen.poll_seconds)
        return [Follower(path, every) for path in dict.fromkeys(self.chosen.paths)]


class Standing(msgspec.Struct, kw_only=True):
    """The cursor: how far each file was read, and when was looked last."""

    heard_at: datetime | None = None
    files: dict[str, Known] = {}


class Follower(Source):
    """One file, or all in one folder."""

    def __init__(self, path: str, every: timedelta) -> None:
        self.name = path
        self.path = Path(path).expanduser()
        self.every = every

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        standing, moment = _recalled(cursor), now()
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
        read = [_event_of(line) for line in lines if line is None or line.strip()]
        posts = [event for event in read if not isinstance(event, str)]
        if read and not posts:
            raise BadAnswer(f"{place.name}: its first line {read[0]}")
        count = len(planned.files)
        files = f"{count} {'file' if count == 1 else 'files'}"
        found = f"{len(posts):,} {'post' if len(posts) == 1 else 'posts'}"
        return f"{files}; {place.name} has {found} in its first {len(read):,} lines"

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
                    event = _event_of(line)
                    if isinstance(event, str):
                        unread.append(event)
                    else:
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


def _event_of(line: bytes | None) -> Event | str:
    """What the line tells, or why it tells nothing."""
    if line is None:
        return f"is longer than {LINE_LIMIT:,} characters"
    try:
        recorded = _DECODER.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
        return problem_of(problem)
    if recorded.text is None and recorded.event != "delete":
        return "is a frame of Jetstream, which `listen replay` reads" if recorded.did else "has no 'text'"
    return recorded.happened()


def _translated(problem: OSError, path: str) -> PlatformError:
    if isinstance(problem, FileNotFoundError):
        return Unreachable(f"{path}: there is no such file yet")
    if isinstance(problem, PermissionError):
        return Refused(f"{path}: may not be read by this user")
    return Unreachable(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}")


def _recalled(cursor: str | None) -> Standing:
    try:
        return msgspec.json.decode(cursor, type=Standing) if cursor else Standing()
    except msgspec.DecodeError:
        return Standing()
