"""What a server answered, and how it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from listen.errors import BadAnswer
from listen.http.wire import host_of


class Answer(msgspec.Struct, frozen=True):
    """One answer below 400. `url` is where it came from; `moved` if only permanent redirects led there."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    moved: bool = False

    def json(self) -> Any:
        """The body as JSON; raises BadAnswer for HTML and other nonsense."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as problem:
            raise BadAnswer(f"{host_of(self.url)} answered {self._looks_like()} instead of JSON") from problem

    def shaped(self, shape: type[Any]) -> Any:
        """The body as JSON of the given msgspec shape; raises BadAnswer where it differs."""
        try:
            return msgspec.json.decode(self.body, type=shape)
        except msgspec.ValidationError as problem:
            raise BadAnswer(f"{host_of(self.url)} answered JSON of another shape: {problem}") from problem
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise BadAnswer(f"{host_of(self.url)} answered {self._looks_like()} instead of JSON") from problem

    def links(self) -> dict[str, str]:
        """The addresses of the `Link` header by their `rel`."""
        import httpx

        found = httpx.Response(200, headers=dict(self.headers)).links
        return {rel: link["url"] for rel, link in found.items() if rel and "url" in link}

    def _looks_like(self) -> str:
        start = self.body[:200].lstrip().lower()
        if not start:
            return "nothing"
        return "HTML" if start.startswith((b"<!doctype html", b"<html", b"<")) else "something"
