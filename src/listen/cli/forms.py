"""The form of an export, from the options that shape it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from listen.errors import UsageError

if TYPE_CHECKING:
    from datetime import tzinfo

    from listen.delivery import Form

TABLES = {"xlsx": "xlsxwriter", "parquet": "pyarrow"}  # forms that are written by a package of an extra


def export_form(
    form: str | None,
    file: str | None,
    *,
    append: bool,
    style: str,
    columns: tuple[str, ...],
    delimiter: str | None,
    line_breaks: str,
    tz: str | None,
) -> Form:
    """What was asked for, if it goes together. Raises UsageError."""
    from listen.cli.setting_up import form_of
    from listen.delivery import Form

    to_stdout = file is None or file == "-"
    if append and to_stdout:
        raise UsageError("--append needs a file; name it with -o")
    delimiter = delimiter_from(delimiter)
    ending = Path(file or "").suffix.lower().removeprefix(".")
    kind = form_of(form, file, ending if ending in TABLES else "csv")
    if kind != "csv" and (delimiter or style != "plain" or line_breaks != "keep"):
        raise UsageError(f"--delimiter, --for and --line-breaks shape CSV; leave them out for {kind.upper()}")
    if kind == "jsonl" and columns:
        raise UsageError("--columns chooses columns of a table; leave it out for JSONL")
    if kind == "jsonl" and tz is not None:
        raise UsageError("--tz is for tables; the times of JSONL are always UTC")
    if kind in TABLES:
        _refuse_table(kind, to_stdout=to_stdout, append=append)
    return Form(kind, style, columns, delimiter, line_breaks == "fold", zone_from(tz))


def zone_from(chosen: str | None) -> tzinfo | None:
    """The time zone that `--tz` names. Raises UsageError."""
    from listen.when import zone_named

    try:
        return None if chosen is None else zone_named(chosen)
    except ValueError as problem:
        raise UsageError(f"--tz: {problem}") from problem


def delimiter_from(chosen: str | None) -> str | None:
    """One character, or `\\t` for a tab. Raises UsageError."""
    if chosen == "\\t":
        return "\t"
    if chosen is not None and (len(chosen) != 1 or chosen in '\r\n"'):
        raise UsageError(f"--delimiter {chosen!r} is not one character that can stand between cells")
    return chosen


def _refuse_table(kind: str, *, to_stdout: bool, append: bool) -> None:
    if to_stdout:
        raise UsageError(f"--format {kind} needs a file; name it with -o")
    if append:
        raise UsageError(f"--append goes on with CSV and JSONL; a file of {kind.upper()} is whole or not at all")
    if find_spec(TABLES[kind]) is None:  # told before `--catch-up` has taken its time
        from listen.outputs.typed import missing

        raise missing(TABLES[kind], kind)
