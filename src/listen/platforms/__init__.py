"""The networks, one file each; found by scanning this folder and the entry points `listen.platforms`."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from listen.errors import ConfigError
from listen.source import Platform


@cache
def known() -> dict[str, type[Platform[Any]]]:
    """All platforms by name: our own, and those that other packages bring. Raises ConfigError for a bad guest."""
    found: dict[str, type[Platform[Any]]] = {}
    for module in pkgutil.iter_modules(__path__):
        for platform in _platforms_in(importlib.import_module(f"{__name__}.{module.name}")):
            found[platform.name] = platform
    for guest in entry_points(group="listen.platforms"):
        found.setdefault(guest.name, _welcomed(guest))
    return dict(sorted(found.items()))


def _platforms_in(module: Any) -> list[type[Platform[Any]]]:
    return [
        thing
        for thing in vars(module).values()
        if inspect.isclass(thing) and issubclass(thing, Platform) and thing.__module__ == module.__name__
        and not inspect.isabstract(thing)
    ]  # fmt: skip


def _welcomed(guest: Any) -> type[Platform[Any]]:
    try:
        platform = guest.load()
    except (ImportError, AttributeError) as problem:
        raise ConfigError(f"platform {guest.name!r} of another package cannot be loaded: {problem}") from problem
    if not (inspect.isclass(platform) and issubclass(platform, Platform) and platform.name == guest.name):
        raise ConfigError(f"platform {guest.name!r} of another package is not a listen.source.Platform of that name")
    return platform
