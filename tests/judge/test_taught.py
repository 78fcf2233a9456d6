"""The file beside the store: what it keeps, who may read it, and what happens if it does not fit."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import msgspec
import pytest

from listen.errors import TeachingError
from listen.judge import Judge
from listen.judge.adapting import Adaptation
from listen.judge.fusion import LogOdds
from listen.judge.proof import Outcome, Proof
from listen.judge.taught import Labelled, Taught, joined, load, place, save, weights

LABEL = Labelled(text="Läuft bei euch \ud83d", label="complaint", lang="de", rating=1.0)
WHOLE = Taught(
    weights=weights(),
    labels=joined((), [LABEL]),
    skipped=("bluesky:1",),
    adaptation=Adaptation(biases=LogOdds(0.5, -0.25, 0.0), changes={7: LogOdds(0.1, 0.2, 0.3)}),
    proof=Proof(n=40, repeats=3, untaught=Outcome(0.9, 0.5), taught=Outcome(0.8, 0.6), doubt=0.05),
)


def test_what_is_kept_comes_back_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    store = str(tmp_path / "a.db")
    save(store, WHOLE)
    assert load(store) == WHOLE
    path = place(store)
    assert path is not None
    assert path.name == "a.db.taught.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path], "nothing half-written stays behind"


def test_without_a_file_nothing_was_taught(tmp_path: Path) -> None:
    assert load(str(tmp_path / "a.db")) == Taught() == load(":memory:")


def test_a_store_in_memory_cannot_be_taught() -> None:
    with pytest.raises(TeachingError, match="--db"):
        save(":memory:", WHOLE)


def test_what_was_learnt_for_other_weights_does_not_fit() -> None:
    assert not WHOLE.outdated(Judge())
    assert WHOLE.outdated(Judge(semantic=True))
    assert msgspec.structs.replace(WHOLE, weights="0123").outdated(Judge())
    assert not Taught(weights="0123").outdated(Judge())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is damaged"),
        (b'{"labels": [{"text": 1}]}', "is damaged"),
        (b'{"labels": [{"text": "\xff", "label": "none"}]}', "is damaged"),
        (json.dumps({"version": 99}).encode(), "newer listen"),
    ],
)
def test_a_file_that_is_not_ours_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.db.taught.json").write_bytes(content)
    with pytest.raises(TeachingError, match=said) as problem:
        load(str(tmp_path / "a.db"))
    assert "a.db.taught.json" in str(problem.value)


def test_of_two_labels_for_a_text_the_later_one_counts() -> None:
    again = Labelled(text="a", label="none")
    before = (Labelled(text="a", label="praise"), Labelled(text="b", label="praise"))
    assert joined(before, [again]) == (before[1], again)
    as_competitor = Labelled(text="a", label="opportunity", role="competitor")
    assert len(joined(before, [as_competitor])) == 3


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(TeachingError, match="cannot be written"):
        save(str(tmp_path / "gone" / "a.db"), WHOLE)
