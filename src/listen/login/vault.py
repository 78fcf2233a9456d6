"""Where logins are kept: a file for each network, readable by the user alone, or the system's keyring.

`logins/PLATFORM.json` in the XDG data directory (0600, in a folder of 0700). With the keyring that file says only
whose login it is and until when; the secrets are under the service "listen".
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
from collections.abc import AsyncIterator, Callable, Container, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from listen.errors import ConfigError, OutputError
from listen.login.grant import Grant

SERVICE = "listen"
_DECODER = msgspec.json.Decoder(list[Grant])


def vault_path() -> Path:
    """`listen/logins` in the user's data directory."""
    import platformdirs

    return platformdirs.user_data_path("listen", appauthor=False) / "logins"


class Vault:
    """The logins in one folder. Every method may raise ConfigError or OutputError."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or vault_path()

    def platforms(self) -> list[str]:
        """The networks that somebody has logged in to."""
        return sorted(file.stem for file in self.folder.glob("*.json")) if self.folder.is_dir() else []

    def grants(self, platform: str) -> list[Grant]:
        """All logins to the network, secrets included, the oldest first."""
        return [_opened(grant) for grant in self.known(platform)]

    def known(self, platform: str) -> list[Grant]:
        """All logins to the network; the secrets of those in the keyring are not fetched."""
        path = self._path(platform)
        try:
            trouble = exposure(path)
            if trouble:
                raise ConfigError(f"{path}: {trouble}")
            return _DECODER.decode(path.read_bytes())
        except FileNotFoundError:
            return []
        except OSError as problem:
            raise ConfigError(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}") from problem
        except msgspec.DecodeError as problem:
            raise ConfigError(f"{path}: holds no login; 'listen login {platform} --remove' clears it") from problem

    def keep(self, grant: Grant) -> None:
        """Store the login in place of the one to the same place, if there was one."""
        with self._locked(grant.platform):
            self._keep(grant)

    def remove(self, platform: str, place: str | None = None) -> list[Grant]:
        """Forget the login to that place, or all to that network; returns them with the secrets that were there."""
        with self._locked(platform):
            known = self.known(platform)
            gone = [grant for grant in known if place is None or grant.is_of(place)]
            told = [_taken(grant) if grant.in_keyring else grant for grant in gone]
            kept = [grant for grant in known if grant not in gone]
            if kept:
                self._write(platform, kept)
            else:
                self._unlink(platform)
        return told

    def clear(self, platform: str) -> None:
        """Remove the file, whatever it holds: what cannot be read can still be removed."""
        with self._locked(platform):
            self._unlink(platform)

    def prepare(self, platform: str) -> None:
        """Find out beforehand whether a login could be kept: some keys are shown only once."""
        with self._locked(platform):
            self.known(platform)
            if not os.access(self.folder, os.W_OK):
                raise OutputError(f"{self.folder}: cannot be written; no login could be kept there")

    @contextlib.asynccontextmanager
    async def alone(self, platform: str) -> AsyncIterator[Callable[[Grant], None]]:
        """Alone among all processes, with what keeps a login: two that renew at once would end each other's token."""
        while (number := self._lock(platform, at_once=True)) is None:  # noqa: ASYNC110  other processes tell nothing
            await asyncio.sleep(0.05)
        try:
            yield self._keep
        finally:
            _unlock(number)

    def warnings(self, now: datetime, platforms: Container[str]) -> list[str]:
        """A line for each login to one of these networks that ends soon, has ended, or cannot be read."""
        lines = []
        for platform in self.platforms():
            if platform in platforms:
                try:
                    lines += [line for grant in self.known(platform) if (line := grant.warning(now))]
                except ConfigError as problem:
                    lines.append(str(problem))
        return lines

    @contextlib.contextmanager
    def _locked(self, platform: str) -> Iterator[None]:
        number = self._lock(platform)
        try:
            yield
        finally:
            _unlock(number)

    def _lock(self, platform: str, *, at_once: bool = False) -> int | None:
        """The lock's descriptor; -1 on systems without, None if it is taken and wanted `at_once`."""
        self._make()
        try:
            import fcntl
        except ImportError:  # Windows
            return -1
        path = self.folder / f".{platform}.lock"
        try:
            number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise OutputError(f"{path}: cannot be written: {(problem.strerror or str(problem)).lower()}") from problem
        try:
            fcntl.flock(number, fcntl.LOCK_EX | (fcntl.LOCK_NB if at_once else 0))
        except BlockingIOError:
            os.close(number)
            return None
        return number

    def _keep(self, grant: Grant) -> None:
        others = [known for known in self.known(grant.platform) if known.place != grant.place]
        self._write(grant.platform, [*others, _put_away(grant) if grant.in_keyring else grant])

    def _path(self, platform: str) -> Path:
        return self.folder / f"{platform}.json"

    def _make(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if stat.S_IMODE(self.folder.stat().st_mode) & 0o077:
                self.folder.chmod(0o700)
        except OSError as problem:
            raise OutputError(
                f"{self.folder}: cannot be made: {(problem.strerror or str(problem)).lower()}"
            ) from problem

    def _unlink(self, platform: str) -> None:
        path = self._path(platform)
        try:
            path.unlink(missing_ok=True)
        except OSError as problem:
            raise OutputError(f"{path}: cannot be removed: {(problem.strerror or str(problem)).lower()}") from problem

    def _write(self, platform: str, grants: Sequence[Grant]) -> None:
        """The whole file or the old one, whatever happens in between; never readable by others."""
        path, draft = self._path(platform), self.folder / f".{platform}.{os.getpid()}"
        try:
            draft.unlink(missing_ok=True)
            number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(grants), indent=2))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as problem:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise OutputError(f"{path}: cannot be written: {(problem.strerror or str(problem)).lower()}") from problem


