"""How the sources stand, as outputs are told, and as `status --json` tells it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from listen.coverage import Stretch, covered
from listen.http import Quota
from listen.mention import timestamp
from listen.outputs.safe import safe_line


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One source. `line` is a timeline; `last_ok` is up to when it was heard."""

    platform: str
    source: str
    state: str
    last_post: datetime | None
    last_ok: datetime | None
    cursor: str | None
    problem: str | None
    quota: Quota | None
    line: tuple[Stretch, ...]

    @property
    def name(self) -> str:
        return safe_line(f"{self.platform} {self.source}")


class Process(msgspec.Struct, frozen=True):
    """A `listen` that runs on this store; `here` if its PID is one of this machine."""

    pid: int
    since: datetime
    here: bool


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is shown, at one moment; so many posts were `withheld` because their authors want that."""

    rows: tuple[Row, ...]
    processes: tuple[Process, ...]
    now: datetime
    withheld: int = 0


def facts(overview: Overview) -> dict[str, object]:
    """The same for scripts. Times are UTC; `filled` are gaps that were caught up on, and count as covered."""
    return {
        "sources": [_facts(row) for row in overview.rows],
        "running": [one.pid for one in overview.processes],
        "withheld": overview.withheld,
    }


def _facts(row: Row) -> dict[str, object]:
    gaps = [stretch for stretch in row.line if stretch.missing]
    filled = [stretch for stretch in row.line if stretch.kind == "filled"]
    return {
        "platform": row.platform,
        "source": row.source,
        "state": row.state,
        "last_post": timestamp(row.last_post),
        "last_ok": timestamp(row.last_ok),
        "cursor": row.cursor,
        "covered": [[timestamp(begin), timestamp(end)] for begin, end in covered(row.line)],
        "gaps": [{**_times(gap), "why": gap.reason, "state": gap.kind, "detail": gap.detail} for gap in gaps],
        "filled": [{**_times(gap), "why": gap.reason} for gap in filled],
        "quota": row.quota,
        "problem": row.problem,
    }


def _times(stretch: Stretch) -> dict[str, str | None]:
    return {"from": timestamp(stretch.since), "to": timestamp(stretch.until)}
