"""One question to the model about a post of our own invention, for `listen check`."""

from __future__ import annotations

import time

from listen.opinion.endpoint import Endpoint
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
        why = f", for {answer.why[0]!r}" if answer.why else ""
        verdict = f"{answer.flag}, {answer.confidence:.0%} sure{why}"
        return f"{endpoint.name} answered in {took:.1f} s; a sample is {verdict}"
