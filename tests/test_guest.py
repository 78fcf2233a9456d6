"""A platform of another package enters by its entry point; the one that docs/platforms.md shows is tried."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.opened import off

DOCUMENT = Path(__file__).parents[1] / "docs" / "platforms.md"
SHOUTS = [
    {"number": 1, "author": "anna", "text": "Mein #Kindle streikt", "at": "2026-11-21T12:00:00Z"},
    {"number": 2, "author": "ben", "text": "nothing", "at": "2026-11-21T12:00:01Z"},
]


@pytest.fixture
def shouting() -> Iterator[str]:
    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            after = int(re.search(r"after=(\d+)|$", self.path)[1] or 0)  # type: ignore[index]
            body = json.dumps([shout for shout in SHOUTS if int(str(shout["number"])) > after]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of a Python that has the package of the document, as installers leave it."""
    text = DOCUMENT.read_text(encoding="utf-8").partition("## A platform of another package")[2]
    code, entry = re.search(r"```python\n(.*?)```", text, re.DOTALL), re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert code is not None
    assert entry is not None
    (tmp_path / "listen_shouts.py").write_text(code[1], encoding="utf-8")
    told = tmp_path / "listen_shouts-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: listen-shouts\nVersion: 1.0\n", encoding="utf-8")
    name, place = re.findall(r'(\w+) = "(.*)"', entry[1])[0]
    (told / "entry_points.txt").write_text(f"[listen.platforms]\n{name} = {place}\n", encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}


def run(installed: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "listen", *arguments]
    return subprocess.run(command, env=installed, capture_output=True, text=True, timeout=60, check=False)


def test_a_guest_is_listed_configured_and_heard_like_our_own(
    installed: dict[str, str], shouting: str, tmp_path: Path
) -> None:
    listed = json.loads(run(installed, "platforms", "--json").stdout)
    assert "shouts" in [platform["name"] for platform in listed]
    config = tmp_path / "config.toml"
    config.write_text(f'{off()}[platforms.shouts]\napi = "{shouting}"\n', encoding="utf-8")
    for expected in (["shouts:1"], []):
        done = run(installed, "watch", "#Kindle", "--once", "-c", str(config), "--format", "jsonl")
        assert done.returncode == 0, done.stderr
        assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == expected


def test_a_guest_that_cannot_be_loaded_is_named(installed: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "listen_shouts.py").write_text("import no_such_module\n", encoding="utf-8")
    done = run(installed, "platforms")
    assert done.returncode == 3
    assert "platform 'shouts' of another package cannot be loaded" in done.stderr
