"""Paths into JSON lead where they say, or nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from listen.mapping.path import Path

TOLD: dict[str, Any] = {
    "id": 7,
    "data": {"items": [{"n": "a"}, {"n": "b"}, {"m": "c"}], "none": None},
    "links": [{"href": "/1"}, {"href": "/2"}],
    "im:name": {"label": "Kindle"},
    "a.b": "dotted",
    "grid": [[1, 2], [3]],
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("id", 7),
        ("$.id", 7),
        ("data.items[1].n", "b"),
        ("data.items[].n", ["a", "b"]),
        ("links[0].href", "/1"),
        ("links[9].href", None),
        ('"im:name".label', "Kindle"),
        ("im:name.label", "Kindle"),
        ('"a.b"', "dotted"),
        ("grid[0][1]", 2),
        ("grid[][]", [1, 2, 3]),
        ("headline|id", 7),
        ("data.none | id", 7),
        ("data.items[].x | links[].href", ["/1", "/2"]),
        ("id.x", None),
        ("links.href", None),
        ("nothing", None),
    ],
)
def test_a_path_leads_to_what_stands_there(path: str, found: Any) -> None:
    assert Path(path).found(TOLD) == found


@pytest.mark.parametrize("path", ["", "$"])
def test_an_empty_path_is_the_value_itself(path: str) -> None:
    assert Path(path).found([1]) == [1]


@pytest.mark.parametrize("path", ["a..b", ".a", "a.", "a[x]", "a[-1]", "a b", 'a."b', "a[1]b", "[", "a]"])
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="is no path"):
        Path(path)


@given(some.text(max_size=40), some.recursive(some.none() | some.integers() | some.text(max_size=3), some.lists))
def test_no_path_and_no_value_is_a_surprise(written: str, value: Any) -> None:
    try:
        path = Path(written)
    except ValueError:
        return
    path.found(value)
    path.found({"a": value})
