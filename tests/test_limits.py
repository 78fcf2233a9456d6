"""Every dialect in which servers speak of limits is understood, and nothing that they say does harm."""

from __future__ import annotations

import json
import string
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from listen.http.rate import LONGEST, Window, wait_from, windows_from
from listen.http.refusal import Limit, limit_of, told_in

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


def ends(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def names(prefix: str, *values: str, kinds: tuple[str, ...] = ("limit", "remaining", "reset")) -> dict[str, str]:
    return {f"{prefix}{kind}": value for kind, value in zip(kinds, values, strict=True)}


WINDOWS = {
    "Mastodon, ISO 8601": (names("x-ratelimit-", "300", "288", "2026-11-21T12:05:00.725062Z"),
                           [Window(300, 288, ends(300.725062))]),
    "Bluesky, unix seconds": (
        names("ratelimit-", "3000", "2999", f"{EPOCH + 300}") | {"ratelimit-policy": "3000;w=300"},
        [Window(3000, 2999, ends(300))]),
    "GitHub": (names("x-ratelimit-", "30", "0", f"{EPOCH + 42}") | {"x-ratelimit-used": "30"},
               [Window(30, 0, ends(42))]),
    "X": (names("x-rate-limit-", "450", "12", f"{EPOCH + 900}"), [Window(450, 12, ends(900))]),
    "Reddit, floats, seconds left": (
        {"x-ratelimit-remaining": "599.0", "x-ratelimit-used": "1", "x-ratelimit-reset": "525"},
        [Window(None, 599, ends(525))]),
    "Product Hunt, seconds left": (names("x-rate-limit-", "6250", "6000", "899"), [Window(6250, 6000, ends(899))]),
    "Tumblr, an hour and a day": (
        names("x-ratelimit-perhour-", "1000", "990", "3000") | names("x-ratelimit-perday-", "5000", "10", "40000"),
        [Window(1000, 990, ends(3000)), Window(5000, 10, ends(40_000))]),
    "milliseconds": (names("x-ratelimit-", "10", "5", f"{EPOCH * 1000 + 7000}"), [Window(10, 5, ends(7))]),
    "an HTTP date": (names("x-ratelimit-", "10", "5", "Sat, 21 Nov 2026 12:05:00 GMT"), [Window(10, 5, ends(300))]),
    "used instead of remaining": (
        names("x-ratelimit-", "10", "4", "60", kinds=("limit", "used", "reset")), [Window(10, 6, ends(60))]),
    "two windows in a list": (names("x-ratelimit-", "20, 1000", "3, 900", "60"),
                              [Window(20, 3, ends(60)), Window(1000, 900, ends(60))]),
    "draft 03, policies behind the limit": (names("ratelimit-", "100, 100;w=60", "7", "30"),
                                            [Window(100, 7, ends(30))]),
    "draft 07": ({"ratelimit": "limit=100, remaining=50, reset=30"}, [Window(100, 50, ends(30))]),
    "draft 10": ({"ratelimit": '"burst";r=50;t=30', "ratelimit-policy": '"burst";q=100;w=60,"day";q=1000;w=86400'},
                 [Window(100, 50, ends(30))]),
    "draft 10, two of them": (
        {"ratelimit": '"burst";r=9;t=3, "day";r=0;t=70', "ratelimit-policy": '"burst";q=10;w=10, "day";q=20;w=86400'},
        [Window(10, 9, ends(3)), Window(20, 0, ends(70))]),
    "draft 10 without a time": ({"ratelimit": '"x";r=1', "ratelimit-policy": '"x";q=2;w=60'}, [Window(2, 1, ends(60))]),
    "Meta, per cent": ({"x-app-usage": '{"call_count":28,"total_time":25,"total_cputime":31.5}'},
                       [Window(100, 68, ends(3600))]),
    "Meta, businesses": (
        {"x-business-use-case-usage": json.dumps({"1": [{"type": "pages", "call_count": 100, "total_cputime": 2,
                                                         "total_time": 3, "estimated_time_to_regain_access": 19}]})},
        [Window(100, 0, ends(19 * 60))]),
    "Meta, far over": ({"x-app-usage": '{"call_count": 250}'}, [Window(100, 0, ends(3600))]),
    "the server's own clock counts": (
        names("x-ratelimit-", "10", "5", f"{EPOCH + 7200}") | {"date": "Sat, 21 Nov 2026 13:59:00 GMT"},
        [Window(10, 5, ends(60))]),
    "negative": (names("x-ratelimit-", "10", "-5", "60"), [Window(10, 0, ends(60))]),
    "more left than there is": (names("x-ratelimit-", "10", "14", "60"), [Window(10, 10, ends(60))]),
    "a limit of nothing": (names("x-ratelimit-", "0", "0", "60"), [Window(None, 0, ends(60))]),
    "year 9999": (names("x-ratelimit-", "10", "5", "9999-12-31T23:59:59Z"), [Window(10, 5, LONGEST)]),
    "a reset that is over": (names("x-ratelimit-", "10", "5", "2001-01-01T00:00:00Z"), [Window(10, 5, ends(0))]),
    "no reset": ({"x-ratelimit-limit": "10", "x-ratelimit-remaining": "5"}, [Window(10, 5, None)]),
    "not a number": (names("x-ratelimit-", "nan", "nan", "nan"), []),
    "HTML": (names("x-ratelimit-", "<b>10</b>", "<b>9</b>", "<html>"), []),
    "not JSON": ({"x-app-usage": "<html>"}, []),
    "other JSON": ({"x-app-usage": '[[{"call_count": "a"}]]'}, []),
    "nothing": ({}, []),
}  # fmt: skip


@pytest.mark.parametrize(("headers", "windows"), WINDOWS.values(), ids=WINDOWS.keys())
def test_each_dialect_of_windows_is_understood(headers: dict[str, str], windows: list[Window]) -> None:
    assert list(windows_from(headers, NOW)) == windows


def test_a_refusal_waits_for_the_window_that_is_over_and_not_for_the_other() -> None:
    headers = names("x-ratelimit-perhour-", "1000", "990", "3000") | names("x-ratelimit-perday-", "5000", "0", "40000")
    assert wait_from(headers, NOW) == timedelta(seconds=40_000)
    assert wait_from(headers | {"retry-after": "5"}, NOW) == timedelta(seconds=5)


def test_of_two_windows_that_are_over_the_longer_one_is_waited_for() -> None:
    headers = names("x-ratelimit-perhour-", "1000", "0", "3000") | names("x-ratelimit-perday-", "5000", "0", "40000")
    assert wait_from(headers, NOW) == timedelta(seconds=40_000)


def said(**body: object) -> bytes:
    return json.dumps(body).encode()


LIMITS = {
    "429": (429, {"retry-after": "7"}, b"", Limit(ends(7))),
    "429 without a word": (429, {}, b"", Limit(None)),
    "X contradicts itself": (429, names("x-rate-limit-", "15", "14", f"{EPOCH + 900}"), b"", Limit(ends(900))),
    "GoToSocial has no Retry-After": (
        429, names("x-ratelimit-", "300", "0", "2026-11-21T12:02:00Z"), b"", Limit(ends(120))),
    "GitHub, 403": (403, names("x-ratelimit-", "60", "0", f"{EPOCH + 30}"), said(message="API rate limit exceeded"),
                    Limit(ends(30))),
    "GitHub, secondary": (403, {"retry-after": "60"}, said(message="You have exceeded a secondary limit"),
                          Limit(ends(60))),
    "YouTube's day": (403, {}, said(error={"errors": [{"reason": "quotaExceeded"}]}),
                      Limit(ends(20 * 3600), quota=True)),
    "YouTube's rate": (403, {}, said(error={"errors": [{"reason": "rateLimitExceeded"}]}), Limit(None)),
    "X without credits": (402, {}, said(title="CreditsDepleted"), Limit(ends(6 * 3600), quota=True)),
    "X, month used up": (403, {"retry-after": "9"}, said(type="https://api.x.com/2/problems/usage-capped"),
                         Limit(ends(9), quota=True)),
    "Meta, app": (400, {}, said(error={"code": 4, "message": "reached"}), Limit(None)),
    "Meta, page": (403, {"x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":3}]}'},
                   said(error={"code": 80001}), Limit(ends(180))),
    "Stack Exchange": (400, {}, said(error_id=502, error_name="throttle_violation",
                                     error_message="too many requests, more requests available in 77 seconds"),
                       Limit(ends(77))),
    "Lemmy": (400, {}, said(error="rate_limit_error"), Limit(None)),
    "Discourse, text": (429, {}, b"Slow down. Please retry again in 12 seconds. Error code: ip_10_secs_limit.",
                        Limit(ends(12))),
    "Discourse, action": (422, {}, said(error_type="rate_limit", extras={"wait_seconds": 33}), Limit(ends(33))),
    "forever": (400, {}, b"rate_limit, available in 9999999 seconds", Limit(LONGEST)),
    "a wrong token": (401, {"retry-after": "7"}, b"", None),
    "forbidden": (403, names("x-ratelimit-", "60", "59", f"{EPOCH + 30}"), said(message="not for you"), None),
    "Meta, a wrong token": (400, {}, said(error={"code": 190}), None),
    "a number as a word": (400, {}, said(error={"code": "4"}), None),
    "a bad request": (400, {}, b"<html>" * 1000, None),
    "not found": (404, {}, b"rate limit", None),
    "an error of its own": (500, {}, b"too many requests", None),
}  # fmt: skip


