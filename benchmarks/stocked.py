"""A store with any number of invented mentions, as long and as varied as those of Bluesky.

python -m benchmarks.stocked FILE COUNT        5,000,000 are 8 GB and take some ten minutes
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from benchmarks.invented import texts
from listen.mention import Flag, Match, Mention, Span, Verdict
from listen.post import Post
from listen.store import Store

BEGIN = datetime(2025, 11, 22, tzinfo=UTC)
_BATCH = 5_000
_TEXTS = 20_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_FLAGS: tuple[Flag, ...] = ("complaint", "opportunity", "praise", "none")


def stock(path: str, count: int) -> None:
    """Store the mentions as `watch` would."""
    coming = mentions(count)
    with Store.open(path) as store:
        while batch := list(islice(coming, _BATCH)):
            store.apply("bluesky", "jetstream", batch, BEGIN)


def mentions(count: int) -> Iterator[Mention]:
    """One every six seconds; every tenth is a complaint."""
    chance = random.Random(5)
    said = texts(min(count, _TEXTS), share=1.0)
    for number in range(count):
        yield _mention(number, said[number % len(said)], chance)


def _mention(number: int, text: str, chance: random.Random) -> Mention:
    at = BEGIN + timedelta(seconds=6 * number, microseconds=chance.randrange(1_000_000))
    did, rkey = "did:plc:" + "".join(chance.choices(_LETTERS, k=24)), f"3l{number:011d}"
    start = text.lower().index("kindle")
    flag = chance.choices(_FLAGS, (10, 5, 10, 75))[0]
    post = Post(
        platform="bluesky",
        id=f"at://{did}/app.bsky.feed.post/{rkey}",
        url=f"https://bsky.app/profile/{did}/post/{rkey}",
        author=f"someone{number % 40_000}.example",
        text=text,
        posted_at=at,
        kind="reply" if number % 2 else "post",
        instance="jetstream.example",
        author_id=did,
        author_name="Anna Beispiel",
        author_url=f"https://bsky.app/profile/{did}",
        followers=chance.randrange(5_000),
        lang="de",
        hashtags=("kindle",) if "#" in text else (),
        likes=number % 7,
        reposts=number % 3,
        replies=0,
    )
    verdict = Verdict(
        lang="de" if number % 2 else "en",
        flag=flag,
        complaint=round(chance.random(), 4),
        opportunity=round(chance.random(), 4),
        praise=round(chance.random(), 4),
        opportunity_kind="question" if flag == "opportunity" else None,
        sentiment=round(chance.uniform(-1, 1), 4),
        urgency="high" if flag == "complaint" else "low",
        reasons=() if flag == "none" else (Span(0, 5, text[:5]),),
    )
    match = Match("kindle", (Span(start, start + 6, text[start : start + 6]),))
    return Mention(post=post, matches=(match,), verdict=verdict, seen_at=at + timedelta(seconds=2))


if __name__ == "__main__":
    stock(sys.argv[1], int(sys.argv[2]))
