"""One question to a server that is as odd as real ones are: an answer of the schema, or one of our errors."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from listen.errors import BadAnswer, Gone, PlatformError, RateLimited, Refused, Unacceptable, Unreachable
from listen.http import Secret
from listen.opinion.endpoint import Endpoint
from listen.opinion.options import is_loopback, trouble_with
from listen.opinion.prompt import SCHEMA, Answer
from tests.opinion.making import BROKEN, options
from tests.servers.llm import JSON, LlmServer, completion, error, says, view
from tests.servers.scripted import Reply, ScriptedServer

GOOD = json.dumps(view())


async def asked(server: ScriptedServer, *, questions: int = 1, **more: object) -> Answer | None:
    """The answer to the last of some questions."""

    async def may_send() -> bool:
        return True

    answer = None
    async with Endpoint(options(server.base, **more)) as endpoint:
        for _ in range(questions):
            answer = await endpoint.ask(BROKEN, "own", may_send)
    return answer


async def test_a_question_goes_out_as_the_interface_wants_it() -> None:
    llm = LlmServer(lambda post, role: view(why=[post[-16:]], confidence=0.8))
    async with ScriptedServer(llm) as server:
        answer = await asked(server)
    (told,) = llm.asked
    assert answer == Answer(flag="complaint", kind="none", confidence=0.8, urgency="medium", why=["danke für nichts"])
    assert told["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (told["temperature"], told["stream"]) == (0, False)
    assert server.requests[0].headers["user-agent"].startswith("listen/")
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("ending", ["/v1", "/v1/", "/v1/chat/completions"])
async def test_the_address_may_be_written_as_manuals_write_it(ending: str) -> None:
    async with ScriptedServer(LlmServer()) as server:
        assert await asked(server, url=server.base + ending)


@pytest.mark.parametrize(
    ("shapes", "refusal", "expected"),
    [
        ({"json_schema"}, None, ["json_schema", "json_schema"]),
        ({"json_object"}, None, ["json_schema", "json_object", "json_object"]),
        (set(), None, ["json_schema", "json_object", "json_object", None, None]),
        (set(), Reply(status=422, body=b"[]", headers=JSON), ["json_schema", "json_object", "json_object", None, None]),
        (
            {"json_object"},
            error(500, 'response_format type must be one of "text" or "json_object", but got: json_schema'),
            ["json_schema", "json_object", "json_object"],
        ),
        (set(), Reply(status=400, body=b"{\"error\": \"'response_format.type' must be 'text'\"}", headers=JSON),
         ["json_schema", "json_object", "json_object", None, None]),
    ],
    ids=["takes the schema", "takes objects", "takes neither", "refuses without a word", "refuses with 500",
         "refuses in a plain text"],
)  # fmt: skip
async def test_a_server_that_refuses_a_form_is_asked_in_a_simpler_one_from_then_on(
    shapes: set[str], refusal: Reply | None, expected: list[str | None]
) -> None:
    llm = LlmServer(says(f"```json\n{GOOD}\n```"))
    llm.shapes = shapes
    if refusal is not None:
        llm.refusal = lambda _: refusal
    async with ScriptedServer(llm) as server:
        assert await asked(server, questions=2)
    assert [told.get("response_format", {}).get("type") for told in llm.asked] == expected


async def test_a_model_that_lets_nobody_choose_its_temperature_is_asked_without() -> None:
    llm = LlmServer()
    llm.tuned = False
    async with ScriptedServer(llm) as server:
        assert await asked(server, questions=2)
    assert ["temperature" in told for told in llm.asked] == [True, False, False]
    assert all("response_format" in told for told in llm.asked)


async def test_a_server_that_refuses_every_form_is_asked_in_the_first_one_again() -> None:
    llm = LlmServer()
    llm.before = lambda _: error(400, "this model's context is too small")
    async with ScriptedServer(llm) as server:
        with pytest.raises(Unacceptable, match="context is too small"):
            await asked(server)
        assert len(llm.asked) == 4
        llm.before = lambda _: None
        assert await asked(server)
    assert llm.asked[-1]["response_format"]["type"] == "json_schema"


SSE = Reply(body=b'data: {"choices": [{"delta": {"content": "{"}}]}\n\ndata: [DONE]\n\n',
            headers={"Content-Type": "text/event-stream"})  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "family", "said"),
    [
        (error(500, "out of memory"), Unreachable, "has an error of its own (500: out of memory)"),
        (error(503, "loading", **{"Retry-After": "7"}), Unreachable, "503"),
        (error(429, "slow down", **{"Retry-After": "120"}), RateLimited, "is rate limited"),
        (error(401, "Incorrect API key provided"), Refused, "refuses access (401: Incorrect API key"),
        (error(404, "model 'small-one' not found"), Gone, "model 'small-one' not found"),
        (Reply(body=b"<!doctype html><p>Log in", headers={"Content-Type": "text/html"}), BadAnswer, "HTML"),
        (Reply(body=completion(GOOD).body[:-40], headers=JSON), BadAnswer, "instead of JSON"),
        (Reply(body=completion(GOOD).body[:-40], length=9_000, ending="close", headers=JSON), Unreachable, "broke"),
        (Reply(body=b'{"choices": "none"}', headers=JSON), BadAnswer, "another shape"),
        (Reply(body=b'{"choices": []}', headers=JSON), BadAnswer, "something else than the schema"),
        (completion(None), BadAnswer, "something else than the schema"),
        (completion("I cannot help with that."), BadAnswer, "small-one on 127.0.0.1"),
        (completion(json.dumps(view("angry"))), BadAnswer, "something else than the schema"),
        (SSE, BadAnswer, "instead of JSON"),
        (Reply(status=307, headers={"Location": "http://127.0.0.1:9/v1/chat/completions"}), BadAnswer, "127.0.0.1:9"),
        (Reply(wordless=True, ending="stall"), Unreachable, "did not answer within 1 s"),
        (completion(GOOD, after=60), Unreachable, "did not answer within 1 s"),
        (Reply(wordless=True, ending="reset"), Unreachable, "broke"),
    ],
    ids=["500", "503", "429", "401", "no such model", "HTML", "cut JSON", "cut stream", "other JSON", "no choice",
         "no content", "prose", "another flag", "a stream though none was asked for", "a redirect", "silent", "slow",
         "reset"],
)  # fmt: skip
async def test_every_fault_is_one_of_our_errors(reply: Reply, family: type[PlatformError], said: str) -> None:
    llm = LlmServer()
    llm.before = lambda _: reply
    patience = 1 if "did not answer within" in said else 20  # enough for a machine that is busy with other tests
    async with ScriptedServer(llm) as server:
        with pytest.raises(family) as caught:
            await asked(server, timeout_seconds=patience, key=Secret("hush-hush", "test"))
    assert said in str(caught.value)
    assert "hush-hush" not in str(caught.value)
    assert len(llm.asked) == 1


async def test_the_wait_that_a_server_asks_for_is_told() -> None:
    llm = LlmServer()
    llm.before = lambda _: error(429, "slow down", **{"Retry-After": "120"})
    async with ScriptedServer(llm) as server:
        with pytest.raises(RateLimited) as caught:
            await asked(server)
    assert caught.value.wait == timedelta(minutes=2)


async def test_a_redirect_gets_neither_the_post_nor_the_key() -> None:
    async with ScriptedServer(LlmServer()) as other:
        llm = LlmServer()
        llm.before = lambda _: Reply(status=308, headers={"Location": f"{other.base}/v1/chat/completions"})
        async with ScriptedServer(llm) as server:
            with pytest.raises(BadAnswer, match="where this request does not belong"):
                await asked(server, key=Secret("hush-hush", "test"))
        assert other.requests == []


async def test_a_key_is_shown_to_the_server_and_never_told() -> None:
    llm = LlmServer()
    llm.key = "hush-hush"
    async with ScriptedServer(llm) as server:
        assert await asked(server, key=Secret("hush-hush", "test"))
        llm.before = lambda _: error(401, "hush-hush is no key of ours")
        with pytest.raises(Refused, match=r"401: \*\*\* is no key"):
            await asked(server, key=Secret("hush-hush", "test"))


async def test_what_is_meant_for_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ScriptedServer(lambda _: Reply(status=502)) as proxy, ScriptedServer(LlmServer()) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.base)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for base in (server.base, server.base.replace("127.0.0.1", "localhost")):
            assert await asked(server, url=f"{base}/v1")
        assert (len(proxy.requests), len(server.requests)) == (0, 2)


async def test_no_request_goes_out_that_is_not_allowed() -> None:
    async def no() -> bool:
        return False

    async with ScriptedServer(LlmServer()) as server, Endpoint(options(server.base)) as endpoint:
        assert await endpoint.ask(BROKEN, "own", no) is None
        assert server.requests == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:11434/v1", None),
        ("http://localhost:8080", None),
        ("http://[::1]:8080/v1", None),
        ("http://127.8.8.8/v1", None),
        ("https://llm.example/v1", None),
        ("http://gpu.lan:8000/v1", "unencrypted to another machine"),
        ("http://10.0.0.5/v1", "unencrypted to another machine"),
        ("http://127.0.0.1.evil.example/v1", "unencrypted to another machine"),
        ("http://localhost.evil.example/v1", "unencrypted to another machine"),
        ("http://user:word@127.0.0.1/v1", "holds a password"),
        ("https://llm.example/v1?api-key=x", "may not have a '?'"),
        ("127.0.0.1:11434/v1", "not an address of the web"),
        ("ftp://127.0.0.1/", "not an address of the web"),
        ("http://[::1", "not an address of the web"),
        ("http://127.0.0.1:99999999/v1", "not an address of the web"),
        ("", "not an address of the web"),
    ],
)
def test_an_address_is_encrypted_or_of_this_machine(url: str, expected: str | None) -> None:
    trouble = trouble_with(url)
    assert trouble is None if expected is None else trouble is not None and expected in trouble


def test_the_machine_itself_has_many_names() -> None:
    assert [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "0.0.0.0", "llm.example")] == [
        True, True, True, False, False,
    ]  # fmt: skip
