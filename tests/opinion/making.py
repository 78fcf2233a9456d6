"""Options, verdicts and opinions for tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from listen.mention import Role, Span, Verdict
from listen.opinion.cache import MEMORY, Cache
from listen.opinion.options import Llm
from listen.opinion.second import Case, SecondOpinion
from tests.servers.llm import MODEL

BROKEN = "Mein Kindle ist kaputt, danke für nichts"


def options(base: str, **more: Any) -> Llm:
    return msgspec.convert({"url": f"{base}/v1", "model": MODEL, **more}, Llm)


def verdict(flag: str = "complaint", complaint: float = 0.6, opportunity: float = 0.1, **more: Any) -> Verdict:
    told = {"lang": "de", "flag": flag, "complaint": complaint, "opportunity": opportunity, "praise": 0.1,
            "opportunity_kind": "question" if flag == "opportunity" else None, "sentiment": -0.4,
            "urgency": "low" if flag in {"praise", "none"} else "medium", "reasons": []}  # fmt: skip
    return msgspec.convert(told | more, Verdict)


def case(text: str = BROKEN, role: Role = "own", **more: Any) -> Case:
    return Case(text, 0, role, verdict(**more))


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words), words)


class Asking:
    """A second opinion, and all that it said to the user."""

    def __init__(
        self,
        base: str,
        *,
        cache: Path | None = None,
        unsure: Callable[[Verdict], bool] = lambda _: False,
        **more: Any,
    ) -> None:
        self.said: list[str] = []
        self.opinion = SecondOpinion(options(base, **more), Cache(str(cache or MEMORY)), unsure, self.said.append)
