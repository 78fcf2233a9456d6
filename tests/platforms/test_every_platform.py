"""What holds for every platform: its invented answers become posts, and no fault of a server surprises us.

A platform enters by existing (`listen.platforms.known`) and brings `tests/answers/<name>/answers.toml`.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import msgspec
import pytest

from listen import errors
from listen.errors import BadAnswer, Gone, PlatformError, RateLimited, Refused, Unreachable
from listen.http import Client
from listen.platforms import known
from listen.post import Edit, Event, Mark, Post
from listen.source import Source
from listen.when import CLOCK
from tests.servers.answers import FOLDER, Answers, answers_of
from tests.servers.scripted import Reply, Request, Script, ScriptedServer

NAMES = sorted(known())
PREPARED = sorted(folder.parent.name for folder in FOLDER.glob("*/answers.toml"))  # more than names: second ways
ASKING = [name for name in PREPARED if not answers_of(name).offline]
WRITTEN = datetime(2026, 11, 22, 12, tzinfo=UTC)
BOUND = 15.0  # seconds for one round
HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(amp|lt|gt|quot|#x?[0-9a-fA-F]+);")

Fault = Callable[[str, Request], Reply]


def _prepared(name: str) -> Answers:
    """The invented answers, in the days in which they were written: a first round does not go back for ever."""
    CLOCK.set(lambda: WRITTEN)
    return answers_of(name)


def _says(body: bytes, status: int = 200, kind: str | None = None, **headers: str) -> Fault:
    def fault(expected: str, _: Request) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Reply(status=status, body=body, headers={"Content-Type": kind or expected, **named}, ending="close")

    return fault


def _reply(**parts: object) -> Fault:
    return lambda expected, _: Reply(headers={"Content-Type": expected}, **parts)  # type: ignore[arg-type]


def _circle(_: str, request: Request) -> Reply:
    return Reply(status=302, headers={"Location": request.target})


@cache
def _bomb() -> bytes:
    return gzip.compress(b"[" + b" " * 100_000_000, 9)


def _zipped_bomb(expected: str, _: Request) -> Reply:
    return Reply(body=_bomb(), headers={"Content-Type": expected, "Content-Encoding": "gzip"}, ending="close")


PAGE = b"<!doctype html><html><title>Just a moment</title><p>Checking your browser.</p></html>"
FAULTS: dict[str, tuple[Fault, type[PlatformError] | None]] = {
    "401": (_says(b'{"error": "who are you"}', 401), Refused),
    "403": (_says(b'{"error": "not you"}', 403), Refused),
    "404": (_says(b'{"error": "no such thing"}', 404), Gone),
    "410": (_says(PAGE, 410, "text/html"), Gone),
    "429 with Retry-After": (_says(b"slow down", 429, "text/plain", Retry_After="77"), RateLimited),
    "429 without": (_says(b"", 429), RateLimited),
    "500": (_says(PAGE, 500, "text/html"), Unreachable),
    "503": (_says(b"", 503), Unreachable),
    "HTML": (_says(PAGE, 200, "text/html; charset=utf-8"), None),
    "nothing": (_says(b""), None),
    "[]": (_says(b"[]"), None),
    "{}": (_says(b"{}"), None),
    "null": (_says(b"null"), None),
    '"x"': (_says(b'"x"'), None),
    "[1]": (_says(b"[1]"), None),
    '{"x": 1}': (_says(b'{"x": 1}'), None),
    "cut JSON": (_says(b'{"id": 7, "text": "kindle'), None),
    "garbage": (_says(bytes(range(256)) * 40), None),
    "deep nesting": (_says(b"[" * 100_000), None),
    "a length too long": (_reply(body=b'{"a": 1', length=5_000, ending="close"), None),
    "a reset": (_reply(body=b'{"a": 1', length=5_000, ending="reset"), None),
    "not a word": (_reply(wordless=True, ending="close"), Unreachable),
    "silence": (_reply(wordless=True, ending="stall"), Unreachable),
    "redirects in a circle": (_circle, None),
    "a gzip bomb": (_zipped_bomb, None),
    "a line of 10 MB": (_says(b"a" * 10_000_000), None),
}


async def _heard(source: Source, cursor: str | None = None) -> list[Event]:
    """What one round, or a stream until it breaks, brings; a broken end is the engine's business."""
    events: list[Event] = []
    try:
        async for event in source.hear(cursor, None):
            events.append(event)  # noqa: PERF401  what came before the break is kept
    except Unreachable:
        if not events:
            raise
    return events


async def _all_heard(answers: Answers, base: str, http: Client) -> list[Event]:
    rounds = [await _heard(source) for source in answers.sources(base, http)]
    return [event for events in rounds for event in events]


def _posts(events: list[Event]) -> list[Post]:
    return [event.post if isinstance(event, Edit) else event for event in events if isinstance(event, Post | Edit)]


def test_there_is_at_least_one_platform() -> None:
    assert NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_platform_brings_answers_to_be_tested_with(name: str) -> None:
    assert (FOLDER / name / "answers.toml").is_file(), f"tests/answers/{name}/answers.toml is missing"
    assert set(answers_of(name).otherwise) <= set(FAULTS)


@pytest.mark.parametrize("name", NAMES)
def test_every_platform_says_what_it_is(name: str) -> None:
    facts = known()[name].facts
    assert facts.about.strip()
    assert facts.limits.strip()
    assert known()[name].name == name


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_option_is_refused(name: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="no_such_option"):
        msgspec.convert({"no_such_option": 1}, known()[name].options)


