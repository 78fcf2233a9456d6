"""Teaching the judge: labels from files and from marked mentions, tried before anything is switched on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import msgspec

from listen.judge import Judge
from listen.judge.adapting import Adaptation, word_trait
from listen.judge.features import pair_feature, token
from listen.judge.fusion import LogOdds
from listen.judge.learning import Lesson, learnt
from listen.judge.overhearing import Case, lesson
from listen.judge.proof import Proof, proof
from listen.judge.taught import Labelled, Taught, joined, load, save, weights
from listen.judge.words import read
from listen.mention import Flag
from listen.pipeline import context_of, spoken
from listen.store import Store

LEAST = 20  # labels; fewer say nothing that cross-validation could confirm
_UNDONE = "what was learnt was taken back, the labels are kept, and 'listen teach' learns from them again"
AGREEING = 1 / 3  # of the labels; the judge is right more often than that, so fewer are not a fair choice


SHORT, COMMON = 6, 0.06  # letters, share of texts: a shorter word that stands in more of them is one like "the"


class Word(NamedTuple):
    """A word or two, and how far a text that holds them is moved towards each flag, in log-odds."""

    text: str
    change: LogOdds


def teach(judge: Judge, store: Store, more: Sequence[Labelled] = ()) -> Taught:
    """Learn from all labels there are, `more` among them, and keep what came of it beside the store.

    `judge` is the judge as it would be untaught. Raises TeachingError, StoreError.
    """
    known = load(store.path)
    labels = joined(known.labels, more)
    save(store.path, msgspec.structs.replace(known, labels=labels))  # first: learning may be interrupted
    found = msgspec.structs.replace(_learnt(judge, cases(labels, store)), labels=labels, skipped=known.skipped)
    save(store.path, found)
    return found


def undo(store: Store) -> Taught:
    """Back to the judge as shipped; labels are kept."""
    found = msgspec.structs.replace(load(store.path), adaptation=None, proof=None, weights="", why=_UNDONE)
    save(store.path, found)
    return found


def unlearn(store: Store, texts: Collection[str], ids: Collection[str], names: str) -> int:
    """Let go of labels for one of `texts` or with what `names` (an expression) finds in them, and of skipped `ids`.

    Returns how many labels went; `relearn` afterwards.
    """
    known, named = load(store.path), re.compile(names, re.IGNORECASE)
    words = {" ".join(text.split()) for text in texts}
    kept = tuple(
        label for label in known.labels if " ".join(label.text.split()) not in words and not named.search(label.text)
    )
    left = msgspec.structs.replace(known, labels=kept, skipped=tuple(id_ for id_ in known.skipped if id_ not in ids))
    if left != known:
        save(store.path, left)
    return len(known.labels) - len(kept)


def relearn(store: Store, judge: Callable[[], Judge]) -> None:
    """If anything was learnt, learn it anew from the labels that are left; `judge` makes the judge as shipped."""
    if load(store.path).adaptation is not None:
        teach(judge(), store)


def skip(store: Store, ids: Iterable[str]) -> None:
    """Never ask about these mentions again."""
    known = load(store.path)
    skipped = tuple(dict.fromkeys((*known.skipped, *ids)))
    if skipped != known.skipped:
        save(store.path, msgspec.structs.replace(known, skipped=skipped))


def cases(labels: Iterable[Labelled], store: Store) -> list[Case]:
    """Everything a person has labelled; of texts with the same words the last one, marked mentions after files."""
    found = [Case(label.text, label.context, label.label) for label in labels]
    for mention in store.corrected():
        correction = mention.care.correction
        assert correction is not None
        post = mention.post
        found.append(Case(post.words[spoken(post) :], context_of(post, mention.matches), correction.flag))
    by_words = {(" ".join(read(case.text).keys), case.context.role): case for case in found}
    return [case for (words, _), case in by_words.items() if words]


def moved_words(adaptation: Adaptation, known: Sequence[Case], number: int = 10) -> list[Word]:
    """The words of labelled texts that move a verdict most, as somebody wrote them, the mightiest first.

    Numbers, names, and short words that stand in many texts are left out: they say nothing to a reader.
    """
    found: dict[int, Word] = {}
    texts: Counter[int] = Counter()
    for case in known:
        named = {feature: text for text, feature in _named_traits(case.text) if feature in adaptation.changes}
        texts.update(named.keys())
        for feature, text in named.items():
            found.setdefault(feature, Word(text, adaptation.changes[feature]))
    most = max(3.0, COMMON * len(known))
    telling = [word for feature, word in found.items() if texts[feature] <= most or len(word.text) >= SHORT]
    return sorted(telling, key=lambda word: -max(map(abs, word.change)))[:number]


def _named_traits(text: str) -> Iterator[tuple[str, int]]:
    words = read(text)
    tokens = [token(key) for key in words.keys]
    for at, word in enumerate(tokens):
        if word.isalpha() and len(word) > 2:
            yield text[words.starts[at] : words.ends[at]], word_trait(word)
        if at:
            yield text[words.starts[at - 1] : words.ends[at]], pair_feature(tokens[at - 1], word)


def _learnt(judge: Judge, known: Sequence[Case]) -> Taught:
    labels = [case.label for case in known]
    why = _too_little(labels)
    if why:
        return Taught(why=f"nothing was changed: {why}")
    right = sum(judge(case.text, case.context).flag == case.label for case in known)
    if right < AGREEING * len(known):
        return Taught(why=f"nothing was changed: {_one_sided(right, len(known))}")
    lessons = [lesson(judge, case) for case in known]
    found = _proof(judge, known, lessons)
    if not found.better:
        return Taught(proof=found, why="nothing was changed: taught, it does no better on labels that it has not seen")
    return Taught(weights=weights(semantic=judge.semantic), adaptation=learnt(lessons), proof=found)


def _too_little(labels: Sequence[Flag]) -> str:
    """Why nothing can be learnt from so few labels; empty if it can be tried."""
    if len(labels) < LEAST:
        return f"{LEAST} labels are the least to learn from, and there are {len(labels)}; see 'listen teach --ask'"
    if len(Counter(labels)) == 1:
        return f"all {len(labels)} labels are {labels[0]!r}; it takes at least two kinds to learn the difference"
    return ""


def _one_sided(right: int, number: int) -> str:
    """Whoever marks nothing but mistakes teaches the judge that it is always wrong."""
    return (
        f"the judge agrees with only {right} of {number} labels, as if only its mistakes had been marked; "
        "mark some that are right, too, or answer 'listen teach --ask'"
    )


def _proof(judge: Judge, known: Sequence[Case], lessons: Sequence[Lesson]) -> Proof:
    def judged(at: int, adaptation: Adaptation | None) -> str:
        return replace(judge, adaptation=adaptation)(known[at].text, known[at].context).flag

    return proof(lessons, [case.label for case in known], judged)
