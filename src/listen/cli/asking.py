"""Asking before something is erased: on a terminal a question, elsewhere `--yes`."""

from __future__ import annotations

import sys

import click

from listen.errors import UsageError


def agreed(question: str, *, yes: bool) -> bool:
    """Whether to go on. Raises UsageError where nobody can be asked and nobody has said `--yes`."""
    if yes:
        return True
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()):
        raise UsageError(f"{question} There is no terminal to ask on; say --yes, or --dry-run to see what would go")
    return click.confirm(question, err=True)
