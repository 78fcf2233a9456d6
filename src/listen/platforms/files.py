"""Posts that other programs write: a growing file of JSON lines, or a folder of such files.

API     the lines of `listen replay`: a mention's keys as JSON, of which `text` alone is needed; `.gz` is read, too
Limits  10 MB a line; a rotated file is found by its inode while it stays in its folder, unpacked
Cursor  of each file its inode, how far it was read, and a hash of its beginning
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, ClassVar

import msgspec

from listen.following import Follower
from listen.post import Event
from listen.recorded import Recorded, problem_of
from listen.source import Facts, Options, Platform, Source

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
        return [Lines(path, every) for path in dict.fromkeys(self.chosen.paths)]


class Lines(Follower):
    """The lines of `listen replay`."""

    async def events_of(self, line: bytes) -> Sequence[Event] | str:
        try:
            recorded = _DECODER.decode(line)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as problem:
            return problem_of(problem)
        if recorded.text is None and recorded.event != "delete":
            return "is a frame of Jetstream, which `listen replay` reads" if recorded.did else "has no 'text'"
        return (recorded.happened(),)
