"""A file is added to as a whole or not at all, also where the disk fills up in the middle of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from listen.outputs.files import replaced

APPENDING = """
import resource, sys
from pathlib import Path

from listen.errors import OutputError
from listen.outputs.files import appended
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
try:
    with appended(Path(sys.argv[1])) as stream:
        stream.write("y" * int(sys.argv[2]))
except OutputError as problem:
    sys.exit(str(problem))
"""


def append(file: Path, size: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", APPENDING, str(file), str(size)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_disk_that_is_full_in_the_middle_of_appending_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    file.write_text("x" * 1_500_000, encoding="utf-8")
    done = append(file, 1_000_000)  # the part beside fits, both together do not
    assert (done.returncode, done.stderr) == (1, f"{file}: cannot be written: file too large\n")
    assert file.read_text(encoding="utf-8") == "x" * 1_500_000
    assert append(file, 400_000).returncode == 0
    assert file.read_text(encoding="utf-8") == "x" * 1_500_000 + "y" * 400_000
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]


LOCKING = """
import resource, sys
from datetime import timedelta
from pathlib import Path

from listen.outputs.turns import alone
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
with alone(Path(sys.argv[1]), "all.csv", timedelta(0)):
    pass
"""


def test_a_full_disk_has_room_for_a_lock_which_is_not_left_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOCKING, str(tmp_path / "lock")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr, list(tmp_path.iterdir())) == (0, "", [])


WRITING = """
import sys, time
from pathlib import Path

from listen.outputs.files import replaced
with replaced(Path(sys.argv[1])) as stream:
    stream.write("half")
    print("writing", flush=True)
    time.sleep(60)
"""


def test_what_a_killed_writer_left_is_cleaned_up_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    command = [sys.executable, "-c", WRITING, str(file)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as dead,
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as living,
    ):
        for writer in (dead, living):
            assert writer.stdout is not None
            assert writer.stdout.readline() == "writing\n"
        dead.kill()
        dead.wait(timeout=10)
        parts = {path.name for path in tmp_path.iterdir()}
        assert len(parts) == 2
        with replaced(file) as stream:
            stream.write("whole")
        left = {path.name for path in tmp_path.iterdir()} - {"all.csv"}
        assert len(left) == 1
        assert left < parts
        living.kill()
    with replaced(file) as stream:
        stream.write("whole again")
    assert [path.name for path in tmp_path.iterdir()] == ["all.csv"]
