"""The judge: what kind of mention a text is, how sure that is, how urgent, and which words made it think so.

Pure and offline. It reads the first 20,000 characters and never raises. `language` is its guess of the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from listen.judge.language import language
from listen.mention import Context, Verdict

if TYPE_CHECKING:
    from listen.judge.adapting import Adaptation

__all__ = ["Judge", "Sensitivity", "judge", "language"]

Sensitivity = Literal["high", "normal", "low"]
_UNKNOWN = Context()


@dataclass(frozen=True)
class Judge:
    """A judge as the user wants it; called with a text and its context it gives the verdict.

    `sensitivity` says how readily it flags; `precision` (0.5 to 0.95) instead, which share of its flags should be
    right, in each language. `adaptation` is what it was taught on the user's own posts. `textblob` lets TextBlob's
    polarity have a small say in English, `semantic` a sentence encoder in German and English (an extra; raises
    ConfigError where it is not installed). The reasons of a verdict are spans of the very text.
    """

    sensitivity: Sensitivity = "normal"
    precision: float | None = None
    adaptation: Adaptation | None = None
    textblob: bool = False
    semantic: bool = False

    def __call__(self, text: str, context: Context = _UNKNOWN) -> Verdict:
        from listen.judge.verdict import verdict

        return verdict(text, context, self)


judge = Judge()
