"""What posts and names cost, counted before they are read.

Whatever is asked for is bought: a search costs its posts and, with their names, its authors. X counts a post or a name
once a day (UTC), however often it is read; so do we, as long as the run lasts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from listen.errors import OutOfQuota
from listen.http import Spending
from listen.http.money import Money
from listen.http.spending import Hold
from listen.when import now

FEWEST = 10  # posts: a search cannot be asked for less
_AHEAD = 10  # posts of the stream that are paid in advance
_ON_THEIR_WAY = 5  # of them, that may come though the stream is being closed
_REMEMBERED = 200_000  # ids


class Costs:
    """The prices of one account, and what was bought today. `authors` says whether names come with the posts."""

    def __init__(self, paid: Spending, post: Money, author: Money, *, authors: bool) -> None:
        self.paid = paid
        self.authors = authors
        self._post = post.millionths
        self._author = author.millionths if authors else 0
        self._day = now().date()
        self._bought: set[str] = set()

    @property
    def each(self) -> int:
        """What one post costs at most, in millionths."""
        return self._post + self._author

    @asynccontextmanager
    async def page(self, most: int) -> AsyncIterator[Hold]:
        """Posts for one search. Raises OutOfQuota."""
        async with self.paid.hold(most, least=FEWEST, each=self.each) as hold:
            yield hold

    @asynccontextmanager
    async def named(self, posts: int) -> AsyncIterator[Hold]:
        """So many posts, without names, or none of them. Raises OutOfQuota."""
        async with self.paid.hold(posts, least=posts, each=self._post) as hold:
            yield hold

    @asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """One request that costs as much as a post. Raises OutOfQuota."""
        async with self.paid.hold(each=self._post):
            yield

    def of(self, posts: Iterable[str], authors: Iterable[str]) -> int:
        """What these ids of posts and of authors cost, in millionths; from then on they are bought."""
        if self._day != now().date() or len(self._bought) > _REMEMBERED:
            self._day, self._bought = now().date(), set()
        cost = 0
        for prefix, ids, price in (("p", posts, self._post), ("a", authors, self._author)):
            new = {prefix + id_ for id_ in ids} - self._bought
            self._bought |= new
            cost += price * len(new)
        return cost

    @asynccontextmanager
    async def flowing(self) -> AsyncIterator[Flow]:
        """The posts of a stream, paid a few ahead."""
        flow = Flow(self)
        try:
            await flow.pays_ahead()
            yield flow
        finally:
            await flow.ends()


class Flow:
    """What a stream costs. Some posts are always paid ahead: they are on their way when it is closed."""

    def __init__(self, costs: Costs) -> None:
        self.costs = costs
        self._ahead = 0  # millionths
        self._day = 0  # in whose books they stand

    async def pays_ahead(self) -> None:
        """Raises OutOfQuota if not so much is left."""
        if self._ahead > _ON_THEIR_WAY * self.costs.each:
            return
        try:
            async with self.costs.paid.hold(_AHEAD - _ON_THEIR_WAY, each=self.costs.each) as hold:
                self._ahead, self._day = self._ahead + hold.amount, hold.day
        except OutOfQuota:
            self._ahead = 0  # what is on its way is paid
            raise

    async def came(self, post: str, authors: Iterable[str]) -> None:
        """A post came, which was paid; see that more may come. Raises OutOfQuota."""
        self._ahead -= self.costs.of([post], authors)
        await self.pays_ahead()

    async def ends(self) -> None:
        """Give back what was paid for nothing."""
        ahead, self._ahead = self._ahead, 0
        await self.costs.paid.settle(self._day, -ahead)
