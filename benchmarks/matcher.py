"""How fast the watchlist is, beside one `re` alternation and a bare automaton over the same texts.

Run: `python -m benchmarks.matcher`; it draws docs/matcher.svg too. All texts are made up from a seed; figures of one
run compare with one another.
"""

from __future__ import annotations

import gc
import json
import random
import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import msgspec
from ahocorasick_rs import AhoCorasick

from benchmarks.plot import plot
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
POSTS = 100_000
RATE = 0.01
SIZES = (10, 1_000, 100_000)
PLOT = Path(__file__).parents[1] / "docs" / "matcher.svg"

# Posts a second on one core, by number of terms.
GOALS = {10: 200_000, 1_000: 120_000, 100_000: 40_000}


class Figures(msgspec.Struct):
    """Of one size of watchlist: rates are texts a second; `compiled` is seconds, `memory` megabytes."""

    terms: int
    ours: float
    any_case: float
    casefolded: float
    bare: float
    raw: float
    compiled: float
    memory: float


def main() -> None:
    """Print the table, and draw it."""
    names = ("compile s", "MB", "posts/s", "goal", "re/s", "re folded/s", "automaton/s", "frames/s",
             "x re", "x re folded", "x automaton")  # fmt: skip
    print(f"{'terms':>12}" + "".join(f"{name:>12}" for name in names))
    measured = []
    for count in SIZES:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:  # Memory is counted from nothing.
            one = fresh.submit(figures_of, count).result()
        measured.append(one)
        cells = (f"{one.compiled:.2f}", f"{one.memory:.0f}", f"{one.ours:,.0f}", f"{GOALS[count]:,}",
                 f"{one.any_case:,.0f}", f"{one.casefolded:,.0f}", f"{one.bare:,.0f}", f"{one.raw:,.0f}",
                 f"{one.ours / one.any_case:,.0f}", f"{one.ours / one.casefolded:,.0f}",
                 f"{one.ours / one.bare:.2f}")  # fmt: skip
        print(f"{count:>12,}" + "".join(f"{cell:>12}" for cell in cells), flush=True)
    lines = {
        "bare automaton": [one.bare for one in measured],
        "listen": [one.ours for one in measured],
        "one re alternation": [one.any_case for one in measured],
    }
    PLOT.write_text(plot(SIZES, lines, "terms", f"posts/s, {POSTS:,} posts, one core"), encoding="utf-8")
    print(f"drawn in {PLOT.name}")


def figures_of(count: int) -> Figures:
    """Measure one size of watchlist."""
    chance = random.Random(21 + count)
    terms = made_up_words(count, chance)
    posts = [Post(platform="x", id=str(n), url=None, author="a", text=text, posted_at=None)
             for n, text in enumerate(texts(terms, chance))]  # fmt: skip
    frames = [frame(post.text, chance) for post in posts[: POSTS // 5]]
    topics = [Topic(name=term, query=term) for term in terms]
    before = resident()
    begin = time.process_time()
    watchlist = Watchlist(topics)
    compiled = time.process_time() - begin
    memory = resident() - before
    automaton = AhoCorasick([term.casefold() for term in terms])
    return Figures(
        terms=count,
        ours=per_second(watchlist.matches, posts),
        # At 100,000 terms an alternation takes a tenth of a second a post.
        any_case=per_second(any_case(terms), posts[:: max(1, count // 20)]),
        casefolded=per_second(casefolded(terms), posts[:: max(1, count // 20)]),
        bare=per_second(lambda post: automaton.find_matches_as_indexes(post.text.casefold(), overlapping=True), posts),
        raw=per_second(watchlist.may_match, frames),
        compiled=compiled,
        memory=memory,
    )


def resident() -> float:
    """Megabytes of memory that this process holds; 0 where the system does not tell."""
    gc.collect()
    status = Path("/proc/self/status")
    if not status.is_file():
        return 0.0
    held = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS"))
    return int(held.split()[1]) / 1024


def any_case(terms: Iterable[str]) -> Callable[[Post], object]:
    """What one would write without this program."""
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, terms)) + r")\b", re.IGNORECASE)
    return lambda post: pattern.search(post.text)


def casefolded(terms: Iterable[str]) -> Callable[[Post], object]:
    """The same, somewhat faster, over the text that the automaton reads too."""
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
    """The best of three passes, in seconds of the processor."""
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        for one in over:
            work(one)
        best = min(best, time.process_time() - begin)
    return len(over) / best


if __name__ == "__main__":
    main()
