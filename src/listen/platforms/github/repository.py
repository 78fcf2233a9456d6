"""One repository, heard whole: its issues and pull requests, the comments on them, and those on lines of code."""

from __future__ import annotations

from listen.listing import Listing, Page
from listen.platforms.github.api import PAGE, Api, Comment, Issue, post_of_comment, post_of_issue

PARTS = {"issues": "/issues", "comments": "/issues/comments", "review comments": "/pulls/comments"}


class Repository(Listing):
    """One part of one repository (`owner/name`), newest first."""

    def __init__(self, api: Api, repo: str, part: str) -> None:
        self.api = api
        self.name = f"{repo} {part}"
        self.path = f"/repos/{repo}{PARTS[part]}"
        self.issues = part == "issues"

    async def page(self, place: str | None) -> Page:
        number = int(place or 1)
        params: dict[str, str | int] = {"sort": "created", "direction": "desc", "per_page": PAGE, "page": number}
        if self.issues:
            told: list[Issue] = await self.api.asked(self.path, {"state": "all", **params}, list[Issue])
            posts = [post_of_issue(issue) for issue in told if self.api.counts(issue.user)]
        else:
            said: list[Comment] = await self.api.asked(self.path, params, list[Comment])
            posts = [post_of_comment(comment) for comment in said if self.api.counts(comment.user)]
        full = len(told if self.issues else said) >= PAGE
        return Page(posts, next=str(number + 1) if full else None)
