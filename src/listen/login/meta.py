"""Tokens of Meta: a page of Facebook, the Instagram account behind it, and Threads.

https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived/ and
https://developers.facebook.com/docs/threads/get-started/long-lived-tokens/
A user's token lasts an hour and is exchanged for one of 60 days; page tokens had for that one do not end, but access
to data does after 90 days, until the user logs in again. Tokens of Threads are refreshed, once a day at most.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from listen.errors import Refused
from listen.http import Client, Secret
from listen.login.grant import Grant
from listen.login.login import Door, Login, Question, Seen, Talk
from listen.login.oauth import Tokens

GRAPH, THREADS = "https://graph.facebook.com/v26.0", "https://graph.threads.net"
_APP = Question("app_id", "App id", secret=False)
_APP_SECRET = Question("app_secret", "App secret")
_TOKEN = Question("token", "User access token")
_OPEN = "Open developers.facebook.com > My Apps and make an app of type Business"


class _Account(msgspec.Struct):
    id: str
    username: str = ""


class _Page(msgspec.Struct):
    id: str
    name: str
    access_token: str = ""
    instagram_business_account: _Account | None = None


class _Pages(msgspec.Struct):
    data: list[_Page]


class _About(msgspec.Struct):
    is_valid: bool = True
    expires_at: int = 0
    data_access_expires_at: int = 0

    @property
    def ends_at(self) -> datetime | None:
        """The earlier of both ends; 0 is never."""
        ends = [moment for moment in (self.expires_at, self.data_access_expires_at) if moment > 0]
        return datetime.fromtimestamp(min(ends), UTC) if ends else None


class _Debugged(msgspec.Struct):
    data: _About


class PageLogin(Login):
    """A page's token. With `instagram` it is that of the page behind an Instagram account, whose id is kept as well."""

    def __init__(self, *, instagram: bool = False) -> None:
        self.instagram = instagram
        rights = "instagram_basic, instagram_manage_comments" if instagram else "pages_read_user_content"
        self.steps = (
            f"{_OPEN}; add 'Facebook Login for Business'. App id and secret stand under App settings > Basic.",
            f"In the Graph API Explorer choose the app; permissions: pages_show_list, pages_read_engagement, {rights}.",
            "Generate Access Token, allow your page there, and copy the token; it is exchanged for a lasting one.",
        )
        self.options = ("token", "app_secret", "account") if instagram else ("tokens", "app_secret", "pages")
        self.needs = ("token", "app_secret", "account" if instagram else "page")
        self.places = "page"

    async def made(self, door: Door, talk: Talk) -> Grant:
        app_id, app_secret = door.asked(talk, _APP), door.asked(talk, _APP_SECRET)
        short = door.asked(talk, _TOKEN)
        graph = door.address("api", GRAPH)
        fields = {"client_id": app_id, "client_secret": app_secret, "fb_exchange_token": short}
        told = {"grant_type": "fb_exchange_token", **fields}
        user: Tokens = (await door.http.get(f"{graph}/oauth/access_token", params=told)).shaped(Tokens)
        door.hide(user.access_token)
        page = await self._chosen(door, talk, graph, user.access_token)
        door.hide(page.access_token)
        about = await _debugged(door.http, graph, page.access_token)
        account = page.instagram_business_account
        named = {"account": account.id} if account and self.instagram else {"page": page.id}
        name = f"@{account.username or account.id}" if account and self.instagram else page.name
        secrets = {"token": page.access_token, "app_secret": app_secret}
        place = "" if self.instagram else page.id
        return door.granted(name, place=place, secrets=secrets, values=named, ends_at=about.ends_at)

    def fill(
        self, keys: dict[str, Any], grant: Grant, secrets: Mapping[str, Secret], written: Mapping[str, Any]
    ) -> None:
        """Of Facebook each page has a token of its own; those of pages that the config does not name are left out.

        A token that the config names may be another app's, which this app's secret does not go with.
        """
        if "token" in written or (not self.instagram and grant.place not in written.get("pages", (grant.place,))):
            return
        super().fill(keys, grant, secrets, written)
        if self.instagram:
            return
        keys["tokens"] = {grant.place: secrets["token"]} | dict(keys.get("tokens", {}))
        if "pages" not in written:
            keys["pages"] = [*keys.get("pages", ()), grant.place]

    async def tried(self, door: Door, grant: Grant) -> Seen:
        about = await _debugged(door.http, door.address("api", GRAPH), grant.secrets["token"])
        return Seen(grant.account, about.ends_at)

    async def _chosen(self, door: Door, talk: Talk, graph: str, token: str) -> _Page:
        """The page to listen to: the one that was named, the only one, or the one that the user picks."""
        wanted = "id,name,access_token" + (",instagram_business_account{id,username}" if self.instagram else "")
        params = {"fields": wanted, "limit": "100", "access_token": token}
        told: _Pages = (await door.http.get(f"{graph}/me/accounts", params=params)).shaped(_Pages)
        pages = [
            page for page in told.data if page.access_token and (page.instagram_business_account or not self.instagram)
        ]
        if not pages:
            behind = "an Instagram account" if self.instagram else "a token"
            raise Refused(f"{door.platform}: no page with {behind} was allowed; allow it when you generate the token")
        names = ", ".join(f"{page.name} ({page.id})" for page in pages)
        chosen = door.place or (pages[0].id if len(pages) == 1 else "")
        chosen = chosen or door.asked(talk, Question("page", f"Which page: {names}", secret=False))
        for page in pages:
            if chosen.strip().lower() in (page.id, page.name.lower()):
                return page
        raise Refused(f"{door.platform}: there is no page {chosen!r} among those allowed: {names}")


