"""The judge that the config asks for, with what it was taught on this store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from listen.config import Config
from listen.judge import Judge
from listen.judge.taught import load


def judge_of(config: Config, store: str, *, untaught: bool = False, say: Callable[[str], None] | None = None) -> Judge:
    """The judge for the store at that path; `say` gets a line if it was taught for other weights than it has now.

    Raises TeachingError.
    """
    shipped = Judge(sensitivity=config.sensitivity, semantic=config.judge == "semantic")
    if untaught:
        return shipped
    taught = load(store)
    if taught.outdated(shipped):
        if say is not None:
            say("the judge has changed since it was taught; 'listen teach' learns again from the labels that were kept")
        return shipped
    return replace(shipped, adaptation=taught.adaptation)
