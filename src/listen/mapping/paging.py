"""How a network leads from one page of a listing to the next, and the address of each."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import msgspec

from listen.errors import BadAnswer
from listen.http import Answer
from listen.http.wire import host_of
from listen.mapping.path import Path

Rule = Literal["none", "page", "offset", "cursor", "link", "next"]


class Paging(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rule: `page` and `offset` count in a `parameter` from `start` on, `cursor` sends there what stands at `path`,
    `next` follows the address at `path`, and `link` that of the `Link` header.

    `size` is how many posts a full page has, where that is known: a shorter one is the last.
    """

    by: Rule = "none"
    parameter: str | None = None
    path: str | None = None
    start: int | None = None
    size: int | None = None

    def __post_init__(self) -> None:
        if self.by in ("page", "offset", "cursor") and not self.parameter:
            raise ValueError(f'by = "{self.by}" needs the parameter of the address, as in parameter = "page"')
        if self.by in ("cursor", "next") and not self.path:
            raise ValueError(f'by = "{self.by}" needs the path to it, as in path = "paging.next"')
        try:
            Path(self.path or "")
        except ValueError as problem:
            raise ValueError(f"path: {problem}") from None

    def address(self, url: str, place: str | None) -> str:
        """Where the page at that place is; None is the first."""
        if place is None:
            begins = self.by in ("page", "offset") and self.start is not None
            return with_parameters(url, {self.parameter or "": str(self.start)}) if begins else url
        return place if self.by in ("link", "next") else with_parameters(url, {self.parameter or "": place})

    def after(self, place: str | None, answer: Answer, told: Any, count: int) -> str | None:
        """The place after that one, which had so many posts; None after the last. Raises BadAnswer."""
        if count == 0 or (self.size is not None and count < self.size):
            return None
        if self.by == "page":
            return str(int(place or (1 if self.start is None else self.start)) + 1)
        if self.by == "offset":
            return str(int(place or self.start or 0) + count)
        if self.by == "cursor":
            found = Path(self.path or "").found(told)
            return str(found) if isinstance(found, str | int) and not isinstance(found, bool) and found != "" else None
        found = answer.links().get("next") if self.by == "link" else None
        if self.by == "next":
            found = Path(self.path or "").found(told)
        return _beside(answer.url, found) if isinstance(found, str) and found else None


def with_parameters(url: str, told: dict[str, str]) -> str:
    """The address with these parameters instead of its own of that name."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in told]
    return parts._replace(query=urlencode([*kept, *told.items()])).geturl()


def _beside(here: str, there: str) -> str:
    """The address of the next page, which has to be on the same server: keys go with it."""
    try:
        address = urljoin(here, there)
        same = urlsplit(address)[:2] == urlsplit(here)[:2]
    except ValueError:
        same = False
    if not same:
        raise BadAnswer(f"{host_of(here)} leads to another server for its next page, where this does not belong")
    return address
