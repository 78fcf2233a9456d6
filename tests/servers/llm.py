"""A server that speaks as much of OpenAI's chat completions as a second opinion needs, with the errors of real ones.

What it refuses and in which words is taken from Ollama, vLLM, llama.cpp and LM Studio; its model is a function.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.servers.scripted import Reply, Request

JSON = {"Content-Type": "application/json"}
MODEL = "small-one"

Model = Callable[[str, str], Any]


def view(flag: str = "complaint", kind: str = "none", confidence: float = 0.9, **more: Any) -> dict[str, Any]:
    """An answer of the schema."""
    return {"flag": flag, "kind": kind, "confidence": confidence, "urgency": "medium", "why": []} | more


def says(answer: Any) -> Model:
    """A model that always says the same: a JSON value, or a text as it is."""
    return lambda _post, _role: answer


class LlmServer:
    """The script of a `ScriptedServer`. `model` gets post and role, and says a JSON value or a text.

    `shapes` are the kinds of `response_format` that it takes, `refusal` how it says no to others; `tuned` whether it
    takes a temperature; `key` what it must be shown; `before` may answer anything in another way first.
    """

    def __init__(self, model: Model | None = None) -> None:
        self.model = model or says(view())
        self.shapes = {"json_schema", "json_object"}
        self.refusal: Callable[[str], Reply] = lambda shape: error(400, f"response_format {shape} is not supported")
        self.tuned = True
        self.key: str | None = None
        self.after = 0.0
        self.before: Callable[[Request], Reply | None] = lambda _: None
        self.asked: list[dict[str, Any]] = []
        self.was_asked = asyncio.Event()

    def __call__(self, request: Request) -> Reply:
        if (early := self.before(request)) is not None:
            self.asked.append(_told(request))
            return early
        if (request.method, request.path) != ("POST", "/v1/chat/completions"):
            return error(404, "404 page not found")
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            return error(401, "Incorrect API key provided")
        told = _told(request)
        self.asked.append(told)
        self.was_asked.set()
        if told["model"] != MODEL:
            return error(404, f"model '{told['model']}' not found")
        if not self.tuned and {"temperature", "max_tokens"} & told.keys():
            return error(400, "Unsupported parameter: 'max_tokens' is not supported with this model.")
        shape = told.get("response_format", {}).get("type")
        if shape is not None and shape not in self.shapes:
            return self.refusal(shape)
        return self._completed(told)

    @property
    def posts(self) -> list[str]:
        """The posts that the model was asked about, in order."""
        return [_question(told)["post"] for told in self.asked]

    def _completed(self, told: Mapping[str, Any]) -> Reply:
        system, user = told["messages"]
        assert (system["role"], user["role"], told["stream"]) == ("system", "user", False)
        question = _question(told)
        said = self.model(question["post"], question["role"])
        return completion(said if isinstance(said, str) else json.dumps(said, ensure_ascii=False), self.after)


def completion(content: str | None, after: float = 0.0) -> Reply:
    """What the model said, wrapped as servers do."""
    message = {"role": "assistant", "content": content}
    whole = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 420, "completion_tokens": 60, "total_tokens": 480},
    }
    return Reply(body=json.dumps(whole).encode(), headers=JSON, after=after)


def error(status: int, message: str, **headers: str) -> Reply:
    told = {"error": {"message": message, "type": "invalid_request_error", "code": status}}
    return Reply(status=status, body=json.dumps(told).encode(), headers=JSON | headers)


def _told(request: Request) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(request.body)
    return told


def _question(told: Mapping[str, Any]) -> dict[str, str]:
    question: dict[str, str] = json.loads(told["messages"][1]["content"])
    return question
