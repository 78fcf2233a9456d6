"""The invented answers of one platform, as `tests/answers/<platform>/answers.toml` lists them, and their server.

platform = "reddit"            # where the folder is called otherwise: a second way into a network, "reddit api"
offline = true                 # only where it reads files: then no faults of servers are tried

[options]                      # as in [platforms.NAME]; {base}, {ws}: the server's addresses; {folder}: this one
api = "{base}/v0"
token = "hush-hush"            # secrets stand here as plain text

[otherwise]                    # faults this platform deliberately treats in its own way, by their name
"404" = "ends"                 # a normal end; or the name of an error, "BadAnswer"

[[answer]]
path = "/v0/maxitem.json"      # alone, or with ?query for an exact match, which goes first
file = "maxitem.json"          # or body = "...", or frames = "lines.jsonl" for a WebSocket
status = 200                   # these three are optional
type = "application/json"
headers = { ETag = "W/1" }
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from listen.http import Client, Secret
from listen.platforms import known
from listen.query import parse
from listen.source import Interest, Platform, Source
from tests.servers.scripted import Reply, Request

FOLDER = Path(__file__).parents[1] / "answers"
INTEREST = Interest((parse("#kindle"), parse("kindle")), lambda text: "kindle" in text.lower())


class Listed(msgspec.Struct, forbid_unknown_fields=True):
    """One `[[answer]]`."""

    path: str
    file: str | None = None
    body: str | None = None
    frames: str | None = None
    status: int = 200
    type: str = "application/json"
    headers: dict[str, str] = {}


class Answers(msgspec.Struct, forbid_unknown_fields=True):
    """One `answers.toml`; `name` is the folder's, and without `platform` that one's too."""

    name: str
    platform: str = ""
    answer: list[Listed] = []
    offline: bool = False
    options: dict[str, Any] = {}
    otherwise: dict[str, str] = {}

    def reply(self, request: Request) -> Reply:
        """The answer listed for this request; 404 where none is."""
        listed = self._listed(request)
        if listed is None:
            return Reply(status=404, body=b'{"error": "nothing scripted here"}', headers=_typed("application/json"))
        if listed.frames:
            return Reply(frames=tuple((FOLDER / self.name / listed.frames).read_text("utf-8").splitlines()))
        body = (FOLDER / self.name / listed.file).read_bytes() if listed.file else (listed.body or "").encode()
        stream = listed.type.startswith("text/event-stream")
        length, ending = (-1, "close") if stream else (None, "keep")
        return Reply(
            status=listed.status, body=body, headers=_typed(listed.type) | listed.headers, length=length,
            ending=ending,  # type: ignore[arg-type]
        )  # fmt: skip

    def type_for(self, request: Request) -> str:
        """The content type this platform expects at that address."""
        listed = self._listed(request)
        return listed.type if listed else "application/json"

    def sources(self, base: str, http: Client) -> list[Source]:
        """The platform's sources, pointed at the server."""
        platform: type[Platform[Any]] = known()[self.platform or self.name]
        options = _filled(self.options, base, str(FOLDER / self.name))
        chosen = msgspec.convert(options, platform.options, dec_hook=_secret)
        return list(platform(chosen, INTEREST, http).sources())

    def _listed(self, request: Request) -> Listed | None:
        upgrade = "upgrade" in request.headers
        fitting = [listed for listed in self.answer if upgrade or not listed.frames]
        fitting.sort(key=lambda listed: not (upgrade and listed.frames))
        exact = [listed for listed in fitting if listed.path == request.target]
        plain = [listed for listed in fitting if listed.path == request.path]
        return next(iter(exact + plain), None)


def answers_of(name: str) -> Answers:
    """What is listed for a platform; FileNotFoundError if nothing is."""
    listed = tomllib.loads((FOLDER / name / "answers.toml").read_text("utf-8"))
    return msgspec.convert({"name": name, **listed}, Answers)


def _typed(kind: str) -> dict[str, str]:
    return {"Content-Type": kind}


def _filled(value: Any, base: str, folder: str) -> Any:
    if isinstance(value, dict):
        return {_filled(key, base, folder): _filled(inner, base, folder) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, base, folder) for inner in value]
    if isinstance(value, str):
        addressed = value.replace("{base}", base).replace("{ws}", base.replace("http://", "ws://"))
        return addressed.replace("{folder}", folder)
    return value


def _secret(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value, "test")
    raise NotImplementedError(kind)
