"""The token of GitHub: without any permission it may read what is public, thirty searches a minute instead of ten.

https://docs.github.com/authentication ; an answer tells when a token ends (`github-authentication-token-expiration`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from listen.http import Secret
from listen.login import Door, KeyLogin, Question, Seen


class _User(msgspec.Struct):
    login: str


async def _tried(door: Door, given: Mapping[str, str]) -> Seen:
    url = f"{door.address('api', 'https://api.github.com')}/user"
    answer = await door.http.get(url, token=Secret(given["token"], "login"))
    return Seen(answer.shaped(_User).login, _end_told(answer.headers.get("github-authentication-token-expiration", "")))


def _end_told(text: str) -> datetime | None:
    """`2026-12-01 08:30:00 UTC`, or with an offset instead of the zone."""
    try:
        moment = datetime.fromisoformat(text.replace(" UTC", "+00:00").replace(" +", "+").replace(" -", "-"))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


GITHUB_LOGIN = KeyLogin(
    steps=(
        "Open github.com > Settings > Developer settings > Personal access tokens > Fine-grained tokens.",
        "Generate a token for public repositories, read-only, without any other permission.",
    ),
    questions=(Question("token", "Personal access token"),),
    trial=_tried,
)
