"""A process that writes batches of mentions into a store until it is done or killed: PATH SOURCE BATCHES.

Batch N holds mentions N*SIZE to N*SIZE+SIZE-1, every second of them known to all sources, and then mark N+1.
"""

from __future__ import annotations

import sys

from listen.post import Mark
from listen.store import Heard, Store
from tests.store.invented import NOON, mention

SIZE = 20


def write(path: str, source: str, batches: int) -> None:
    with Store.open(path) as store:
        for batch in range(int(store.cursor("bluesky", source) or 0), batches):
            store.apply("bluesky", source, batch_of(source, batch), NOON)
            print(batch, flush=True)  # noqa: T201  tells how far it is


def batch_of(source: str, batch: int) -> list[Heard]:
    numbers = range(batch * SIZE, batch * SIZE + SIZE)
    said = [mention(id=f"{'all' if number % 2 else source}-{number}", ref=source) for number in numbers]
    return [*said, Mark(str(batch + 1))]


if __name__ == "__main__":
    write(sys.argv[1], sys.argv[2], int(sys.argv[3]))
