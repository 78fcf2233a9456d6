"""One GET of the Graph API, with its token and its errors."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from listen.errors import BadAnswer, PlatformError
from listen.graph.refusal import error_in, meant
from listen.http import Client, Secret
from listen.http.wire import host_of


class Access(msgspec.Struct, frozen=True, kw_only=True):
    """Where the API is, and who asks. `renew` is the page on which tokens are made.

    With `app_secret` each request proves that it is the app's own (appsecret_proof).
    """

    base: str
    token: Secret
    app_secret: Secret | None = None
    renew: str = "developers.facebook.com/tools/explorer"


class Graph:
    """The API as one token sees it."""

    def __init__(self, access: Access, http: Client) -> None:
        self.access = access
        self.base = access.base.rstrip("/")
        self.http = http

    async def get(self, path: str, params: Mapping[str, str | int], needs: Sequence[str] = ()) -> dict[str, Any]:
        """The answer's object. `needs` are the permissions that it takes. Raises PlatformError.

        The token travels as a header, where no log of addresses keeps it.
        """
        told = {**params, **self._proof()}
        try:
            answer = await self.http.get(f"{self.base}/{path}", params=told, token=self.access.token)
            shown = answer.json()
            if error := error_in(shown):
                problem = BadAnswer(f"{host_of(self.base)} answers with an error")
                problem.body = error
                raise problem
        except PlatformError as problem:
            meaning = meant(problem, host_of(self.base), needs, self.access.renew)
            if meaning is problem:
                raise
            raise meaning from problem
        if not isinstance(shown, dict):
            raise BadAnswer(f"{host_of(self.base)} answered JSON of another shape")
        return shown

    def _proof(self) -> dict[str, str]:
        """https://developers.facebook.com/docs/graph-api/guides/secure-requests"""
        secret = self.access.app_secret
        if secret is None:
            return {}
        told = hmac.new(secret.reveal().encode(), self.access.token.reveal().encode(), hashlib.sha256)
        return {"appsecret_proof": told.hexdigest()}
