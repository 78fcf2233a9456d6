"""What time of one source has been heard, as its listener tells it moment by moment. Pure: it knows no clock.

Every `now` is of the wall clock, which people move and which jumps when a laptop wakes up. What is to be filed in
the coverage ledger waits in `filing` until the store has it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from msgspec.structs import replace

from listen.coverage import Stretch
from listen.post import Reason
from listen.store import Before

BLINK = timedelta(seconds=30)  # trouble that is over sooner is no gap
SILENCE = timedelta(seconds=60)  # how long a dead link may stay unnoticed (Source of the stream: 50 to 60 s)
JUMP = timedelta(seconds=60)  # between two looks: the machine slept, or its clock was set forward
LATE = timedelta(days=1)  # claims that are older are not taken for a date
BACK = timedelta(seconds=1)  # the clock was set back; less is how it is kept right

Announce = Callable[[Stretch], None]


class Tracker:
    """The coverage of one source. `opened` and `closed` are told the gaps.

    What was heard without a hole reaches from `since` to `until`; both are None for a source that never was.
    """

    def __init__(self, opened: Announce = lambda _: None, closed: Announce = lambda _: None) -> None:
        self.since: datetime | None = None
        self.until: datetime | None = None
        self.gap: Stretch | None = None
        self._opened = opened
        self._closed = closed
        self._trouble: tuple[datetime, Reason, str] | None = None
        self._live = False
        self._asked: datetime | None = None
        self._looked: datetime | None = None
        self._told: list[Stretch] = []
        self._cut_at: datetime | None = None

    def begin(self, now: datetime, before: Before) -> None:
        """Go on after what was heard `before`."""
        self.since, self.until = before.since, before.until
        self.gap, self._trouble, self._live, self._asked = None, None, False, None
        if before.until is None:
            self.since = None
            if before.reason is not None and before.since is not None:
                self._trouble = (before.since, before.reason, before.detail)
        elif now - before.until > BLINK:
            self._open(now, before.reason or ("stopped" if before.ended else "killed"), before.detail)
        self._looked = now

    def asks(self, now: datetime) -> None:
        """A round begins: if it ends well, all up to this moment has been heard."""
        self._asked = now

    def answered(self) -> None:
        """The round has ended well."""
        if self._asked is not None:
            self._heard_up_to(self._asked)
        self._live, self._asked = False, None

    def caught_up(self, now: datetime) -> None:
        """A stream has delivered everything, and is live."""
        self._heard_up_to(now)
        self._live = True

    def spoke(self, now: datetime) -> None:
        """A stream said something, and it is stored."""
        if self._live and self.until is not None and self.gap is None and self._trouble is None:
            self.until = max(self.until, now)

    def came(self, *posted_at: datetime | None) -> None:
        """A polled source has brought mentions of these times; what was taken for heard has been filled just now."""
        if self.gap or self._trouble or self._live or self.since is None or self.until is None:
            return
        for moment in filter(None, posted_at):
            if self.since <= moment and BLINK < self.until - moment < LATE:
                self._told.append(Stretch(moment, self.until, "filled", "late"))

    def stored(self, now: datetime) -> None:
        """The store can be written again, and a stream that is live has lost nothing meanwhile."""
        if self._live:
            self._heard_up_to(now)

    def failed(self, now: datetime, reason: Reason, detail: str, *, live: bool = False) -> None:
        """Nothing is heard from now on; `live` if the link itself is well."""
        self._live = live and self._live
        self._asked = self._asked if live else None
        if self._trouble is None:
            self._trouble = (now, reason, detail)

    def look(self, now: datetime, due: datetime | None = None) -> bool:
        """See what time has made of it; True if all links have to be opened anew.

        `due` is when a source that rests is to be asked again: until then it misses nothing.
        """
        before, self._looked = self._looked or now, now
        if now < before - BACK:
            self._set_back(now)
        elif now - before > JUMP and (due is None or now > due + JUMP):
            self._wakes(now)
            return True
        self._grow(now)
        return False

    def ends(self, now: datetime) -> None:
        """The run is over: trouble that nobody will see the end of is a gap, however short."""
        self._grow(now)
        if self._trouble is not None and self.gap is None:
            self._open(now, *self._trouble[1:])

    @property
    def filing(self) -> tuple[Stretch, ...]:
        """What the ledger does not know yet. One round alone is a stretch without length: the next run begins there."""
        growing = [Stretch(self.since, self.until)] if self.since and self.until else []
        return (*self._told, *growing, *([self.gap] if self.gap else []))

    @property
    def cut_at(self) -> datetime | None:
        """The earliest moment to which the clock was set back since the last filing."""
        return self._cut_at

    def filed(self, filing: Collection[Stretch]) -> None:
        """The ledger knows all of this."""
        self._told = [one for one in self._told if one not in filing]
        self._cut_at = None

    def _heard_up_to(self, moment: datetime) -> None:
        """All that was posted before is stored."""
        if self.gap is None and self._trouble is not None and moment - self._trouble[0] > BLINK:
            self._open(moment, *self._trouble[1:])
        self._trouble = None
        if self.until is None or self.gap is not None:
            self._fill(moment)
            self.since = self.until = moment
        self.until = max(self.until or moment, moment)

    def _fill(self, moment: datetime) -> None:
        """The gap is over. What a source without a past did not hear is lost: it had no place to go on from."""
        if self.gap is None:
            return
        if self.since and self.until and self.since < self.until:
            self._told.append(Stretch(self.since, self.until))
        kind = "lost" if self.until is None else "filled"
        done = replace(self.gap, kind=kind, until=max(moment, self.gap.since))
        self.gap = None
        self._told.append(done)
        self._closed(done)

    def _open(self, now: datetime, reason: Reason, detail: str) -> None:
        begun = self.until or (self._trouble[0] if self._trouble else now)
        self.gap = Stretch(min(begun, now), now, "open", reason, detail)
        self._opened(self.gap)

    def _grow(self, now: datetime) -> None:
        if self._live and self.until is not None and self.gap is None and self._trouble is None:
            self.until = max(self.until, now - SILENCE)
        if self.gap is None and self._trouble is not None and now - self._trouble[0] > BLINK:
            self._open(now, *self._trouble[1:])
        if self.gap is not None:
            self.gap = replace(self.gap, until=max(now, self.gap.since))

    def _wakes(self, now: datetime) -> None:
        self._live, self._asked = False, None
        if self.gap is None and self.until is not None:
            self._open(now, "asleep", "")

    def _set_back(self, now: datetime) -> None:
        self._cut_at = now if self._cut_at is None else min(self._cut_at, now)
        self._told = [self._cut(one, now) for one in self._told]
        self.since, self.until = (None if at is None else min(at, now) for at in (self.since, self.until))
        self._asked = None if self._asked is None else min(self._asked, now)
        if self._trouble is not None:
            self._trouble = (min(self._trouble[0], now), *self._trouble[1:])
        if self.gap is not None:
            self.gap = self._cut(self.gap, now)

    def _cut(self, stretch: Stretch, now: datetime) -> Stretch:
        return replace(stretch, since=min(stretch.since, now), until=min(stretch.until, now))
