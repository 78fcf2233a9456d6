"""What somebody sees who asks at eight in the morning whether everything was heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from listen.coverage import Stretch
from listen.http import Quota
from listen.outputs.overview import drawn
from listen.outputs.standings import Overview, Process, Row, facts

MORNING = datetime(2026, 11, 21, 8, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_greenwich(monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


def stretch(begin: float, end: float, kind: str = "heard", reason: str | None = None, detail: str = "") -> Stretch:
    """From so many hours ago to so many hours ago."""
    return Stretch(MORNING - begin * HOUR, MORNING - end * HOUR, kind, reason, detail)  # type: ignore[arg-type]


def row(source: str, *line: Stretch, **more: object) -> Row:
    told = {"state": "live", "last_post": MORNING, "last_ok": MORNING, "cursor": "1", "problem": None, "quota": None}
    return Row(platform="mastodon", source=source, line=line, **told | more)  # type: ignore[arg-type]


WELL = row("a.example #kindle", stretch(30, 10), stretch(10, 2, "filled", "stopped"), stretch(2, 0))
LOST = stretch(9, 8.5, "lost", "page limit", "b.example had more posts than are read back at once")
BADLY = row("b.example #kindle", stretch(20, 9), LOST, stretch(8.5, 3), stretch(3, 0, "open", "down", "went silent"),
            state="failing", last_ok=MORNING - 3 * HOUR, last_post=MORNING - 40 * HOUR)  # fmt: skip


def shown(*rows: Row, width: int | None = None, plain: bool = False, running: int | None = None) -> list[str]:
    processes = () if running is None else (Process(running, MORNING - 26 * HOUR, True),)
    overview = Overview(rows=rows, processes=processes, now=MORNING)
    return [line.plain for line in drawn(overview, width, plain=plain)]


def test_the_whole_picture() -> None:
    assert shown(WELL, BADLY, running=4711)[:7] == [
        "                                         last post  heard until  in the last 24 h",
        "● mastodon a.example #kindle  live           08:04        08:04  no gaps",
        "✗ mastodon b.example #kindle  failing  11-19 16:04        05:04  1 gap, 30 min; open since 05:04",
        "",
        "                                   12      16      20      00      04",
        "mastodon a.example #kindle  ━━━━━━━━━━━━━━━━━━━━━━━━━━━╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍╍━━━━━",
        "mastodon b.example #kindle  ·······━━━━━━━━━━━━━━━━━━━━━━××━━━━━━━━━━???????",
    ]


def test_what_is_missing_is_told_with_its_reason_and_who_listens() -> None:
    assert shown(WELL, BADLY, running=4711)[7:] == [
        "━ heard  ╍ caught up later  ? not caught up yet  × may be missing  · not listened",
        "",
        "? mastodon b.example #kindle: 05:04–08:04 not caught up yet: could not be reached (went silent)",
        "× mastodon b.example #kindle: 11-20 23:04–11-20 23:34 may be missing: had more posts than can be read back "
        "(b.example had more posts than are read back at once)",
        "",
        "a watch is running (PID 4711) since 11-20 06:04",
    ]


def test_a_night_without_trouble_is_told_in_few_lines() -> None:
    lines = shown(WELL)
    assert lines[-1] == "nobody is listening just now; 'listen watch' goes on where it stopped"
    assert len(lines) == 8


@pytest.mark.parametrize("width", [20, 40, 60, 79, 100])
def test_columns_fit_into_the_window(width: int) -> None:
    lines = shown(WELL, BADLY, width=width)
    legend = next(place for place, line in enumerate(lines) if line.startswith("━ heard"))
    assert all(len(line) <= width for line in lines[:legend])
    assert width < 60 or any("open since 05:04" in line for line in lines)


def test_where_only_ascii_can_be_shown_the_strip_still_tells_everything() -> None:
    lines = shown(WELL, BADLY, plain=True)
    assert all(line.isascii() for line in lines)
    assert "mastodon b.example #kindle  .......======================xx==========???????" in lines


def test_a_name_from_a_server_cannot_harm_the_terminal() -> None:
    lines = shown(row("\x1b[2Jevil\u202e #kindle", stretch(2, 1, "lost", "down", "\x1b]0;x\x07words")))
    assert not any(character in line for line in lines for character in "\x1b\x07\u202e")


def test_many_gaps_do_not_scroll_the_table_away() -> None:
    gaps = [stretch(hours / 2, hours / 2 - 0.1, "lost", "down", str(hours)) for hours in range(40, 0, -1)]
    lines = shown(row("a", *gaps))
    assert "  and 32 more; 'listen status --json' tells all" in lines
    assert len(lines) < 20


def test_a_quota_is_shown_where_there_is_one() -> None:
    quota = Quota(used=900, limit=1_000, resets_at=MORNING + 2 * HOUR)
    lines = shown(WELL, row("c", stretch(2, 0), quota=quota))
    assert lines[0].endswith("quota")
    assert any(line.endswith("900 of 1,000 used, new in 2 h") for line in lines)
    assert any("? used" in line for line in shown(row("c", quota=Quota(limit=None))))


def test_scripts_get_everything() -> None:
    told: Any = facts(Overview(rows=(BADLY,), processes=(Process(7, MORNING, True),), now=MORNING))
    assert told["running"] == [7]
    (source,) = told["sources"]
    assert {key: source[key] for key in ("platform", "source", "state", "last_post", "last_ok", "cursor", "quota")} == {
        "platform": "mastodon",
        "source": "b.example #kindle",
        "state": "failing",
        "last_post": "2026-11-19T16:04:00Z",
        "last_ok": "2026-11-21T05:04:00Z",
        "cursor": "1",
        "quota": None,
    }
    assert source["covered"] == [
        ["2026-11-20T12:04:00Z", "2026-11-20T23:04:00Z"],
        ["2026-11-20T23:34:00Z", "2026-11-21T05:04:00Z"],
    ]
    assert [(gap["from"], gap["to"], gap["why"], gap["state"]) for gap in source["gaps"]] == [
        ("2026-11-20T23:04:00Z", "2026-11-20T23:34:00Z", "page limit", "lost"),
        ("2026-11-21T05:04:00Z", "2026-11-21T08:04:00Z", "down", "open"),
    ]
