"""What a judge was taught, in a small file of its own beside the store: labels, what was learnt, and the proof.

It holds texts, so only its owner may read it. What was learnt fits one set of weights only, the file says which.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from listen.errors import TeachingError
from listen.judge.adapting import Adaptation
from listen.judge.proof import Proof
from listen.mention import Context, Flag, Role
from listen.plain import wellformed

if TYPE_CHECKING:
    from listen.judge import Judge

VERSION = 1
_WEIGHTS = Path(__file__).parent / "weights"
_MEMORY = ":memory:"


class Labelled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text with the flag that a person gave it, and what the judge may know beside the text."""

    text: str
    label: Flag
    lang: str | None = None
    role: Role = "own"
    rating: float | None = None

    @property
    def context(self) -> Context:
        return Context(role=self.role, lang=self.lang, rating=self.rating)


class Taught(msgspec.Struct, frozen=True, kw_only=True):
    """`labels` came by file, those of mentions stand in the store; `skipped` mentions are not asked about again.

    `adaptation` is None if nothing is switched on; then `why` says why.
    """

    version: int = VERSION
    weights: str = ""
    labels: tuple[Labelled, ...] = ()
    skipped: tuple[str, ...] = ()
    adaptation: Adaptation | None = None
    proof: Proof | None = None
    why: str = ""

    def outdated(self, judge: Judge) -> bool:
        """Whether something was learnt for other weights than this judge has."""
        return self.adaptation is not None and self.weights != weights(semantic=judge.semantic)


def place(store_path: str) -> Path | None:
    """Where the file of a store is; None for a store in memory."""
    return None if store_path == _MEMORY else Path(f"{store_path}.taught.json")


def load(store_path: str) -> Taught:
    """What was taught; nothing at all if there is no file. Raises TeachingError."""
    path = place(store_path)
    if path is None:
        return Taught()
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Taught)
    except FileNotFoundError:
        return Taught()
    except OSError as problem:
        raise TeachingError(f"{path}: cannot be read: {_said(problem)}") from problem
    except (msgspec.DecodeError, UnicodeError) as problem:
        raise TeachingError(f"{path}: is damaged ({problem}); move it away and teach again") from problem
    if found.version > VERSION:
        raise TeachingError(f"{path}: was written by a newer listen; update listen, or move the file away")
    return found


def save(store_path: str, taught: Taught) -> None:
    """Write the file, whole or not at all. Raises TeachingError."""
    path = place(store_path)
    if path is None:
        raise TeachingError("a store in memory remembers nothing, so the judge cannot be taught; name a file with --db")
    try:
        # mkstemp makes it readable for its owner only.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode(taught))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
    except OSError as problem:
        raise TeachingError(f"{path}: cannot be written: {_said(problem)}") from problem


def joined(known: Sequence[Labelled], more: Sequence[Labelled]) -> tuple[Labelled, ...]:
    """Labels one after the other; of two for the same text the later one counts."""
    by_text = {(label.text, label.role): label for label in known}
    for label in more:
        by_text.pop((label.text, label.role), None)
        by_text[label.text, label.role] = msgspec.structs.replace(label, text=wellformed(label.text))
    return tuple(by_text.values())


@cache
def weights(*, semantic: bool = False) -> str:
    """The identity of the weights that this program came with; a semantic judge has more of them."""
    whole = hashlib.sha256()
    for file in sorted(_WEIGHTS.iterdir()):
        whole.update(file.read_bytes())
    return whole.hexdigest()[:16] + ("+semantic" if semantic else "")


def _said(problem: OSError) -> str:
    return (problem.strerror or str(problem)).lower()
