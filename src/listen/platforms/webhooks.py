"""What networks push to `listen serve-webhooks`: Facebook pages, Instagram, Threads, and programs of one's own.

API     https://developers.facebook.com/docs/graph-api/webhooks; others POST lines of `listen replay`, signed alike
Limits  1 MB a push; what is pushed while nobody takes it in comes again for a while only, as the network likes
Cursor  of each spool file its inode, how far it was read, and a hash of its beginning
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar

import msgspec

from listen.errors import Gone, Unreachable
from listen.following import Follower, recalled
from listen.graph import Access, Graph
from listen.graph.media import COMMENT, MEDIA, comment, media
from listen.graph.pushed import Mentioned, changes_in, event_of
from listen.http import Client, Secret
from listen.intake.spool import SILENT, Line, alive_at
from listen.plain import mended
from listen.post import Event, Gap, Notice
from listen.recorded import Recorded
from listen.reviews import Id, Name
from listen.source import Facts, Options, Platform, Source
from listen.when import now

_LINES = msgspec.json.Decoder(Line)
_NEEDS = ("instagram_basic", "instagram_manage_comments")


class WebhooksOptions(Options, frozen=True, kw_only=True):
    """`[platforms.webhooks]`. `app_secrets` are those of the apps that push, `verify_token` what their forms have.

    `token` reads what Instagram names by number only. `about` maps ids of pages and accounts to what is said there is
    about. `folder` keeps pushes for `keep_days`.
    """

    app_secrets: tuple[Secret, ...] = ()
    verify_token: Secret | None = None
    token: Secret | None = None
    about: Mapping[Id, Name] = {}
    folder: str = ""
    port: Annotated[int, msgspec.Meta(ge=0, le=65_535)] = 8_484
    keep_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 30
    poll_seconds: Annotated[float, msgspec.Meta(ge=0.1, le=3_600)] = 2
    api: str = "https://graph.facebook.com/v26.0"

    def place(self) -> Path:
        """Where pushes are kept: `folder`, or `listen/webhooks` in the user's data directory."""
        import platformdirs

        if self.folder:
            return Path(self.folder).expanduser()
        return platformdirs.user_data_path("listen", appauthor=False) / "webhooks"


class Webhooks(Platform[WebhooksOptions]):
    """One source: the spool."""

    name = "webhooks"
    facts = Facts(
        about="what Facebook, Instagram, Threads and programs of your own push to `listen serve-webhooks`",
        needs="approval",
        streams=False,
        searches=(),
        deletions=True,
        proved="constructed",
        limits="only while `listen serve-webhooks` runs behind a server of yours that the network can reach",
    )
    options: ClassVar[type[Options]] = WebhooksOptions

    def sources(self) -> Sequence[Source]:
        """None without a secret: then nothing can be pushed, and a section that is left as it came asks for nothing."""
        return [Pushes(self.chosen, self.http)] if self.chosen.app_secrets else []


class Pushes(Follower):
    """The spool's lines, and what Instagram only names in them."""

    def __init__(self, chosen: WebhooksOptions, http: Client) -> None:
        super().__init__(str(chosen.place()), timedelta(seconds=chosen.poll_seconds), "pushes")
        self.chosen = chosen
        self.graph = Graph(Access(base=chosen.api, token=chosen.token), http) if chosen.token else None

    async def hear(self, cursor: str | None, since: datetime | None) -> AsyncIterator[Event]:
        heard_at, alive = recalled(cursor).heard_at, alive_at(self.path)
        if alive is None:
            raise Unreachable("nothing was ever taken in; run `listen serve-webhooks` beside this")
        kept_from = now() - timedelta(days=self.chosen.keep_days)
        if heard_at is not None and heard_at < kept_from:
            yield Gap(heard_at, kept_from, f"pushes are kept for {self.chosen.keep_days} days", "retention")
        async for event in super().hear(cursor, since):
            yield event
        if now() - alive > SILENT:
            yield Notice("`listen serve-webhooks` does not run; nobody takes in what is pushed", deaf=True)

    async def check(self) -> str:
        alive = alive_at(self.path)
        if alive is None:
            raise Unreachable("nothing was ever taken in; run `listen serve-webhooks` beside this", advised=True)
        runs = "`listen serve-webhooks` runs" if now() - alive <= SILENT else "`listen serve-webhooks` does NOT run"
        return f"{runs}; {await super().check()}"

    async def events_of(self, line: bytes) -> Sequence[Event] | str:
        try:
            told = _LINES.decode(line)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            return "is not of `listen serve-webhooks`"
        if told.since is not None:
            why = "`listen serve-webhooks` did not run; networks try again for some hours only"
            return (Gap(told.since, told.at, why, "stopped"),)
        push = msgspec.json.decode(mended(bytes(told.body)))
        if "object" not in push and "values" not in push:
            return _of_a_program(push)
        found = [event_of(change, self.chosen.about.get(change.account) or None) for change in changes_in(push)]
        events: list[Event] = []
        for event in found:
            if isinstance(event, Mentioned):
                events += await self._mentioned(event)
            elif event is not None:
                events.append(event)
        return events

    async def _mentioned(self, named: Mentioned) -> Sequence[Event]:
        """What Instagram names by its number. Raises PlatformError, and then it is asked for again."""
        if self.graph is None:
            return [Notice("Instagram pushes only the numbers of mentions; token in [platforms.webhooks] reads them")]
        what, number, fields = (
            ("mentioned_comment.comment_id", named.comment, f"{COMMENT},media{{id,permalink}}")
            if named.comment
            else ("mentioned_media.media_id", named.media, f"{MEDIA},username")
        )
        if number is None or not number.isdecimal() or not named.account.isdecimal():
            return []
        try:
            told = await self.graph.get(named.account, {"fields": f"{what}({number}){{{fields}}}"}, _NEEDS)
        except Gone:
            return []  # taken back since
        thing = told.get(what.partition(".")[0])
        if not isinstance(thing, dict):
            return []
        if not named.comment:
            return media(thing)
        return [post for post in [_comment(thing, named.media)] if post]


def _comment(thing: Mapping[str, Any], under: str | None) -> Event | None:
    post = thing.get("media")
    url = post.get("permalink") if isinstance(post, dict) else None
    return comment(thing, under or "", url if isinstance(url, str) and url.startswith("https://") else None, None)


def _of_a_program(push: Mapping[str, Any]) -> Sequence[Event] | str:
    try:
        recorded = msgspec.convert({"platform": Webhooks.name, **push}, Recorded)
    except msgspec.ValidationError as problem:
        return f"is not a post: {problem}"
    return "has no 'text'" if recorded.text is None and recorded.event != "delete" else (recorded.happened(),)
