"""A terminal that knows the few sequences `listen` may send, and refuses every other."""

from __future__ import annotations

import re

_TOKENS = re.compile(r"\x1b\[(\??)([0-9;]*)([A-Za-z])|\r|\n|[^\x00-\x1f\x7f-\x9f]+|(?s:.)")


class Screen:
    """Feed it what was sent; `text` is what stands there, history included. Lines must fit: it does not wrap."""

    def __init__(self) -> None:
        self.lines = [""]
        self.row = self.column = 0
        self.cursor_shown = True
        self.coloured = False

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines).rstrip("\n")

    def feed(self, sent: str) -> None:
        for token in _TOKENS.finditer(sent):
            if token[3]:
                self._obey(token[1], token[2], token[3])
            elif token[0] == "\r":
                self.column = 0
            elif token[0] == "\n":
                self.row, self.column = self.row + 1, 0
                if self.row == len(self.lines):
                    self.lines.append("")
            elif token[0].isprintable() or "\u200d" in token[0]:
                self._write(token[0])
            else:
                raise AssertionError(f"sent to the terminal: {token[0]!r}")

    def narrow(self, width: int) -> None:
        """What a terminal does that wraps its lines anew; the cursor stands in the last of them."""
        wrapped = [line[at : at + width] for line in self.lines for at in range(0, max(len(line), 1), width)]
        self.lines, self.row, self.column = wrapped, len(wrapped) - 1, len(wrapped[-1])

    def _write(self, text: str) -> None:
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[: self.column] + text + line[self.column + len(text) :]
        self.column += len(text)

    def _obey(self, private: str, numbers: str, letter: str) -> None:
        if (private, letter) == ("", "m"):
            self.coloured = True
        elif (private, numbers, letter) == ("", "2", "K"):
            self.lines[self.row] = ""
        elif (private, letter) == ("", "A"):
            self.row -= int(numbers or 1)
            assert self.row >= 0, "the cursor left the screen"
        elif (private, numbers) == ("?", "25") and letter in "hl":
            self.cursor_shown = letter == "h"
        else:
            raise AssertionError(f"sent to the terminal: ESC [{private}{numbers}{letter}")
