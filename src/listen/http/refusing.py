"""What a status of 400 and above means: one of our errors, with what the server said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from listen.errors import Gone, OutOfQuota, PlatformError, RateLimited, Refused, Unacceptable, Unknown, Unreachable
from listen.http.rate import wait_from
from listen.http.refusal import limit_of
from listen.http.secret import Secret, redacted
from listen.http.wire import code_of, host_of, reason_of
from listen.when import now

_KEPT = 20_000  # bytes of an answer that a network may read on its own


def refusal_of(
    status: int, url: str, headers: Mapping[str, str], body: bytes, secrets: Sequence[Secret]
) -> PlatformError:
    """The error; its `body` is the answer's, for networks whose own codes say more than the status."""
    problem = _refusal_of(status, url, headers, body, secrets)
    problem.body = body[:_KEPT]
    return problem


def _refusal_of(
    status: int, url: str, headers: Mapping[str, str], body: bytes, secrets: Sequence[Secret]
) -> PlatformError:
    said, host = redacted(reason_of(body), secrets), host_of(url)
    limit = limit_of(status, headers, body, now())
    if limit is not None and limit.quota:
        return OutOfQuota(f"{host} gives no more for now{said}", wait=limit.wait)
    if limit is not None:
        return RateLimited(f"{host} is rate limited", wait=limit.wait)
    if status in (401, 403):
        return (Unknown if status == 401 else Refused)(f"{host} refuses access ({status}{said})")
    if status in (404, 410):
        return Gone(f"{host} has nothing at {urlsplit(redacted(url, secrets)).path} ({status}{said})")
    if status >= 500:
        wait = wait_from(headers, now()) if status == 503 else None
        return Unreachable(f"{host} has an error of its own ({status}{said})", wait=wait)
    return Unacceptable(f"{host} does not accept the request ({status}{said})", code=code_of(body))
