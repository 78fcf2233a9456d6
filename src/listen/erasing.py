"""Forgetting a person: everything the store and the files beside it hold of them, and that it is not stored again.

`find` tells who is meant, `forget` does it, and looks into the files afterwards whether anything is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from listen.errors import StoreError, UsageError
from listen.judge import Judge
from listen.mention import Mention
from listen.opinion.cache import Cache, place_beside
from listen.pipeline import spoken
from listen.store import Byline, Store
from listen.teaching import relearn, unlearn

_MANY = 25  # words of erased posts that the files are searched for afterwards
_DISTINCT = 4  # characters; shorter names are parts of too many words
# Whose pages these are, where the host says it: the way from an address that somebody sends to a name.
_HOSTS = {"bsky.app": "bluesky", "news.ycombinator.com": "hackernews"}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An author on one network, by the id that the network uses or else by name, and how many mentions are theirs."""

    platform: str
    key: str
    names: frozenset[str] = frozenset()
    mentions: int = 0

    @property
    def handle(self) -> str:
        """How to name them on the command line, without doubt."""
        return f"{self.platform}:{self.key}"


class Forgotten(msgspec.Struct, frozen=True, kw_only=True):
    """What was, or would be, forgotten: their mentions, labels for teaching, and the cached answers of a model.

    `named` are mentions by others in which the name stands, and `erased_named` whether they are gone as well. `clean`
    says whether the files were written anew, searched, and hold nothing any more; None if nobody has tried. If they
    do, `trouble` says why.
    """

    person: Person
    mentions: int
    labels: int = 0
    opinions: int = 0
    named: tuple[str, ...] = ()
    erased_named: bool = False
    clean: bool | None = None
    trouble: str | None = None


def find(store: Store, wanted: str, platforms: Sequence[str]) -> list[Person]:
    """Everybody whom the words may mean: `bluesky:anna.example`, `@anna@server`, an address, an id, or a bare name.

    Somebody of whom nothing is stored is found if the words say on which network. Raises StoreError.
    """
    asked = _asked(wanted, platforms)
    found: dict[tuple[str, str], tuple[set[str], int]] = {}
    for _, byline in store.bylines():
        if asked.means(byline):
            names, number = found.get(_key(byline), (set(), 0))
            found[_key(byline)] = names | set(_names(byline)), number + 1
    _unite(found)
    if not found and asked.likely is not None:
        return [Person(platform=asked.likely, key=asked.name, names=frozenset({asked.name}))]
    return [
        Person(platform=platform, key=key, names=frozenset(names), mentions=number)
        for (platform, key), (names, number) in sorted(found.items())
    ]


def _unite(found: dict[tuple[str, str], tuple[set[str], int]]) -> None:
    """Who has only a name is the one who has this name and an id, if there is just one."""
    for place, (_, number) in list(found.items()):
        platform, key = place
        same = [
            other for other, (names, _) in found.items() if other != place and other[0] == platform and key in names
        ]
        if len(same) == 1:
            names, more = found[same[0]]
            found[same[0]] = names, more + number
            del found[place]


def preview(store: Store, person: Person) -> Forgotten:
    """What `forget` would do; changes nothing."""
    numbers, names = _traces(store, person)
    named = _named(store, set(numbers), names)
    return Forgotten(person=person, mentions=len(numbers), named=tuple(mention.id for _, mention in named))


def forget(
    store: Store, person: Person, judge: Callable[[], Judge], now: datetime, *, also_named: bool = False
) -> Forgotten:
    """Erase all traces of the person and store nothing more of them. Raises StoreError, TeachingError.

    `judge` makes the judge as it would be untaught, should it have to learn anew without them. May be repeated.
    """
    store.refuse(person.platform, sorted(person.names | {person.key}), now)  # first: they may be writing just now
    numbers, names = _traces(store, person)
    store.refuse(person.platform, sorted(names), now)
    theirs = list(store.numbered(numbers))
    named = _named(store, set(numbers), names)
    gone = [*theirs, *(mention for _, mention in named)] if also_named else theirs
    labels = unlearn(
        store, {text for mention in gone for text in _texts(mention)}, {m.id for m in gone}, _pattern(names)
    )
    store.erase([*numbers, *(number for number, _ in named)] if also_named else numbers, "forget", now)
    store.orphan(list(_answers(store, person.platform, names, {mention.post.id for mention in theirs})))
    relearn(store, judge)
    opinions = _without_opinions(store.path)
    trouble = _cleaned(store, _needles(gone, names))
    return Forgotten(
        person=person,
        mentions=len(numbers),
        labels=labels,
        opinions=opinions,
        named=tuple(mention.id for _, mention in named),
        erased_named=also_named,
        clean=trouble is None,
        trouble=trouble,
    )


class _Asked(msgspec.Struct, frozen=True):
    """What the words say: a name, the network if they tell it or make it `likely`, and the address if they are one."""

    name: str
    platform: str | None = None
    url: str | None = None
    likely: str | None = None

    def means(self, byline: Byline) -> bool:
        if self.platform is not None and byline.platform != self.platform:
            return False
        known = [_bare(name) for name in _names(byline)]
        if self.url is not None and _bare(self.url) in known:
            return True
        wanted = _bare(self.name)
        return wanted in known or wanted in (_bare(byline.author_name or ""), _local(byline))


