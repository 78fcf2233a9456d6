"""The command line: options in, exit code out. Each command lives in a file of its own and is loaded when used."""

from __future__ import annotations

import errno
import io
import os
import sys
from importlib import import_module

import click

from listen import __version__
from listen.cli.options import COMMON, Group
from listen.errors import ListenError

COMMANDS = {
    "watch": "Stream mentions as they appear, until Ctrl-C.",
    "export": "Write stored mentions as CSV, JSONL, XLSX or Parquet.",
    "import": "Read earlier exports, and other tools' tables, into the store.",
    "replay": "Run recorded posts through the same path, without a network.",
    "init": "Write a config to start from.",
    "add": "Find out what a site offers, and add it to the config.",
    "login": "Come by a network's key step by step, and keep it safely.",
    "check": "Ask every source once; say what to do about failures.",
    "serve-webhooks": "Take in what networks push, behind your web server.",
    "status": "Show how every source stands, and what may be missing.",
    "platforms": "Show what each network can do and what it needs.",
    "query": "Explain a query, and try it on texts.",
    "explain": "Judge a text, and show the words that decided.",
    "mark": "Say what became of mentions, or which flag they should have.",
    "teach": "Teach the judge what your mentions are like.",
    "eval": "Measure the judge on texts that you have labelled.",
    "forget": "Erase all traces of an author, and store nothing more of them.",
    "purge": "Erase mentions that are too old.",
    "privacy": "Print the record of what is done with people's data.",
    "db": "Check, back up and tidy the store.",
    "completion": "Print a script that completes commands in your shell.",
}

COMPLETING = "_LISTEN_COMPLETE"  # set when a shell asks how a command line may go on
MODULES = {"import": "import_", "serve-webhooks": "serve_webhooks"}  # names that Python cannot import

_FULL = {errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO}

EXAMPLES = """\b
Examples:
  listen watch '#Kindle'               what people say; no account, no config
  listen watch --demo                  see it work without a network
  listen watch kindle 'tolino OR kobo' --only complaint,opportunity
  listen init                          write a config with your own words
  listen export --new care -o neu.csv  for cron: what is new since last time
"""


class Commands(Group):
    """Knows its commands by name and first line, and loads one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"listen.cli.{MODULES.get(name, name)}").command
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
    """Run one command line; returns the exit code. A pipe closed by its reader is fine, bugs keep their traceback."""
    try:
        return _flushed(_answered(arguments))
    except BrokenPipeError:
        _let_go()
        return 0
    except OSError as problem:
        closed = isinstance(problem, io.UnsupportedOperation) and not sys.stdout.writable()
        if problem.errno not in _FULL and not closed:
            raise
        _let_go()
        _tell(f"stdout: cannot be written: {'it is closed' if closed else str(problem.strerror).lower()}")
        return 1


def _flushed(code: int) -> int:
    """The exit code after stdout is really out: a full disk may show only here."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        if not code:
            raise
        _let_go()  # it was told before
    return code


def _answered(arguments: list[str]) -> int:
    """The exit code, with every error told. click's own `main` would end a closed pipe with 1."""
    try:
        return _invoked(arguments)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except ListenError as problem:
        _tell(str(problem))
        return problem.exit_code


def _invoked(arguments: list[str]) -> int:
    instruction = os.environ.get(COMPLETING)
    if instruction:
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, "listen", COMPLETING, instruction)
    calm = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if arguments[:1] == ["help"]:  # as git and gh have it
        arguments = [*arguments[1:], "--help"]
    with cli.make_context("listen", list(arguments), color=False if calm else None) as context:
        code = cli.invoke(context)
    return code if isinstance(code, int) else 0


def _tell(problem: str) -> None:
    from listen.outputs.safe import safe_line
    from listen.outputs.stream import fitted

    if sys.stderr is not None:
        print(fitted(f"listen: {safe_line(problem)}", sys.stderr), file=sys.stderr)  # noqa: T201


def _let_go() -> None:
    """What stdout still holds goes nowhere, or Python would complain about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
