"""The API key of a project at Google, for YouTube. The trial costs one of the day's 10,000 units.

https://developers.google.com/youtube/v3/getting-started ; the key goes in a header, so that no address holds it
(https://cloud.google.com/apis/docs/system-parameters).
"""

from __future__ import annotations

from collections.abc import Mapping

from listen.http import Secret
from listen.login.key import KeyLogin
from listen.login.login import Door, Question, Seen


async def _tried(door: Door, given: Mapping[str, str]) -> Seen:
    url = f"{door.address('api', 'https://www.googleapis.com/youtube/v3')}/i18nLanguages"
    await door.http.get(url, params={"part": "snippet"}, headers={"X-Goog-Api-Key": Secret(given["key"], "login")})
    return Seen("an API key")


YOUTUBE_LOGIN = KeyLogin(
    steps=(
        "Open console.cloud.google.com, make or choose a project, and enable 'YouTube Data API v3' in its library.",
        "Under APIs & Services > Credentials choose Create credentials > API key.",
        "Restrict the key to the YouTube Data API v3.",
    ),
    questions=(Question("key", "API key"),),
    trial=_tried,
)
