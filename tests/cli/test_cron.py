"""What docs/cron.md tells users to put into crontab and systemd, run as those would run it."""

from __future__ import annotations

import csv
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from listen.platforms import known
from tests.cli.program import Program

DOCUMENT = Path(__file__).parents[2] / "docs" / "cron.md"
FEED = b"""<rss version="2.0"><channel><title>News</title><link>http://news.example/</link><description>d</description>
<item><title>My Kindle died</title><guid>urn:1</guid><link>http://news.example/1</link></item></channel></rss>"""


def fences(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home with `listen` where pipx puts it, and a config that hears one feed on this machine."""
    program = tmp_path / ".local" / "bin" / "listen"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m listen "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        config = tmp_path / ".config" / "listen" / "config.toml"
        config.parent.mkdir(parents=True)
        off = "".join(f"[platforms.{name}]\nenabled = false\n" for name in known() if name != "feeds")
        address = f"http://127.0.0.1:{server.server_port}/feed"
        topic = "[[topic]]\nname = 'kindle'\nquery = 'kindle'\n"
        config.write_text(f"{topic}{off}[platforms.feeds]\nurls = ['{address}']\n", encoding="utf-8")
        yield tmp_path
        server.shutdown()


def run(command: list[str], home: Path, given: str = "") -> None:
    """As cron and systemd run it: with little more than a home, and nothing to say."""
    environment = {"HOME": str(home), "LOGNAME": "anna", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, timeout=60, cwd=home, env=environment, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), command


def by_cron(line: str) -> tuple[list[str], str]:
    """The command of a line, and what it gets on stdin: everything behind a bare percent sign (crontab(5))."""
    command, *lines = re.split(r"(?<!\\)%", line.split(None, 5)[5])
    return ["/bin/sh", "-c", command.replace("\\%", "%")], "\n".join(lines).replace("\\%", "%")


def titles(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [row["title"] for row in csv.DictReader(stream, delimiter=";" if "-" in file.name else ",")]


def today(pattern: str) -> str:
    return datetime.now().astimezone().strftime(pattern)


def test_the_lines_of_the_crontab_hear_and_deliver(home: Path) -> None:
    [crontab] = fences("crontab")
    lines = [line for line in crontab.splitlines() if line and not line.startswith("#")]
    assert len(lines) == 3
    for line in lines:
        assert re.fullmatch(r"(?:[\d*/,-]+\s+){5}\S.*", line), line
        run(*by_cron(line)[:1], home, by_cron(line)[1])
    assert titles(home / today("mentions-%Y-%m-%d.csv")) == ["My Kindle died"]
    assert titles(home / "mentions.csv") == ["My Kindle died"]
    for line in lines:
        run(*by_cron(line)[:1], home, by_cron(line)[1])
    assert titles(home / "mentions.csv") == ["My Kindle died"]
    assert titles(home / today("mentions-%Y-%m-%d.csv")) == ["My Kindle died"]


def test_a_percent_sign_that_is_not_escaped_ends_the_command() -> None:
    assert by_cron("* * * * * date +%F") == (["/bin/sh", "-c", "date +"], "F")
    assert by_cron(r"0 7 * * *  date +\%F") == (["/bin/sh", "-c", "date +%F"], "")


def by_systemd(unit: str, home: Path) -> list[str]:
    """The words of ExecStart (systemd.service(5)), with the two specifiers that stand there."""
    [command] = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    return [re.sub("%[h%]", lambda mark: {"%h": str(home), "%%": "%"}[mark[0]], word) for word in shlex.split(command)]


def test_the_service_of_systemd_hears_and_delivers(home: Path) -> None:
    export, _, watch = fences("systemd")
    run(by_systemd(export, home), home)
    assert titles(home / today("mentions-%Y-%m-%d.csv")) == ["My Kindle died"]
    assert by_systemd(watch, home)[1:] == ["watch", "--format", "lines", "--quiet"]
    run([*by_systemd(watch, home), "--for", "1s"], home)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_systemd_has_nothing_to_say_against_the_units(home: Path) -> None:
    names = re.findall(r"`~/\.config/systemd/user/(.*?)`", DOCUMENT.read_text(encoding="utf-8"))
    units = home / "units"
    units.mkdir()
    for name, unit in zip(names, fences("systemd"), strict=True):
        # The user of these tests has another home than the service would.
        (units / name).write_text(unit.replace("%h/", f"{home}/"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", *(str(units / name) for name in names)],
        capture_output=True, text=True, timeout=60, check=False, env={"HOME": str(home), "PATH": "/usr/bin:/bin",
        "XDG_RUNTIME_DIR": str(home)},
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "listen" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


def test_the_document_names_every_kind_of_change(listen: Program) -> None:
    from typing import get_args

    from listen.mention import ChangeKind

    text = DOCUMENT.read_text(encoding="utf-8")
    table = text[text.index("| `change` | means |") :]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))[1:7] == get_args(ChangeKind)
