"""What real servers answered when they were tried (docs/llm.md), played again by the scripted one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from listen.errors import BadAnswer
from listen.opinion.endpoint import Endpoint, TooLong
from listen.opinion.excerpt import MOST
from listen.opinion.prompt import SCHEMA
from listen.opinion.trying import tried
from tests.opinion.making import BROKEN, Asking, case, options
from tests.servers.llm import JSON, MODEL, LlmServer, completion, error, says, view
from tests.servers.scripted import Reply, Request, ScriptedServer

PRAISE = view("praise", confidence=0.9)


def refusal(message: str, **more: Any) -> Reply:
    return Reply(
        status=400, body=json.dumps({"error": {"code": 400, "message": message, **more}}).encode(), headers=JSON
    )


LLAMA_CPP = refusal("request (3413 tokens) exceeds the available context size (2048 tokens), try increasing it",
                    type="exceed_context_size_error", n_prompt_tokens=3413, n_ctx=2048)  # fmt: skip
OPENAI = refusal("Your input is too long for this model.", type="invalid_request_error", code="context_length_exceeded")
VLLM = Reply(status=400, headers=JSON, body=json.dumps({
    "object": "error", "type": "BadRequestError", "param": None, "code": 400,
    "message": "This model's maximum context length is 2048 tokens. However, you requested 3913 tokens (3413 in the "
               "messages, 500 in the completion). Please reduce the length of the messages or completion.",
}).encode())  # fmt: skip


async def always() -> bool:
    return True


def shapes(llm: LlmServer) -> list[str | None]:
    return [told.get("response_format", {}).get("type") for told in llm.asked]


@pytest.mark.parametrize("reply", [LLAMA_CPP, OPENAI, VLLM], ids=["llama.cpp", "openai", "vllm"])
async def test_a_post_for_which_there_is_no_room_costs_one_request_and_not_the_form_that_was_learnt(
    reply: Reply,
) -> None:
    llm = LlmServer()
    llm.shapes = {"json_object"}
    async with ScriptedServer(llm) as server, Endpoint(options(server.base)) as endpoint:
        await endpoint.ask(BROKEN, "own", always)
        llm.before = lambda _: reply
        with pytest.raises(TooLong, match=r"does not accept the request \(400.*; lower max_characters in \[llm\]"):
            await endpoint.ask(BROKEN * 100, "own", always)
        llm.before = lambda _: None
        await endpoint.ask(BROKEN, "own", always)
    assert shapes(llm) == ["json_schema", "json_object", "json_object", "json_object"]


async def test_long_posts_put_no_server_to_rest_and_are_told_of_once() -> None:
    llm = LlmServer(says(PRAISE))
    llm.before = _overflowing
    long = [case(f"Nummer {number} " + "kaputt " * 100) for number in range(5)]
    async with ScriptedServer(llm) as server:
        asking = Asking(server.base, parallel=1)
        async with asking.opinion as opinion:
            after = await opinion.on([*long, case()])
            assert await opinion.on(long) == [each.verdict for each in long]
    assert after == [*(each.verdict for each in long), after[-1]]
    assert after[-1].flag == "praise"
    assert len(llm.asked) == 6  # what did not fit is not tried again
    (line,) = asking.said
    assert "too little context for some posts, whose local verdict stands; lower max_characters in [llm]" in line


def _overflowing(request: Request) -> Reply | None:
    """As llama.cpp refuses them: the numbers differ from post to post."""
    if b"Nummer" not in request.body:
        return None
    size = len(request.body) + request.body[request.body.index(b"Nummer") + 7]
    return refusal(f"request ({size} tokens) exceeds the available context size (2048 tokens), try increasing it",
                   type="exceed_context_size_error")  # fmt: skip


LLAMA_CPP_PYTHON = error(
    500,
    "1 validation error:\n  {'type': 'literal_error', 'loc': ('body', 'response_format', 'type'), "
    "'msg': \"Input should be 'text' or 'json_object'\", 'input': 'json_schema'}",
)


async def test_a_server_that_takes_objects_only_is_shown_the_schema_beside_it() -> None:
    """As llama-cpp-python's, whose objects without a schema held anything: {"role": "own", "post": "Mein ..."}."""
    llm = LlmServer()
    llm.shapes, llm.refusal = {"json_object"}, lambda _: LLAMA_CPP_PYTHON
    async with ScriptedServer(llm) as server, Endpoint(options(server.base)) as endpoint:
        assert await endpoint.ask(BROKEN, "own", always)
        assert await endpoint.ask(BROKEN, "own", always)
    assert shapes(llm) == ["json_schema", "json_object", "json_object"]
    assert [told["response_format"].get("schema") for told in llm.asked] == [None, SCHEMA, SCHEMA]


