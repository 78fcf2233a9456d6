"""Recorded posts through the whole path: match, judge of the matched 1 %, store, CSV."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

from benchmarks.invented import texts
from benchmarks.measure import rate, row
from listen.judge import judge
from listen.outputs.csv import CsvOutput
from listen.pipeline import Pipeline
from listen.replay import replayed
from listen.store import Store
from listen.watchlist import Topic, Watchlist

POSTS = 40_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        tape = Path(folder) / "posts.jsonl"
        tape.write_text(
            "".join(
                json.dumps({"id": str(number), "platform": "bluesky", "author": "a.example", "text": text}) + "\n"
                for number, text in enumerate(texts(POSTS))
            )
        )
        watchlist = Watchlist([Topic(name="kindle", query="kindle OR #kindle")])

        def replay() -> int:
            store = Path(folder) / "bench.db"
            for file in Path(folder).glob("bench.db*"):
                file.unlink()
            with Store.open(store) as opened, io.StringIO() as csv, CsvOutput(csv) as output:
                assert not list(replayed(str(tape), Pipeline(watchlist, judge, opened, output)))
                assert opened.count() > POSTS / 200
            return POSTS

        ours = rate(replay, runs=3)
        row("posts replayed: match, judge 1 %, store, CSV", f"{ours:,.0f}/s", "≥ 20,000/s", ours >= 20_000)
