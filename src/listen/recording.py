"""Recorded posts read back from files: JSONL with a mention's keys, Jetstream frames, our own CSV exports.

Files are read line by line; memory does not grow with their size. A line that cannot be read is handed on as
`Unreadable`, with its number and the reason, and the next one is read.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from listen.errors import RecordingError
from listen.outputs.cells import restored
from listen.post import Deletion, Edit, Event, Kind, Post
from listen.source import Interest
from listen.when import utc

LINE_LIMIT = 10_000_000  # characters of one line; what is longer is reported and skipped
_PIECE = 100_000  # characters of such a line that are in memory at once
_EVERYTHING = Interest(queries=())


class Unreadable(msgspec.Struct, frozen=True):
    """A line that holds no post; numbers begin at 1."""

    line: int
    problem: str


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a recording: a mention's keys, of which `text` alone is needed.

    `event` says what happened to the post; `after` is the time since the line before, in seconds (tapes).
    """

    text: str | None = None
    id: str | int | None = None
    platform: str | None = None
    instance: str | None = None
    url: str | None = None
    kind: Kind = "post"
    author: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    followers: int | None = None
    posted_at: datetime | None = None
    edited_at: datetime | None = None
    lang: str | None = None
    title: str | None = None
    hashtags: tuple[str, ...] | None = None
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    views: int | None = None
    rating: float | None = None
    parent: str | None = None
    event: str = "post"
    after: float = 0.0
    did: str | None = None  # only Jetstream frames have one

    def post(self) -> Post:
        """The post of this line; without an id it gets one made from author, time and text."""
        platform = self.platform or "file"
        return Post(
            platform=platform,
            id=self.identity(platform),
            url=self.url,
            author=self.author,
            text=self.text or "",
            posted_at=utc(self.posted_at),
            kind=self.kind,
            instance=self.instance,
            author_name=self.author_name,
            author_url=self.author_url,
            followers=self.followers,
            title=self.title,
            lang=self.lang,
            hashtags=self.hashtags or (),
            likes=self.likes,
            reposts=self.reposts,
            replies=self.replies,
            views=self.views,
            rating=self.rating,
            parent=self.parent,
            edited_at=utc(self.edited_at),
        )

    def identity(self, platform: str) -> str:
        if self.id is not None:
            return str(self.id).removeprefix(platform + ":")
        told = f"{self.author}\0{self.posted_at}\0{self.text}".encode(errors="surrogatepass")
        return hashlib.sha256(told).hexdigest()[:32]

    def happened(self) -> Event:
        """The event of this line."""
        if self.event == "delete":
            platform = self.platform or "file"
            return Deletion(platform=platform, id=self.identity(platform))
        return Edit(self.post()) if self.event == "edit" else self.post()


def read(path: str) -> Iterator[Event | Unreadable]:
    """The events of one file (`-` is stdin), in order. Raises RecordingError if it cannot be opened or read."""
    try:
        with _opened(path) as stream:
            lines = Lines(stream)
            yield from _of_csv(lines) if _is_csv_header(lines.first) else _of_lines(lines)
    except OSError as problem:
        raise RecordingError(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}") from problem


def _opened(path: str) -> IO[str]:
    if path == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", newline="", closefd=False)
    return Path(path).open(encoding="utf-8", errors="replace", newline="")


class Lines:
    """The lines of a file, `number` is the last one's; one that is too long is skipped, and told by csv.Error.

    That is the error which a CSV reader recovers from, too. `first` is the line that comes first.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self.number = 0
        self.first = self._ahead = stream.readline(LINE_LIMIT + 1).removeprefix("\ufeff")

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line, self._ahead = self._ahead or self._stream.readline(LINE_LIMIT + 1), ""
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) <= LINE_LIMIT or line[-1] in "\r\n":
            return line
        while line and line[-1] not in "\r\n":
            line = self._stream.readline(_PIECE)
        raise csv.Error(f"is longer than {LINE_LIMIT:,} characters")


def _of_lines(lines: Lines) -> Iterator[Event | Unreadable]:
    decoder = msgspec.json.Decoder(Recorded)
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except csv.Error as problem:
            yield Unreadable(lines.number, str(problem))
            continue
        yield from _of_line(lines.number, line, decoder)


def _of_line(number: int, line: str, decoder: msgspec.json.Decoder[Recorded]) -> Iterator[Event | Unreadable]:
    if not line.strip():
        return
    try:
        recorded = decoder.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as problem:
        if line.startswith('{"did"'):
            yield from _of_frame(line)
        else:
            yield Unreadable(number, said(problem))
        return
    if recorded.text is not None or recorded.event == "delete":
        yield recorded.happened()
    elif recorded.did is not None:
        yield from _of_frame(line)
    else:
        yield Unreadable(number, "has no 'text'")


def _of_frame(line: str) -> Iterator[Event]:
    """Frames of a Jetstream recording; those that are not about posts say nothing."""
    from listen.platforms.bluesky import events_of

    event = events_of(line, _EVERYTHING)
    if event is not None:
        yield event


def _is_csv_header(line: str) -> bool:
    if len(line) > LINE_LIMIT:
        return False
    columns = [name.strip().strip('"') for name in line.replace(";", ",").replace("\t", ",").split(",")]
    return "text" in columns and not line.lstrip().startswith("{")


def _of_csv(lines: Lines) -> Iterator[Event | Unreadable]:
    csv.field_size_limit(LINE_LIMIT)
    header = next(lines)
    delimiter = max(",;\t", key=header.count)
    names = next(csv.reader([header], delimiter=delimiter))
    rows = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as problem:
            yield Unreadable(lines.number, str(problem))
            continue
        if row:
            yield _of_row(lines.number, dict(zip(names, row, strict=False)), delimiter)


def _of_row(number: int, row: dict[str, str], delimiter: str) -> Event | Unreadable:
    cells: dict[str, Any] = {name: restored(cell) for name, cell in row.items() if cell != ""}
    if "hashtags" in cells:
        cells["hashtags"] = cells["hashtags"].split(" | ")
    if "rating" in cells and delimiter == ";":
        cells["rating"] = cells["rating"].replace(",", ".")
    cells.setdefault("text", "")
    try:
        return msgspec.convert(cells, Recorded, strict=False).happened()
    except msgspec.ValidationError as problem:
        return Unreadable(number, said(problem))


def said(problem: Exception) -> str:
    """What is wrong with a line, for people."""
    said = str(problem).replace("`", "").replace("$.", "")
    return f"is not a post: {said if said.startswith('JSON') else said[:1].lower() + said[1:]}"
