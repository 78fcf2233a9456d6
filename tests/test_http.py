"""The one client keeps its manners and its secrets, whatever a server does."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listen.errors import BadAnswer, Gone, PlatformError, RateLimited, Refused, Unacceptable, Unreachable
from listen.http import Client, Secret
from listen.http.rate import LONGEST, wait_from
from listen.http.secret import redacted
from listen.http.wire import BODY_LIMIT, host_of
from tests.servers.scripted import Reply, Request, ScriptedServer

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TOKEN = Secret("hush-hush", "env:TOKEN")
EVENTS = {"Content-Type": "text/event-stream"}


def _to(address: str, status: int = 302) -> Reply:
    return Reply(status=status, headers={"Location": address})


async def test_a_request_says_who_asks() -> None:
    async with ScriptedServer(lambda _: Reply(body=b"{}")) as server, Client("care@shop.example") as http:
        await http.get(
            server.base, params={"q": "käse", "tag": ["a", "b"]}, headers={"If-None-Match": "x"}, token=TOKEN
        )
    asked = server.requests[0]
    assert asked.headers["user-agent"].startswith("listen/")
    assert "+care@shop.example" in asked.headers["user-agent"]
    assert asked.headers["authorization"] == "Bearer hush-hush"
    assert asked.headers["if-none-match"] == "x"
    assert asked.target == "/?q=k%C3%A4se&tag=a&tag=b"


async def test_a_redirect_to_another_host_drops_the_token(http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(body=b"{}")) as other:
        async with ScriptedServer(lambda _: _to(f"{other.base}/there")) as server:
            await http.get(server.base, token=TOKEN)
        assert other.asked() == ["/there"]
        assert "authorization" not in other.requests[0].headers
    assert "authorization" in server.requests[0].headers


async def test_a_redirect_on_the_same_host_keeps_the_token(http: Client) -> None:
    async with ScriptedServer(lambda request: _to("/b") if request.path == "/a" else Reply()) as server:
        await http.get(f"{server.base}/a", token=TOKEN)
    assert server.requests[1].headers["authorization"] == "Bearer hush-hush"


async def test_an_event_stream_elsewhere_does_not_get_the_token(http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(headers=EVENTS)) as other:
        async with ScriptedServer(lambda _: _to(other.base, 307)) as server, http.events(server.base, token=TOKEN):
            pass
        assert "authorization" not in other.requests[0].headers


@pytest.mark.parametrize(
    ("hops", "moved"),
    [([], False), ([301], True), ([308, 301], True), ([302], False), ([301, 302], False), ([307], False)],
    ids=str,
)
async def test_only_permanent_redirects_are_remembered(hops: list[int], moved: bool, http: Client) -> None:
    def answer(request: Request) -> Reply:
        step = int(request.path.strip("/"))
        return _to(f"/{step + 1}", hops[step]) if step < len(hops) else Reply(body=b"{}")

    async with ScriptedServer(answer) as server:
        got = await http.get(f"{server.base}/0")
    assert got.moved is moved
    assert got.url == f"{server.base}/{len(hops)}"


LEAKS = {
    "an echo in the error's words": Reply(status=403, body=b'{"error": "bad token hush-hush"}'),
    "an echo in the path of what is gone": Reply(status=404),
    "an echo in a redirect to nowhere": _to("http://127.0.0.1:1/?access_token=hush-hush"),
    "an echo in a redirect to nonsense": _to("ftp://hush-hush/"),
    "an echo in a broken answer": Reply(body=b"<hush-hush>"),
}


@pytest.mark.parametrize("reply", LEAKS.values(), ids=LEAKS.keys())
async def test_a_token_never_stands_in_an_error(reply: Reply) -> None:
    async with ScriptedServer(lambda _: reply) as server, Client(secrets=[TOKEN], patience=1) as http:
        with pytest.raises(PlatformError) as raised:
            (await http.get(f"{server.base}/feed/hush-hush", params={"token": "hush-hush"}, token=TOKEN)).json()
    assert "hush" not in str(raised.value)
    assert "hush" not in repr(TOKEN)


@pytest.mark.parametrize(
    "address", ["no address?token=hush", "http://[half?key=hush", "ftp://x/?api_key=hush", "http://a:b@c:d?auth=hush"]
)
async def test_an_address_that_is_none_is_an_error_without_its_secrets(address: str, http: Client) -> None:
    with pytest.raises(PlatformError) as raised:
        await http.get(address)
    assert "hush" not in str(raised.value)
    with pytest.raises(PlatformError) as raised:
        async with http.websocket(address):
            pass
    assert "hush" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://x.example/a?access_token=abc&b=1", "https://x.example/a?access_token=***&b=1"),
        ("https://x.example/a.rss?feed=0123456789abcdef01234567&user=b", "https://x.example/a.rss?feed=***&user=b"),
        ("https://x.example/?feed=rss2", "https://x.example/?feed=rss2"),
        ("https://me:pass@x.example/", "https://***@x.example/"),
        ("https://www.google.com/alerts/feeds/0123/456", "https://www.google.com/alerts/feeds/***"),
        ("the word hush-hush twice: hush-hush", "the word *** twice: ***"),
        ("nothing to hide?q=kindle", "nothing to hide?q=kindle"),
    ],
)
def test_secrets_are_blotted_out(text: str, shown: str) -> None:
    assert redacted(text, [TOKEN, Secret("", "empty")]) == shown


HEADERS = {
    "seconds": ({"retry-after": "77"}, 77),
    "a date": ({"retry-after": "Sat, 21 Nov 2026 12:05:00 GMT"}, 300),
    "a date that is over": ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0),
    "fractions": ({"retry-after": " 1.5 "}, 1.5),
    "Mastodon, ISO 8601": ({"x-ratelimit-reset": "2026-11-21T12:10:00.000000Z"}, 600),
    "ISO 8601 without a zone": ({"x-ratelimit-reset": "2026-11-21T12:10:00"}, 600),
    "GitHub and X, unix seconds": ({"x-ratelimit-reset": str(int(NOW.timestamp()) + 42)}, 42),
    "Bluesky, unix seconds": ({"ratelimit-reset": str(int(NOW.timestamp()) + 43)}, 43),
    "Reddit, seconds left": ({"x-ratelimit-reset": "312.0"}, 312),
    "Retry-After goes first": ({"retry-after": "5", "x-ratelimit-reset": "99"}, 5),
    "nonsense gives way": ({"retry-after": "soon", "ratelimit-reset": "9"}, 9),
    "a year is cut to a day": ({"retry-after": "31536000"}, 86_400),
    "negative": ({"retry-after": "-3"}, None),
    "infinite": ({"retry-after": "inf"}, None),
    "not a number": ({"retry-after": "nan"}, None),
    "empty": ({"retry-after": ""}, None),
    "silent": ({}, None),
}


@pytest.mark.parametrize(("headers", "seconds"), HEADERS.values(), ids=HEADERS.keys())
def test_each_dialect_of_waiting_is_understood(headers: dict[str, str], seconds: float | None) -> None:
    wait = wait_from(headers, NOW)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | st.integers().map(str) | st.floats().map(str) | st.datetimes().map(datetime.isoformat))
def test_a_wait_is_never_negative_nor_longer_than_a_day(value: str) -> None:
    wait = wait_from({"retry-after": value}, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST


STATUSES = [(401, Refused), (403, Refused), (404, Gone), (410, Gone), (429, RateLimited), (500, Unreachable),
            (503, Unreachable), (400, BadAnswer), (418, BadAnswer)]  # fmt: skip


@pytest.mark.parametrize(("status", "family"), STATUSES)
async def test_each_status_is_an_error_of_its_family(status: int, family: type[PlatformError], http: Client) -> None:
    waits = status in (429, 503)
    # Who says "not you" does not say when; who says 403 and when means "not so often".
    headers = {} if status in (401, 403) else {"Retry-After": "60"}
    reply = Reply(status=status, body=b'{"error": "because"}', headers=headers)
    async with ScriptedServer(lambda _: reply) as server:
        with pytest.raises(family) as raised:
            await http.get(server.base)
        with pytest.raises(family):
            async with http.events(server.base):
                pass
        with pytest.raises(family) as refused:
            async with http.websocket(server.ws):
                pass
    assert raised.value.wait == refused.value.wait == (timedelta(seconds=60) if waits else None)
    assert f"127.0.0.1:{server.port}" in str(raised.value)


@pytest.mark.parametrize("ending", ["close", "reset", "stall"])
async def test_a_refusal_counts_even_if_its_words_are_cut(ending: str, hasty: Client) -> None:
    reply = Reply(status=429, body=b"slow", length=99, headers={"Retry-After": "8"}, ending=ending)  # type: ignore[arg-type]
    async with ScriptedServer(lambda _: reply) as server:
        with pytest.raises(RateLimited) as raised:
            await hasty.get(server.base)
        with pytest.raises(RateLimited):
            async with hasty.events(server.base):
                pass
    assert raised.value.wait == timedelta(seconds=8)


BODIES = {
    "HTML": (b"<!DOCTYPE html><p>Checking your browser", "HTML instead of JSON"),
    "nothing": (b"", "nothing instead of JSON"),
    "half": (b'{"a": ', "something instead of JSON"),
    "not UTF-8": (b'{"a": "\xff"}', "something instead of JSON"),
    "too deep": (b"[" * 100_000, "something instead of JSON"),
}


@pytest.mark.parametrize(("body", "said"), BODIES.values(), ids=BODIES.keys())
async def test_what_is_not_json_says_what_it_looks_like(body: bytes, said: str, http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(body=body)) as server:
        got = await http.get(server.base)
    with pytest.raises(BadAnswer, match=said):
        got.json()
    with pytest.raises(BadAnswer):
        got.shaped(dict[str, str])


async def test_json_of_another_shape_is_a_bad_answer(http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(body=b"[1]")) as server:
        with pytest.raises(BadAnswer, match="another shape"):
            (await http.get(server.base)).shaped(dict[str, int])


async def test_links_of_the_header_are_read_by_their_names(http: Client) -> None:
    header = '<https://m.example/a?min_id=9>; rel="prev", <https://m.example/a?max_id=1>; rel="next", <>'
    async with ScriptedServer(lambda _: Reply(headers={"Link": header})) as server:
        links = (await http.get(server.base)).links()
    assert links["prev"] == "https://m.example/a?min_id=9"
    assert links["next"] == "https://m.example/a?max_id=1"


def _bomb(layers: int) -> Reply:
    body = b"\0" * 150_000_000
    for _ in range(layers):
        body = gzip.compress(body, 9)
    return Reply(body=body, headers={"Content-Encoding": ", ".join(["gzip"] * layers)})


@pytest.mark.parametrize("layers", [1, 2])
async def test_a_gzip_bomb_is_refused_before_it_is_unpacked(layers: int) -> None:
    bomb = _bomb(layers)
    async with ScriptedServer(lambda _: bomb) as server, Client() as http:
        tracemalloc.start()
        try:
            with pytest.raises(BadAnswer):
                await http.get(server.base)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 3 * BODY_LIMIT


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress),
     ("identity", bytes)],
)  # fmt: skip
async def test_packed_answers_are_unpacked(encoding: str, pack: object, http: Client) -> None:
    body = json.dumps({"words": ["kindle"] * 50_000}).encode()
    reply = Reply(body=pack(body), headers={"Content-Encoding": encoding})  # type: ignore[operator]
    async with ScriptedServer(lambda _: reply) as server:
        assert (await http.get(server.base)).body == body
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.mark.parametrize("encoding", ["gzip", "br", "nonsense"])
async def test_what_cannot_be_unpacked_is_a_bad_answer(encoding: str, http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(body=b"words", headers={"Content-Encoding": encoding})) as server:
        with pytest.raises(BadAnswer):
            await http.get(server.base)


async def test_a_packed_answer_that_ends_in_the_middle_is_no_answer(http: Client) -> None:
    packed = gzip.compress(json.dumps({"words": ["kindle"] * 50_000}).encode())
    cut = Reply(body=packed[: len(packed) // 2], headers={"Content-Encoding": "gzip"}, length=-1, ending="close")
    async with ScriptedServer(lambda _: cut) as server:
        with pytest.raises(Unreachable, match="broke off"):
            await http.get(server.base)


async def test_gzip_of_several_members_is_read_to_its_end(http: Client) -> None:
    members = [gzip.compress(f"part {number} ".encode() * 20_000) for number in range(5)]
    packed = b"".join(members) + b"\0" * 512  # padding, which gzip(1) ignores too
    async with ScriptedServer(lambda _: Reply(body=packed, headers={"Content-Encoding": "gzip"})) as server:
        assert (await http.get(server.base)).body == b"".join(map(gzip.decompress, members))


async def test_gzip_that_breaks_off_in_its_second_member_is_no_answer(http: Client) -> None:
    packed = gzip.compress(b"first") + gzip.compress(random.Random(1).randbytes(50_000))[:-20_000]
    cut = Reply(body=packed, headers={"Content-Encoding": "gzip"}, length=-1, ending="close")
    async with ScriptedServer(lambda _: cut) as server:
        with pytest.raises(Unreachable, match="broke off"):
            await http.get(server.base)


async def test_an_answer_of_twenty_megabytes_and_one_byte_is_too_large() -> None:
    async with ScriptedServer(lambda _: Reply(body=b"a" * (BODY_LIMIT + 1))) as server, Client() as http:
        with pytest.raises(BadAnswer, match="more than 20 MB"):
            await http.get(server.base)


async def test_a_refused_connection_says_so(http: Client) -> None:
    async with ScriptedServer(lambda _: Reply()) as server:
        address = server.base
    with pytest.raises(Unreachable) as raised:
        await http.get(address)
    assert str(raised.value) == f"{host_of(address)} cannot be reached (connection refused)"
    with pytest.raises(Unreachable, match="connection refused"):
        async with http.websocket(address.replace("http", "ws")):
            pass


BROKEN = {
    "cut": Reply(body=b"half", length=99, ending="close"),
    "reset": Reply(body=b"half", length=99, ending="reset"),
    "wordless": Reply(wordless=True, ending="close"),
    "silent": Reply(wordless=True, ending="stall"),
    "silent in the middle": Reply(body=b"half", length=99, ending="stall"),
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_connection_is_unreachable(reply: Reply, hasty: Client) -> None:
    async with ScriptedServer(lambda _: reply) as server, asyncio.timeout(10):
        with pytest.raises(Unreachable):
            await hasty.get(server.base)


async def test_redirects_in_a_circle_end(http: Client) -> None:
    async with ScriptedServer(lambda _: _to("/round")) as server:
        with pytest.raises(BadAnswer, match="in circles"):
            await http.get(server.base)
    assert len(server.requests) == 6


async def test_a_closed_client_opens_again(http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(body=b"1")) as server:
        await http.get(server.base)
        await http.close()
        assert (await http.get(server.base)).json() == 1


async def test_what_is_posted_is_json_and_goes_no_further(http: Client) -> None:
    async with ScriptedServer(lambda _: Reply(body=b"{}")) as other:
        async with ScriptedServer(lambda request: _to(f"{other.base}/there", 307)) as server:
            with pytest.raises(BadAnswer, match=f"sends us on to 127.0.0.1:{other.port}"):
                await http.post(f"{server.base}/a", {"post": "größe"}, token=TOKEN)
        asked = server.requests[0]
        assert (asked.method, json.loads(asked.body)) == ("POST", {"post": "größe"})
        assert asked.headers["content-type"] == "application/json"
        assert other.requests == []


async def test_a_request_that_a_server_dislikes_is_told_apart_with_its_words(http: Client) -> None:
    body = b'{"error": {"message": "response_format is not supported", "code": 400}}'
    async with ScriptedServer(lambda _: Reply(status=400, body=body)) as server:
        with pytest.raises(Unacceptable, match=r"400: response_format is not supported"):
            await http.post(server.base, {})


async def test_direct_hosts_are_spoken_to_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with ScriptedServer(lambda _: Reply(body=b"proxied")) as proxy, ScriptedServer(lambda _: Reply()) as server:
        monkeypatch.setenv("http_proxy", proxy.base)
        async with Client() as usual, Client(direct=["127.0.0.1"]) as direct:
            assert (await usual.get(server.base)).body == b"proxied"
            assert (await direct.get(server.base)).body == b""
    assert (len(proxy.requests), len(server.requests)) == (1, 1)


async def test_a_server_without_tls_is_told_as_that(http: Client) -> None:
    async def answers_in_the_clear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answers_in_the_clear, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Unreachable, match="no secure connection; perhaps it is http://"):
            await http.get(f"https://127.0.0.1:{port}/")
