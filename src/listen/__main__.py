"""The program's entrance: `listen` and `python -m listen`."""

import os
import signal
import sys
from collections.abc import Callable

_LASTING = {"watch", "serve-webhooks"}  # commands that signals end in order


def main() -> None:
    """Run the command line and leave with its exit code."""
    _complete_streams()
    if sys.argv[1:] == ["--version"]:  # answered before click is loaded, which takes longer than Python itself
        from listen import __version__

        sys.exit(_written(f"listen {__version__}\n"))
    if not _LASTING.isdisjoint(sys.argv):
        _on_signals(lambda *_: sys.exit(0))  # until the run takes over there is nothing to end in order
    from listen.cli import run

    try:
        sys.exit(run(sys.argv[1:]))
    finally:
        if not _LASTING.isdisjoint(sys.argv):
            _on_signals(signal.SIG_IGN)  # all is done; while Python packs up, one more would kill it and spoil the code


def _on_signals(answer: Callable[[int, object], object] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, answer)


def _complete_streams() -> None:
    """Put something in the place of standard streams that were closed (`<&-`), for which Python has None.

    stdin is empty then, what goes to stderr is dropped (`print` would take stdout instead), and writing to stdout is an
    error, lest results vanish. Their descriptors are taken with it: no file of ours may become number 1 or 2.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            way, mode = (os.O_WRONLY, "w") if number == 2 else (os.O_RDONLY, "r")
            setattr(sys, name, open(os.open(os.devnull, way), mode, encoding="utf-8", closefd=False))  # noqa: SIM115  as long as we live


def _written(line: str) -> int:
    """Write to stdout; a reader that has left is no error."""
    try:
        sys.stdout.write(line)
        sys.stdout.flush()
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains at its end
        if isinstance(problem, BrokenPipeError):
            return 0
        sys.stderr.write(f"listen: stdout: cannot be written: {(problem.strerror or 'it is closed').lower()}\n")
        return 1
    return 0


if __name__ == "__main__":
    main()