async def test_a_server_that_takes_bare_objects_only_gets_them() -> None:
    llm = LlmServer()
    llm.shapes = {"json_object"}
    llm.before = lambda request: error(400, "unknown parameter: response_format.schema") if _beside(request) else None
    async with ScriptedServer(llm) as server, Endpoint(options(server.base)) as endpoint:
        assert await endpoint.ask(BROKEN, "own", always)
    assert [told["response_format"] for told in llm.asked][-1] == {"type": "json_object"}
    assert len(llm.asked) == 3


def _beside(request: Request) -> bool:
    return "schema" in json.loads(request.body)["response_format"]


def test_the_list_of_quotations_has_an_end_and_as_many_as_are_kept() -> None:
    assert SCHEMA["properties"]["why"]["maxItems"] == MOST


async def test_a_server_that_knows_no_bounds_of_lists_gets_the_schema_without() -> None:
    said = (
        "Invalid schema for response_format 'verdict': In context=('properties', 'why'), 'maxItems' is not permitted."
    )
    llm = LlmServer()
    llm.before = lambda request: error(400, said) if b"maxItems" in request.body else None
    async with ScriptedServer(llm) as server, Endpoint(options(server.base)) as endpoint:
        assert await endpoint.ask(BROKEN, "own", always)
        assert await endpoint.ask(BROKEN, "own", always)
    assert shapes(llm) == ["json_schema"] * 3
    sent = [told["response_format"]["json_schema"]["schema"]["properties"]["why"] for told in llm.asked]
    assert ["maxItems" in why for why in sent] == [True, False, False]
    assert "maxItems" in SCHEMA["properties"]["why"]


@pytest.mark.parametrize(
    "content",
    ['{"flag": "complaint", "why": ["words of the post", "words of the post", "wor', "", None],
    ids=["turns in circles", "thought all the time", "says nothing"],
)
async def test_an_answer_that_came_to_no_end_is_called_that(content: str | None) -> None:
    whole = json.loads(completion(content).body)
    whole["choices"][0]["finish_reason"] = "length"
    llm = LlmServer()
    llm.before = lambda _: Reply(body=json.dumps(whole).encode(), headers=JSON)
    async with ScriptedServer(llm) as server, Endpoint(options(server.base)) as endpoint:
        with pytest.raises(BadAnswer, match=r"small-one on 127\.0\.0\.1:\d+ came to no end within 500 tokens"):
            await endpoint.ask(BROKEN, "own", always)


@pytest.mark.parametrize(
    ("called", "expected"),
    [
        (MODEL, "answered in "),
        (f"{MODEL}-2026-10-01", "answered in "),
        (None, "answered in "),
        ("/srv/models/Other-135M.Q4_1.gguf", "answered as 'Other-135M.Q4_1.gguf' in "),
    ],
    ids=["that one", "that one of a day", "no word of it", "another"],
)
async def test_check_says_which_model_it_was_that_answered(called: str | None, expected: str) -> None:
    """llama.cpp's server has one model, and answers with it whatever name it is asked for."""
    whole = json.loads(completion(json.dumps(view())).body) | {"model": called}
    llm = LlmServer()
    llm.before = lambda _: Reply(body=json.dumps(whole).encode(), headers=JSON)
    async with ScriptedServer(llm) as server:
        assert expected in await tried(options(server.base))


async def test_check_quotes_no_words_that_the_sample_has_not() -> None:
    async with ScriptedServer(LlmServer(says(view(why=["words of the post"])))) as server:
        assert (await tried(options(server.base))).endswith("a sample is complaint, 90% sure")
