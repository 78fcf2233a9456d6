"""What Meta's error codes mean, and what a person can do about them.

Source: https://developers.facebook.com/docs/graph-api/guides/error-handling and the pages of each network; a code comes
with any status (400, 401, 403, 500), which therefore says little.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from listen.errors import Gone, OutOfQuota, PlatformError, RateLimited, Refused, TooMuch, Unreachable

_NAMED = re.compile(r"\b((?:pages|instagram|threads|business|ads)_[a-z_]{3,40})\b|'([A-Z][A-Za-z ]{5,40} Access)'")
_LIMITS = {4: "its app's limit", 17: "its user's limit", 32: "its page's limit", 613: "a limit of this kind of request"}
_TOKEN = {
    458: "the app was taken out of the account",
    459: "the account has to be confirmed by logging in",
    460: "the password was changed",
    463: "it has expired",
    464: "the account is not confirmed",
    467: "it was withdrawn",
}
_HASHTAGS = 2_207_034
_GONE = frozenset({(24, 2_207_024), (100, 33)})


class Told(msgspec.Struct):
    """The `error` of an answer."""

    code: int = 0
    error_subcode: int | None = None
    message: str = ""
    is_transient: bool = False


class _Refusal(msgspec.Struct):
    error: Told


def meant(problem: PlatformError, host: str, needs: Sequence[str], renew: str) -> PlatformError:
    """The error as Meta means it; the same one where it is none of Meta's.

    `needs` are the permissions of what was asked, said where Meta does not name them; `renew` is where tokens are made.
    """
    told = _told(problem.body)
    if told is None:
        return problem
    code, sub = told.code, told.error_subcode
    if code in _LIMITS and isinstance(problem, RateLimited):
        return RateLimited(f"{host} is rate limited ({_LIMITS[code]})", wait=problem.wait)
    if isinstance(problem, RateLimited):
        return problem
    if code == 190 or (code in (102, 104) and "proof" not in told.message):
        why = _TOKEN.get(sub or 0, "it is not valid")
        return Refused(f"{host} does not accept the token: {why}; make a new one at {renew}")
    if (code, sub) in _GONE or code == 803:
        return Gone(f"{host} has nothing of that name, or this token may not see it (code {code})")
    if sub == _HASHTAGS:
        return OutOfQuota(f"{host} has been asked for 30 hashtags in 7 days, and takes no new one")
    if "reduce the amount of data" in told.message:
        return TooMuch(f"{host} cannot put together so much at once (code {code})")
    if code in (1, 2) or told.is_transient:
        return Unreachable(f"{host} has trouble of its own (code {code})")
    return _unlicensed(told, host, needs, renew) or problem


def _unlicensed(told: Told, host: str, needs: Sequence[str], renew: str) -> Refused | None:
    code = told.code
    named = list(dict.fromkeys(one or other for one, other in _NAMED.findall(told.message)))
    if "secret proof" in told.message or "appsecret_proof" in told.message:
        return Refused(f'{host} wants a proof of the app\'s secret; write app_secret = "env:NAME" (code {code})')
    if code == 368:
        return Refused(f"{host} blocks this account for a while, as it takes something for abuse (code 368)")
    if code == 10 or 200 <= code <= 299 or (code == 100 and named):
        wanted = " or ".join(named[:4] or needs)
        return Refused(
            f"{host} wants the permission {wanted} (code {code}); add it to your app at developers.facebook.com/apps "
            f"(Use cases; App Review for accounts that are not yours), then make a new token at {renew}"
        )
    return None


def _told(body: bytes) -> Told | None:
    try:
        return msgspec.json.decode(body, type=_Refusal).error if body else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def error_in(told: Any) -> bytes:
    """An error that stands in an answer of status 200, as bytes for `meant`; empty if there is none."""
    if isinstance(told, dict) and isinstance(told.get("error"), dict):
        return msgspec.json.encode({"error": told["error"]})
    return b""
