"""The program's entrance: `listen` and `python -m listen`."""

import os
import signal
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:  # answered before click is loaded, which takes longer than Python itself
        from listen import __version__

        sys.exit(_written(f"listen {__version__}\n"))
    if "watch" in sys.argv:
        # Until the run takes over there is nothing to end in order.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: sys.exit(0))
    from listen.cli import run

    sys.exit(run(sys.argv[1:]))


def _written(line: str) -> int:
    """Write to stdout; a reader that has left is no error."""
    try:
        sys.stdout.write(line)
        sys.stdout.flush()
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains at its end
        return 0 if isinstance(problem, BrokenPipeError) else 1
    return 0


if __name__ == "__main__":
    main()
