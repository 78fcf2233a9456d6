"""The OpenAI-compatible server: one question, one answer of the schema, or an error.

API     POST {url}/chat/completions, https://platform.openai.com/docs/api-reference/chat/create
Forms   `response_format` json_schema; json_object for who refuses that (400, or 500 with a word about it, as old
        llama.cpp); none at all for who refuses both. What a server took is remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal, Self
from urllib.parse import urlsplit

import msgspec

from listen.errors import BadAnswer, PlatformError, Unacceptable, Unreachable
from listen.http import Client
from listen.mention import Role
from listen.opinion.options import Llm, is_loopback
from listen.opinion.prompt import SCHEMA, Answer, messages, read

_ANSWER = 500  # tokens; an answer of the schema has about 80
_TUNING = ("temperature", "max_tokens", "max_completion_tokens")

MaySend = Callable[[], Awaitable[bool]]


class Form(msgspec.Struct, frozen=True):
    """How a server is asked for JSON, and whether it lets temperature and length be chosen."""

    shape: Literal["json_schema", "json_object", "text"] = "json_schema"
    tuned: bool = True


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Completion(msgspec.Struct):
    choices: list[_Choice]


class Endpoint:
    """One server and model; an async context manager. Nothing is opened before the first question.

    A machine's own address is spoken to without a proxy: what is meant to stay here must not travel through one.
    """

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

        Raises PlatformError, within `timeout_seconds` for each request.
        """
        while True:
            form = self._form
            if not await may_send():
                return None
            try:
                return await self._asked(text, role, form)
            except PlatformError as problem:
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
        said = completion.choices[0].message.content if completion.choices else None
        try:
            return read(said or "")
        except BadAnswer as problem:
            raise BadAnswer(f"{self.options.model} on {self.name} {problem}") from problem

    def _request(self, text: str, role: Role, form: Form) -> dict[str, Any]:
        told: dict[str, Any] = {"model": self.options.model, "messages": messages(text, role), "stream": False}
        if form.tuned:
            told |= {"temperature": 0, "max_tokens": _ANSWER}
        if form.shape == "json_schema":
            schema = {"name": "verdict", "strict": True, "schema": SCHEMA}
            told["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif form.shape == "json_object":
            told["response_format"] = {"type": "json_object"}
        return told

    def _eased(self, form: Form, problem: PlatformError) -> bool:
        """Whether to ask again, in a simpler form; a server that refuses them all has another reason than the form."""
        said = str(problem)
        if form.tuned and any(name in said for name in _TUNING):
            self._form = Form(form.shape, tuned=False)
            return True
        if not isinstance(problem, Unacceptable) and "response_format" not in said:
            return False
        simpler: dict[str, Literal["json_object", "text"]] = {"json_schema": "json_object", "json_object": "text"}
        self._form = Form(simpler[form.shape], tuned=form.tuned) if form.shape in simpler else Form()
        return form.shape in simpler
