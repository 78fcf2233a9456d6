"""Names of files with a date in them, as `date` and strftime write it: `mentions-%Y-%m-%d.csv`."""

from __future__ import annotations

import re
from datetime import datetime

from listen.errors import UsageError

# Those that mean the same on every system and in every language, and are no separators of folders.
_PARTS = {
    "Y": "%Y", "m": "%m", "d": "%d", "y": "%y", "j": "%j", "H": "%H", "M": "%M", "S": "%S", "G": "%G", "V": "%V",
    "u": "%u", "F": "%Y-%m-%d",
}  # fmt: skip
_MARKED = re.compile("%(.?)", re.DOTALL)


def dated(name: str, moment: datetime) -> str:
    """The name with the local date and time of that moment in the place of its marks; `%%` is a percent sign.

    Raises UsageError for a mark that there is not.
    """
    local = moment.astimezone()

    def written(mark: re.Match[str]) -> str:
        if mark[1] == "%":
            return "%"
        if mark[1] not in _PARTS:
            known = " ".join(f"%{letter}" for letter in _PARTS)
            raise UsageError(
                f"-o {name!r}: there is no date in '%{mark[1]}'; there are {known}, and %% for a percent sign"
            )
        return local.strftime(_PARTS[mark[1]])

    return _MARKED.sub(written, name)
