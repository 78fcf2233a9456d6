"""The command line: options in, exit code out. Each command lives in a file of its own and is loaded when used."""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module

import click

from listen import __version__
from listen.cli.options import COMMON
from listen.errors import ListenError

COMMANDS = {
    "watch": "Stream mentions as they appear, until Ctrl-C.",
    "export": "Write stored mentions as CSV or JSONL.",
    "replay": "Run recorded posts through the same path, without a network.",
    "init": "Write a config to start from.",
    "check": "Ask every source once; say what to do about failures.",
    "platforms": "Show what each network can do and what it needs.",
    "query": "Explain a query, and try it on texts.",
    "explain": "Judge a text, and show the words that decided.",
}

EXAMPLES = """\b
Examples:
  listen watch '#Kindle'                   what people say right now; no account, no config
  listen watch --demo                      see it work without a network
  listen watch kindle 'tolino OR kobo' --only complaint,opportunity
  listen init                              write a config with your own words
  listen export --new care -o mentions.csv for cron: what is new since the last time
"""


class Commands(click.Group):
    """Knows its commands by name and first line, and loads one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"listen.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    params=list(COMMON),
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="listen", message="%(prog)s %(version)s")
def cli() -> None:
    """Hear what people say about your brand, and know when to speak up.

    Streams every public post that mentions your words from the open networks, and flags complaints and
    opportunities, in German and English.
    """


def run(arguments: list[str]) -> int:
    """Run one command line; returns the exit code. Bugs keep their traceback."""
    try:
        code = cli.main(arguments, prog_name="listen", standalone_mode=False)
    except click.Abort:
        return 130
    except KeyboardInterrupt:
        return 130
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except ListenError as problem:
        print(f"listen: {problem}", file=sys.stderr)  # noqa: T201
        return problem.exit_code
    except BrokenPipeError:
        return _quietly()
    return _flushed(code if isinstance(code, int) else 0)


def _flushed(code: int) -> int:
    """The exit code after stdout is really out; a reader that has left or a full disk shows only here."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _quietly()
    except OSError as problem:
        _quietly()
        print(f"listen: stdout: {os.strerror(problem.errno or errno.EIO).lower()}", file=sys.stderr)  # noqa: T201
        return 1
    return code


def _quietly() -> int:
    """Leave although the reader of our output has left; Python would complain about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0
