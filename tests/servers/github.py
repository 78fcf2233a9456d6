"""GitHub with issues, comments and discussions: REST search and lists, and the one GraphQL search that is asked for.

A search shows its first 1,000 results, and refuses what names neither issues nor pull requests
(https://docs.github.com/rest/search/search).
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from tests.servers.scripted import Reply, Request

SITE = "https://github.example"
_SEARCH = re.compile(
    r"\((?P<words>[^()]+)\) in:(?P<within>[a-z,]+) is:(?P<kind>issue|pull-request)"
    r"(?: (?P<by>created|updated):<=(?P<until>\S+))?"
)


def moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class GitHubServer:
    """A script for `ScriptedServer`. `slow` searches are broken off by GitHub itself."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.discussions: list[dict[str, Any]] = []
        self.slow = False

    def issue(
        self, text: str | None, at: datetime, *, kind: str = "issue", user: str | None = "anna", bot: bool = False
    ) -> int:
        number = len(self.issues) + 1
        path = "issues" if kind == "issue" else "pull"
        self.issues.append({
            "html_url": f"{SITE}/acme/reader/{path}/{number}", "number": number, "title": f"Number {number}",
            "body": text, "created_at": moment(at), "updated_at": moment(at), "comments": 0, "kind": kind,
            "user": user and {"login": user, "type": "Bot" if bot else "User", "html_url": f"{SITE}/{user}"},
            "reactions": {"total_count": 1},
        })  # fmt: skip
        return number

    def comment(self, number: int, text: str, at: datetime) -> None:
        issue = self.issues[number - 1]
        issue |= {"updated_at": moment(at), "comments": issue["comments"] + 1}
        self.comments.append({
            "html_url": f"{issue['html_url']}#issuecomment-{len(self.comments) + 1}", "number": number, "body": text,
            "created_at": moment(at), "updated_at": moment(at), "user": {"login": "bob", "type": "User"},
        })  # fmt: skip

    def discussion(self, text: str, at: datetime, *comments: str, updated: datetime | None = None) -> None:
        url = f"{SITE}/acme/reader/discussions/{len(self.discussions) + 1}"
        last = updated or at
        told = [_said(f"{url}#discussioncomment-{n}", comment, last) for n, comment in enumerate(comments)]
        said = [{**comment, "replies": {"nodes": []}} for comment in told]
        self.discussions.append({
            **_said(url, text, at), "title": "Readers", "updatedAt": moment(last),
            "lastEditedAt": moment(updated) if updated and not comments else None,
            "comments": {"totalCount": len(said), "nodes": said},
        })  # fmt: skip

    def __call__(self, request: Request) -> Reply:
        if request.path == "/graphql":
            return self._graphql(json.loads(request.body)["variables"])
        assert request.headers["accept"] == "application/vnd.github+json"
        if request.path == "/search/issues":
            return self._search(request.query)
        asked = request.query
        if request.path == "/repos/acme/reader/issues":
            return _page(sorted(self.issues, key=lambda issue: str(issue["created_at"]), reverse=True), asked)
        if request.path == "/repos/acme/reader/issues/comments":
            return _page(sorted(self.comments, key=lambda one: str(one["created_at"]), reverse=True), asked)
        if request.path == "/repos/acme/reader/pulls/comments":
            return _page([], asked)
        on_issue = re.fullmatch(r"/repos/acme/reader/issues/(\d+)/comments", request.path)
        if on_issue is None:
            return _json({"message": "Not Found"}, 404)
        number = int(on_issue[1])
        found = [one for one in self.comments if one["number"] == number and one["updated_at"] >= asked["since"]]
        return _page(found, asked)

    def _search(self, asked: dict[str, str]) -> Reply:
        read = _SEARCH.fullmatch(asked["q"])
        if read is None:
            return _json({"message": "Query must include 'is:issue' or 'is:pull-request'", "status": "422"}, 422)
        if int(asked["page"]) * int(asked["per_page"]) > 1_000:
            return _json({"message": "Only the first 1000 search results are available", "status": "422"}, 422)
        words, by = [word.lower() for word in read["words"].split(" OR ")], asked["sort"]
        found = [
            issue for issue in self.issues
            if issue["kind"] == read["kind"] and any(word in self._text(issue, read["within"]) for word in words)
            and (read["until"] is None or issue[read["by"]+"_at"] <= read["until"])
        ]  # fmt: skip
        found.sort(key=lambda issue: str(issue[f"{by}_at"]), reverse=True)
        begin = (int(asked["page"]) - 1) * 100
        shown = found[begin : begin + 100]
        return _json({"total_count": len(found), "incomplete_results": self.slow, "items": shown})

    def _text(self, issue: dict[str, Any], within: str) -> str:
        if within == "comments":
            return " ".join(one["body"] for one in self.comments if one["number"] == issue["number"]).lower()
        return f"{issue['title']} {issue['body']}".lower()

    def _graphql(self, asked: dict[str, str]) -> Reply:
        words, _, since = asked["words"].partition(" in:title,body,comments updated:>=")
        found = [one for one in self.discussions if one["updatedAt"] >= since and words in json.dumps(one).lower()]
        begin = int(asked["after"] or 0)
        info = {"hasNextPage": len(found) > begin + 50, "endCursor": str(begin + 50)}
        return _json({"data": {"search": {"pageInfo": info, "nodes": found[begin : begin + 50]}}})


def _said(url: str, text: str, at: datetime) -> dict[str, Any]:
    author = {"login": "cem", "url": f"{SITE}/cem", "__typename": "User"}
    said = {"url": url, "bodyText": text, "createdAt": moment(at), "lastEditedAt": None}
    return {**said, "upvoteCount": 2, "author": author}


def _page(found: list[dict[str, Any]], asked: dict[str, str]) -> Reply:
    begin = (int(asked["page"]) - 1) * int(asked["per_page"])
    return _json(found[begin : begin + int(asked["per_page"])])


def _json(told: object, status: int = 200) -> Reply:
    return Reply(status=status, body=json.dumps(told).encode(), headers={"Content-Type": "application/json"})
