"""GitHub: searches of at most a thousand results, comments that no search shows, discussions, and its limits."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from listen.errors import BadAnswer, RateLimited, Unacceptable, Unreachable
from listen.http import Client, Secret
from listen.platforms.github import GitHub, GitHubOptions
from listen.source import Source
from tests.platforms.rounds import Ear, edits, gaps, posts, texts
from tests.servers.answers import INTEREST, answers_of
from tests.servers.github import GitHubServer
from tests.servers.scripted import Reply, Request, ScriptedServer

RECORDED = Path(__file__).parents[3] / "shared/payloads/github"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3_600, 86_400))
TOKEN = Secret("hush-hush", "test")


def sources_at(base: str, http: Client, **options: object) -> dict[str, Source]:
    chosen = GitHubOptions(api=base, graphql=f"{base}/graphql", **options)  # type: ignore[arg-type]
    return {source.name: source for source in GitHub(chosen, INTEREST, http).sources()}


def test_what_is_asked_depends_on_token_and_repositories(http: Client) -> None:
    def names(**options: object) -> list[str]:
        return list(sources_at("http://127.0.0.1:9", http, **options))

    assert names() == ["issues kindle", "pull-requests kindle"]
    assert names(token=TOKEN)[2:] == [
        "comments on issues kindle", "comments on pull-requests kindle", "discussions kindle",
    ]  # fmt: skip
    parts = ["acme/reader issues", "acme/reader comments", "acme/reader review comments"]
    assert names(search=False, repos=("acme/reader", "acme/reader")) == parts


@pytest.mark.parametrize(("token", "searches", "requests"), [(None, 10 * 60, 60), (TOKEN, 30 * 60, 5_000)])
def test_rounds_fit_into_the_hour(http: Client, token: Secret | None, searches: int, requests: int) -> None:
    repos = tuple(f"acme/r{number}" for number in range(200))
    sources = sources_at("http://127.0.0.1:9", http, token=token, repos=repos)
    reading = [source for name, source in sources.items() if name.startswith("acme")]
    assert sum(HOUR / source.every for source in reading) < requests
    assert sum(HOUR / source.every for source in sources.values() if source not in reading) < searches


async def test_issues_and_pull_requests_are_searched_apart(http: Client) -> None:
    site = GitHubServer()
    site.issue("my kindle", NOON)
    site.issue("more kindle", NOON, kind="pull-request")
    async with ScriptedServer(site) as server:
        sources = sources_at(server.base, http)
        heard = [texts(await Ear(source).round(NOON + HOUR)) for source in sources.values()]
    assert heard == [["my kindle"], ["more kindle"]]


async def test_more_than_a_thousand_results_are_heard_once(http: Client) -> None:
    site = GitHubServer()
    site.issue("kindle first", NOON)
    async with ScriptedServer(site) as server:
        ear = Ear(sources_at(server.base, http)["issues kindle"])
        heard = texts(await ear.round(NOON + MINUTE))
        for number in range(2_350):
            site.issue(f"kindle {number}", NOON + HOUR + number // 40 * SECOND)
        events = await ear.round(NOON + 3 * HOUR)
        heard += texts(events)
        assert len(server.requests) == 26  # each window of ten pages begins where the one before it ended
    assert len(heard) == len(set(heard)) == 2_351
    assert not gaps(events)


async def test_late_posts_edits_and_restarts(http: Client) -> None:
    site = GitHubServer()
    site.issue("kindle", NOON)
    async with ScriptedServer(site) as server:
        ear = Ear(sources_at(server.base, http)["issues kindle"])
        await ear.round(NOON + MINUTE)
        site.issue("kindle, late in the index", NOON - 30 * MINUTE)
        site.issues[0]["body"] = "kindle, mended"
        ear.source = sources_at(server.base, http)["issues kindle"]
        events = await ear.round(NOON + 2 * MINUTE)
    assert texts(events) == ["kindle, late in the index"]
    assert edits(events) == ["kindle, mended"]


async def test_comments_are_found_on_old_issues_and_asked_for_once(http: Client) -> None:
    site = GitHubServer()
    for number in range(3):
        site.issue("an old matter", NOON - 400 * DAY)
        site.comment(number + 1, "a kindle of old", NOON - 300 * DAY)
    async with ScriptedServer(site) as server:
        source = sources_at(server.base, http, token=TOKEN)["comments on issues kindle"]
        ear = Ear(source)
        assert texts(await ear.round(NOON)) == []
        assert len(server.requests) == 1
        site.comment(2, "my kindle, too", NOON + MINUTE)
        site.comment(2, "and mine", NOON + MINUTE)
        [first, second] = posts(await ear.round(NOON + 5 * MINUTE))
        assert len(server.requests) == 3
        assert texts(await ear.round(NOON + 10 * MINUTE)) == []
        assert len(server.requests) == 4
    assert sorted([first.text, second.text]) == ["and mine", "my kindle, too"]
    assert (first.title, first.kind, first.parent) == ("Number 2", "comment", site.issues[1]["html_url"])


async def test_comments_of_a_walk_that_broke_are_asked_for_again(http: Client) -> None:
    site, broken = GitHubServer(), False
    for number in range(2):
        site.issue("a matter", NOON - DAY)
        site.comment(number + 1, f"kindle {number}", NOON)

    def script(request: Request) -> Reply:
        return Reply(status=502) if broken and request.path.endswith("/1/comments") else site(request)

    async with ScriptedServer(script) as server:
        ear = Ear(sources_at(server.base, http, token=TOKEN)["comments on issues kindle"])
        broken = True
        await ear.round(NOON + MINUTE)
        assert isinstance(ear.problem, Unreachable)
        broken = False
        assert sorted(texts(await ear.round(NOON + 2 * MINUTE))) == ["kindle 0", "kindle 1"]


async def test_discussions_and_their_comments(http: Client) -> None:
    site = GitHubServer()
    for number in range(120):
        site.discussion(f"kindle {number}", NOON, "a comment")
    async with ScriptedServer(site) as server:
        ear = Ear(sources_at(server.base, http, token=TOKEN)["discussions kindle"])
        heard = posts(await ear.round(NOON + HOUR))
        assert {request.headers["authorization"] for request in server.requests} == {"Bearer hush-hush"}
        assert len(server.requests) == 3
        site.discussion("kindle, once more", NOON + HOUR)
        again = texts(await ear.round(NOON + 2 * HOUR))
    assert len({post.id for post in heard}) == len(heard) == 240
    assert {post.kind for post in heard} == {"post", "comment"}
    assert again == ["kindle, once more"]


async def test_old_discussions_with_new_words_end_no_walk(http: Client) -> None:
    site = GitHubServer()
    async with ScriptedServer(site) as server:
        ear = Ear(sources_at(server.base, http, token=TOKEN)["discussions kindle"])
        await ear.round(NOON)
        for number in range(60):
            site.discussion(f"kindle, edited {number}", NOON - 90 * DAY, updated=NOON + MINUTE)
        for number in range(60):
            site.discussion("an old kindle", NOON - 90 * DAY, f"kindle {number}", updated=NOON + MINUTE)
        heard = texts(await ear.round(NOON + 2 * MINUTE))
    assert len(heard) == len(set(heard)) == 120
    assert "an old kindle" not in heard


@pytest.mark.parametrize(
    ("errors", "family"),
    [([{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}], RateLimited),
     ([{"message": "Something went wrong"}], BadAnswer)],
)  # fmt: skip
async def test_errors_of_graphql_come_with_status_200(
    http: Client, errors: list[object], family: type[Exception]
) -> None:
    body = json.dumps({"data": None, "errors": errors}).encode()
    async with ScriptedServer(lambda _: Reply(body=body)) as server:
        ear = Ear(sources_at(server.base, http, token=TOKEN)["discussions kindle"])
        await ear.round(NOON)
    assert isinstance(ear.problem, family)


async def test_a_repository_is_heard_whole(http: Client) -> None:
    site = GitHubServer()
    for number in range(130):
        site.issue(f"nothing of ours {number}", NOON)
        site.comment(number + 1, f"nor here {number}", NOON + number * SECOND)
    async with ScriptedServer(site) as server:
        sources = sources_at(server.base, http, search=False, repos=("acme/reader",))
        ears = [Ear(source) for source in sources.values()]
        counts = [len(posts(await ear.round(NOON + HOUR))) for ear in ears]
        site.comment(7, "and another", NOON + HOUR)
        again = [texts(await ear.round(NOON + 2 * HOUR)) for ear in ears]
    assert counts == [130, 130, 0]
    assert again == [[], ["and another"], []]


async def test_a_comment_is_not_heard_twice_in_two_ways(http: Client) -> None:
    site = GitHubServer()
    site.comment(site.issue("kindle", NOON), "my kindle, too", NOON)
    async with ScriptedServer(site) as server:
        sources = sources_at(server.base, http, token=TOKEN, repos=("Acme/Reader",))
        assert posts(await Ear(sources["comments on issues kindle"]).round(NOON)) == []


async def test_bots_are_heard_only_if_wanted(http: Client) -> None:
    site = GitHubServer()
    site.issue("Bumps kindle from 1 to 2", NOON, user="dependabot[bot]", bot=True)
    site.issue("kindle", NOON, user=None)
    async with ScriptedServer(site) as server:
        sources = [sources_at(server.base, http, bots=bots)["issues kindle"] for bots in (False, True)]
        heard = [texts(await Ear(source).round(NOON)) for source in sources]
    assert [sorted(said) for said in heard] == [["kindle"], ["Bumps kindle from 1 to 2", "kindle"]]


async def test_a_search_that_github_broke_off_is_tried_again(http: Client) -> None:
    site = GitHubServer()
    site.slow = True
    async with ScriptedServer(site) as server:
        ear = Ear(sources_at(server.base, http)["issues kindle"])
        await ear.round(NOON)
    assert isinstance(ear.problem, Unreachable)


async def test_a_token_goes_to_the_api_and_not_where_answers_point(http: Client) -> None:
    async with ScriptedServer(answers_of("github").reply) as server:
        sources = sources_at(server.base, http, token=TOKEN)
        [comment] = posts(await Ear(sources["comments on issues kindle"]).round(datetime(2036, 11, 22, 12, tzinfo=UTC)))
        assert "/repos/acme/reader/issues/572/comments" in server.requests[-1].target
    assert comment.text == "Same with my Kindle, std::map and all"
    assert comment.edited_at


async def test_markdown_becomes_what_its_readers_see(http: Client) -> None:
    async with ScriptedServer(answers_of("github").reply) as server:
        heard = posts(await Ear(sources_at(server.base, http)["issues kindle"]).round(NOON))
    [post] = [post for post in heard if post.title == "Sync with #Kindle fails"]
    assert post.text == (
        "What happened\n\nMy Kindle Oasis & the desktop app do not agree.\n\n"
        "if a < b and c > d: sync()\n\nLog"
    )  # fmt: skip
    assert post.alt_texts == ("a frozen page",)
    assert post.links == ("https://help.example/sync",)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not at hand")
async def test_recorded_answers_become_posts_and_refusals(http: Client) -> None:
    def reply(request: Request) -> Reply:
        name = {"/search/issues": "search_issues_derived", "/repos/a/b/issues/comments": "issue_comments"}[request.path]
        return Reply(body=(RECORDED / f"{name}.json").read_bytes())

    async with ScriptedServer(reply) as server:
        sources = sources_at(server.base, http, repos=("a/b",))
        issues = posts(await Ear(sources["issues kindle"]).round(NOON, NOON - 9_999 * DAY))
        comments = posts(await Ear(sources["a/b comments"]).round(NOON, NOON - 9_999 * DAY))
    assert len(issues) == 2
    assert {post.author for post in [*issues, *comments]} >= {"simonw"}
    assert "https://github.com/dogsheep/github-to-sqlite/issues/3" in {post.parent for post in comments}
    assert not any("\r" in post.text for post in comments)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not at hand")
@pytest.mark.parametrize(
    ("name", "family"),
    [("error_403_rate_limit", RateLimited), ("error_403_secondary", RateLimited), ("error_422", Unacceptable)],
)
async def test_refusals_are_understood(http: Client, name: str, family: type[Exception]) -> None:
    meta = json.loads((RECORDED / f"{name}.meta.json").read_text("utf-8"))
    told = Reply(status=meta["status"], body=(RECORDED / f"{name}.json").read_bytes(), headers=meta["headers"])
    async with ScriptedServer(lambda _: told) as server:
        ear = Ear(sources_at(server.base, http)["issues kindle"])
        await ear.round(NOON)
    assert isinstance(ear.problem, family)


@pytest.mark.parametrize("options", [{"repos": ["reader"]}, {"api": "api.github.com"}], ids=str)
def test_wrong_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(options, GitHubOptions)
