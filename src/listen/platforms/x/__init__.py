"""X: posts that its search finds, and those that its filtered stream brings as they are written. Each is paid for.

API     https://docs.x.com/x-api/posts/search and .../filtered-stream (version 2, an app's Bearer token)
Limits  450 searches in 15 min; the last 7 days; one stream of 1,000 rules; and what the user wants to pay
Cursor  for each search the id up to which all was read, and the holes below it
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from typing import Annotated, ClassVar

from msgspec import Meta
from msgspec.structs import fields

from listen.http import Secret
from listen.http.money import budget, price
from listen.http.spending import money_allowance
from listen.login.x import X_LOGIN
from listen.platforms.x.api import Api
from listen.platforms.x.costs import Costs
from listen.platforms.x.hearing import Hearing
from listen.platforms.x.looking import looked_up
from listen.post import Deletion, Edit, Post
from listen.query.asking import asked
from listen.query.dialects import X_STREAM
from listen.query.dialects import X as SEARCH
from listen.source import Facts, Options, PaidOptions, Platform, Source


class XOptions(PaidOptions, frozen=True, kw_only=True):
    """`[platforms.x]`. `price_author` is that of a name with its number of followers, which `authors` asks for;
    `first_minutes` is how far back the first start reads. With `recheck` each stored post is bought again every day."""

    # Pay-per-use as docs.x.com had it on 2026-08-22.
    budget: str = "1 USD/day"
    price: str = "0.005 USD"
    price_author: str = "0.010 USD"
    token: Secret | None = None
    stream: bool = True
    authors: bool = True
    reposts: bool = False
    recheck: bool = False
    first_minutes: Annotated[int, Meta(ge=1, le=10_000)] = 15
    poll_seconds: Annotated[int, Meta(ge=5, le=86_400)] = 60
    api: str = "https://api.x.com"

    def __post_init__(self) -> None:
        super().__post_init__()
        if price(self.price_author, "price_author").currency != price(self.price).currency:
            raise ValueError("price_author: is in another currency than price")
        chosen = any(getattr(self, option.name) != option.default for option in fields(self))
        if chosen and self.token is None:
            raise ValueError('has no token; write token = "env:X_TOKEN", a variable that holds the app\'s Bearer Token')


class X(Platform[XOptions]):
    """One source: search and stream fill each other's holes."""

    name = "x"
    facts = Facts(
        about="posts, replies and quotes of X, by its search and its stream; a budget says what may be spent",
        needs="key",
        streams=True,
        searches=("words", "phrases", "hashtags", "names", "languages", "authors"),
        deletions=False,
        proved="spec",
        limits="every post read is paid for; the last 7 days; reposts only from the stream; deletions for who pays",
        recheck=timedelta(hours=24),
    )
    options: ClassVar[type[Options]] = XOptions
    login = X_LOGIN

    def sources(self) -> Sequence[Source]:
        chosen = self.chosen
        searches = [_without_reposts(text) for text in asked(self.interest.queries, SEARCH).searches]
        rules = asked(self.interest.queries, X_STREAM).searches if chosen.stream else ()
        if not searches or self._api is None:
            return []
        return [
            Hearing(
                self._api,
                searches,
                [rule if chosen.reposts else _without_reposts(rule) for rule in rules],
                every=timedelta(seconds=chosen.poll_seconds),
                first=timedelta(minutes=chosen.first_minutes),
            )
        ]

    async def gone(self, posts: Sequence[Post]) -> Sequence[Deletion | Edit]:
        """What has become of them; empty without `recheck`, as that costs money."""
        return await looked_up(self._api, posts) if self._api is not None and self.chosen.recheck else ()

    @cached_property
    def _api(self) -> Api | None:
        """One for all, as it knows what was bought today; None without a token."""
        chosen = self.chosen
        if chosen.token is None:
            return None
        paid = self.http.spending(money_allowance(budget(chosen.budget)))
        costs = Costs(paid, price(chosen.price), price(chosen.price_author), authors=chosen.authors)
        return Api(chosen.api.rstrip("/"), chosen.token, self.http, costs)


def _without_reposts(search: str) -> str:
    """The search for what people write themselves, unless it asks for reposts."""
    if "is:retweet" in search:
        return search
    return f"({search}) -is:retweet" if " OR " in search else f"{search} -is:retweet"
