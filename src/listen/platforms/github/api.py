"""Requests to GitHub's REST API, and what issues and comments are as posts."""

from __future__ import annotations

from typing import Any

import msgspec

from listen.http import Client, Secret
from listen.http.client import Params
from listen.markdown import unmarked
from listen.plain import wellformed
from listen.post import Post
from listen.when import claimed

NAME = "github"
PAGE = 100
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


class User(msgspec.Struct):
    """`type` is User, Organization or Bot. Who deleted their account is None in answers."""

    login: str
    type: str = "User"
    html_url: str | None = None


class Reactions(msgspec.Struct):
    total_count: int = 0


class Issue(msgspec.Struct):
    """An issue, or a pull request, which is one too."""

    html_url: str
    title: str
    created_at: str
    updated_at: str
    number: int
    user: User | None = None
    body: str | None = None
    comments: int = 0
    reactions: Reactions | None = None


class Comment(msgspec.Struct):
    """A comment on an issue, on a pull request, or on a line of one."""

    html_url: str
    created_at: str
    updated_at: str
    user: User | None = None
    body: str | None = None
    reactions: Reactions | None = None


class Api:
    """The REST API at `base`. Tokens go to its host and to no other. `bots` tells whether their posts count."""

    def __init__(self, base: str, token: Secret | None, http: Client, *, bots: bool) -> None:
        self.base = base
        self.token = token
        self.http = http
        self.bots = bots

    async def asked(self, path: str, params: Params, shape: Any) -> Any:
        """An answer of that shape. Raises PlatformError."""
        answer = await self.http.get(f"{self.base}{path}", params=params, headers=_HEADERS, token=self.token)
        return answer.shaped(shape)

    def counts(self, user: User | None) -> bool:
        return self.bots or user is None or user.type != "Bot"


def post_of_issue(issue: Issue) -> Post:
    said = unmarked(issue.body)
    return Post(
        platform=NAME,
        id=issue.html_url,
        url=web(issue.html_url),
        author=issue.user.login if issue.user else None,
        author_url=web(issue.user.html_url) if issue.user else None,
        title=wellformed(issue.title).strip() or None,
        text=said.text,
        posted_at=claimed(issue.created_at),
        links=said.links,
        alt_texts=said.alt_texts,
        likes=issue.reactions.total_count if issue.reactions else None,
        replies=issue.comments,
    )


def post_of_comment(comment: Comment, title: str | None = None) -> Post:
    """`title` is that of the issue above it."""
    said = unmarked(comment.body)
    return Post(
        platform=NAME,
        id=comment.html_url,
        url=web(comment.html_url),
        author=comment.user.login if comment.user else None,
        author_url=web(comment.user.html_url) if comment.user else None,
        title=wellformed(title or "").strip() or None,
        text=said.text,
        posted_at=claimed(comment.created_at),
        edited_at=claimed(comment.updated_at) if comment.updated_at != comment.created_at else None,
        kind="comment",
        parent=comment.html_url.partition("#")[0],
        links=said.links,
        alt_texts=said.alt_texts,
        likes=comment.reactions.total_count if comment.reactions else None,
    )


def web(address: str | None) -> str | None:
    return address if address and address.startswith(("https://", "http://")) else None
