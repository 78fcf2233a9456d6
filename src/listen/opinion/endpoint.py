"""The OpenAI-compatible server: one question, one answer of the schema, or an error.

API     POST {url}/chat/completions, https://platform.openai.com/docs/api-reference/chat/create
Forms   `response_format` json_schema; for who refuses that (400, or 500 with a word about it, as old llama.cpp and
        llama-cpp-python) json_object with the schema beside it; json_object alone; none at all. A schema without
        `maxItems` for who knows no bounds of lists. What a server took is remembered.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from listen.errors import BadAnswer, PlatformError, Unacceptable, Unreachable
from listen.http import Client
from listen.mention import Role
from listen.opinion.options import Llm, is_loopback
from listen.opinion.prompt import SCHEMA, Answer, messages, read

_ANSWER = 500  # tokens; an answer of the schema has about 80
_TUNING = ("temperature", "max_tokens", "max_completion_tokens")
# llama.cpp: "exceed_context_size_error"; OpenAI and llama-cpp-python: "context_length_exceeded"; vLLM: "This model's
# maximum context length is ..."; Ollama, where it does not cut: "the input length exceeds the context length".
_TOO_LONG = re.compile(rb"context.(?:length|size|window)", re.IGNORECASE)
_UNBOUNDED = deepcopy(SCHEMA)
del _UNBOUNDED["properties"]["why"]["maxItems"]

Shape = Literal["json_schema", "object_of_schema", "json_object", "text"]
_SIMPLER: dict[Shape, Shape] = {
    "json_schema": "object_of_schema",
    "object_of_schema": "json_object",
    "json_object": "text",
}

MaySend = Callable[[], Awaitable[bool]]


class TooLong(Unacceptable):
    """The model's context has no room for this post: no fault of the server's, and no other form would help."""


class Form(msgspec.Struct, frozen=True):
    """How a server is asked for JSON, and whether it lets the length of lists, or temperature and tokens be chosen."""

    shape: Shape = "json_schema"
    bounded: bool = True
    tuned: bool = True


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Completion(msgspec.Struct):
    choices: list[_Choice]
    model: str | None = None


class Endpoint:
    """One server and model; an async context manager. Nothing is opened before the first question.

    A machine's own address is spoken to without a proxy: what is meant to stay here must not travel through one.
    `model` is what the server calls the model that answered last: llama.cpp's has one alone, whatever is asked for.
    """

    model: str | None = None

    def __init__(self, options: Llm) -> None:
        self.options = options
        parts = urlsplit(options.url)
        self.host = parts.hostname or ""
        self.name = self.host + (f":{parts.port}" if parts.port else "")
        self._url = options.url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        self._form = Form()
        self._http = Client(
            secrets=(options.key,) if options.key else (),
            patience=options.timeout_seconds,
            direct=(self.host,) if is_loopback(self.host) else (),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def ask(self, text: str, role: Role, may_send: MaySend) -> Answer | None:
        """The answer; None if `may_send`, which is asked before every request, says no.

        Raises PlatformError, within `timeout_seconds` for each request; TooLong if the post is what is wrong.
        """
        while True:
            form = self._form
            if not await may_send():
                return None
            try:
                return await self._asked(text, role, form)
            except PlatformError as problem:
                if _TOO_LONG.search(problem.body):
                    what_to_do = "lower max_characters in [llm], or give the model more context"
                    raise TooLong(f"{problem}; {what_to_do}") from problem
                if not self._eased(form, problem):
                    raise

    async def _asked(self, text: str, role: Role, form: Form) -> Answer:
        patience = self.options.timeout_seconds
        try:
            async with asyncio.timeout(patience):
                told = self._request(text, role, form)
                answer = await self._http.post(self._url, told, token=self.options.key)
        except TimeoutError as problem:
            raise Unreachable(f"{self.name} did not answer within {patience:g} s") from problem
        completion: _Completion = answer.shaped(_Completion)
        self.model = completion.model
        choice = completion.choices[0] if completion.choices else None
        try:
            return read((choice and choice.message.content) or "")
        except BadAnswer as problem:
            cut = choice is not None and choice.finish_reason == "length"
            said = f"came to no end within {_ANSWER} tokens" if cut and form.tuned else problem
            raise BadAnswer(f"{self.options.model} on {self.name} {said}") from problem

    def _request(self, text: str, role: Role, form: Form) -> dict[str, Any]:
        told: dict[str, Any] = {"model": self.options.model, "messages": messages(text, role), "stream": False}
        if form.tuned:
            told |= {"temperature": 0, "max_tokens": _ANSWER}
        schema = SCHEMA if form.bounded else _UNBOUNDED
        if form.shape == "json_schema":
            named = {"name": "verdict", "strict": True, "schema": schema}
            told["response_format"] = {"type": "json_schema", "json_schema": named}
        elif form.shape == "object_of_schema":
            told["response_format"] = {"type": "json_object", "schema": schema}
        elif form.shape == "json_object":
            told["response_format"] = {"type": "json_object"}
        return told

    def _eased(self, form: Form, problem: PlatformError) -> bool:
        """Whether to ask again, in a simpler form; a server that refuses them all has another reason than the form."""
        said = str(problem)
        if form.tuned and any(name in said for name in _TUNING):
            self._form = replace(form, tuned=False)
            return True
        if form.bounded and "maxItems" in said:
            self._form = replace(form, bounded=False)
            return True
        if not isinstance(problem, Unacceptable) and "response_format" not in said:
            return False
        self._form = replace(form, shape=_SIMPLER[form.shape]) if form.shape in _SIMPLER else Form()
        return form.shape in _SIMPLER
