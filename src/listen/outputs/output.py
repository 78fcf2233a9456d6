"""What every output can do; one file beside this for each form."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from listen.mention import Change
from listen.source import Health


class Output(ABC):
    """Draws mentions as they come. Results go where the output was told; what is `said` goes to stderr.

    Writing to a pipe that its reader closed raises BrokenPipeError, a full disk OutputError.
    """

    @abstractmethod
    def show(self, change: Change) -> None:
        """Draw one new, edited or withdrawn mention."""

    def say(self, line: str) -> None:
        """Tell the user something beside the results, one line."""
        print(line, file=sys.stderr, flush=True)  # noqa: T201

    def health(self, sources: Sequence[Health]) -> None:  # noqa: B027  most forms have no place for it
        """Draw how the sources are doing; called about once a second."""

    def flush(self) -> None:  # noqa: B027
        """Everything shown so far leaves our buffers."""

    def close(self) -> None:  # noqa: B027
        """Finish in order: nothing shown is lost."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()
