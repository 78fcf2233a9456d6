"""The consumer key of an app at Tumblr, which is its API key. https://www.tumblr.com/docs/en/api/v2#tagged-method"""

from __future__ import annotations

from collections.abc import Mapping

from listen.login.key import KeyLogin
from listen.login.login import Door, Question, Seen


async def _tried(door: Door, given: Mapping[str, str]) -> Seen:
    url = f"{door.address('api', 'https://api.tumblr.com/v2')}/tagged"
    await door.http.get(url, params={"tag": "hello", "limit": 1, "api_key": given["key"]})
    return Seen("an app of yours")


TUMBLR_LOGIN = KeyLogin(
    steps=(
        "Open tumblr.com/oauth/apps and register an application; any website and call-back address will do.",
        "Copy its OAuth Consumer Key; the secret is not needed.",
    ),
    questions=(Question("key", "OAuth Consumer Key"),),
    trial=_tried,
)
