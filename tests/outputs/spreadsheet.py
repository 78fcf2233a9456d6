"""LibreOffice without a window: what it makes of a file, cell by cell. Bounded, with a profile of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
ENGLISH, GERMAN = 1033, 1031  # Windows' numbers of languages, as LibreOffice's CSV filter wants them
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


class Cell(msgspec.Struct, frozen=True):
    """`kind` is string, float, date, boolean ..., or "" where nothing stands; `value` is as ODS writes it."""

    kind: str
    value: str
    formula: bool
    link: str | None = None


def opened(file: Path, *, language: int | None = None, delimiter: str = ",") -> list[list[Cell]]:
    """The first sheet as LibreOffice reads it; a CSV file as a double click in that language reads it."""
    csv = ["--infilter=" + csv_filter(language, delimiter)] if language else []
    done = converted(file, "ods", *csv)
    with zipfile.ZipFile(done) as archive:
        sheet = next(ET.fromstring(archive.read("content.xml")).iter(f"{_TABLE}table"))
    rows = [list(_cells(row)) for row in sheet.iter(f"{_TABLE}table-row")]
    return [row for row in rows if any(cell.kind for cell in row)]


def converted(file: Path, to: str, *options: str) -> Path:
    """The file in another format, in a folder beside it."""
    assert SOFFICE is not None
    folder = file.parent / "converted"
    home = (file.parent / "profile").as_uri()
    command = [
        SOFFICE,
        f"-env:UserInstallation={home}",
        "--headless",
        *options,
        "--convert-to",
        to,
        "--outdir",
        str(folder),
    ]
    # A session of its own, because the program that we start is only a starter of the one that does the work.
    with subprocess.Popen([*command, str(file)], stdout=subprocess.DEVNULL, start_new_session=True) as running:
        try:
            assert running.wait(timeout=100) == 0
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            raise
    return folder / f"{file.stem}.{to.partition(':')[0]}"


def csv_filter(language: int, delimiter: str) -> str:
    """Separator, quotes, UTF-8, from line 1, columns as they look, language, quoted cells too, dates and all found."""
    return f"CSV:{ord(delimiter)},34,76,1,,{language},false,true"


def _cells(row: ET.Element) -> Iterator[Cell]:
    for cell in row:
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        kind = cell.get(f"{_OFFICE}value-type", "")
        value = next((cell.get(_OFFICE + name) for name in ("value", "date-value", "boolean-value") if
                      cell.get(_OFFICE + name) is not None), None)  # fmt: skip
        link = next((found.get("{http://www.w3.org/1999/xlink}href") for found in cell.iter(f"{_TEXT}a")), None)
        formula = cell.get(f"{_TABLE}formula") is not None
        shown = "\n".join(_words(line) for line in cell.iter(f"{_TEXT}p")) if value is None else value
        for _ in range(min(repeated, 100)):
            yield Cell(kind, shown, formula, link)


def _words(element: ET.Element) -> str:
    """The text of a paragraph; the format writes runs of blanks, tabs and breaks as elements."""
    instead = {f"{_TEXT}s": " " * int(element.get(f"{_TEXT}c", "1")), f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
    if element.tag in instead:
        return instead[element.tag]
    return (element.text or "") + "".join(_words(inner) + (inner.tail or "") for inner in element)
