"""The live view on a real terminal: it tells the truth, sends nothing strange, and leaves everything clean."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from listen.errors import OutputError
from listen.mention import Change
from listen.outputs.live import LiveOutput
from listen.outputs.stream import colourful, linkable, reflows
from listen.source import Health
from tests.outputs.made import ANGRY, Broken
from tests.outputs.screen import Screen


def test_without_colour_no_escape_sequence_is_sent() -> None:
    stream = io.StringIO()
    with LiveOutput(stream, topics=["kindle"], color=False, width=80) as output:
        output.health([Health(platform="bluesky", source="jetstream", state="live")])
        output.show(Change("new", ANGRY))
        output.say("bluesky: back again")
    assert "Kindle geht" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_what_is_said_beside_results_stays_out_of_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.StringIO()
    with LiveOutput(stream, topics=["#Kindle", "kobo"]) as output:
        output.health([])
        output.say("chaos.social\x1b[31m cannot be reached")
        output.show(Change("new", ANGRY))
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "listening for #Kindle, kobo (Ctrl-C ends)",
        "chaos.social cannot be reached",
        "1 mention, 1 complaint",
    ]
    assert "listening" not in stream.getvalue()


@pytest.mark.parametrize(
    ("environ", "wanted", "colours"),
    [
        ({"TERM": "xterm-256color"}, None, True),
        ({"TERM": "dumb"}, None, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, None, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, None, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, True),
        ({"TERM": "xterm"}, False, False),
    ],
)
def test_colour_follows_the_users_wish(environ: dict[str, str], wanted: bool | None, colours: bool) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert colourful(Terminal(), wanted, environ) is colours


@pytest.mark.parametrize(
    ("environ", "links", "wraps"),
    [
        ({}, False, False),
        ({"VTE_VERSION": "7200"}, True, True),
        ({"VTE_VERSION": "4600"}, False, False),
        ({"TERM_PROGRAM": "WezTerm"}, True, True),
        ({"TMUX": "/tmp/t", "WT_SESSION": "1"}, False, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False, True),
    ],
)
def test_terminals_are_trusted_with_what_they_are_known_to_do(
    environ: dict[str, str], links: bool, wraps: bool
) -> None:
    assert (linkable(environ), reflows(environ)) == (links, wraps)


SCRIPT = """
import sys
from listen.mention import Change
from listen.outputs.live import LiveOutput
from listen.source import Health
from tests.outputs.made import mention

sources = [Health(platform="bluesky", source="jetstream", state="live")]
sources.append(Health(platform="mastodon", source="a", state="failing", problem="a.example is down"))
with LiveOutput(sys.stdout, topics=["#Kindle"]) as output:
    output.health(sources)
    output.show(Change("new", mention("Mein Kindle ist kaputt \\x1b[2J\\x1b]0;x\\x07 [red]jetzt[/red]")))
    output.say("mastodon: a.example is down")
    output.health(sources)
    if "fail" in sys.argv:
        raise KeyboardInterrupt
"""


RESIZE = """
    import fcntl, os, struct, termios
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    os.write(1, b"RESIZED")
    output.show(Change("new", mention("Der zweite Kindle")))
"""


def on_a_terminal(*arguments: str, script: str = SCRIPT, **environ: str) -> str:
    """What the script sends to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "TERM", "TMUX"}}
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL if arguments else theirs,
        env={**clean, "TERM": "xterm", "TZ": "UTC", **environ}, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    os.close(theirs)
    sent = b""
    try:
        while part := os.read(ours, 65_536):
            sent += part
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(ours)
        process.wait(timeout=30)
    return sent.decode()


def test_on_a_terminal_the_mention_scrolls_above_the_status_area() -> None:
    sent = on_a_terminal()
    before_the_end, screen = Screen(), Screen()
    before_the_end.feed(sent[: sent.rindex("\x1b[?25h")].rpartition("posts heard")[0])
    assert before_the_end.cursor_shown, "Ctrl-Z may come at any time"
    assert before_the_end.text.split("\n")[-2:] == [
        "✗ mastodon: a.example is down",
        "● bluesky live   1 mention · 1 complaint · 0",
    ]
    screen.feed(sent)
    shown = screen.text.split("\n")
    assert shown[1] == "▌       Mein Kindle ist kaputt [red]jetzt[/red]"
    assert shown[-2:] == ["mastodon: a.example is down", "1 mention, 1 complaint"]
    assert "●" not in screen.text
    assert screen.cursor_shown
    assert screen.column == 0


def test_an_interruption_leaves_the_terminal_clean() -> None:
    screen = Screen()
    screen.feed(on_a_terminal("fail"))
    assert screen.cursor_shown
    assert "✗" not in screen.text
    assert "Mein Kindle ist kaputt" in screen.text


def test_the_status_area_leaves_room_for_what_ctrl_c_echoes() -> None:
    script = SCRIPT.replace('topics=["#Kindle"]', 'topics=["#Kindle" * 20]').replace("output.show", "str")
    screen = Screen()
    screen.feed(on_a_terminal(script=script).rpartition("Ctrl-C ends")[0] + "Ctrl-C ends")
    assert len(screen.text.split("\n")[-1]) == 80 - len("^C"), "full, but for that"


def test_a_window_that_gets_narrower_keeps_no_rest_of_the_status_area() -> None:
    script = SCRIPT.replace("a.example is down", "a.example is down and stays so for quite a while") + RESIZE
    before, after = on_a_terminal(script=script, TMUX="/tmp/tmux").split("RESIZED")
    screen = Screen()
    screen.feed(before)
    screen.narrow(50)
    assert "quite a while" in screen.text.replace("\n", "")
    screen.feed(after)
    assert "✗" not in screen.text
    assert "●" not in screen.text
    assert screen.text.split("\n")[-4:] == [
        "▌  Der zweite Kindle",
        "▌  https://social.example/@anna/1",
        "",
        "2 mentions, 2 complaints",
    ]


@pytest.mark.parametrize("environ", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_a_plain_terminal_gets_plain_text(environ: dict[str, str]) -> None:
    sent = on_a_terminal(**environ)
    assert "\x1b" not in sent
    assert "Mein Kindle ist kaputt [red]jetzt[/red]" in sent
    assert "listening for #Kindle (Ctrl-C ends)" in sent


def test_a_closed_pipe_stays_a_closed_pipe() -> None:
    with pytest.raises(BrokenPipeError):
        LiveOutput(Broken(BrokenPipeError()), topics=["kindle"]).show(Change("new", ANGRY))


def test_a_full_disk_is_an_error_that_names_the_cause() -> None:
    with pytest.raises(OutputError, match="cannot be written: no space left on device"):
        LiveOutput(Broken(OSError(28, "No space left on device")), topics=["kindle"]).show(Change("new", ANGRY))
