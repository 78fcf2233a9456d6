"""Telling the user about trouble: once when it begins, once an hour while it lasts, once when it is over.

Sources of one network that have the same to tell are told in one line; for that one waits a moment. A source that was
back only lately is told of again when its trouble lasts, so that one that breaks every minute does not flood.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from listen.coverage import REASONS, Stretch
from listen.post import Gap
from listen.source import Health
from listen.when import now, spoken

SETTLE = 1.5  # seconds in which news of one network are gathered into one line
PATIENT = 4  # times as long if the source was heard before: a blink of a few seconds is not worth a line
REMIND = timedelta(hours=1)
LATELY = timedelta(minutes=10)
LASTING = timedelta(minutes=1)
BLINKS = 3  # so many of them within LATELY are told
OUT_OF_THE_BLUE = frozenset({"stopped", "killed", "asleep"})  # gaps that no failure has told of
_EVER = datetime.min.replace(tzinfo=UTC)

Name = tuple[str, str]  # platform and name of a source
_Failure = tuple[Health, str, timedelta]  # what is the matter, and the time until the next try


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
        self.once = False  # one round is all there is: no other try, and gaps since the last one are no news
        self._settle = settle
        self._failing: dict[str, list[_Failure]] = {}
        self._back_now: dict[str, list[tuple[str, timedelta]]] = {}
        self._behind: dict[Name, Stretch] = {}  # gaps that are caught up on
        self._made_good: dict[str, list[timedelta]] = {}
        self._timers: dict[tuple[str, str], asyncio.TimerHandle] = {}
        self._told: dict[Name, tuple[datetime, datetime | None]] = {}  # source: trouble since, last told
        self._back: dict[Name, datetime] = {}  # source: when it was last told to be back
        self._blinks: dict[Name, list[datetime]] = {}  # source: when it was back before its trouble was told
        self._noticed: set[Name] = set()
        self._said: dict[str, dict[str, datetime]] = {}  # network: its problems that last, and when each was told
        self._tellers = {
            "failing": self._tell_failing,
            "back": self._tell_back,
            "behind": self._tell_behind,
            "made good": self._tell_made_good,
        }

    def failed(self, health: Health, wait: timedelta) -> None:
        """A source failed and is tried again after `wait`."""
        moment, source = now(), (health.platform, health.source)
        since, told = self._told.get(source, (moment, None))
        hiccup = told is None and moment - since < LASTING and moment - self._back.get(source, _EVER) < LATELY
        if not self._verbose and (hiccup or (told is not None and moment - told < REMIND)):
            self._told[source] = (since, told)
            return
        self._told[source] = (since, moment)
        self._failing.setdefault(health.platform, []).append((health, health.problem or "failed", wait))
        self._later(health.platform, "failing", self._settle * (1 if health.last_ok is None else PATIENT))

    def recovered(self, health: Health, moment: datetime) -> None:
        """A source that had failed has been heard again, up to this moment."""
        trouble = self._told.pop((health.platform, health.source), None)
        waiting = self._failing.get(health.platform, [])
        if trouble is None or trouble[1] is None:
            return
        if any(told is health for told, *_ in waiting):  # over before it was told
            if not self._blinks_again(health, moment):
                waiting[:] = [entry for entry in waiting if entry[0] is not health]
            return
        self._back[health.platform, health.source] = moment
        self._said.pop(health.platform, None)
        if not self._quiet:
            self._back_now.setdefault(health.platform, []).append((health.source, moment - trouble[0]))
            self._later(health.platform, "back", self._settle)

    def _blinks_again(self, health: Health, moment: datetime) -> bool:
        """Whether this is one blink of many, as of a stream that opens each time and never says a word."""
        source = (health.platform, health.source)
        blinks = [at for at in self._blinks.pop(source, []) if moment - at < LATELY]
        if len(blinks) + 1 == BLINKS:
            self._back[source] = moment
            return True
        self._blinks[source] = [*blinks, moment]
        return False

    def notice(self, platform: str, text: str) -> None:
        """Something that a source says about itself, once a run."""
        if not self._quiet and (platform, text) not in self._noticed:
            self._noticed.add((platform, text))
            self._say(f"{platform}: {text}")

    def gap(self, health: Health, gap: Gap) -> None:
        """A stretch of time that cannot be heard any more."""
        self._say(
            f"{health.platform}: posts between {_shown(gap.since)} and {_shown(gap.until)} may be missing ({gap.why})"
        )

    def opened(self, health: Health, gap: Stretch) -> None:
        """Time that a source has not heard yet, and is about to; if it failed it was told of already."""
        if self._quiet or self.once or gap.reason not in OUT_OF_THE_BLUE or gap.length < LASTING:
            return
        self._behind[health.platform, health.source] = gap
        self._later(health.platform, "behind", self._settle)

    def closed(self, health: Health, gap: Stretch) -> None:
        """A source has caught up; its network is told of when all its sources have."""
        if self._behind.pop((health.platform, health.source), None) is not None:
            self._made_good.setdefault(health.platform, []).append(gap.length)
            self._later(health.platform, "made good", self._settle)

    def left(self, health: Health, pid: int) -> None:
        """Another `listen` hears the source now, and what we were behind with is its business."""
        self._behind.pop((health.platform, health.source), None)
        if not self.once:
            self.notice(health.platform, f"another listen (PID {pid}) is at it; showing what it stores")

    def close(self) -> None:
        """Tell what is still being gathered."""
        for timer in self._timers.values():
            timer.cancel()
        for platform, kind in list(self._timers):
            self._tellers[kind](platform)

    def _later(self, platform: str, kind: str, wait: float) -> None:
        if (platform, kind) not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[platform, kind] = loop.call_later(wait, self._tell, platform, kind)

    def _tell(self, platform: str, kind: str) -> None:
        del self._timers[platform, kind]
        self._tellers[kind](platform)

    def _tell_failing(self, platform: str) -> None:
        failures = self._not_said(platform, self._failing.pop(platform, []))
        if not failures:
            return
        problems = list(dict.fromkeys(problem for _, problem, _ in failures))
        soonest = max(min(wait for _, _, wait in failures), timedelta(seconds=1))
        again = "" if self.once else f"; next try in {spoken(soonest)}"
        self._say(f"{platform}: {problems[0]}{',' if len(problems) > 1 else ''}{_others(problems, ' like it')}{again}")

    def _not_said(self, platform: str, failures: list[_Failure]) -> list[_Failure]:
        """Without those of which another source of the network, a moment slower, has just had the same to tell."""
        moment, said = now(), self._said.setdefault(platform, {})
        fresh = [one for one in failures if self._verbose or moment - said.get(one[1], _EVER) >= REMIND]
        said.update((problem, moment) for _, problem, _ in fresh)
        return fresh

    def _tell_back(self, platform: str) -> None:
        back = self._back_now.pop(platform, [])
        if back:
            longest = spoken(max(span for _, span in back))
            verbs = ("answers", "has") if len(back) == 1 else ("answer", "have")
            who = f"{back[0][0]}{_others(back)}"
            self._say(f"{platform}: {who} {verbs[0]} again after {longest}, and {verbs[1]} caught up")

    def _tell_behind(self, platform: str) -> None:
        behind = [(source, gap) for (network, source), gap in self._behind.items() if network == platform]
        if behind:
            first = min((gap for _, gap in behind), key=lambda gap: gap.since)
            why = REASONS[first.reason] if first.reason else "unknown"
            since = _shown(first.since)
            self._say(f"{platform}: {behind[0][0]}{_others(behind)} not heard since {since} ({why}); catching up")

    def _tell_made_good(self, platform: str) -> None:
        if any(network == platform for network, _ in self._behind):
            return  # the last one tells of all
        spans = self._made_good.pop(platform, [])
        if spans:
            self._say(f"{platform}: caught up on {spoken(max(spans))}")


def _others(all_: list[str] | list[tuple[str, timedelta]] | list[tuple[str, Stretch]], like: str = "") -> str:
    return f" and {len(all_) - 1} more{like}" if len(all_) > 1 else ""


def _shown(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
