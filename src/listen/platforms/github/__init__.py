"""Issues, pull requests and, with a token, their comments and discussions on GitHub, everywhere or in named places.

API     https://docs.github.com/rest/search, /rest/issues (no account), /graphql (a token without any permission)
Limits  10 searches a minute, 30 with a token; 60 other requests an hour, 5,000 with one; 1,000 results of a search
Cursor  hashes of the newest posts seen, by the date they were written
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

import msgspec

from listen.http import Secret
from listen.listing import Listing
from listen.platforms.github.api import NAME, Api
from listen.platforms.github.discussions import Discussions
from listen.platforms.github.login import GITHUB_LOGIN
from listen.platforms.github.repository import PARTS, Repository
from listen.platforms.github.search import Commented, Searched
from listen.query.asking import asked
from listen.query.dialects import GITHUB, GITHUB_DISCUSSIONS
from listen.source import Facts, Options, Platform, Source
from listen.visit import Offer, Visit

KINDS = ("issue", "pull-request")  # since 2025 a search names one of them and finds no other

Repo = Annotated[str, msgspec.Meta(pattern=r"^[\w.-]+/[\w.-]+$")]


class GitHubOptions(Options, frozen=True, kw_only=True):
    """`[platforms.github]`. `repos` are heard whole, comments included, whatever the search finds; `bots` tells
    whether what programs write counts, too."""

    token: Secret | None = None
    repos: tuple[Repo, ...] = ()
    search: bool = True
    bots: bool = False
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=1_440)] = 5
    api: str = "https://api.github.com"
    graphql: str = "https://api.github.com/graphql"

    def __post_init__(self) -> None:
        for address in (self.api, self.graphql):
            if not re.match(r"https?://[^\s/]+", address):
                raise ValueError(f"{address!r} is not an address of the web; write https://github.example.com/api/v3")


class GitHub(Platform[GitHubOptions]):
    name = NAME
    facts = Facts(
        about="issues and pull requests on GitHub; comments and discussions with a token, or of named repositories",
        needs=None,
        streams=False,
        searches=("word", "phrase"),
        deletions=False,
        proved="recorded",
        limits="10 searches a minute, 30 with a token; comments elsewhere than in `repos`, and discussions, need one",
    )
    options = GitHubOptions
    login = GITHUB_LOGIN

    @classmethod
    async def offers(cls, visit: Visit) -> Sequence[Offer]:
        """The repository, if the address is one of github.com."""
        name = visit.named(r"github\.com/([\w.-]+/[\w.-]+?)(?:\.git|/.*)?")
        return (
            [
                Offer(
                    platform=cls.name,
                    option="repos",
                    value=name,
                    about="issues, pull requests and their comments",
                    comments="within",
                )
            ]
            if name
            else ()
        )

    def sources(self) -> Sequence[Source]:
        chosen = self.chosen
        api = Api(chosen.api.rstrip("/"), chosen.token, self.http, bots=chosen.bots)
        queries = self.interest.queries if chosen.search else ()
        searches = asked(queries, GITHUB).searches
        searching: list[Listing] = [Searched(api, search, kind) for search in searches for kind in KINDS]
        if chosen.token is not None:
            searching += [Commented(api, search, kind, chosen.repos) for search in searches for kind in KINDS]
            words = asked(queries, GITHUB_DISCUSSIONS).searches
            searching += [Discussions(api, chosen.graphql, search) for search in words]
        reading: list[Listing] = [Repository(api, repo, part) for repo in dict.fromkeys(chosen.repos) for part in PARTS]
        self._rest(searching, timedelta(minutes=1) / (20 if chosen.token else 5))
        self._rest(reading, timedelta(hours=1) / (2_000 if chosen.token else 50))
        return [*searching, *reading]

    def _rest(self, sources: Sequence[Listing], turn: timedelta) -> None:
        """All of these are asked once in their rounds, each of which takes a turn of what is allowed."""
        for source in sources:
            source.every = max(timedelta(minutes=self.chosen.every_minutes), len(sources) * turn)
