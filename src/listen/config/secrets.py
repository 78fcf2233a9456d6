"""Where the config says a secret is kept, and fetching it from there; `logins` has those of `listen login`."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from listen.errors import ConfigError
from listen.http import Secret
from listen.login.vault import exposure

LONGEST = 10_000  # characters of a secret
PATIENCE = 30.0  # seconds for a password manager, which may have to ask its owner


def fetched(reference: str, asked_by: str) -> Secret:
    """The secret behind `env:NAME`, `file:PATH`, `command:pass show x` or `keyring:service/user`; or the text itself.

    `asked_by` names the place in the config for errors. Raises ConfigError.
    """
    kind, _, rest = reference.partition(":")
    if kind == "env":
        return Secret(_environment(rest, asked_by), reference)
    if kind == "file":
        return Secret(_file(rest, asked_by), reference)
    if kind == "command":
        return Secret(_command(rest, asked_by), f"command of {asked_by}")
    if kind == "keyring":
        return Secret(_keyring(rest, asked_by), reference)
    return Secret(reference, f"text of {asked_by}")


def _environment(name: str, asked_by: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise ConfigError(f"{name} is not set, and {asked_by} asks for it")
    return value


def _file(name: str, asked_by: str) -> str:
    """The first line of a file that nobody else can read. Relative paths would mean something else in cron."""
    path = Path(name.strip()).expanduser()
    if not path.is_absolute():
        raise ConfigError(f"{asked_by}: file:{name} does not say from where; write the whole path, from / or ~ on")
    try:
        trouble = exposure(path)
        if trouble:
            raise ConfigError(f"{asked_by}: {path}: {trouble}")
        with path.open(encoding="utf-8-sig") as file:
            line = file.readline(LONGEST).strip()
    except FileNotFoundError as problem:
        raise ConfigError(
            f"{asked_by}: {path}: there is no such file; write the secret into it, chmod 600"
        ) from problem
    except UnicodeDecodeError as problem:
        raise ConfigError(f"{asked_by}: {path}: is no text; its first line is to be the secret") from problem
    except OSError as problem:
        raise ConfigError(
            f"{asked_by}: {path}: cannot be read: {(problem.strerror or str(problem)).lower()}"
        ) from problem
    if not line:
        raise ConfigError(f"{asked_by}: {path}: is empty; its first line is to be the secret")
    return line


def _command(line: str, asked_by: str) -> str:
    try:
        run = subprocess.run(
            shlex.split(line), capture_output=True, text=True, timeout=PATIENCE, check=True, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as problem:
        raise ConfigError(f"{asked_by}: {line!r} gave no secret within {PATIENCE:.0f} s") from problem
    except subprocess.CalledProcessError as problem:
        said = (problem.stderr or "").strip().splitlines()
        raise ConfigError(f"{asked_by}: {line!r} failed: {said[-1] if said else problem.returncode}") from problem
    except (OSError, ValueError) as problem:
        raise ConfigError(f"{asked_by}: {line!r} cannot be run: {problem}") from problem
    if not run.stdout.strip():
        raise ConfigError(f"{asked_by}: {line!r} printed no secret")
    return run.stdout.strip().splitlines()[0]


def _keyring(place: str, asked_by: str) -> str:
    service, _, user = place.rpartition("/")
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as problem:
        advice = "install it: pip install 'listen-mentions[keyring]'"
        raise ConfigError(f"{asked_by} asks for the keyring; {advice}") from problem
    try:
        value = keyring.get_password(service, user)
    except KeyringError as problem:
        raise ConfigError(f"{asked_by}: the keyring cannot be opened: {problem}") from problem
    if not value:
        raise ConfigError(f"{asked_by}: the keyring has no {place!r}; put it there: keyring set {service} {user}")
    return str(value)
