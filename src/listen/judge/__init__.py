"""The judge: what kind of mention a text is, how sure that is, how urgent, and which words made it think so.

Pure and offline. It reads the first 20,000 characters and never raises. `language` is its guess of the language.
"""

from __future__ import annotations

from listen.judge.language import language
from listen.mention import Context, Verdict

__all__ = ["judge", "language"]

_UNKNOWN = Context()


def judge(text: str, context: Context = _UNKNOWN) -> Verdict:
    """The verdict on a post's document; its reasons are spans of that very text."""
    from listen.judge.verdict import verdict

    return verdict(text, context)
