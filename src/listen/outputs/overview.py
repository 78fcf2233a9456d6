"""How the sources stand, on one screen, for somebody who has just got up.

                                    last post  heard until  in the last 24 h
● bluesky jetstream      live           08:01        08:02  no gaps
✗ mastodon chaos.social  failing  11-20 23:10        06:12  open since 06:12

bluesky jetstream      ━━━━━━━━━━━━━━╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍━━━━━━━━━━━━━━━━━━
mastodon chaos.social  ━━━━━━━━━━━━━━╍╍╍╍╍╍╍╍╍××╍╍╍╍╍━━━━━━━━━━━━━????
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from rich.text import Text

from listen.coverage import REASONS, Kind, strip, timeline
from listen.http import Quota
from listen.outputs.health import SIGNS
from listen.outputs.safe import safe_line
from listen.outputs.standings import Overview, Row
from listen.outputs.words import count, local
from listen.when import spoken

DAY = timedelta(days=1)
GAPS = 8  # that are told one by one
_PLAIN = str.maketrans("━╍×·●◐◌○◍✗–…", "=~x.*****x-.")
_CELLS: dict[Kind | None, tuple[str, str, str]] = {
    "heard": ("━", "green", "heard"),
    "filled": ("╍", "cyan", "caught up later"),
    "open": ("?", "yellow", "not caught up yet"),
    "lost": ("×", "red", "may be missing"),
    None: ("·", "dim", "not listened"),
}


def drawn(overview: Overview, width: int | None, *, plain: bool = False) -> list[Text]:
    """The lines to show; `plain` ones are ASCII but for names.

    Table and strips are no wider than `width` if that is given; what else is told a terminal may wrap.
    """
    columns = [*_table(overview, width), Text(), *_strips(overview, width)]
    for line in columns:
        if width is not None:
            line.truncate(width, overflow="crop" if plain else "ellipsis")
    lines = [*columns, _legend(columns), Text(), *_gaps(overview), *_withheld(overview), _running(overview)]
    return [_plain(line) for line in lines] if plain else lines


def _table(overview: Overview, width: int | None) -> Iterator[Text]:
    now = overview.now
    quota = any(row.quota for row in overview.rows)
    cells = [("", "", "last post", "heard until", "in the last 24 h", "quota" if quota else "")]
    for row in overview.rows:
        left = _quota(row.quota, now) if quota else ""
        cells.append((row.name, row.state, _when(row.last_post, now), _when(row.last_ok, now), _sum(row, now), left))
    widths = [max(len(row[column]) for row in cells) for column in range(6)]
    if width is not None and sum(widths) + 12 > width:
        yield from _told_below(cells[1:])
        return
    for place, (name, state, post, heard, gaps, left) in enumerate(cells):
        text = f" {name:{widths[0]}}  {state:{widths[1]}}  {post:>{widths[2]}}  {heard:>{widths[3]}}  "
        told = Text(f"{text}{gaps:{widths[4]}}  {left}".rstrip(), "" if place else "dim")
        yield Text.assemble(_sign(state), told)


def _told_below(cells: Sequence[tuple[str, ...]]) -> Iterator[Text]:
    """The same where the window is narrow: a line for the name, one for how it is doing."""
    for name, state, post, heard, gaps, left in cells:
        yield Text.assemble(_sign(state), f" {name}")
        told = (state, gaps, f"heard until {heard}", f"last post {post}", left)
        yield Text(f"  {', '.join(filter(None, told))}", "dim")


def _sign(state: str) -> tuple[str, str]:
    return next((sign for known, sign in SIGNS.items() if known == state), (" ", "default"))


def _sum(row: Row, now: datetime) -> str:
    """`no gaps`, or what is missing of the last day."""
    day = timeline(row.line, now - DAY, now)
    lost = [stretch for stretch in day if stretch.kind == "lost"]
    still = next((stretch for stretch in day if stretch.kind == "open"), None)
    told = []
    if lost:
        told.append(f"{count(len(lost), 'gap')}, {spoken(sum((one.length for one in lost), timedelta(0)))}")
    if still:
        told.append(f"open since {_when(still.since, now)}")
    return "; ".join(told) or ("no gaps" if day else "not listened")


def _quota(quota: Quota | None, now: datetime) -> str:
    if quota is None or (quota.resets_at is not None and quota.resets_at <= now):
        return ""  # what was told of a time that is over
    used = "?" if quota.used is None else _amount(quota.used)
    limit = "" if quota.limit is None else f" of {_amount(quota.limit)}"
    limit += f" {quota.unit}" if quota.unit else ""
    resets = "" if quota.resets_at is None else f", new in {spoken(max(quota.resets_at - now, timedelta(0)))}"
    return f"{used}{limit} used{resets}"


def _amount(number: float) -> str:
    """Whole numbers as they are, money with its cents."""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"


def _strips(overview: Overview, width: int | None) -> Iterator[Text]:
    """The last day of each source, a character for each half hour (or more, where there is no room)."""
    longest = max((len(row.name) for row in overview.rows), default=0)
    beside = width is None or longest + 2 + 48 <= width
    room = 48 if width is None or beside else width
    cells = next((cells for cells in (48, 24, 12) if cells <= room), 8)
    cell = DAY / cells
    since = _floor(overview.now, cell) + cell - DAY
    indent = " " * (longest + 2) if beside else ""
    yield Text(indent + _hours(since, cell, cells), "dim")
    for row in overview.rows:
        kinds = strip(timeline(row.line, since, overview.now), since, cell, cells)
        bar = Text.assemble(*((_CELLS[kind][0] * len(list(run)), _CELLS[kind][1]) for kind, run in groupby(kinds)))
        if beside:
            yield Text.assemble(f"{row.name:{longest}}  ", bar)
        else:
            yield from (Text(row.name), bar)


def _legend(columns: Sequence[Text]) -> Text:
    shown = "".join(line.plain for line in columns)
    return Text("  ".join(f"{sign} {said}" for sign, _, said in _CELLS.values() if sign in shown), "dim")


def _hours(since: datetime, cell: timedelta, cells: int) -> str:
    """The hours above the strip: `08` stands above the cell that begins at eight."""
    line = [" "] * cells
    for number in range(cells - 1):
        begin = local(since + cell * number)
        if begin.hour % 4 == 0 and begin.minute == 0:
            line[number : number + 2] = f"{begin:%H}"
    return "".join(line).rstrip()


def _gaps(overview: Overview) -> Iterator[Text]:
    """What is missing of the last day, the newest first."""
    missing = [(gap, row) for row in overview.rows for gap in timeline(row.line, overview.now - DAY) if gap.missing]
    missing.sort(key=lambda one: one[0].until, reverse=True)
    for gap, row in missing[:GAPS]:
        sign, colour, said = _CELLS[gap.kind]
        why = REASONS[gap.reason] if gap.reason else ""
        when = f"{_when(gap.since, overview.now)}–{_when(gap.until, overview.now)}"
        detail = f" ({safe_line(gap.detail)})" if gap.detail else ""
        yield Text.assemble((sign, colour), f" {row.name}: {when} {said}: {why}{detail}")
    if len(missing) > GAPS:
        yield Text(f"  and {len(missing) - GAPS} more; 'listen status --json' tells all")
    if missing:
        yield Text()


def _withheld(overview: Overview) -> Iterator[Text]:
    if overview.withheld:
        yield Text(f"withheld by their authors' wish: {overview.withheld:,}; 'listen privacy --audit' says which")


def _running(overview: Overview) -> Text:
    if not overview.processes:
        return Text("nobody is listening just now; 'listen watch' goes on where it stopped")
    told = [
        f"a watch is running (PID {one.pid}{'' if one.here else ' on another machine or container'}) "
        f"since {_when(one.since, overview.now)}"
        for one in overview.processes
    ]
    return Text("; ".join(told))


def _floor(moment: datetime, cell: timedelta) -> datetime:
    midnight = local(moment).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (local(moment) - midnight) // cell * cell


def _when(moment: datetime | None, now: datetime) -> str:
    """Local `08:02`, with the day before it if that is not today; or `never`."""
    if moment is None:
        return "never"
    there = local(moment)
    return f"{there:%H:%M}" if there.date() == local(now).date() else f"{there:%m-%d %H:%M}"


def _plain(line: Text) -> Text:
    plain = line.copy()
    plain.plain = line.plain.translate(_PLAIN)
    return plain
