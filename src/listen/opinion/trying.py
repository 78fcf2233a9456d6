"""One question to the model about a post of our own invention, for `listen check`."""

from __future__ import annotations

import time

from listen.opinion.endpoint import Endpoint
from listen.opinion.excerpt import Excerpt
from listen.opinion.options import Llm

SAMPLE = "Mein Kindle geht seit dem Update nicht mehr, und der Support antwortet nicht. Is this normal?"


async def tried(options: Llm) -> str:
    """Model, verdict and time for an answer; not counted in the budget. Raises PlatformError."""

    async def may_send() -> bool:
        return True

    async with Endpoint(options) as endpoint:
        began = time.monotonic()
        answer = await endpoint.ask(SAMPLE, "own", may_send)
        assert answer is not None
        took = time.monotonic() - began
        excerpt = Excerpt(SAMPLE, 0, len(SAMPLE))
        quoted = excerpt.spans(excerpt.places(answer.why))
        why = f", for {quoted[0].text!r}" if quoted else ""
        verdict = f"{answer.flag}, {answer.confidence:.0%} sure{why}"
        return f"{endpoint.name} answered{_called(endpoint)} in {took:.1f} s; a sample is {verdict}"


def _called(endpoint: Endpoint) -> str:
    """Another model than was asked for: llama.cpp's server has one alone, and names its file where it has no name.

    OpenAI's adds a date to the name, which makes it no other.
    """
    model = endpoint.model or ""
    other = model and endpoint.options.model.lower() not in model.lower()
    return f" as {model.rpartition('/')[2][:100]!r}" if other else ""
