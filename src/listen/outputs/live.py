"""The live view: mentions scroll by in the terminal's own history, and below them stands how listening goes.

Where colour or cursor movement is not wanted (NO_COLOR, TERM=dumb, a pipe) the same blocks come as plain text
and there is no status area; what goes wrong is then `said` on stderr alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TextIO

from rich.control import Control
from rich.live import Live
from rich.segment import ControlType
from rich.text import Text

from listen.mention import Change
from listen.outputs.console import PipedConsole
from listen.outputs.health import Pace, Scene, Tally, status
from listen.outputs.output import Output
from listen.outputs.row import block
from listen.outputs.safe import safe_line
from listen.outputs.stream import colourful, forgiving, linkable, reflows, writing
from listen.source import Health
from listen.when import now

_REFRESH = 0.25  # seconds; a terminal over a slow line flickers when it is redrawn more often


class LiveOutput(Output):
    """Draws for people. `topics` is what is listened for; `color` None means: if the terminal wants it.

    `now` is the clock by which a mention is of today.
    """

    def __init__(
        self,
        stream: TextIO,
        *,
        topics: Sequence[str],
        color: bool | None = None,
        width: int | None = None,
        now: Callable[[], datetime] = now,
    ) -> None:
        colour = colourful(stream, color, os.environ)
        self.stream = forgiving(stream)
        self.topics = tuple(topics)
        self.now = now
        self.tally = Tally()
        self.console = PipedConsole(
            file=stream,
            color_system="standard" if colour else None,
            no_color=not colour,
            force_terminal=colour,
            force_interactive=colour and stream.isatty(),
            width=width,
            highlight=False,
            markup=False,
            emoji=False,
        )
        self._links = colour and linkable(os.environ)
        self._sources: tuple[Health, ...] = ()
        self._pace, self._speed, self._drawn = Pace(), 0.0, float("-inf")
        self._area: Live | None = None
        self._reflows = reflows(os.environ)
        self._status = _Status(self)
        self._begun = self._closed = False

    def show(self, change: Change) -> None:
        self.tally.add(change)
        drawn = block(change, self.now(), self.console.width, self.console, links=self._links)
        with writing(self.stream):
            self._mend()
            self.console.print(drawn, Text(), sep="\n", soft_wrap=True)

    def say(self, line: str) -> None:
        if self._area is None:
            super().say(line)
            return
        with writing(self.stream):
            self._mend()
            self.console.print(Text(safe_line(line), "dim"), overflow="fold")

    def health(self, sources: Sequence[Health]) -> None:
        self._sources = tuple(sources)
        moment = time.monotonic()
        self._speed = self._pace.look(moment, sum(source.heard for source in sources))
        with writing(self.stream):
            self._begin()
            if self._area is not None and moment - self._drawn >= _REFRESH:
                self._drawn = moment
                self._mend()
                self._area.refresh()

    def flush(self) -> None:
        with writing(self.stream):
            self.stream.flush()

    def close(self) -> None:
        """Leave the terminal as it was, and say on stderr what came."""
        if self._closed:
            return
        self._closed = True
        if self._area is not None:
            area, self._area = self._area, None
            with writing(self.stream):
                self._mend()
                area.stop()
        self.flush()
        if self._begun or self.tally.mentions:
            super().say(", ".join(self.tally.words()))

    def _begin(self) -> None:
        """Open the status area, at the first health: whoever only replays has none."""
        if self._begun or self._closed:
            return
        self._begun = True
        if not self.console.is_interactive or self.console.is_dumb_terminal:
            super().say(f"listening for {', '.join(self.topics) or 'everything'} (Ctrl-C ends)")
            return
        self._area = Live(
            self._status,
            console=self.console,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._area.start()
        self.console.show_cursor(True)  # rich hides it, and Ctrl-Z or a kill would leave the shell without one

    def _mend(self) -> None:
        """A window that got narrower has wrapped the status area over more rows than rich knows of: wipe those."""
        if self._reflows:
            for _ in range(self._status.rows(self.console.width) - self._status.rows(None)):
                self.console.control(Control((ControlType.ERASE_IN_LINE, 2), (ControlType.CURSOR_UP, 1)))

    def scene(self) -> Scene:
        """What the status area shows at this moment."""
        return Scene(sources=self._sources, tally=self.tally, pace=self._speed, topics=self.topics, now=self.now())


class _Status:
    """Drawn anew whenever rich prints, so that its counts are never older than the mention above it."""

    def __init__(self, output: LiveOutput) -> None:
        self._output = output
        self._cells: list[int] = []

    def __rich__(self) -> Text:
        drawn = status(self._output.scene(), self._output.console.width - len("^C"))  # which terminals echo at its end
        drawn.no_wrap = True
        self._cells = [line.cell_len for line in drawn.split()]
        return drawn

    def rows(self, width: int | None) -> int:
        """How many rows the area as last drawn takes in a window of that width; None: as it was then."""
        return sum(1 if width is None else max(1, -(-cells // width)) for cells in self._cells)
