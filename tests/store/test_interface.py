"""What the rest of the program knows of the store, so that another database can stand behind it one day."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from listen import store
from listen.store import Store

ROOT = Path(__file__).parents[2]


def public() -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(thing)
        for name, thing in inspect.getmembers(Store)
        if not name.startswith("_") and callable(thing)
    }


def test_no_public_method_takes_or_returns_anything_of_sqlite() -> None:
    assert len(public()) > 40
    for name, signature in public().items():
        told = str(signature)
        assert "sqlite" not in told.lower(), name
        assert "Connection" not in told, name


def test_every_public_method_says_what_it_does_or_is_said_by_its_protocol() -> None:
    documented_elsewhere = {"close", "spent", "left_alone"}  # `listen.http.Books` says it
    silent = {name for name in public() if not inspect.getdoc(getattr(Store, name))}
    assert silent <= documented_elsewhere


def test_nobody_outside_reaches_behind_it() -> None:
    behind = re.compile(r"\._db\b|\blisten\.store\.\w|\bsqlite3\b")
    allowed = {"opinion/cache.py": "a file of its own, no part of the store"}
    for file in (ROOT / "src/listen").rglob("*.py"):
        place = file.relative_to(ROOT / "src/listen").as_posix()
        if not place.startswith("store/") and place not in allowed:
            assert not behind.search(file.read_text(encoding="utf-8")), f"{place} reaches behind the store"


def test_what_the_room_shows_are_words_of_its_own() -> None:
    for name in store.__all__:
        assert not getattr(getattr(store, name), "__module__", "").startswith("sqlite3")
