"""Our own posts: invented, labelled twice, and split by whole trades into what is learnt from and what tests."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from listen.mention import Flag, OpportunityKind, Role, Urgency

T = TypeVar("T")
FOLDER = Path(__file__).parents[1] / "corpus"
TEST = frozenset(
    {"bank", "carrental", "energy", "events", "fooddelivery", "games", "hotel", "laptops", "opticians", "toys"}
)

ORDINARY = frozenset("456789")  # hands that wrote as a stream reads; the others wrote what is hard to tell


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One post. `why` are the words of it that justify the label.

    `blind` is what a second reader called it who saw the text alone; where a third one sided with the second,
    `written` is what its writer had called it.

    `hand` is who wrote it (`de1`); texts of one hand resemble each other, so a test keeps hands apart as well.
    `about` says of a real post whether it names or is about what somebody sells or provides, None where nobody looked.
    """

    text: str
    label: Flag
    kind: OpportunityKind | None = None
    role: Role = "own"
    urgency: Urgency = "low"
    trade: str
    hand: str
    blind: str = ""
    written: Flag | None = None
    why: tuple[str, ...] = ()
    about: bool | None = None

    @property
    def lang(self) -> Literal["de", "en"]:
        return "de" if self.hand.startswith("de") else "en"

    @property
    def ordinary(self) -> bool:
        return self.hand[2:] in ORDINARY

    @property
    def real(self) -> bool:
        """Whether it is a post of a licensed corpus, and not one of ours."""
        return not self.hand[2:].isdigit()


def entries(folder: Path = FOLDER) -> list[Entry]:
    """Every post of the corpus, in the order of its files."""
    return [entry for path in sorted(folder.glob("??/*.jsonl")) for entry in read(path, Entry)]


def read(path: Path, kind: type[T]) -> list[T]:
    """The lines of a JSONL file; raises ValueError with the place of a wrong one."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(msgspec.json.decode(line, type=kind))
        except msgspec.DecodeError as problem:
            raise ValueError(f"{path.name}:{number}: {problem}") from problem
    return found
