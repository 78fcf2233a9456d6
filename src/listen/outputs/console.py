"""rich's console, with our view of pipes."""

from __future__ import annotations

from rich.console import Console


class PipedConsole(Console):
    """Leaves a pipe that was closed by its reader to the caller, who ends quietly; rich would exit with 1."""

    def on_broken_pipe(self) -> None:
        """Raise the BrokenPipeError that rich is handling."""
        raise  # noqa: PLE0704  called where it is being handled
