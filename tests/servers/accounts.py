"""Small servers that give keys: as strict as the networks about codes, proofs, refresh tokens and who asks.

Every token they give holds the word "hush", so that a test finds it wherever it must not be.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.servers.scripted import Reply, Request

PASSWORD = "hush-abcd-efgh-ijkl-mnop"


def jwt(name: str, ends: float) -> str:
    """A token that says when it ends, as Bluesky's do."""
    claims = base64.urlsafe_b64encode(json.dumps({"exp": int(ends)}).encode()).decode().rstrip("=")
    return f"hush{name}.{claims}.hush-{name}-signature"


def said(told: Any, status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body=json.dumps(told).encode(), headers={"Content-Type": "application/json", **named})


def form_of(request: Request) -> dict[str, str]:
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    return dict(parse_qsl(request.body.decode()))


def bearer_of(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


class Fediverse:
    """A server of Mastodon's kind; with `short` its tokens end, and are refreshed, each refresh token once."""

    def __init__(self, *, short: bool = False) -> None:
        self.short = short
        self.refreshed = 0
        self.good = ""
        self.refresh = ""
        self.challenge = ""
        self.posts: list[dict[str, Any]] = []

    def opened(self, address: str) -> str:
        """A person opens the address and allows it; the code that is shown."""
        told = {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}
        assert told["client_id"] == "app-1"
        assert told["redirect_uri"] == "urn:ietf:wg:oauth:2.0:oob"
        assert told["code_challenge_method"] == "S256"
        assert "write" not in told["scope"]
        self.challenge = told["code_challenge"]
        return "hush-code-1"

    def __call__(self, request: Request) -> Reply:
        if request.path == "/api/v1/apps":
            return said({"id": "1", "client_id": "app-1", "client_secret": "hush-app-secret"})
        if request.path == "/oauth/token":
            return self._token(form_of(request))
        if request.path == "/oauth/revoke":
            return self._revoked(form_of(request))
        if not self.good or bearer_of(request) != self.good:
            return said({"error": f"The access token {bearer_of(request)} is invalid"}, 401)
        if request.path == "/api/v1/accounts/verify_credentials":
            return said({"id": "7", "username": "anna", "acct": "anna"})
        return said([]) if "timelines" in request.path else said({"error": "Record not found"}, 404)

    def _revoked(self, told: Mapping[str, str]) -> Reply:
        """Of a token that is not known, too, it says that it is worthless."""
        if (told["client_id"], told["client_secret"]) != ("app-1", "hush-app-secret"):
            return said({"error": "unauthorized_client", "error_description": f"not yours: {told['token']}"}, 403)
        self.good = "" if told["token"] == self.good else self.good
        self.refresh = "" if told["token"] == self.refresh else self.refresh
        return said({})

    def _token(self, told: Mapping[str, str]) -> Reply:
        if told["client_secret"] != "hush-app-secret":
            return said({"error": "invalid_client"}, 401)
        if told["grant_type"] == "refresh_token":
            if told["refresh_token"] != self.refresh:
                return said({"error": "invalid_grant", "error_description": "used before"}, 400)
            self.refreshed += 1
            return self._given()
        digest = hashlib.sha256(told["code_verifier"].encode()).digest()
        proved = base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.challenge
        if told["code"] != "hush-code-1" or not proved:
            return said({"error": "invalid_grant", "error_description": f"the code {told['code']} is not good"}, 400)
        return self._given()

    def _given(self) -> Reply:
        self.good = f"hush-token-{self.refreshed}"
        self.refresh = f"hush-refresh-{self.refreshed}" if self.short else ""
        more = {"expires_in": "3600", "refresh_token": self.refresh} if self.short else {}
        return said({"access_token": self.good, "token_type": "Bearer", "scope": "read:accounts", **more})


class Pds:
    """A server of Bluesky's: sessions are few, access tokens that have ended are HTTP 400, no needless bodies."""

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.made = 0
        self.refreshed = 0
        self.deleted = 0
        self.good = ""
        self.refresh = ""

    def __call__(self, request: Request) -> Reply:
        name = request.path.rpartition("/xrpc/com.atproto.server.")[2]
        if name == "createSession":
            told = json.loads(request.body)
            self.made += 1
            if told["password"] != PASSWORD:
                return said({"error": "AuthenticationRequired", "message": "Invalid identifier or password"}, 401)
            return self._session()
        if name == "refreshSession":
            if request.body:
                return said({"error": "InvalidRequest", "message": "A body was provided when none was expected"}, 400)
            if bearer_of(request) != self.refresh:
                return said({"error": "ExpiredToken", "message": "Token has been revoked"}, 400)
            self.refreshed += 1
            return self._session()
        if name == "deleteSession":
            if request.body or bearer_of(request) != self.refresh:
                return said({"error": "ExpiredToken", "message": f"{bearer_of(request)} has been revoked"}, 400)
            self.deleted += 1
            self.refresh = ""
            return Reply()
        if not self.good or bearer_of(request) != self.good:
            return said({"error": "ExpiredToken", "message": "Token has expired"}, 400)
        return said({"handle": "anna.bsky.social", "did": "did:plc:anna", "posts": []})

    def _session(self) -> Reply:
        number = f"{self.made}{self.refreshed}"
        self.good, self.refresh = jwt(f"access{number}", self.ends), jwt(f"refresh{number}", self.ends + 9e6)
        told = {"accessJwt": self.good, "refreshJwt": self.refresh, "handle": "anna.bsky.social", "did": "did:plc:anna"}
        return said(told)


class Graph:
    """Meta's: an hour's token becomes one of 60 days, which opens the pages; and Threads beside it."""

    def __init__(self, pages: int = 1) -> None:
        self.pages = [
            {"id": f"10{n}", "name": f"Shop {n}", "access_token": f"hush-page-{n}",
             "instagram_business_account": {"id": f"178{n}", "username": f"shop{n}"}}
            for n in range(pages)
        ]  # fmt: skip
        self.threads = "hush-threads-0"

    def __call__(self, request: Request) -> Reply:
        query = request.query
        if request.path.endswith("/refresh_access_token"):
            return self._threads(query["access_token"] == self.threads, "1")
        if request.path == "/access_token":
            return self._threads(query["access_token"] == "hush-short", "0")
        if request.path.endswith("/oauth/access_token"):
            if query["fb_exchange_token"] != "hush-short" or query["client_secret"] != "hush-app-secret":
                return self._expired(query["fb_exchange_token"])
            return said({"access_token": "hush-long", "token_type": "bearer", "expires_in": 5_183_944})
        if request.path.endswith("/me/accounts"):
            return said({"data": self.pages}) if query["access_token"] == "hush-long" else self._expired("")
        if request.path.endswith("/debug_token"):
            about = {"is_valid": True, "expires_at": 0, "data_access_expires_at": 1_800_000_000}
            return said({"data": about})
        if request.path.endswith("/me") and bearer_of(request) == self.threads:
            return said({"id": "99", "username": "anna"})
        return self._expired(bearer_of(request))

    def _threads(self, good: bool, number: str) -> Reply:
        self.threads = f"hush-threads-{number}" if good else self.threads
        return said({"access_token": self.threads, "expires_in": 5_184_000}) if good else self._expired("")

    @staticmethod
    def _expired(token: str) -> Reply:
        message = f"Error validating access token {token}: Session has expired"
        return said({"error": {"message": message, "type": "OAuthException", "code": 190}}, 400)


def keys(request: Request) -> Reply:
    """Reddit, X, Google, Tumblr and GitHub, each at its own path and with its own way of being told the key."""
    good = "hush-key-1"
    match request.path:
        case "/api/v1/access_token":
            basic = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
            named = "(by /u/anna)" in request.headers["user-agent"]
            if not named:
                return said({"message": "Too Many Requests", "error": 429}, 429)
            if basic != f"app-1:{good}" or form_of(request) != {"grant_type": "client_credentials"}:
                return said({"message": "Unauthorized", "error": 401}, 401)
            return said({"access_token": "hush-reddit-day", "token_type": "bearer", "expires_in": 86_400})
        case "/r/announcements/new":
            known, told = bearer_of(request) == "hush-reddit-day", {"kind": "Listing", "data": {"children": []}}
        case "/2/usage/tweets":
            known, told = bearer_of(request) == good, {"data": {"project_id": "1369", "project_usage": 43}}
        case "/i18nLanguages":
            known, told = request.headers.get("x-goog-api-key") == good, {"items": []}
        case "/tagged":
            known, told = request.query.get("api_key") == good, {"response": []}
        case "/user":
            known, told = bearer_of(request) == good, {"login": "anna"}
            ends = "2026-12-01 08:30:00 UTC"
            return said(told, GitHub_Authentication_Token_Expiration=ends) if known else _unknown(request)
        case _:
            return said({"error": "no such thing"}, 404)
    return said(told) if known else _unknown(request)


def _unknown(request: Request) -> Reply:
    """A refusal that repeats what it was told, as careless servers do."""
    return said({"message": f"bad credentials: {bearer_of(request)} {request.target}"}, 401)
