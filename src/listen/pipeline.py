"""The path of a post: from a platform through watchlist and judge into the store and out to the user.

    platform ──► Post ──► watchlist ──► judge ──► Mention ──► store ──► outputs

This is the only room where the stations meet. The engine feeds it with what one source was heard to say.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from time import monotonic

import msgspec

from listen.errors import PlatformError
from listen.mention import Change, Context, Match, Mention, Role, Span, Verdict
from listen.opinion.second import Case, SecondOpinion
from listen.outputs.output import Output
from listen.plain import wellformed
from listen.post import Deletion, Edit, Event, Gap, Mark, Post
from listen.respect import Respect
from listen.selection import Selection
from listen.source import Source
from listen.store import Heard, Store, Unmatched, Watch, Withheld
from listen.watchlist import Topic, Watchlist
from listen.watchlist.authors import names_one
from listen.when import now

COMPLETION_PATIENCE = 5.0  # seconds; names and followers are worth no longer a delay of a mention
TOLD = 10_000  # ids that a run remembers, so as not to look in the store for each repetition
FOLLOWED = 500  # mentions of another `listen` that are shown at a time
COMPLETION_REST = timedelta(minutes=1)  # before a source that could not tell them is asked again

Judge = Callable[[str, Context], Verdict]


class Pipeline:
    """All stations, put together once and shared by every source; with an `opinion`, it is heard after the judge.

    What authors do not want to be stored goes no further than `respect` says.
    """

    def __init__(
        self,
        watchlist: Watchlist,
        judge: Judge,
        store: Store,
        output: Output,
        selection: Selection | None = None,
        opinion: SecondOpinion | None = None,
        respect: Respect = Respect(),  # noqa: B008  frozen
    ) -> None:
        self.watchlist = watchlist
        self.judge = judge
        self.store = store
        self.output = output
        self.selection = selection or Selection()
        self.opinion = opinion
        self.respect = respect
        self.watch = _watch_of(watchlist)
        self.shown = 0
        self._since = now()
        self._told: dict[str, None] = {}  # mentions and versions that this run has dealt with, the oldest first
        self._spared: dict[Source, float] = {}  # sources that are not asked to complete posts until then

    async def take(self, platform: str, source: Source, events: Sequence[Event]) -> list[Change]:
        """Carry what a source said, in order, all the way; returns what changed. Raises StoreError, OutputError."""
        matched = self._matched(events)
        completed = await self._completed(source, matched)
        heard = await self._reconsidered(list(self._heard(events, completed)), events)
        changes = await asyncio.to_thread(self.store.apply, platform, source.name, heard, now(), self.watch)
        self.show(await self._news(heard, changes))
        return changes

    def take_recorded(self, name: str, events: Sequence[Event]) -> list[Mention]:
        """The same path for posts from a file, without a network; returns every mention among them."""
        matched = self._named({place: post for place, (post, _) in self._matched(events).items()})
        heard = list(self._heard(events, matched))
        if self.opinion is not None:
            cases = self._cases(heard, events)
            heard = _with(heard, cases, self.opinion.at_once(list(cases.values())))
        self.store.apply("file", name, heard, now(), self.watch)
        return [entry for entry in heard if isinstance(entry, Mention)]

    async def follow(self, after: tuple[int, int]) -> tuple[int, int]:
        """Show what another `listen` has stored: mentions above the first number, edits above the second.

        Returns the numbers to go on after.
        """
        number, at = after
        found = await asyncio.to_thread(lambda: list(self.store.mentions(Selection(limit=FOLLOWED), after=number)))
        edited = await asyncio.to_thread(self.store.edited, at, FOLLOWED)
        changes = [Change("new", mention) for _, mention in found]
        changes += [Change("edited", mention) for _, mention in edited]
        for change in changes:
            if self._is_news(change) and not self.watch.names.isdisjoint(change.mention.topics):
                self._remember((change.mention.id, _version_of(change.mention)))
                self.show([change])
        return max([number, *(one for one, _ in found)]), max([at, *(one for one, _ in edited)])

    def hurry(self) -> None:
        """The run is to end: nobody waits for a second opinion any more."""
        if self.opinion is not None:
            self.opinion.hurry()

    def show(self, changes: Iterable[Change]) -> None:
        """Print the changes that the user selected; a selection's limit counts new mentions."""
        for change in changes:
            if self.full or not self.selection.accepts(change.mention):
                continue
            self.shown += change.kind == "new"
            self.output.show(change)

    @property
    def full(self) -> bool:
        """Whether as many mentions were shown as the user asked for."""
        return self.selection.limit is not None and self.shown >= self.selection.limit

    async def _news(self, heard: Sequence[Heard], changes: Sequence[Change]) -> list[Change]:
        """What the user has not been shown yet: our changes, and mentions that another `listen` stored first.

        Of two sources that hear the same post at once, one stores it and whichever comes here first shows it.
        """
        news = [change for change in changes if self._is_news(change)]
        ours = {change.mention.id for change in changes}
        repeated = [entry.id for entry in heard if isinstance(entry, Mention) and entry.id not in ours]
        unknown = [id_ for id_ in repeated if id_ not in self._told]
        self._remember((*ours, *repeated, *(_version_of(change.mention) for change in changes)))
        if unknown:
            found = await asyncio.to_thread(lambda: [self.store.find(id_) for id_ in unknown])
            news += [Change("new", known) for known in found if known is not None and known.seen_at >= self._since]
        return news

    def _is_news(self, change: Change) -> bool:
        """Whether neither we nor a look at what another `listen` stores has shown it."""
        told = {"new": change.mention.id, "edited": _version_of(change.mention)}.get(change.kind)
        return told not in self._told

    def _remember(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            self._told.pop(id_, None)
            self._told[id_] = None
        while len(self._told) > TOLD:
            del self._told[next(iter(self._told))]

    def _matched(self, events: Sequence[Event]) -> dict[int, _Matched]:
        """The wanted posts by their place among the events."""
        wanted = {}
        for place, event in enumerate(events):
            post = event.post if isinstance(event, Edit) else event
            if isinstance(post, Post) and (matches := self._wanting(post).matches(post)):
                wanted[place] = (storable(post), matches)
        return wanted

    def _wanting(self, post: Post) -> Watchlist:
        """The watchlist, or as long as the author is but a number the part of it that names nobody."""
        nameless = post.author is None or post.author == post.author_id
        return self.watchlist.unnamed if nameless and post.author_id is not None else self.watchlist

    async def _completed(self, source: Source, matched: dict[int, _Matched]) -> dict[int, _Matched]:
        """The wanted posts with what the source knows to add; a source that cannot just now holds nothing up.

        They are matched again, because a query may ask for the author whose name is known only now.
        """
        if not matched or monotonic() < self._spared.get(source, 0.0):
            return matched
        try:
            async with asyncio.timeout(COMPLETION_PATIENCE):
                completed = await source.complete([post for post, _ in matched.values()])
        except (PlatformError, TimeoutError) as problem:
            rest = getattr(problem, "wait", None) or COMPLETION_REST
            self._spared[source] = monotonic() + rest.total_seconds()
            return matched
        return self._named({place: storable(post) for place, post in zip(matched, completed, strict=True)})

    def _named(self, posts: Mapping[int, Post]) -> dict[int, _Matched]:
        """The posts that are wanted now that as much is known of their authors as ever will be."""
        return {place: (post, matches) for place, post in posts.items() if (matches := self.watchlist.matches(post))}

    def _heard(self, events: Sequence[Event], matched: Mapping[int, _Matched]) -> Iterator[Heard]:
        for place, event in enumerate(events):
            if place in matched:
                post, matches = matched[place]
                wish = self.respect.withheld(post)
                yield self._judged(post, matches) if wish is None else Withheld(post.platform, post.id, wish)
            elif isinstance(event, Edit):
                yield Unmatched(event.post.platform, event.post.id, event.post.edited_at)
            elif isinstance(event, Deletion | Mark | Gap):
                yield event

    def _judged(self, post: Post, matches: tuple[Match, ...]) -> Mention:
        verdict = judged(self.judge, post, matches, self.watchlist.own_accounts)
        return Mention(post=post, matches=matches, verdict=verdict, seen_at=now())

    async def _reconsidered(self, heard: list[Heard], events: Sequence[Event]) -> list[Heard]:
        """What was heard, after the second opinion on it if the user wants one."""
        if self.opinion is None:
            return heard
        cases = self._cases(heard, events)
        return _with(heard, cases, await self.opinion.on(list(cases.values())))

    def _cases(self, heard: Sequence[Heard], events: Sequence[Event]) -> dict[int, Case]:
        """The mentions to ask about by their place: not those of which nothing is new, nor those whose stars say it."""
        edited = {f"{event.post.platform}:{event.post.id}" for event in events if isinstance(event, Edit)}
        return {
            place: Case(entry.post.words, spoken(entry.post), _role_of(entry.matches), entry.verdict)
            for place, entry in enumerate(heard)
            if isinstance(entry, Mention)
            and entry.post.rating is None
            and (entry.id not in self._told or entry.id in edited)
        }


def _with(heard: Sequence[Heard], cases: Mapping[int, Case], verdicts: Sequence[Verdict]) -> list[Heard]:
    """What was heard, with these verdicts on the cases."""
    told = dict(zip(cases, verdicts, strict=True))
    return [
        msgspec.structs.replace(entry, verdict=told[place]) if isinstance(entry, Mention) and place in told else entry
        for place, entry in enumerate(heard)
    ]


def judged(judge: Judge, post: Post, matches: Sequence[Match], own_accounts: Sequence[str] = ()) -> Verdict:
    """The judge's verdict on a post, by the author's own words."""
    start = spoken(post)
    return _moved(judge(post.words[start:], context_of(post, matches, own_accounts)), start)


def context_of(post: Post, matches: Sequence[Match], own_accounts: Sequence[str] = ()) -> Context:
    """What the judge may know beside the post's words."""
    return Context(
        role=_role_of(matches),
        lang=post.lang,
        rating=post.rating,
        kind=post.kind,
        followers=post.followers,
        reposts=post.reposts,
        hours=None if post.posted_at is None else (now() - post.posted_at).total_seconds() / 3600,
        to_us=names_one(post, own_accounts),
        by_bot=post.by_bot,
    )


def spoken(post: Post) -> int:
    """Where in the document the author's own words begin.

    The title over a comment is somebody else's: "Comment on My Kindle died" may be kind words.
    """
    return len(post.heading) if post.kind == "comment" else 0


_Matched = tuple[Post, tuple[Match, ...]]


def _version_of(mention: Mention) -> str:
    """What tells an edited mention from what it was."""
    return f"{mention.id} {mention.post.edited_at} {hash(mention.post.document)}"


def _watch_of(watchlist: Watchlist) -> Watch:
    """What is listened for, as the store tells it apart: cursors belong to topics, not to whoever moved them."""
    return Watch(tuple((topic.name, _fingerprint(topic)) for topic in watchlist.topics))


def _fingerprint(topic: Topic) -> str:
    told = msgspec.json.encode(msgspec.structs.replace(topic, name="", role="own", keep=None))
    return hashlib.sha256(told).hexdigest()[:16]


def _moved(verdict: Verdict, by: int) -> Verdict:
    """The verdict with its reasons' spans moved, for a text that begins later in the document."""
    if not by or not verdict.reasons:
        return verdict
    reasons = tuple(Span(reason.start + by, reason.end + by, reason.text) for reason in verdict.reasons)
    return msgspec.structs.replace(verdict, reasons=reasons)


def storable(post: Post) -> Post:
    """The post without what UTF-8 and SQLite cannot hold; every text keeps its length, so spans stay right."""
    mended: dict[str, object] = {}
    for name in post.__struct_fields__:
        value = getattr(post, name)
        if isinstance(value, str):
            mended[name] = wellformed(value)
        elif isinstance(value, tuple):
            mended[name] = tuple(wellformed(part) for part in value)
    return msgspec.structs.replace(post, **mended)


def _role_of(matches: Sequence[Match]) -> Role:
    """The role that counts for the judge: one's own brand before a competitor's before the market."""
    roles = {match.role for match in matches}
    return "own" if "own" in roles else "competitor" if "competitor" in roles else "market"
