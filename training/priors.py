"""How narrow the prior of `listen teach` should be: `python -m training.priors` prints the table of docs/teaching.md.

The streams are posts of the trades that no weights have seen, of one trade or of all ten, the four flags mixed anew by
chance for each. Some of a stream is taught; the figure is the log-loss on the rest, in nats.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import mean

from listen.judge import Judge
from listen.judge.learning import Lesson, Prior, learnt, surprise
from listen.judge.model import FLAGS
from listen.judge.overhearing import Case, lesson
from listen.mention import Context
from training.corpus import TEST, Entry, entries

LABELS = (*FLAGS, "none")
PRIORS = (Prior(), Prior(change=1.5), Prior(change=2.5), Prior(scale=0.1), Prior(scale=0.3), Prior(bias=1.0))
SMALLEST = 80  # posts of a trade
LEAST_KEPT = 0.25  # of the posts with one label

Stream = tuple[Sequence[Lesson], Sequence[Lesson]]  # taught, and the rest


def main() -> None:
    columns = ("labels", "untaught", *(f"scale {p.scale}, bias {p.bias}, word {p.change}" for p in PRIORS))
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    unseen = [entry for entry in entries() if entry.trade in TEST and entry.role == "own"]
    for title, labels, draws, together in (("up to 50, of one trade", 50, 3, False), ("300, of all ten", 300, 2, True)):
        streams = list(_streams(unseen, labels, draws, together=together))
        untaught = mean(mean(surprise(one, None) for one in rest) for _, rest in streams)
        row = [untaught, *(_loss(streams, prior) for prior in PRIORS)]
        print(f"| {title} ({len(streams)} streams) | {' | '.join(f'{loss:.3f}' for loss in row)} |", flush=True)


def _streams(posts: Sequence[Entry], labels: int, draws: int, *, together: bool) -> Iterator[Stream]:
    """`draws` streams of each language, or of each of its trades; at most half of a stream is taught."""
    groups = groupby(posts, key=lambda entry: entry.lang if together else (entry.lang, entry.trade))
    stocks = [[_lesson(entry) for entry in group] for _, group in groups]
    for draw in range(draws):
        chance = random.Random(draw)
        for stock in stocks:
            if len(stock) < SMALLEST:
                continue
            kept = [chance.uniform(LEAST_KEPT, 1) for _ in LABELS]
            stream = [one for one in stock if chance.random() < kept[one.label]]
            chance.shuffle(stream)
            taught = min(labels, len(stream) // 2)
            yield stream[:taught], stream[taught:]


def _lesson(entry: Entry) -> Lesson:
    return lesson(Judge(), Case(entry.text, Context(lang=entry.lang), entry.label))


def _loss(streams: Sequence[Stream], prior: Prior) -> float:
    losses = []
    for taught, rest in streams:
        adaptation = learnt(taught, prior)
        losses.append(mean(surprise(one, adaptation) for one in rest))
    return mean(losses)


if __name__ == "__main__":
    main()
