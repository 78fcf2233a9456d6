"""The program's entrance: `listen` and `python -m listen`."""

import signal
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:  # answered before click is loaded, which takes longer than Python itself
        from listen import __version__

        print(f"listen {__version__}")  # noqa: T201
        return
    if "watch" in sys.argv:
        # Until the run takes over there is nothing to end in order.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: sys.exit(0))
    from listen.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
