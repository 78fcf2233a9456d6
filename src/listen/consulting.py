"""The second opinion that the config asks for, put together with what it needs to know of the local judge."""

from __future__ import annotations

from collections.abc import Callable

from listen.config import Config
from listen.judge.model import FLAGS
from listen.judge.thresholds import thresholds
from listen.mention import Verdict
from listen.opinion.cache import Cache, place_beside
from listen.opinion.second import SecondOpinion

MARGIN = 0.15  # of probability around a threshold in which a verdict is a close call


def opinion_of(config: Config, store: str, say: Callable[[str], None], *, quiet: bool = False) -> SecondOpinion | None:
    """None unless the config says `judge = "llm"`; what it has learnt is kept beside the `store`."""
    if config.llm is None:
        return None

    def is_unsure(verdict: Verdict) -> bool:
        spoken = verdict.lang if verdict.lang in {"de", "en"} else "other"
        least = thresholds(spoken, config.sensitivity, config.precision)
        return any(abs(getattr(verdict, flag) - least[flag]) <= MARGIN for flag in FLAGS)

    return SecondOpinion(config.llm, Cache(place_beside(store)), is_unsure, say, quiet=quiet)
