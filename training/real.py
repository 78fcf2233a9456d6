"""Real posts of the licensed corpora, labelled by us; we keep their fingerprints and labels, never the texts."""

from __future__ import annotations

import hashlib
import json

import msgspec

from listen.mention import Flag, OpportunityKind
from training.corpus import FOLDER, Entry, read
from training.licensed import FOLDER as LICENSED
from training.licensed import lang_of


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What we call the post of that fingerprint in that file; `about`, `blind` and `written` as in `Entry`."""

    file: str
    id: str
    label: Flag
    kind: OpportunityKind | None = None
    about: bool | None = None
    blind: str = ""
    written: Flag | None = None


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def real_entries() -> list[Entry]:
    """The labelled posts whose texts are at hand; raises FileNotFoundError if their files are not."""
    labels = {(label.file, label.id): label for label in read(FOLDER / "real.jsonl", Label)}
    found = []
    for file in sorted({file for file, _ in labels}):
        for line in (LICENSED / f"{file}.jsonl").read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            label = labels.pop((file, fingerprint(text)), None)
            if label is not None:
                found.append(_entry(text, label))
    return found


def _entry(text: str, label: Label) -> Entry:
    return Entry(
        text=text,
        label=label.label,
        kind=label.kind,
        trade=label.file,
        hand=f"{lang_of(label.file)}-{label.file}",
        about=label.about,
        blind=label.blind,
        written=label.written,
    )
