"""`keep` in the config: for how long mentions are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from listen.config.logins import uses_key
from listen.errors import ConfigError, UsageError
from listen.platforms import known
from listen.respect import DEFAULT, Retention
from listen.watchlist import Topic
from listen.when import duration

_YEARS = re.compile(r"(\d{1,3})\s*y")
_YEAR = timedelta(days=365)


def kept(text: str) -> timedelta | None:
    """`90d`, `26w`, `2y`; None for `forever`. Raises UsageError."""
    words = text.strip().lower()
    if words == "forever":
        return None
    years = _YEARS.fullmatch(words)
    try:
        found = int(years[1]) * _YEAR if years else duration(words)
    except UsageError as problem:
        raise UsageError(f"{text!r} is not a time to keep mentions; write 90d, 26w, 2y or forever") from problem
    if not found:
        raise UsageError(f"{text!r} would keep nothing; write 90d, 26w, 2y or forever")
    return found


def retention(
    keep: str | None, topics: Sequence[Topic], platforms: Mapping[str, Mapping[str, Any]], where: str
) -> Retention:
    """What the config says all in all, also of networks that are turned off. Raises ConfigError.

    What the terms of a network allow at most (`Facts.keep`) holds whatever the config says.
    """
    bounds = {name: _bound(name, keys, where) for name, keys in platforms.items()}
    for name in known():
        bounds[name] = bounds.get(name) or _longest(name, platforms.get(name, {}))
    return Retention(
        _kept(keep, f"{where}: keep") if keep is not None else DEFAULT,
        {
            topic.name: _kept(topic.keep, f"{where}: [[topic]] {topic.name!r} keep")
            for topic in topics
            if topic.keep is not None
        },
        {name: bound for name, bound in bounds.items() if bound is not None},
    )


def _bound(name: str, keys: Mapping[str, Any], where: str) -> timedelta | None:
    """What a section says; raises ConfigError for more than the network's terms allow."""
    text, place = keys.get("keep"), f"{where}: [platforms.{name}] keep"
    found, longest = _kept(text, place), _longest(name, keys)
    if text is not None and longest is not None and (found is None or found > longest):
        raise ConfigError(f"{place}: the terms of {name} allow {longest.days}d at most; write that or less")
    return found


def _longest(name: str, keys: Mapping[str, Any]) -> timedelta | None:
    """What the terms of the network allow whoever has such a section."""
    platform = known().get(name)
    if platform is None or (platform.facts.keep_by_key and not uses_key(platform, keys)):
        return None
    return platform.facts.keep


def _kept(text: object, place: str) -> timedelta | None:
    if text is not None and not isinstance(text, str):
        raise ConfigError(f"{place}: expected text in quotes, got {text!r}; write '90d', '26w', '2y' or 'forever'")
    try:
        return None if text is None else kept(text)
    except UsageError as problem:
        raise ConfigError(f"{place}: {problem}") from problem
