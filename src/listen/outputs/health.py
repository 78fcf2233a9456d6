"""The status area under the live view: what is wrong, what is listening, and what was heard, in four lines at most.

✗ mastodon: chaos.social cannot be reached; next try in 30 s
● bluesky live   ● mastodon 5 live   ◐ hackernews next in 20 s
12 mentions · 3 complaints · 1 opportunity · 340 posts/s heard
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from rich.text import Text

from listen.mention import Change, Flag
from listen.outputs.safe import safe_line
from listen.outputs.words import count
from listen.source import Health, State
from listen.when import spoken

SIGNS: dict[State, tuple[str, str]] = {
    "live": ("●", "green"),
    "waiting": ("◐", "green"),
    "shared": ("◍", "green"),
    "catching up": ("◌", "yellow"),
    "starting": ("◌", "yellow"),
    "stopped": ("○", "default"),
    "failing": ("✗", "red"),
    "refused": ("✗", "red"),
    "gone": ("✗", "red"),
}
_PROBLEMS = 2  # lines
_PACE_OVER = 10.0  # seconds over which posts per second are counted


class Tally(msgspec.Struct):
    """How many mentions were shown, by flag; an edited one counts once."""

    mentions: int = 0
    flags: Counter[Flag] = msgspec.field(default_factory=Counter)

    def add(self, change: Change) -> None:
        if change.kind == "new":
            self.mentions += 1
            self.flags[change.mention.verdict.flag] += 1

    def words(self) -> list[str]:
        """`12 mentions`, `3 complaints`, `1 opportunity`: what there is, the gravest first."""
        flags: tuple[Flag, ...] = ("complaint", "opportunity")
        return [count(self.mentions, "mention"), *(count(self.flags[flag], flag) for flag in flags if self.flags[flag])]


class Pace:
    """Posts a second over the last ten seconds."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque()

    def look(self, clock: float, heard: int) -> float:
        """The pace, now that `heard` posts were heard in all; `clock` counts seconds."""
        self._looks.append((clock, heard))
        while len(self._looks) > 2 and clock - self._looks[0][0] > _PACE_OVER:
            self._looks.popleft()
        since, before = self._looks[0]
        return (heard - before) / (clock - since) if clock > since else 0.0


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the status area shows, at one moment."""

    sources: tuple[Health, ...]
    tally: Tally
    pace: float
    topics: tuple[str, ...]
    now: datetime


def status(scene: Scene, width: int) -> Text:
    """The status area, at most four lines of at most `width` cells."""
    lines = _problems(scene, width)
    fine = _joined(_fine(scene), width)
    heard = _heard(scene, width)
    together = Text.assemble(fine, "   ", heard) if fine else heard
    lines += [together] if together.cell_len <= width else [fine, heard]
    for line in lines:
        line.truncate(width, overflow="ellipsis")
    return Text("\n").join(lines)


def _problems(scene: Scene, width: int) -> list[Text]:
    """A line for each different trouble; if there are too many, the last line counts the rest."""
    soonest: dict[tuple[str, str], list[datetime]] = {}
    for source in scene.sources:
        if source.state in {"failing", "refused", "gone"}:
            tries = soonest.setdefault((source.platform, source.problem or f"{source.source} is {source.state}"), [])
            tries += [source.next_try] if source.next_try else []
    lines = [
        _problem(f"{platform}: {problem}", f"; next try {_in(min(tries), scene.now)}" if tries else "", width)
        for (platform, problem), tries in soonest.items()
    ]
    if len(lines) <= _PROBLEMS:
        return lines
    rest = len(lines) - _PROBLEMS + 1
    return [*lines[: _PROBLEMS - 1], Text.assemble(("✗", "red"), f" {rest} more sources cannot be heard just now")]


def _problem(problem: str, again: str, width: int) -> Text:
    said = Text.assemble(("✗", "red"), f" {safe_line(problem)}")
    said.truncate(max(width - len(again), width // 2), overflow="ellipsis")
    return Text.assemble(said, (again, "dim"))


def _fine(scene: Scene) -> list[Text]:
    """One piece for all sources of a network that do the same; no word of those that have a problem."""
    groups: dict[tuple[str, State], list[Health]] = {}
    for source in scene.sources:
        if SIGNS[source.state][0] != "✗":
            groups.setdefault((source.platform, source.state), []).append(source)
    return [_group(platform, state, members, scene.now) for (platform, state), members in groups.items()]


def _group(platform: str, state: State, members: Sequence[Health], now: datetime) -> Text:
    many = f" {len(members)}" if len(members) > 1 else ""
    tries = [member.next_try for member in members if member.next_try]
    doing = f"next {_in(min(tries), now)}" if state == "waiting" and tries else state
    sign, colour = SIGNS[state]
    return Text.assemble((sign, colour), f" {safe_line(platform)}{many} ", (doing, "dim"))


def _heard(scene: Scene, width: int) -> Text:
    pace = f"{scene.pace:,.0f} posts/s heard" if scene.pace >= 1 else _heard_in_all(scene.sources)
    if scene.tally.mentions:
        first, *others = scene.tally.words()
        parts = [Text(first, "bold"), *map(Text, others), Text(pace, "dim")]
        while len(parts) > 1 and Text(" · ").join(parts).cell_len > width:
            parts.pop()
        return Text(" · ").join(parts)
    topics = ", ".join(safe_line(topic) for topic in scene.topics) or "everything"
    tail = f" · {pace} · Ctrl-C ends"
    listening = Text(f"listening for {topics}")
    listening.truncate(max(width - len(tail), width // 2), overflow="ellipsis")
    return Text.assemble(listening, (tail, "dim"))


def _heard_in_all(sources: Iterable[Health]) -> str:
    return f"{count(sum(source.heard for source in sources), 'post')} heard"


def _joined(parts: Sequence[Text], width: int) -> Text:
    """As many parts as fit, and how many more there are."""
    for kept in range(len(parts), 0, -1):
        left_out = [Text(f"+{len(parts) - kept} more", "dim")] if kept < len(parts) else []
        line = Text("   ").join([*parts[:kept], *left_out])
        if line.cell_len <= width:
            return line
    return parts[0].copy() if parts else Text()


def _in(moment: datetime, now: datetime) -> str:
    return f"in {spoken(moment - now)}" if moment > now else "now"
