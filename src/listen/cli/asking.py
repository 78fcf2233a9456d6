"""Asking before something is erased: on a terminal a question, elsewhere `--yes`."""

from __future__ import annotations

import sys

import click

from listen.errors import UsageError


def agreed(what: str, *, yes: bool) -> bool:
    """Whether to go on with it. Raises UsageError where nobody can be asked and nobody has said `--yes`."""
    if yes:
        return True
    if not (sys.stdin is not None and sys.stdin.isatty() and sys.stderr is not None and sys.stderr.isatty()):
        raise UsageError(f"{what}; there is no terminal to ask on, so say --yes, or --dry-run to see what would go")
    return click.confirm(f"{what}. Go on?", err=True)
