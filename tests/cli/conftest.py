"""The program with a few recorded posts in its home."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.program import POSTS, Program


@pytest.fixture
def listen(tmp_path: Path) -> Program:
    (tmp_path / "posts.jsonl").write_text("".join(json.dumps(post) + "\n" for post in POSTS), encoding="utf-8")
    return Program(tmp_path)
