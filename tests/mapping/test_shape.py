"""Objects of any network become posts by the paths of their fields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from listen.mapping.shape import Fields, Shape
from listen.post import Post
from listen.when import claimed, zone_named

FIELDS = Fields(
    id="id", text="text", title="title", url="url", author="by", posted_at="at", rating="stars", kind="kind"
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def post(thing: Any, **shape: Any) -> Post:
    made = Shape(**{"fields": FIELDS, **shape}).post(thing, "board")
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("at", "shape"),
    [
        (1795348800, {}),
        (1795348800.0, {}),
        (1795348800000, {}),
        ("1795348800", {}),
        ("2026-11-22T12:00:00Z", {}),
        ("2026-11-22T12:00:00.000000000Z", {}),
        ("2026-11-22 12:00:00", {}),
        ("2026-11-22T13:00:00+01:00", {}),
        ("2026-11-22 13:00", {"time_zone": "Europe/Berlin"}),
        ("2026-11-22 04:00", {"time_zone": "-08:00"}),
        ("22.11.2026 13:00", {"time_format": "%d.%m.%Y %H:%M", "time_zone": "+01:00"}),
        ("Sun, 22 Nov 2026 12:00:00 GMT", {}),
        ("Sun, 22 Nov 2026 13:00:00 +0100", {}),
    ],
)
def test_times_are_read_in_every_common_form(at: Any, shape: dict[str, Any]) -> None:
    assert post({"id": 1, "at": at}, **shape).posted_at == NOON


def test_a_day_alone_is_its_midnight() -> None:
    assert claimed("20261122") == claimed("2026-11-22") == datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("at", [None, True, "soon", "", "22.11.2026", [1], {}, 1e300, float("nan"), "nan", "9" * 500])
def test_what_is_no_time_is_unknown(at: Any) -> None:
    assert post({"id": 1, "at": at}).posted_at is None


@pytest.mark.parametrize("name", ["Mars/X", "+25:00", "", "../etc/passwd"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="write Europe/Berlin"):
        zone_named(name)


@pytest.mark.parametrize(
    ("stars", "best", "rating"),
    [(1, 5, 1), ("4", 5, 4), (4.5, 5, 4.5), (7, 10, 3.5), (80, 100, 4), (0, 5, None), (6, 5, None), ("x", 5, None),
     (True, 5, 1), (None, 5, None), (float("nan"), 5, None)],
)  # fmt: skip
def test_ratings_are_one_to_five_stars_whatever_the_network_counts_to(stars: Any, best: float, rating: Any) -> None:
    assert post({"id": 1, "stars": stars}, best=best).rating == rating


def test_html_is_read_where_it_is_html_only() -> None:
    thing = {"id": 1, "text": "<p>Akku &amp; Display</p>", "title": "a < b"}
    assert post(thing, html=True).text == "Akku & Display"
    assert post(thing).text == "<p>Akku &amp; Display</p>"


def test_a_kind_that_is_none_is_the_one_that_the_shape_names() -> None:
    assert post({"id": 1, "kind": "comment"}, kind="review").kind == "comment"
    assert post({"id": 1, "kind": "toot"}, kind="review").kind == "review"


def test_an_address_may_be_made_of_the_id() -> None:
    fields = Fields(id="id", text="text", url="https://shop.example/r/{id}")
    assert post({"id": "ä/1"}, fields=fields).url == "https://shop.example/r/%C3%A4%2F1"
    assert post({"id": 1, "url": "javascript:alert(1)"}).url is None


@pytest.mark.parametrize("identity", [None, "", " ", True, {}, []])
def test_what_has_no_id_is_no_post(identity: Any) -> None:
    assert Shape(fields=FIELDS).post({"id": identity, "text": "kindle"}, "board") is None


@pytest.mark.parametrize("thing", [7, "text", None, ["a"], {"id": 3, "text": {"a": 1}, "by": 7, "title": ["a", "b"]}])
def test_no_object_is_a_surprise(thing: Any) -> None:
    made = Shape(fields=FIELDS).post(thing, "board")
    assert made is None or (made.author, made.title, made.text) == ("7", "a b", "")
