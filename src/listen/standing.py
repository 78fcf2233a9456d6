"""How every source stands, and what was heard of it, from the store alone: nothing is asked or changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from listen.coverage import Stretch, covered, timeline
from listen.outputs.coverage import Line
from listen.outputs.standings import Overview, Process, Row
from listen.process import is_dead, ourselves
from listen.selection import Selection
from listen.store import Running, Standing, Store

FRESH = timedelta(seconds=60)  # a beat that is no older, of a process that cannot be seen from here
TROUBLE = frozenset({"failing", "refused", "gone"})

Place = tuple[str, str]


def overview(store: Store, topics: Sequence[str], now: datetime) -> Overview:
    """All sources that were listened to for one of the topics; if there are none, or no topics, for anything."""
    everything = store.stretches()
    wanted = (store.stretches(topics=topics) if topics else None) or everything
    known = {(standing.platform, standing.source): standing for standing in store.sources()}
    running = {process: places for process, places in store.processes().items() if _lives(process, now)}
    claimed = {place: state for places in running.values() for place, state in places.items()}
    fresh = {place for place, standing in known.items() if standing.state is not None and place not in everything}
    rows = [
        _row(known.get(place) or Standing(platform=place[0], source=place[1]), wanted.get(place, []), claimed, now)
        for place in sorted({*wanted, *fresh})
    ]
    processes = tuple(
        Process(pid=process.identity.pid, since=process.since, here=process.identity.place == ourselves().place)
        for process, places in running.items()
        if places
    )
    return Overview(rows=tuple(rows), processes=processes, now=now, withheld=sum(store.withheld().values()))


def coverage(store: Store, topics: Sequence[str], selection: Selection, now: datetime) -> Iterator[Line]:
    """What was heard and missed in the selected time and on the selected networks, source by source."""
    span = (selection.since, min(selection.until or now, now))
    wanted = (store.stretches(*span, topics=topics) if topics else None) or store.stretches(*span)
    for (platform, source), stretches in wanted.items():
        if not selection.platforms or platform in selection.platforms:
            yield from ((platform, source, stretch) for stretch in timeline(stretches, *span))


def _row(known: Standing, stretches: Sequence[Stretch], claimed: Mapping[Place, str | None], now: datetime) -> Row:
    line = timeline(stretches, until=now)
    times = covered(line)
    place = (known.platform, known.source)
    # Without anybody who listens, only trouble is worth remembering.
    left = known.state if known.state in TROUBLE else "stopped"
    state = (claimed[place] or "starting") if place in claimed else left
    return Row(
        platform=known.platform,
        source=known.source,
        state=state,
        last_post=known.last_post,
        last_ok=times[-1][1] if times else known.last_ok,
        cursor=known.cursor,
        problem=known.problem if state in TROUBLE else None,
        quota=known.quota,
        line=tuple(line),
    )


def _lives(process: Running, now: datetime) -> bool:
    dead = is_dead(process.identity, ourselves())
    return abs(now - process.beat_at) < FRESH if dead is None else not dead
