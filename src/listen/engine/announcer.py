"""Telling the user about trouble: once when it begins, once an hour while it lasts, once when it is over.

Sources of one network that fail together are told in one line; `settle` waits for them. A source that was back only
lately is told of again when its trouble lasts, so that one that breaks every minute does not flood.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from listen.post import Gap
from listen.source import Health
from listen.when import spoken

SETTLE = 1.5  # seconds in which failures of one network are gathered into one line
REMIND = timedelta(hours=1)
LATELY = timedelta(minutes=10)
LASTING = timedelta(minutes=1)
_EVER = datetime.min.replace(tzinfo=UTC)


class Announcer:
    """Says what should be known about sources, through `say`, and never floods.

    If `quiet` only trouble is told, if `verbose` every single failure.
    """

    def __init__(
        self, say: Callable[[str], None], *, quiet: bool = False, verbose: bool = False, settle: float = SETTLE
    ) -> None:
        self._say = say
        self._quiet = quiet
        self._verbose = verbose
        self.retries = True  # False where one round is all there is
        self._settle = settle
        self._gathering: dict[str, list[tuple[Health, str, timedelta]]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._told: dict[tuple[str, str], tuple[datetime, datetime | None]] = {}  # source: trouble since, last told
        self._back: dict[tuple[str, str], datetime] = {}  # source: when it was last told to be back
        self._noticed: set[tuple[str, str]] = set()

    def failed(self, health: Health, wait: timedelta) -> None:
        """A source failed and is tried again after `wait`."""
        now, source = datetime.now(UTC), (health.platform, health.source)
        since, told = self._told.get(source, (now, None))
        hiccup = told is None and now - since < LASTING and now - self._back.get(source, _EVER) < LATELY
        if not self._verbose and (hiccup or (told is not None and now - told < REMIND)):
            self._told[source] = (since, told)
            return
        self._told[source] = (since, now)
        self._gathering.setdefault(health.platform, []).append((health, health.problem or "failed", wait))
        if health.platform not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[health.platform] = loop.call_later(self._settle, self._tell, health.platform)

    def recovered(self, health: Health, now: datetime) -> None:
        """A source that had failed answers again."""
        trouble = self._told.pop((health.platform, health.source), None)
        waiting = self._gathering.get(health.platform, [])
        if trouble is None or trouble[1] is None or any(told is health for told, *_ in waiting):
            waiting[:] = [entry for entry in waiting if entry[0] is not health]  # over before it was told
            return
        self._back[health.platform, health.source] = now
        if not self._quiet:
            self._say(f"{health.platform}: {health.source} answers again after {spoken(now - trouble[0])}; catching up")

    def notice(self, platform: str, text: str) -> None:
        """Something that a source says about itself, once a run."""
        if not self._quiet and (platform, text) not in self._noticed:
            self._noticed.add((platform, text))
            self._say(f"{platform}: {text}")

    def gap(self, health: Health, gap: Gap) -> None:
        """A stretch of time that cannot be heard any more."""
        since, until = (moment.astimezone().strftime("%Y-%m-%d %H:%M") for moment in (gap.since, gap.until))
        self._say(f"{health.platform}: posts between {since} and {until} may be missing ({gap.why})")

    def close(self) -> None:
        """Tell what is still being gathered."""
        for timer in self._timers.values():
            timer.cancel()
        for platform in list(self._gathering):
            self._tell(platform)

    def _tell(self, platform: str) -> None:
        self._timers.pop(platform, None)
        failures = self._gathering.pop(platform, [])
        if not failures:
            return
        problems = list(dict.fromkeys(problem for _, problem, _ in failures))
        others = f", and {len(problems) - 1} more like it" if len(problems) > 1 else ""
        soonest = max(min(wait for _, _, wait in failures), timedelta(seconds=1))
        again = f"; next try in {spoken(soonest)}" if self.retries else ""
        self._say(f"{platform}: {problems[0]}{others}{again}")
