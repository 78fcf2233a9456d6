"""Questions to whoever logs in: on a terminal, or answered by a script."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from listen.errors import UsageError

if TYPE_CHECKING:
    from listen.login import Question, Talk


def talk() -> Talk:
    """With whoever is at stdin."""
    return Terminal() if sys.stdin is not None and sys.stdin.isatty() else Lines()


class Terminal:
    """Somebody sits there: questions on stderr, secrets without an echo."""

    patient = True

    def tell(self, text: str) -> None:
        click.echo(text, err=True)

    def ask(self, question: Question) -> str:
        import signal

        # asyncio takes the first Ctrl-C for itself, and would wait for this answer before it ends.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            told: Any = click.prompt(question.words, hide_input=question.secret, err=True)
        finally:
            signal.signal(signal.SIGINT, before)
        return str(told)


class Lines:
    """A script gives the answers, a line each."""

    patient = False

    def tell(self, text: str) -> None:
        """Nobody reads it."""

    def ask(self, question: Question) -> str:
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if not line.strip():
            raise UsageError(f"stdin has no line for {question.words!r}; on a terminal it is asked for")
        return line
