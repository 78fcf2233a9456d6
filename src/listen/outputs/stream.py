"""What the stream that we write to can show, and what goes wrong when writing to it."""

from __future__ import annotations

import io
import shutil
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TextIO

from listen.errors import OutputError

# Terminals that are known to open OSC 8 links and to wrap lines anew when they are resized; others may not.
_MODERN_PROGRAMS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"})
_MODERN_MARKS = ("WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "ALACRITTY_WINDOW_ID", "DOMTERM")
_MODERN_VTE = 5000  # GNOME Terminal and kin since 0.50


def colourful(stream: TextIO, wanted: bool | None, environ: Mapping[str, str]) -> bool:
    """Whether escape sequences may be written: `wanted`, or if that is None what https://no-color.org says."""
    if wanted is not None:
        return wanted
    return stream.isatty() and not environ.get("NO_COLOR") and environ.get("TERM", "") not in {"dumb", "unknown"}


def linkable(environ: Mapping[str, str]) -> bool:
    """Whether this terminal is known to open OSC 8 links."""
    # What stands around a multiplexer cannot be known from within.
    return _modern(environ) and "TMUX" not in environ and not environ.get("TERM", "").startswith("screen")


def reflows(environ: Mapping[str, str]) -> bool:
    """Whether this terminal is known to wrap long lines over more rows when its window gets narrower."""
    return _modern(environ) or "TMUX" in environ or environ.get("TERM_PROGRAM") == "Apple_Terminal"


def _modern(environ: Mapping[str, str]) -> bool:
    vte = environ.get("VTE_VERSION", "")
    return (
        environ.get("TERM_PROGRAM") in _MODERN_PROGRAMS
        or any(environ.get(mark) for mark in _MODERN_MARKS)
        or (vte.isdecimal() and int(vte) >= _MODERN_VTE)
    )


def forgiving(stream: TextIO) -> TextIO:
    """The same stream; what its encoding cannot write becomes `?` instead of an error (cp1252 and emoji)."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def fitted(line: str, stream: TextIO, indent: str = "") -> str:
    """The line as a terminal should break it: between words, the rest under `indent`. Elsewhere it stays whole."""
    if not stream.isatty():
        return line
    width = shutil.get_terminal_size().columns - 1
    return textwrap.fill(line, max(width, 20), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def writing(stream: TextIO) -> AbstractContextManager[None]:
    """As `named`, with the stream's own name."""
    return named(str(getattr(stream, "name", "output")).strip("<>"))


@contextmanager
def named(path: object) -> Iterator[None]:
    """Turns a full disk and the like into OutputError; a pipe closed by its reader stays BrokenPipeError."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise OutputError(f"{path}: cannot be written: {(problem.strerror or str(problem)).lower()}") from problem
