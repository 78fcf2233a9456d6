"""Where config and store are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from listen.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from listen.config.load import Config


def default_path() -> Path:
    """`$LISTEN_CONFIG`, or `listen/config.toml` in the user's config directory."""
    import platformdirs

    chosen = os.environ.get("LISTEN_CONFIG")
    return Path(chosen) if chosen else platformdirs.user_config_path("listen", appauthor=False) / "config.toml"


def store_path(config: Config, chosen: str | None) -> str:
    """Where the store is: `--db`, `$LISTEN_DB`, `db` of the config, or `listen/listen.db` in the data directory.

    Raises UsageError or ConfigError, as it was chosen here or there.
    """
    import platformdirs

    named = chosen or os.environ.get("LISTEN_DB") or config.db
    if named:
        return _path_of(named, UsageError if chosen else ConfigError)
    return str(platformdirs.user_data_path("listen", appauthor=False) / "listen.db")


def _path_of(named: str, error: type[UsageError | ConfigError]) -> str:
    """A path, `:memory:`, or `sqlite:///` with a path after it (a fourth slash makes it absolute)."""
    if named == ":memory:":
        return named
    path = named.removeprefix("sqlite:///")
    if "://" in path or path.startswith(("sqlite:", "file:")):
        raise error(f"{named!r} is no place for a store; name a file, or sqlite:/// with a path after it")
    return str(Path(path).expanduser())
