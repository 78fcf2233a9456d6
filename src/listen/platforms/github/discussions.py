"""Discussions and their newest comments, which only GraphQL searches, and only for those who have a token.

https://docs.github.com/graphql/reference/queries#search
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from listen.errors import BadAnswer, RateLimited
from listen.listing import Listing, Page
from listen.plain import wellformed
from listen.platforms.github.api import NAME, Api, web
from listen.post import Post
from listen.when import claimed, now

PAGE = 50
LAST = 20  # pages; a search shows 1,000 discussions
_SAID = "url bodyText createdAt lastEditedAt upvoteCount author { login url __typename }"
QUERY = f"""query ($words: String!, $after: String) {{
  search(type: DISCUSSION, query: $words, first: {PAGE}, after: $after) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{ ... on Discussion {{
      title updatedAt {_SAID}
      comments(last: 50) {{ totalCount nodes {{ {_SAID} replies(last: 20) {{ nodes {{ {_SAID} }} }} }} }}
    }} }}
  }}
}}"""


class Author(msgspec.Struct, rename="camel"):
    login: str
    url: str | None = None
    typename: str = msgspec.field(name="__typename", default="User")


class Said(msgspec.Struct, rename="camel"):
    """What a discussion, a comment and a reply have in common."""

    url: str
    body_text: str
    created_at: str
    last_edited_at: str | None = None
    upvote_count: int | None = None
    author: Author | None = None


class Replies(msgspec.Struct):
    nodes: list[Said] = []


class Comment(Said, rename="camel"):
    replies: Replies = msgspec.field(default_factory=Replies)


class Comments(msgspec.Struct, rename="camel"):
    total_count: int = 0
    nodes: list[Comment] = []


class Discussion(Said, kw_only=True, rename="camel"):
    title: str
    updated_at: str
    comments: Comments = msgspec.field(default_factory=Comments)


class PageInfo(msgspec.Struct, rename="camel"):
    has_next_page: bool
    end_cursor: str | None = None


class Found(msgspec.Struct, rename="camel"):
    page_info: PageInfo
    nodes: list[Discussion]


class Data(msgspec.Struct):
    search: Found


class Answered(msgspec.Struct):
    """Errors of GraphQL come with status 200."""

    data: Data | None = None
    errors: list[dict[str, Any]] = []


class Discussions(Listing):
    """The discussions that one search finds, those that changed since the last round."""

    most_pages = LAST

    def __init__(self, api: Api, graphql: str, search: str) -> None:
        self.api = api
        self.graphql = graphql
        self.search = search
        self.name = f"discussions {search}"

    async def page(self, place: str | None) -> Page:
        floor = max(filter(None, (self.back_to, self.began)), default=now() - timedelta(days=1))
        words = f"{self.search} in:title,body,comments updated:>={floor:%Y-%m-%dT%H:%M:%SZ}"
        told = {"query": QUERY, "variables": {"words": words, "after": place}}
        answer = await self.api.http.post(self.graphql, told, token=self.api.token)
        found = _found(answer.shaped(Answered))
        posts = [post for discussion in found.nodes for post in self._posts(discussion) if _is_since(post, floor)]
        posts.sort(key=lambda post: post.posted_at or floor, reverse=True)
        dates = [moment for discussion in found.nodes if (moment := claimed(discussion.updated_at))]
        # All of them are since the last round, in an order that is not documented: there is none to stop at.
        span = (max(dates), max(dates)) if dates else None
        return Page(posts, next=found.page_info.end_cursor if found.page_info.has_next_page else None, span=span)

    def _posts(self, discussion: Discussion) -> list[Post]:
        said: list[Said] = [*discussion.comments.nodes]
        said += [reply for comment in discussion.comments.nodes for reply in comment.replies.nodes]
        posts = [_post(one, discussion) for one in (discussion, *said) if self._counts(one.author)]
        return [msgspec.structs.replace(post, replies=discussion.comments.total_count)
                if post.id == discussion.url else post for post in posts]  # fmt: skip

    def _counts(self, author: Author | None) -> bool:
        return self.api.bots or author is None or author.typename != "Bot"


def _is_since(post: Post, floor: datetime) -> bool:
    """Whether it was written or edited since then: a new answer brings all of its discussion along."""
    return any(moment is None or moment >= floor for moment in (post.posted_at, post.edited_at or post.posted_at))


def _found(answered: Answered) -> Found:
    kinds = {str(error.get("type")) for error in answered.errors}
    if "RATE_LIMITED" in kinds:
        raise RateLimited("GitHub's GraphQL is rate limited")
    if answered.data is None or answered.errors:
        said = str(next((error.get("message") for error in answered.errors), "without saying why"))
        raise BadAnswer(f"GitHub did not search its discussions: {said[:200]}")
    return answered.data.search


def _post(said: Said, discussion: Discussion) -> Post:
    is_comment = said is not discussion
    return Post(
        platform=NAME,
        id=said.url,
        url=web(said.url),
        author=said.author.login if said.author else None,
        author_url=web(said.author.url) if said.author else None,
        title=wellformed(discussion.title).strip() or None,
        text=wellformed(said.body_text).strip(),
        posted_at=claimed(said.created_at),
        edited_at=claimed(said.last_edited_at),
        kind="comment" if is_comment else "post",
        parent=discussion.url if is_comment else None,
        likes=said.upvote_count,
    )