@pytest.mark.parametrize("name", PREPARED)
async def test_good_answers_become_posts_and_marks(name: str, http: Client) -> None:
    answers = _prepared(name)
    async with ScriptedServer(answers.reply) as server, asyncio.timeout(BOUND):
        events = await _all_heard(answers, server.base, http)
    assert _posts(events), server.asked()
    assert any(isinstance(event, Mark) for event in events)
    for post in _posts(events):
        _assert_sound(post, answers.platform or name)


@pytest.mark.parametrize("name", PREPARED)
async def test_the_same_answers_again_are_the_same_posts(name: str, http: Client) -> None:
    answers = _prepared(name)
    async with ScriptedServer(answers.reply) as server, asyncio.timeout(BOUND):
        first = await _all_heard(answers, server.base, http)
        again = await _all_heard(answers, server.base, http)
    assert {post.id for post in _posts(first)} == {post.id for post in _posts(again)}


@pytest.mark.parametrize("name", PREPARED)
async def test_every_mark_is_a_place_to_resume_from(name: str, http: Client) -> None:
    answers = _prepared(name)
    async with ScriptedServer(answers.reply) as server, asyncio.timeout(BOUND):
        for source in answers.sources(server.base, http):
            marks = [event for event in await _heard(source) if isinstance(event, Mark)]
            for mark in marks[-3:]:
                assert mark.cursor
                await _heard(source, mark.cursor)


@pytest.mark.parametrize("name", PREPARED)
async def test_a_check_says_what_it_saw(name: str, http: Client) -> None:
    answers = _prepared(name)
    async with ScriptedServer(answers.reply) as server, asyncio.timeout(BOUND):
        said = [await source.check() for source in answers.sources(server.base, http)]
    assert said
    assert all(words.strip() and "\n" not in words for words in said)


@pytest.mark.parametrize("name", PREPARED)
async def test_sources_have_names_of_their_own(name: str, http: Client) -> None:
    names = [source.name for source in _prepared(name).sources("http://127.0.0.1:9", http)]
    assert len(set(names)) == len(names) > 0


@pytest.mark.parametrize("asked", ["hear", "check"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ASKING)
async def test_a_fault_is_an_error_of_ours_or_nothing(name: str, fault: str, asked: str) -> None:
    answers = _prepared(name)
    strikes, expected = FAULTS[fault]
    script: Script = lambda request: strikes(answers.type_for(request), request)  # noqa: E731
    async with ScriptedServer(script) as server, _client_for(fault) as http:
        for source in answers.sources(server.base, http):
            error = await _error_of(source, asked)
            _assert_error(error, fault, expected, answers)
            assert server.requests


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ASKING)
async def test_a_fault_in_the_middle_of_a_round_is_an_error_of_ours_or_nothing(name: str, fault: str) -> None:
    answers, seen = _prepared(name), 0

    def after_the_first(request: Request) -> Reply:
        nonlocal seen
        seen += 1
        return answers.reply(request) if seen == 1 else FAULTS[fault][0](answers.type_for(request), request)

    async with ScriptedServer(after_the_first) as server, _client_for(fault) as http:
        for source in answers.sources(server.base, http):
            seen = 0
            _assert_no_secret(await _error_of(source, "hear"), answers)


@pytest.mark.parametrize("name", ASKING)
async def test_a_server_that_is_not_there_is_unreachable(name: str, http: Client) -> None:
    async with ScriptedServer(_prepared(name).reply) as server:
        base = server.base
    for source in _prepared(name).sources(base, http):
        assert isinstance(await _error_of(source, "hear"), Unreachable)


def _client_for(fault: str) -> Client:
    return Client(patience=0.6 if fault == "silence" else 10)


async def _error_of(source: Source, asked: str) -> PlatformError | None:
    try:
        async with asyncio.timeout(BOUND):
            if asked == "check":
                await source.check()
            else:
                async for _ in source.hear(None, None):
                    pass
    except PlatformError as error:
        return error
    return None


def _assert_error(
    error: PlatformError | None, fault: str, expected: type[PlatformError] | None, answers: Answers
) -> None:
    _assert_no_secret(error, answers)
    otherwise = answers.otherwise.get(fault)
    family: type[PlatformError] | None = getattr(errors, otherwise) if otherwise not in (None, "ends") else expected
    if otherwise == "ends":
        assert error is None
    elif family is not None:
        assert isinstance(error, family), f"{error!r} is no {family.__name__}"
        if fault == "429 with Retry-After" and isinstance(error, RateLimited):
            assert error.wait == timedelta(seconds=77)
    else:
        assert error is None or isinstance(error, BadAnswer | Unreachable | Gone | Refused)


def _assert_no_secret(error: PlatformError | None, answers: Answers) -> None:
    assert error is None or "hush" not in str(error)


def _assert_sound(post: Post, platform: str) -> None:
    assert post.platform == platform
    assert post.id
    for address in (post.url, post.author_url, *post.links):
        assert address is None or address.startswith(("http://", "https://")), address
    for moment in (post.posted_at, post.edited_at):
        assert moment is None or moment.utcoffset() == timedelta(0)
    assert not HTML.search(post.document), post.document
    post.document.encode("utf-8")
    assert "\0" not in post.document
    assert not any(tag.startswith("#") for tag in post.hashtags)
    assert "" not in (post.url, post.author, post.title, post.content_warning, post.lang, post.parent)
