"""What every output can do; one file beside this for each form."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self, TextIO

from listen.mention import Change
from listen.outputs.safe import safe_line
from listen.outputs.stream import writing
from listen.source import Health

_BATCH = 250  # mentions
_BATCH_SIZE = 2_000_000  # characters; one post may have a million


class Output(ABC):
    """Draws mentions as they come. Results go where the output was told; what is `said` goes to stderr.

    Writing to a pipe that its reader closed raises BrokenPipeError, a full disk OutputError.
    """

    @abstractmethod
    def show(self, change: Change) -> None:
        """Draw one new, edited or withdrawn mention."""

    def show_all(self, changes: Iterable[Change]) -> int:
        """Draw many, and count them; memory does not grow with their number."""
        shown = 0
        for change in changes:
            self.show(change)
            shown += 1
        return shown

    def say(self, line: str) -> None:
        """Tell the user something beside the results, on one line; a server may have written it, so it is made safe."""
        print(safe_line(line), file=sys.stderr, flush=True)  # noqa: T201

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


def batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """The same in lists, each as much as memory should hold."""
    batch: list[Change] = []
    size = 0
    for change in changes:
        batch.append(change)
        size += len(change.mention.post.text)
        if len(batch) == _BATCH or size > _BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class StreamOutput(Output):
    """An output that writes to a stream as mentions come, and has no place for health."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> None:
        with writing(self.stream):
            self.stream.write(text)

    def health(self, sources: Sequence[Health]) -> None:  # noqa: ARG002
        """Nothing to draw, but a moment to let go of what was written: readers of a pipe wait for it."""
        self.flush()

    def flush(self) -> None:
        with writing(self.stream):
            self.stream.flush()

    def close(self) -> None:
        self.flush()
