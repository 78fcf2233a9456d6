"""`listen serve-webhooks` as its users run it: pushes over HTTP, a spool on disk, and `listen watch` that hears it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.cli.program import Program
from tests.opened import off

SECRET = "hush-app-secret"
CONFIG = """
[[topic]]
name = "kindle"
query = "kindle"
[platforms.webhooks]
app_secrets = ["env:APP_SECRET"]
verify_token = "env:VERIFY"
folder = "spool"
about = { "100200300" = "Kindle" }
""" + off()
COMMENT = {
    "item": "comment", "verb": "add", "comment_id": "7001_1", "post_id": "100200300_7001",
    "parent_id": "100200300_7001",
    "created_time": 1763800000, "from": {"id": "7", "name": "Anna"}, "message": "Geht nicht mehr \ud83d\ude21",
}  # fmt: skip


def of_the_page(value: dict[str, Any], field: str = "feed") -> dict[str, Any]:
    entry = {"id": "100200300", "time": 1763800001, "changes": [{"field": field, "value": value}]}
    return {"object": "page", "entry": [entry]}


class Serving:
    """A running `listen serve-webhooks`."""

    def __init__(self, process: subprocess.Popen[str], spool: Path) -> None:
        assert process.stderr is not None
        self.process = process
        self.spool = spool
        self.first = process.stderr.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", self.first)
        assert found, self.first + process.stderr.read()
        self.port = int(found[1])

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, target, body, told)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def push(self, told: object, secret: str = SECRET, **headers: str) -> int:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        return self.ask("POST", "/meta", body, **{"X_Hub_Signature_256": signature, **headers})[0]

    def lines(self) -> list[dict[str, Any]]:
        files = sorted(self.spool.glob("*.jsonl"))
        return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]

    def end(self) -> tuple[int, str]:
        assert self.process.stderr is not None
        self.process.send_signal(signal.SIGTERM)
        said = self.process.stderr.read()
        return self.process.wait(10), said


@contextmanager
def serving(listen: Program, *arguments: str) -> Iterator[Serving]:
    (listen.home / "listen.toml").write_text(CONFIG, encoding="utf-8")
    listen.environment |= {"APP_SECRET": SECRET, "VERIFY": "hush-verify"}
    process = listen.start("serve-webhooks", "-c", "listen.toml", "--port", "0", *arguments)
    try:
        yield Serving(process, listen.home / "spool")
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate(timeout=10)


def watched(listen: Program) -> list[dict[str, Any]]:
    done = listen.run("watch", "--once", "-q", "--since", "2025-01-01", "--format", "jsonl", "-c", "listen.toml")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_handshake_is_answered_to_who_knows_the_token_only(listen: Program) -> None:
    with serving(listen) as server:
        asked = "/meta?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
        assert server.ask("GET", asked + "hush-verify") == (200, "1158201444")
        assert server.ask("GET", asked + "hush-verif")[0] == 403
        assert server.ask("GET", asked)[0] == 403
        assert server.ask("GET", "/meta?hub.mode=subscribe&hub.verify_token=hush-verify&hub.challenge=<b>")[0] == 403
        assert server.ask("GET", "/") == (200, "listening")
        code, said = server.end()
    assert code == 0
    assert "hush" not in said + server.first


def test_what_is_pushed_is_on_disk_when_it_is_acknowledged_and_heard_once(listen: Program) -> None:
    with serving(listen) as server:
        assert server.push(of_the_page(COMMENT)) == 200
        assert len(server.lines()) == 1
        assert server.push(of_the_page(COMMENT)) == 200  # Meta sends again what it is not sure of
        (mention,) = watched(listen)
        assert (mention["id"], mention["kind"], mention["about"]) == ("facebook:7001_1", "comment", "Kindle")
        assert (mention["author"], mention["flag"]) == ("Anna", "complaint")
        assert watched(listen) == []
        assert server.push({"text": "my kindle fell", "author": "ben", "id": "1"}) == 200  # a program of one's own
        assert [mention["id"] for mention in watched(listen)] == ["webhooks:1"]
        assert server.push(of_the_page({**COMMENT, "verb": "remove"})) == 200
        assert watched(listen) == []
        exported = listen.run("export", "--format", "jsonl", "-c", "listen.toml").stdout.splitlines()
        assert [json.loads(line)["id"] for line in exported] == ["webhooks:1"]
    assert (server.spool.stat().st_mode & 0o777) == 0o700
    assert {file.stat().st_mode & 0o777 for file in server.spool.iterdir()} == {0o600}


def test_an_unsigned_push_leaves_no_trace(listen: Program) -> None:
    with serving(listen) as server:
        body = json.dumps(of_the_page(COMMENT)).encode()
        assert server.push(body, secret="another") == 403
        assert server.ask("POST", "/meta", body)[0] == 403
        assert server.ask("POST", "/meta", body, X_Hub_Signature_256="sha256=" + "0" * 64)[0] == 403
        assert server.ask("POST", "/meta", body, X_Hub_Signature_256="sha1=abc")[0] == 403
        right = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        assert server.ask("POST", "/meta", body + b" ", X_Hub_Signature_256=right)[0] == 403
        assert server.lines() == []
        code, said = server.end()
    assert said.count("a push without a right signature was refused") == 1  # once, however often somebody knocks
    assert code == 0


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"BREW / HTTP/1.1\r\n\r\n", 405),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / SPDY/3\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nContent-Length: 1000001\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", 431),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_no_push_is_refused_within_bounds(sent: bytes, status: int, listen: Program) -> None:
    with serving(listen) as server:
        with socket.create_connection(("127.0.0.1", server.port), 10) as line:
            line.sendall(sent)
            assert line.recv(200).split()[1] == str(status).encode()
        assert server.push({"text": "still there"}) == 200


def test_who_hangs_up_or_says_nothing_does_not_block_others(listen: Program) -> None:
    with serving(listen) as server:
        idle = [socket.create_connection(("127.0.0.1", server.port), 10) for _ in range(20)]
        idle[0].sendall(b"POST / HTTP/1.1\r\nContent-Length: 500\r\n\r\nhalf")
        idle[0].close()
        assert server.push({"text": "kindle"}) == 200
        for line in idle[1:]:
            line.close()
        assert server.end()[0] == 0


def test_private_messages_are_never_written_down(listen: Program) -> None:
    with serving(listen) as server:
        told = of_the_page(COMMENT)
        told["entry"][0]["messaging"] = [{"message": {"text": "my password is 1234"}}]
        assert server.push(told) == 200
        assert server.push(b"[1, 2]") == 400
        assert server.push(b"{broken") == 400
        assert server.push(b'{\n  "text": "on\\ntwo lines"\n}') == 200
        assert "1234" not in json.dumps(server.lines())
        assert len(server.lines()) == 2


def test_a_full_disk_is_no_acknowledgement_and_loses_nothing(listen: Program) -> None:
    with serving(listen) as server:
        assert server.push({"text": "kindle one", "id": "1"}) == 200
        (file,) = server.spool.glob("*.jsonl")
        size = file.stat().st_size
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size + 20, resource.RLIM_INFINITY))
        assert server.push({"text": "kindle two", "id": "2"}) == 503
        assert file.stat().st_size == size  # not half a line of it
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert server.push({"text": "kindle two", "id": "2"}) == 200  # as Meta tries again
        assert sorted(mention["id"] for mention in watched(listen)) == ["webhooks:1", "webhooks:2"]
        assert "cannot be written" in server.end()[1]


def test_half_a_line_of_a_killed_server_spoils_no_other(listen: Program) -> None:
    with serving(listen) as server:
        assert server.push({"text": "kindle one", "id": "1"}) == 200
        (file,) = server.spool.glob("*.jsonl")
        with file.open("ab") as torn:
            torn.write(b'{"at":"2026-11-22T08:00:00Z","bo')
        assert server.push({"text": "kindle two", "id": "2"}) == 200
        assert sorted(mention["id"] for mention in watched(listen)) == ["webhooks:1", "webhooks:2"]


def test_a_server_writes_down_since_when_there_was_none(listen: Program) -> None:
    with serving(listen) as server:
        assert server.push({"text": "kindle one", "id": "1"}) == 200
        assert server.end()[0] == 0
    an_hour_ago = time.time() - 3_600
    os.utime(server.spool / "alive", (an_hour_ago, an_hour_ago))
    checked = listen.run("check", "-c", "listen.toml")
    assert "`listen serve-webhooks` does NOT run" in checked.stdout
    with serving(listen) as server:
        (told,) = [line for line in server.lines() if "since" in line]
        assert abs(datetime.fromisoformat(told["since"]).timestamp() - an_hour_ago) < 2
        assert "`listen serve-webhooks` runs" in listen.run("check", "-c", "listen.toml").stdout


def test_check_says_what_to_run_and_blames_no_network(listen: Program) -> None:
    (listen.home / "listen.toml").write_text(CONFIG, encoding="utf-8")
    listen.environment |= {"APP_SECRET": SECRET, "VERIFY": "v"}
    done = listen.run("check", "-c", "listen.toml")
    said = "failed  webhooks: pushes: nothing was ever taken in; run `listen serve-webhooks` beside this\n"
    assert (done.returncode, done.stdout) == (1, said)


def test_without_a_secret_or_a_port_it_says_what_to_do(listen: Program) -> None:
    (listen.home / "listen.toml").write_text(CONFIG.replace('app_secrets = ["env:APP_SECRET"]', ""), encoding="utf-8")
    listen.environment["VERIFY"] = "v"
    done = listen.run("serve-webhooks", "-c", "listen.toml")
    assert (done.returncode, 'write app_secrets = ["env:NAME"]' in done.stderr) == (3, True)
    with serving(listen) as server:
        done = listen.run("serve-webhooks", "-c", "listen.toml", "--port", str(server.port))
    assert (done.returncode, "take another with --port" in done.stderr) == (2, True)
