"""How much the base install weighs, and how much memory `watch` holds at rest."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import row


def main() -> None:
    _installed()
    _at_rest()


def _installed() -> None:
    """A fresh virtual environment with the pinned packages, without pip itself."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [f"{folder}/bin/python", "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", "--require-hashes", "-r", "requirements/run.txt"], check=True,
                       stderr=subprocess.DEVNULL)  # fmt: skip
        subprocess.run([*pip, "install", "--quiet", "--no-deps", "."], check=True, stderr=subprocess.DEVNULL)
        listed = json.loads(subprocess.run([*pip, "list", "--format=json"], check=True, capture_output=True).stdout)
        packages = [entry["name"] for entry in listed if entry["name"] not in ("pip", "setuptools")]
        places = next(Path(folder).glob("lib/python*/site-packages"))
        size = sum(
            file.stat().st_size
            for file in places.rglob("*")
            if file.is_file() and file.relative_to(places).parts[0].split("-")[0] not in
            ("pip", "setuptools", "pkg_resources", "_distutils_hack")
        ) / 1e6  # fmt: skip
    row("base install", f"{size:.0f} MB", "≤ 60 MB", size <= 60)
    row("packages, ours included", f"{len(packages)}", "≤ 30", len(packages) <= 30)


def _at_rest() -> None:
    """Resident memory of `watch --demo` after five seconds, in which German and English posts were judged."""
    listen = [str(Path(sys.executable).with_name("listen")), "watch", "--demo", "--format", "lines"]
    with subprocess.Popen(listen, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        time.sleep(5)
        status = Path(f"/proc/{running.pid}/status").read_text()
        running.terminate()
    resident = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
    row("`watch` at rest", f"{resident:.0f} MB", "≤ 90 MB", resident <= 90)