@pytest.mark.parametrize(("status", "headers", "body", "limit"), LIMITS.values(), ids=LIMITS.keys())
def test_refusals_for_asking_too_often_are_told_from_others(
    status: int, headers: dict[str, str], body: bytes, limit: Limit | None
) -> None:
    assert limit_of(status, headers, body, NOW) == limit


def test_stack_exchange_tells_its_quota_and_its_wish_in_the_body() -> None:
    body = said(items=[{"title": '"quota_remaining": 7'}], quota_max=300, quota_remaining=12, backoff=10)
    assert told_in(body, NOW) == ((Window(300, 12, ends(12 * 3600)),), ends(10))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", said(items=[]), b'{"quota_remaining": "many"}', b'<p>"quota_remaining"', b'{"quota_remaining": 1',
     said(text='"quota_remaining": 3, "backoff": 999')],
)  # fmt: skip
def test_other_bodies_tell_nothing(body: bytes) -> None:
    assert told_in(body, NOW) == ((), None)


HOSTILE = (
    st.text(max_size=40)
    | st.integers().map(str)
    | st.floats().map(str)
    | st.datetimes().map(datetime.isoformat)
    | st.text(alphabet=string.digits + '.,;=-"{}[]:rtqw e', max_size=60)
    | st.lists(st.integers(-10, 10**20).map(str), max_size=9).map(", ".join)
    | st.recursive(st.none() | st.floats() | st.text(max_size=5), st.lists, max_leaves=5).map(json.dumps)
)
NAMES = st.sampled_from(sorted({name for headers, _ in WINDOWS.values() for name in headers} | {"retry-after", "date"}))


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(NAMES, HOSTILE, max_size=6), st.sampled_from([400, 402, 403, 429]), st.binary(max_size=60))
@example({"x-ratelimit-remaining": "-0", "x-ratelimit-reset": "0001-01-01T00:00:00+23:59"}, 429, b"")
@example({"retry-after": "9999-12-31T23:59:59-23:59"}, 429, b"")
@example({"date": "0001-01-01T00:00:00+14:00", "ratelimit-reset": "1"}, 403, b"")
@example({"x-app-usage": "[" * 100_000}, 403, b"[" * 100_000)
def test_whatever_servers_say_waits_lie_between_nothing_and_a_day(
    headers: dict[str, str], status: int, body: bytes
) -> None:
    for window in windows_from(headers, NOW):
        assert window.left >= 0
        assert window.limit is None or 1 <= window.left + 1 <= window.limit + 1
        assert window.ends is None or timedelta(0) <= window.ends <= LONGEST
    wait = wait_from(headers, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST
    limit = limit_of(status, headers, body, NOW)
    assert limit is None or limit.wait is None or timedelta(0) <= limit.wait <= LONGEST
    told_in(b'"quota_remaining"' + body, NOW)
