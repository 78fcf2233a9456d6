"""One more value in a list of the config, or one less; whatever else stands there stays as it is, comments and all.

What comes out is read again and compared before it is given away: it says the same but for that value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import msgspec

from listen.errors import ConfigError

_MARK = "\ufeff"  # Windows' editors write it at the beginning


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is to stand in the list `option` of `[platforms.NAME]`, or not to. `default` is what the list holds where
    the config does not say."""

    platform: str
    option: str
    value: str
    default: tuple[str, ...] = ()
    there: bool = True

    @property
    def place(self) -> str:
        return f"[platforms.{self.platform}] {self.option}"


def changed(text: str, change: Change, where: str) -> str:
    """The config's text after the change; the same text if there is nothing to do. Raises ConfigError."""
    mark, text = text[: text.startswith(_MARK)], text.removeprefix(_MARK)
    before = read(text, where)
    values = _list_in(before, change, where)
    if (change.value in values) == change.there:
        return mark + text
    after = [*values, change.value] if change.there else [value for value in values if value != change.value]
    wanted = deepcopy(before)
    wanted.setdefault("platforms", {}).setdefault(change.platform, {})[change.option] = after
    for written in (_with_line(text, change, after), text):
        found = _edited(written, change, after)
        if found is not None and _same(found, wanted):
            return mark + found
    told = f"{change.option} = {after!r}".replace("'", '"')
    raise ConfigError(f"{where}: cannot be changed without harm; write {told} below [platforms.{change.platform}]")


def said(text: str, platform: str, option: str, where: str) -> object:
    """What the config says about an option of that network; None if nothing."""
    return _table_in(read(text, where), platform, where).get(option)


def read(text: str, where: str) -> dict[str, Any]:
    """What the text says. Raises ConfigError."""
    import tomli

    try:
        return tomli.loads(text.removeprefix(_MARK))
    except tomli.TOMLDecodeError as problem:
        raise ConfigError(f"{where}: is not TOML: {str(problem)[:1].lower() + str(problem)[1:]}") from problem


def _table_in(config: dict[str, Any], platform: str, where: str) -> dict[str, Any]:
    platforms = config.get("platforms", {})
    table = platforms.get(platform, {}) if isinstance(platforms, dict) else None
    if not isinstance(table, dict):
        raise ConfigError(f"{where}: [platforms.{platform}] is not a table; write its options on lines of their own")
    return table


def _list_in(config: dict[str, Any], change: Change, where: str) -> list[str]:
    values = _table_in(config, change.platform, where).get(change.option, list(change.default))
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ConfigError(f"{where}: {change.place}: expected a list of texts in quotes, got {values!r}")
    return values


def _with_line(text: str, change: Change, after: Sequence[str]) -> str:
    """The text with the whole option on a line of its own where it was not there: below the line that explains it, or
    the section's name, or in a section of its own at the end."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = [line + end for line in text.split(end)]
    lines[-1] = lines[-1].removesuffix(end)
    written = f"{change.option} = {_toml(after)}{end}"
    head = _first(rf"\s*\[\s*platforms\s*\.\s*{re.escape(change.platform)}\s*\]", lines)
    if head is None:
        begin = text + ("" if text.endswith(end) or not text else end) + (end if text.strip() else "")
        return f"{begin}[platforms.{change.platform}]{end}{written}"
    until = _first(r"\s*\[", lines, head + 1) or len(lines)
    if _first(rf"\s*{change.option}\s*=", lines[:until], head) is not None:
        return text
    explained = _first(rf"#\s*{change.option}\s*=", lines[:until], head)
    at = head if explained is None else explained
    lines[at] = lines[at] if lines[at].endswith(end) else lines[at] + end
    return "".join([*lines[: at + 1], written, *lines[at + 1 :]])


def _first(pattern: str, lines: Sequence[str], begin: int = 0) -> int | None:
    """The number of the first line from there on that begins so."""
    return next((number for number in range(begin, len(lines)) if re.match(pattern, lines[number])), None)


def _edited(text: str, change: Change, after: Sequence[str]) -> str | None:
    """The text with the list as it is to be; None if it cannot be had so."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document: Any = tomlkit.parse(text)
        table = document.setdefault("platforms", tomlkit.table()).setdefault(change.platform, tomlkit.table())
        values = table.setdefault(change.option, tomlkit.array())
        for value in [value for value in values if value not in after]:
            values.remove(value)
        for value in after:
            if value not in values:
                values.append(value)
        return tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, KeyError, TypeError, ValueError):
        return None


def _same(text: str, wanted: dict[str, Any]) -> bool:
    import tomli

    try:
        return tomli.loads(text) == wanted
    except tomli.TOMLDecodeError:
        return False


def _toml(values: Sequence[str]) -> str:
    import json

    return json.dumps(list(values), ensure_ascii=False)  # a list of JSON strings is one of TOML strings too
