"""Jetstream frames decoded and matched with ten terms, beside msgspec decoding the same frames."""

from __future__ import annotations

import msgspec

from benchmarks.invented import frames
from benchmarks.measure import rate, row
from listen.platforms.bluesky import events_of
from listen.post import Edit, Post
from listen.watchlist import Topic, Watchlist

TERMS = ("#Kindle", '"Kindle Paperwhite"', "tolino", "kobo", "#ebook", "pocketbook", "Bücherwurm", "e-reader",
         "amazon", "Thalia")  # fmt: skip


def main() -> None:
    watchlist = Watchlist([Topic(name=term, query=term) for term in TERMS])
    interest = watchlist.interest()
    recorded = frames(30_000)

    def heard() -> int:
        found = 0
        for frame in recorded:
            event = events_of(frame, interest)
            post = event.post if isinstance(event, Edit) else event
            if isinstance(post, Post):
                found += bool(watchlist.matches(post))
        assert found > 100, "the benchmark must hold mentions"
        return len(recorded)

    def decoded() -> int:
        decode = msgspec.json.Decoder().decode
        for frame in recorded:
            decode(frame)
        return len(recorded)

    ours, bare = rate(heard), rate(decoded)
    row("Jetstream frames decoded and matched, 10 terms", f"{ours:,.0f}/s", "≥ 100,000/s", ours >= 100_000)
    row("the same / msgspec decoding the same frames", f"{ours / bare:.2f} ×", "≥ 0.3 ×", ours >= 0.3 * bare)
