"""Requests to YouTube's Data API with a key, each of which is counted: searches by themselves, all others in units.

https://developers.google.com/youtube/v3/determine_quota_cost (2026): a search is one of 100 a day, a list one unit of
10,000. Requests that fail are counted there, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from listen.errors import PlatformError, Refused, Unacceptable, Unreachable
from listen.http import Client, Secret, Spending
from listen.http.wire import host_of

NAME = "youtube"

_ID = re.compile(r"[\w-]{6,20}", re.ASCII)


class Listed(msgspec.Struct, rename="camel"):
    """One page of anything."""

    items: list[msgspec.Raw] = []
    next_page_token: str | None = None


class Api:
    """The API at `base`. The key goes in a header, to no other host."""

    def __init__(
        self, base: str, key: Secret, http: Client, *, searches: Spending, units: Spending, instance: str
    ) -> None:
        self.base = base
        self.host = host_of(base)
        self.instance = instance
        self.searches = searches
        self.units = units
        self._key = key
        self._http = http

    async def search(self, params: Mapping[str, str]) -> Listed:
        """A page of a search. Raises OutOfQuota without having asked if the day has had its searches."""
        return await self._counted("/search", params, self.searches)

    async def listed(self, path: str, params: Mapping[str, str]) -> Listed:
        """A page of a list."""
        return await self._counted(path, params, self.units)

    async def _counted(self, path: str, params: Mapping[str, str], spending: Spending) -> Listed:
        problem: PlatformError | None = None
        async with spending.hold():
            try:
                answer = await self._http.get(self.base + path, params=params, headers={"X-Goog-Api-Key": self._key})
            except Unreachable:
                raise
            except PlatformError as refusal:
                problem = refusal  # it costs all the same
        if problem is None:
            listed: Listed = answer.shaped(Listed)
            return listed
        if isinstance(problem, Unacceptable) and "API key" in str(problem):  # 400 where others say 401
            raise Refused(str(problem)) from problem
        raise problem


def read(raw: msgspec.Raw, shape: type[Any]) -> Any:
    """One object of a page; None if it is of another shape."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def is_video(text: str | None) -> bool:
    return bool(text and _ID.fullmatch(text))