class ThreadsLogin(Login):
    """A user's token of Threads, refreshed in time."""

    steps = (
        "Open developers.facebook.com > My Apps and make an app with the use case 'Access the Threads API'.",
        "Add the permissions threads_basic, threads_keyword_search and threads_manage_mentions.",
        "Add your account under App roles > Roles as a tester. Until Meta approves the keyword search, it finds your "
        "own posts only.",
        "Copy the Threads app secret (App settings > Basic) and a token of the User Token Generator.",
    )
    options = needs = ("token",)
    renewable = "token"
    early = timedelta(days=30)

    async def made(self, door: Door, talk: Talk) -> Grant:
        secret, short = door.asked(talk, Question("app_secret", "Threads app secret")), door.asked(talk, _TOKEN)
        params = {"grant_type": "th_exchange_token", "client_secret": secret, "access_token": short}
        given: Tokens = (await door.http.get(f"{_threads(door)}/access_token", params=params)).shaped(Tokens)
        door.hide(given.access_token)
        account = await self._account(door, given.access_token)
        return door.granted(
            f"@{account.username}",
            secrets={"token": given.access_token},
            ends_at=given.ends_at,
            renews=True,
        )

    async def tried(self, door: Door, grant: Grant) -> Seen:
        account = await self._account(door, grant.secrets["token"])
        return Seen(f"@{account.username}", grant.ends_at)

    async def renewed(self, door: Door, grant: Grant) -> Grant | None:
        params = {"grant_type": "th_refresh_token", "access_token": grant.secrets["token"]}
        given: Tokens = (await door.http.get(f"{_threads(door)}/refresh_access_token", params=params)).shaped(Tokens)
        return msgspec.structs.replace(grant, secrets={"token": given.access_token}, ends_at=given.ends_at)

    async def _account(self, door: Door, token: str) -> _Account:
        params = {"fields": "id,username"}
        answer = await door.http.get(f"{_threads(door)}/v1.0/me", params=params, token=Secret(token, "login"))
        account: _Account = answer.shaped(_Account)
        return account


def _threads(door: Door) -> str:
    """The host; the version in the path of the option is not part of the tokens' addresses."""
    return door.address("api", THREADS).removesuffix("/v1.0")


async def _debugged(http: Client, graph: str, token: str) -> _About:
    """What Meta says of a token. Raises Refused for one that is not valid."""
    answer: Any = await http.get(f"{graph}/debug_token", params={"input_token": token}, token=Secret(token, "login"))
    about: _About = answer.shaped(_Debugged).data
    if not about.is_valid:
        raise Refused("the token is not valid any more; generate a new one")
    return about


FACEBOOK_LOGIN, INSTAGRAM_LOGIN, THREADS_LOGIN = PageLogin(), PageLogin(instagram=True), ThreadsLogin()
