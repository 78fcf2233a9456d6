"""Writes what `--help` prints into the documents that show it: every fence that begins `$ listen ... --help`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"```console\n\$ (listen [^\n]*--help)\n.*?```", re.DOTALL)


def shown(fence: re.Match[str]) -> str:
    """The fence with what the program prints today."""
    command = [sys.executable, "-m", *fence[1].split()]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return f"```console\n$ {fence[1]}\n{printed.rstrip()}\n```"


def main() -> None:
    for name in ("README.md", "docs/commands.md"):
        document = ROOT / name
        text = document.read_text(encoding="utf-8")
        document.write_text(FENCE.sub(shown, text), encoding="utf-8")


if __name__ == "__main__":
    main()
