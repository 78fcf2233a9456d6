"""The bearer token of an app at X. What is read is paid for; the trial asks for the usage, which costs nothing.

https://docs.x.com/x-api/getting-started/getting-access and /x-api/usage/get-usage
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from listen.http import Secret
from listen.login.key import KeyLogin
from listen.login.login import Door, Question, Seen


class _Project(msgspec.Struct):
    project_id: str | int | None = None


class _Usage(msgspec.Struct):
    data: _Project


async def _tried(door: Door, given: Mapping[str, str]) -> Seen:
    url = f"{door.address('api', 'https://api.x.com')}/2/usage/tweets"
    answer = await door.http.get(url, token=Secret(given["token"], "login"))
    project = answer.shaped(_Usage).data.project_id
    return Seen("an app of yours" if project is None else f"project {project}")


X_LOGIN = KeyLogin(
    steps=(
        "Open console.x.com, sign in and accept the agreement; make an app (New App).",
        "Buy credits, and set a spending limit there: every post that is read costs.",
        "Copy the app's Bearer Token; it is shown once.",
    ),
    questions=(Question("token", "Bearer Token"),),
    trial=_tried,
)
