"""Keeping every source listening: rounds, retries, catching up, and an end in order."""

from listen.engine.engine import Engine, Outcome

__all__ = ["Engine", "Outcome"]
