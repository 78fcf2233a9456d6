"""The long form of `tests/faults`: hundreds of kills, an hour of a thousand frames a second, faults all the while.

Run from the project root: `make soak`, or `python -m scripts.soak [--kills N] [--minutes N] [--real] [--seed N]`.
All of it happens on the loopback interface. With `--real` the kills go to servers that other people wrote, where they
are up (Bluesky's PDS, mastodon-mock, WordPress, nostr-relay; `TOKEN` is the one for mastodon-mock), instead of ours.
Ends with exit code 0 if nothing was lost, doubled or leaked.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.kills import Result, Run
from tests.faults.networks import OURS, Network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=60.0, help="of a thousand frames a second")
    parser.add_argument("--real", action="store_true", help="kills in front of the real servers that are up")
    parser.add_argument("--seed", type=int, default=5)
    chosen = parser.parse_args()
    fine = True
    if chosen.kills:
        fine &= asyncio.run(kills(chosen.kills, chosen.seed, real=chosen.real))
    if chosen.minutes:
        from tests.faults.replay import soak

        well, figures = asyncio.run(soak(chosen.minutes, chosen.seed))
        print("\n".join(figures))
        fine &= well
    sys.exit(0 if fine else 1)


async def kills(count: int, seed: int, *, real: bool) -> bool:
    """Kill so often; prints a table, and whether it is as it should be."""
    chance = random.Random(seed)
    networks: tuple[type[Network], ...] = OURS
    if real:
        from tests.faults.real import up

        networks = up()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="listen-soak-") as home:
        run = Run([network(chance) for network in networks], Path(home), chance)
        results = await run.go(count)
    print(f"{run.deaths} kills in {time.monotonic() - begin:,.0f} s, seed {seed}, requests struck by faults:")
    print("  " + ", ".join(f"{name} {struck}" for name, struck in run.struck.most_common()))
    for problem in run.crashes:
        print(f"ended by itself: {problem}")
    print("| network | posted | at the end | stored | missing | doubled | not deleted | old version |")
    print("|---|---|---|---|---|---|---|---|")
    for result in results:
        print(_row(result), flush=True)
    return not run.crashes and run.deaths == count and all(result.is_right for result in results)


def _row(result: Result) -> str:
    wrong = [result.missing, result.doubled, result.left_over, result.stale]
    counts = [result.posted, result.wanted, result.stored, *map(len, wrong)]
    named = f" {[numbers[:10] for numbers in wrong]}" if any(wrong) else ""
    return f"| {result.network} | {' | '.join(f'{count:,}' for count in counts)} |{named}"


if __name__ == "__main__":
    main()
