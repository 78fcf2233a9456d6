"""Mentions as JSONL: one object a line, with the keys of `mention.record`."""

from __future__ import annotations

import re
from typing import Any, TextIO

import msgspec

from listen.mention import Change, record, record_of
from listen.outputs.output import StreamOutput
from listen.plain import wellformed

_ENCODER = msgspec.json.Encoder()
# What JSON may hold as it is but a terminal obeys: DEL, C1 controls and bidi controls.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class JsonlOutput(StreamOutput):
    """Writes a line for each new or edited mention, with the same id if it is edited; a withdrawn one is not written.

    So the stream stays a stream of mentions, and the last line with an id is the valid one. With `changes` the last
    key, `change`, says what happened, and what was withdrawn has a line, too. `stream` is UTF-8.
    """

    def __init__(self, stream: TextIO, *, changes: bool = False) -> None:
        super().__init__(stream)
        self._changes = changes
        self._on_terminal = stream.isatty()

    def show(self, change: Change) -> None:
        if change.kind == "withdrawn" and not self._changes:
            return
        line = _encoded(record_of(change) if self._changes else record(change.mention))
        if self._on_terminal:
            line = _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", line)  # reads as the same text
        self.write(line + "\n")


def _encoded(told: dict[str, object]) -> str:
    try:
        return _ENCODER.encode(told).decode()
    except UnicodeEncodeError:  # a lone surrogate, which UTF-8 cannot hold
        return _ENCODER.encode({name: _mended(value) for name, value in told.items()}).decode()


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return wellformed(value)
    return [wellformed(text) for text in value] if isinstance(value, list) else value