def _asked(words: str, platforms: Sequence[str]) -> _Asked:
    words = words.strip()
    if not words.strip("@ "):
        raise UsageError(
            "whom to forget? name an author like bluesky:anna.example, @anna@example.social, or an address"
        )
    platform, _, rest = words.partition(":")
    if platform in platforms and rest:
        return msgspec.structs.replace(_asked(rest, ()), platform=platform, likely=platform)
    if words.startswith(("http://", "https://")):
        parts = urlsplit(words)
        found = re.search(r"[?&]id=([^&]+)", words) or re.search(r"/(?:profile/)?@?([^/]+)/?$", parts.path)
        host = _HOSTS.get(parts.hostname or "")
        return _Asked(found[1] if found and host else words, host, words, host)
    if words.startswith("did:"):
        return _Asked(words, "bluesky", likely="bluesky")
    name = words.removeprefix("@")
    return _Asked(name, likely="mastodon" if "@" in name and "mastodon" in platforms else None)


def _key(byline: Byline) -> tuple[str, str]:
    return byline.platform, byline.author_id or byline.author or byline.author_url or byline.author_name or ""


def _names(byline: Byline) -> list[str]:
    """What names them and nobody else: not what they like to be called."""
    return [name for name in (byline.author_id, byline.author, byline.author_url) if name]


def _bare(name: str) -> str:
    return name.strip().removeprefix("@").rstrip("/").casefold()


def _local(byline: Byline) -> str:
    author = _bare(byline.author or "")
    return author.partition("." if byline.platform == "bluesky" else "@")[0]


def _traces(store: Store, person: Person) -> tuple[list[int], frozenset[str]]:
    """The numbers of all their mentions, and all names under which these were written."""
    numbers, names = [], {person.key, *person.names}
    for number, byline in store.bylines():
        if _key(byline) == (person.platform, person.key) or _same(byline, person):
            numbers.append(number)
            names.update(_names(byline))
    return numbers, frozenset(names)


def _same(byline: Byline, person: Person) -> bool:
    """A name without an id, as imported mentions have it, is theirs if it is one of theirs."""
    is_named = byline.author_id is None and any(name in person.names for name in _names(byline))
    return byline.platform == person.platform and is_named


def _answers(store: Store, platform: str, names: AbstractSet[str], ids: AbstractSet[str]) -> Iterator[int]:
    """The numbers of mentions that answer to one of these posts."""
    for number, byline in store.bylines():
        parent = byline.parent or ""
        if parent and byline.platform == platform and (parent in ids or _holds(names, parent)):
            yield number


def _named(store: Store, theirs: AbstractSet[int], names: AbstractSet[str]) -> list[tuple[int, Mention]]:
    """The mentions by others in which one of the names stands."""
    distinct = [name for name in names if len(name) >= _DISTINCT]
    found = store.holding(distinct) if distinct else iter(())
    return [(number, mention) for number, mention in found if number not in theirs and _is_named(mention, names)]


def _is_named(mention: Mention, names: AbstractSet[str]) -> bool:
    """Whether it says so itself; what it answers to is no word of its author's."""
    post, note = mention.post, mention.care.note or ""
    told = "\n".join((post.document, post.url or "", *post.links, note))
    return re.search(_pattern(names), told, re.IGNORECASE) is not None


def _pattern(names: AbstractSet[str]) -> str:
    """Finds one of the names as a whole word; nothing at all if none is long enough to be told from other words."""
    distinct = sorted(re.escape(name) for name in names if len(name) >= _DISTINCT)
    return rf"(?<![\w.-])(?:{'|'.join(distinct)})(?![\w-]|\.\w)" if distinct else r"(?!)"


def _holds(names: AbstractSet[str], text: str) -> bool:
    return any(name.casefold() in text.casefold() for name in names if len(name) >= _DISTINCT)


def _texts(mention: Mention) -> tuple[str, ...]:
    """How a text of theirs may stand among the labels."""
    post = mention.post
    return post.document, post.document[spoken(post) :], post.text


def _needles(mentions: Sequence[Mention], names: frozenset[str]) -> list[str]:
    """What must not stand in the files any more: names, and pieces of the newest posts as JSON writes them."""
    posts = [mention.post for mention in mentions[-_MANY:]]
    pieces = [msgspec.json.encode(post.text[:60]).decode()[1:-1] for post in posts if len(post.text) >= 12]
    return [*(name for name in names if len(name) >= _DISTINCT), *pieces, *(p.id for p in posts if len(p.id) >= 12)]


def _without_opinions(store: str) -> int:
    """Empty the cache of second opinions as a whole: its hashes do not tell whose texts they are of."""
    path = place_beside(store)
    if not Path(path).is_file():
        return 0
    cache = Cache(path)
    try:
        return cache.empty()
    finally:
        cache.close()


def _cleaned(store: Store, needles: Sequence[str]) -> str | None:
    """Write the files anew and look into them; what is wrong if anything is left.

    SQLite overwrites what it deletes, but rows that were moved within a page before leave pieces behind (seen in 4 of
    6 stores of 3,000 mentions); only a file that is written anew has none.
    """
    for part in Path(store.path).parent.glob(f".{Path(store.path).name}.taught.json.*.part"):  # left by a kill
        part.unlink(missing_ok=True)
    try:
        store.vacuum()
    except StoreError as problem:
        return f"what was erased may still stand in the file: {problem}; run this again"
    if not store.settle():
        return f"{store.path}: another program is reading, so that the log cannot be emptied; run this again soon"
    # The same words may have been written by somebody else as well.
    left = [needle for needle in store.traces(needles) if not any(store.holding([needle]))]
    where = f"{store.path}: still holds words of theirs, but in no mention; is a topic or a source named like that?"
    return where if left else None
