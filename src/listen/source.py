"""What a network has to be for `listen`: the contract that every platform fulfils.

A `Platform` is made from its options and tells which `Source`s there are: one stream, one server's tag, one
feed. A source turns answers into events. It never sleeps, retries, stores, prints or judges: it says when to
ask again and where to resume, and raises `PlatformError`s; the engine does the rest.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Generic, Literal, TypeVar

import msgspec

from listen.http import Client, Quota
from listen.http.money import budget, price
from listen.login import Login
from listen.post import Deletion, Edit, Event, Post
from listen.query import Query
from listen.visit import Offer, Visit

RECHECKED = 100  # posts that are looked up again at a time


class Interest(msgspec.Struct, frozen=True):
    """What the watchlist wants to hear: the queries of all topics, of which a wanted post matches at least one.

    `listen.query.asking` turns them into searches of a network. `may_match` is a fast test on raw text, JSON escapes
    included: it may say True for an unwanted post, never False for a wanted one.
    """

    queries: tuple[Query, ...]
    may_match: Callable[[str], bool] = lambda _: True


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What `listen platforms` tells about a network. `needs` is None if no account is needed.

    `keep` is the longest that its terms let anybody keep a post, or whoever uses a key (`keep_by_key`); `recheck` how
    often stored posts are looked up again to see whether they are still there (`Platform.gone`); None where neither is
    asked for.
    """

    about: str
    needs: Literal["key", "approval", "url"] | None
    streams: bool
    searches: tuple[str, ...]
    deletions: bool
    proved: Literal["recorded", "server", "spec", "constructed"]
    limits: str
    keep: timedelta | None = None
    keep_by_key: bool = False
    recheck: timedelta | None = None


PerMinute = Annotated[float, msgspec.Meta(gt=0, le=60_000)]
PerDay = Annotated[int, msgspec.Meta(ge=1)]


class Options(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of `[platforms.NAME]`; a platform adds its own. Secrets are fields of type `Secret | None`.

    `enabled` is None where the config does not say: then a network that needs nothing is on. `requests_per_minute` and
    `requests_per_day` bound what the whole network is asked; None leaves that to what its servers allow. `keep` bounds
    how long its mentions are kept, as the config writes it. `counted` says that requests cost something that is counted
    in the store.
    """

    counted: ClassVar[bool] = False

    enabled: bool | None = None
    requests_per_minute: PerMinute | None = None
    requests_per_day: PerDay | None = None
    keep: str | None = None


class PaidOptions(Options, frozen=True, kw_only=True):
    """Options of a network whose reads cost money: `price` is that of one, `budget` what all of them may cost.

    Both as people write them, "0.005 USD" and "2 USD/day" or "50 EUR/month", in one currency.
    """

    counted: ClassVar[bool] = True

    budget: str
    price: str

    def __post_init__(self) -> None:
        """Raises ValueError."""
        ours, theirs = budget(self.budget).money.currency, price(self.price).currency
        if ours != theirs:
            raise ValueError(f"budget: is in {ours}, but price in {theirs}; write both in one currency")


State = Literal["starting", "catching up", "live", "waiting", "shared", "failing", "refused", "gone", "stopped"]


class Health(msgspec.Struct, kw_only=True):
    """How one source is doing right now; kept by the engine, drawn by outputs.

    `live` is a stream that has caught up, `waiting` a polled source that rests until `next_try`, `shared` one that
    another `listen` hears on the same store; `failing`, `refused` and `gone` sources have a `problem` and are tried
    again at `next_try` too. `quota` is None where the network has none, or does not tell.
    """

    platform: str
    source: str
    state: State = "starting"
    heard: int = 0
    mentions: int = 0
    last_post: datetime | None = None
    last_ok: datetime | None = None
    problem: str | None = None
    next_try: datetime | None = None
    quota: Quota | None = None


class Source(ABC):
    """One place of a network that is listened to, with a cursor of its own.

    `name` is stable and unique within the platform; the store files the cursor under it. `every` is the rest
    between two rounds of a source that is polled.
    """

    name: str
    every: timedelta = timedelta(minutes=1)

    @abstractmethod
    def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        """Yield what came after `cursor`, oldest first where the network allows it.

        A polled source ends when there is nothing more for now. A stream first catches up from `cursor`,
        yields `CaughtUp`, and goes on until the link dies (`Unreachable`). A `Mark` follows what it covers.
        Without a cursor the source begins at `since` (aware UTC), or if that is None where it thinks best.
        What comes again, or did not match, is sorted out by others. Raises PlatformError.
        """

    async def complete(self, posts: Sequence[Post]) -> Sequence[Post]:
        """Fill in what costs a request (names, followers), for matched posts only; same order and length.

        Raises PlatformError; the posts are then kept as they are.
        """
        return posts

    @abstractmethod
    async def check(self) -> str:
        """Make one real request and say in a few words what was seen. Raises PlatformError."""


O = TypeVar("O", bound=Options)  # noqa: E741  the options of one platform


class Platform(ABC, Generic[O]):
    """One network. Its file holds this class, its options, its sources, and the shapes of its answers."""

    name: ClassVar[str]
    facts: ClassVar[Facts]
    options: ClassVar[type[Options]]
    login: ClassVar[Login | None] = None  # how one comes by the key, where one is needed or helps

    def __init__(self, chosen: O, interest: Interest, http: Client) -> None:
        self.chosen = chosen
        self.interest = interest
        self.http = http

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:  # noqa: ARG003  for those who recognise something
        """What this network would hear at an address that a user gave to `listen add`; empty if it is none of its own.

        Looks at what was answered, and asks for more through `visit` only. Raises PlatformError.
        """
        return ()

    @abstractmethod
    def sources(self) -> Sequence[Source]:
        """The sources that these options and this interest ask for; empty if nothing can be asked here."""

    async def gone(self, posts: Sequence[Post]) -> Sequence[Deletion | Edit]:  # noqa: ARG002  for those who can ask
        """Which of these stored posts (at most `RECHECKED`) are there no more, or say something else now.

        Asked only where `facts.recheck` says how often. What the network does not tell about is left out. Raises
        PlatformError.
        """
        return ()
