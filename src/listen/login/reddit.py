"""The id and secret of an app at Reddit, which has to be approved. Tokens of a day are had for them (app-only OAuth).

https://github.com/reddit-archive/reddit/wiki/OAuth2 ; the trial asks for such a token, and for one post with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from listen import __version__
from listen.http import Secret, basic
from listen.login.key import KeyLogin
from listen.login.login import Door, Question, Seen
from listen.login.oauth import tokens


async def _tried(door: Door, given: Mapping[str, str]) -> Seen:
    # Without an agent of that form every request is a 429.
    agent = {"User-Agent": f"python:listen:{__version__} (by /u/{given['user']})"}
    told = await tokens(
        door.http,
        f"{door.address('url', 'https://www.reddit.com')}/api/v1/access_token",
        {"grant_type": "client_credentials"},
        basic(given["client_id"], Secret(given["client_secret"], "login")) | agent,
    )
    door.hide(told.access_token)
    url = f"{door.address('api', 'https://oauth.reddit.com')}/r/announcements/new"
    told_by = Secret(told.access_token, "login")
    await door.http.get(url, params={"limit": 1, "raw_json": 1}, headers=agent, token=told_by)
    return Seen(f"an app of u/{given['user']}")


REDDIT_LOGIN = KeyLogin(
    steps=(
        "Ask Reddit for access to its Data API (support.reddithelp.com, 'Responsible Builder Policy'); await approval.",
        "Open reddit.com/prefs/apps, 'create another app', type 'script'; any redirect address will do.",
        "The id stands below the app's name, the secret beside 'secret'.",
    ),
    questions=(
        Question("user", "The account that the app belongs to, without u/", secret=False, sigils=("/", "u/")),
        Question("client_id", "App id"),
        Question("client_secret", "App secret"),
    ),
    trial=_tried,
)