def _unlock(number: int | None) -> None:
    if number is not None and number >= 0:
        os.close(number)


def exposure(path: Path) -> str | None:
    """Why a file is no place for a secret, and what to do; None if it is fine. Raises OSError.

    As ssh judges: a file of others that its owner shares with our group may be how a service is given its secrets.
    """
    if os.name != "posix":
        return None
    told = path.stat()
    ours = told.st_uid == os.getuid()
    if told.st_mode & 0o007 or (ours and told.st_mode & 0o070):
        return f"others can read it (mode {told.st_mode & 0o777:04o}); make it yours alone: chmod 600 {path}"
    return None


def _opened(grant: Grant) -> Grant:
    if not grant.in_keyring:
        return grant
    with _keyring() as keyring:
        stored = keyring.get_password(SERVICE, _user(grant))
    if not stored:
        raise ConfigError(f"{grant.platform}: the keyring has no login of {grant.account}; '{grant.command}' makes one")
    return _with(grant, stored)


def _with(grant: Grant, stored: str) -> Grant:
    """What is no login any more becomes one without secrets, which is then told as such."""
    try:
        return msgspec.structs.replace(grant, secrets=msgspec.json.decode(stored, type=dict[str, str]))
    except msgspec.DecodeError:
        return grant


def _put_away(grant: Grant) -> Grant:
    """The secrets go into the keyring, the rest is returned."""
    with _keyring() as keyring:
        keyring.set_password(SERVICE, _user(grant), msgspec.json.encode(grant.secrets).decode())
    return msgspec.structs.replace(grant, secrets={})


def _taken(grant: Grant) -> Grant:
    """With the secrets that the keyring held, which it has no more."""
    with _keyring() as keyring:
        stored = keyring.get_password(SERVICE, _user(grant))
        if stored:
            keyring.delete_password(SERVICE, _user(grant))
    return _with(grant, stored) if stored else grant


def _user(grant: Grant) -> str:
    return f"{grant.platform}/{grant.place}" if grant.place else grant.platform


@contextlib.contextmanager
def _keyring() -> Iterator[Any]:
    """The system's keyring; raises ConfigError where there is none, or it stays shut."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as problem:
        raise ConfigError("there is no keyring here; install it: pip install 'listen-mentions[keyring]'") from problem
    try:
        yield keyring
    except KeyringError as problem:
        raise ConfigError(
            f"the keyring cannot be used: {problem}; without --keyring logins are kept in files"
        ) from problem
