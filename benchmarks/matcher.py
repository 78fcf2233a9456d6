"""How fast the watchlist is, beside one `re` alternation and a bare automaton over the same texts.

Run: `python benchmarks/matcher.py`. All texts are made up from a seed; figures of one run compare with one another.
"""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Iterable

from ahocorasick_rs import AhoCorasick

from listen.post import Post
from listen.watchlist import Topic, Watchlist

GERMAN = (
    "ich habe heute mein neues Gerät bekommen und es läuft überhaupt nicht der Akku ist nach zwei Stunden leer und "
    "der Kundendienst antwortet natürlich nicht schöne Grüße aus München wir wünschen euch ein gemütliches Wochenende"
).split()
ENGLISH = (
    "just got my new reader today and the battery is already dead after two hours support does not answer at all "
    "what a lovely morning here we go again does anyone know a good place for lunch near the station thanks a lot"
).split()
ENDINGS = ("", "", "", ".", "!", " 😡", " …", " 👍🏽", " #Montag", " https://example.org/a/b?c=d")
JAPANESE = "新しい本を読みました。とても面白かったです。明日も晴れるといいですね。"
POSTS = 20_000
RATE = 0.01


def main() -> None:
    """Print the table."""
    chance = random.Random(21)
    names = ("compile s", "posts/s", "re/s", "automaton/s", "frames/s", "x re", "x automaton")
    print(f"{'terms':>12}" + "".join(f"{name:>12}" for name in names))
    for count in (10, 1_000, 100_000):
        row(count, chance)


def row(count: int, chance: random.Random) -> None:
    """Measure one size of watchlist."""
    terms = made_up_words(count, chance)
    posts = [Post(platform="x", id=str(n), url=None, author="a", text=text, posted_at=None)
             for n, text in enumerate(texts(terms, chance))]  # fmt: skip
    frames = [frame(post.text, chance) for post in posts]
    topics = [Topic(name=term, query=term) for term in terms]
    begin = time.perf_counter()
    watchlist = Watchlist(topics)
    compiled = time.perf_counter() - begin
    ours = per_second(watchlist.matches, posts)
    raw = per_second(watchlist.may_match, frames)
    automaton = AhoCorasick([term.casefold() for term in terms])
    bare = per_second(lambda post: automaton.find_matches_as_indexes(post.text.casefold(), overlapping=True), posts)
    alternation = per_second(regex(terms), posts) if count <= 1_000 else 0.0
    figures = (f"{compiled:.2f}", *(f"{figure:,.0f}" for figure in (ours, alternation, bare, raw)))
    ratios = (f"{ours / alternation:.1f}" if alternation else "-", f"{ours / bare:.2f}")
    print(f"{count:>12,}" + "".join(f"{cell:>12}" for cell in (*figures, *ratios)))


def regex(terms: Iterable[str]) -> Callable[[Post], object]:
    """What one would write without this program."""
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, terms)) + r")\b")
    return lambda post: pattern.search(post.text.casefold())


def made_up_words(count: int, chance: random.Random) -> list[str]:
    """Different pronounceable words, three to five syllables, that no text holds by accident."""
    words: set[str] = set()
    while len(words) < count:
        words.add(
            "".join(chance.choice("bdfgklmnprstvwz") + chance.choice("aeiou") for _ in range(chance.randint(3, 5)))
        )
    return sorted(words)


def texts(terms: list[str], chance: random.Random) -> Iterable[str]:
    """Posts of about 150 characters, German and English by turns; one in a hundred holds a term."""
    for number in range(POSTS):
        words = [chance.choice(GERMAN if number % 2 else ENGLISH) for _ in range(27)]
        if chance.random() < RATE:
            words[chance.randrange(len(words))] = chance.choice(terms).capitalize()
        yield " ".join(words) + chance.choice(ENDINGS)


def frame(text: str, chance: random.Random) -> str:
    """A frame of about 1 KB as a relay sends it; one in five is Japanese."""
    text = JAPANESE * 4 if chance.random() < 0.2 else text
    reply = {side: {"cid": key(chance, 59), "uri": post_uri(chance)} for side in ("root", "parent")}
    record = {"text": text, "langs": ["de"], "createdAt": "2026-11-21T12:00:00.000Z", "reply": reply}
    commit = {
        "rev": key(chance, 13),
        "operation": "create",
        "collection": "app.bsky.feed.post",
        "rkey": key(chance, 13),
        "record": record,
        "cid": key(chance, 59),
    }
    whole = {"did": f"did:plc:{key(chance, 24)}", "time_us": 1795262400000000, "kind": "commit", "commit": commit}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def post_uri(chance: random.Random) -> str:
    """Something like the address of a post."""
    return f"at://did:plc:{key(chance, 24)}/app.bsky.feed.post/{key(chance, 13)}"


def key(chance: random.Random, length: int) -> str:
    """Something like a content id."""
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=length))


def per_second(work: Callable[..., object], over: list[object] | list[Post] | list[str]) -> float:
    """The best of three passes."""
    best = float("inf")
    for _ in range(3):
        begin = time.perf_counter()
        for one in over:
            work(one)
        best = min(best, time.perf_counter() - begin)
    return len(over) / best


if __name__ == "__main__":
    main()
