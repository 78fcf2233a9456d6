"""Which stored mentions a person should label next: those of which the judge is least sure, and no two alike."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator

from listen.judge.words import read
from listen.mention import Mention, Verdict
from listen.selection import Selection
from listen.store import Store

LOOKED_AT = 20_000  # newest mentions
_KEPT = 20  # candidates of a language for each question, as many of them are alike
_ALIKE = 0.6  # share of common words from which on two texts count as one
_SPOKEN = ("de", "en")  # what the judge speaks; others come after these


def questions(store: Store, number: int, skipped: Collection[str] = ()) -> list[Mention]:
    """At most `number` mentions that nobody has labelled, languages in turns, the most uncertain first."""
    recent = store.mentions(Selection(), after=max(0, store.newest()[0] - LOOKED_AT))
    left = set(skipped)
    candidates = (each for _, each in recent if each.care.correction is None and each.id not in left)
    chosen: list[Mention] = []
    seen: list[frozenset[str]] = [_words(mention) for mention in store.corrected()]
    for mention in _in_turns(_uncertain(candidates, number * _KEPT)):
        if len(chosen) == number:
            break
        words = _words(mention)
        if words and not any(_alike(words, other) for other in seen):
            seen.append(words)
            chosen.append(mention)
    return chosen


def margin(verdict: Verdict) -> float:
    """How far the likeliest of the four flags is ahead of the second, 0..1."""
    three = (verdict.complaint, verdict.opportunity, verdict.praise)
    first, second = heapq.nlargest(2, (*three, max(0.0, 1 - sum(three))))
    return first - second


def _uncertain(mentions: Iterable[Mention], number: int) -> dict[str, list[Mention]]:
    """By language the `number` mentions of which the judge is least sure, the least sure first."""
    heaps: dict[str, list[tuple[float, int, Mention]]] = {}
    for at, mention in enumerate(mentions):
        lang = mention.verdict.lang if mention.verdict.lang in _SPOKEN else ""
        heap = heaps.setdefault(lang or "", [])
        heapq.heappush(heap, (-margin(mention.verdict), at, mention))
        if len(heap) > number:
            heapq.heappop(heap)
    return {
        lang: [entry[2] for entry in sorted(heap, reverse=True, key=lambda e: e[:2])] for lang, heap in heaps.items()
    }


def _in_turns(by_lang: dict[str, list[Mention]]) -> Iterator[Mention]:
    """One of each language that the judge speaks, again and again; then all the others."""
    queues = [by_lang[lang] for lang in _SPOKEN if lang in by_lang]
    for at in range(max(map(len, queues), default=0)):
        yield from (queue[at] for queue in queues if at < len(queue))
    yield from by_lang.get("", ())


def _words(mention: Mention) -> frozenset[str]:
    return frozenset(key for key in read(mention.post.document).keys if key[0] != "@")


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other)
