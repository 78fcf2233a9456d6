"""The contract of a login: a platform that wants an account says how one comes by its key."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from listen.errors import ConfigError, UsageError
from listen.http import Client, Secret
from listen.login.grant import Grant
from listen.when import now


class Question(msgspec.Struct, frozen=True):
    """Something only the user knows. `secret` answers are typed without an echo; `sigils` may stand before others."""

    name: str
    words: str
    secret: bool = True
    sigils: tuple[str, ...] = ()


class Talk(Protocol):
    """Talking with whoever logs in. `patient` is False where nobody sits there and answers come from a file."""

    patient: bool

    def tell(self, text: str) -> None: ...

    def ask(self, question: Question) -> str:
        """The answer, not empty. Raises UsageError if there is none."""
        ...


class Seen(msgspec.Struct, frozen=True):
    """What one real request found out: whose key it is, and when it ends if the network tells."""

    account: str
    ends_at: datetime | None = None


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """The door of a network: the client, what its section of the config says, and the `place` that was named."""

    platform: str
    http: Client
    options: Mapping[str, Any] = {}
    place: str = ""

    def address(self, option: str, otherwise: str) -> str:
        """The base address that an option of the section moves, without a slash at its end."""
        value = self.options.get(option) or otherwise
        value = value[0] if isinstance(value, list | tuple) else value
        return str(value).rstrip("/")

    def asked(self, talk: Talk, question: Question) -> str:
        """The answer; a secret is kept out of every error from here on."""
        answer = talk.ask(question).strip()
        for sigil in question.sigils:
            answer = answer.removeprefix(sigil)
        if not answer:
            raise UsageError(f"{self.platform}: nothing was given for {question.words!r}; nothing is stored")
        if question.secret:
            self.hide(answer)
        return answer

    def hide(self, *values: str) -> None:
        self.http.secrets += tuple(Secret(value, self.platform) for value in values)

    def granted(self, account: str, **told: Any) -> Grant:
        return Grant(platform=self.platform, account=account, made_at=now(), **told)


class Login(ABC):
    """How to log in to one network. `steps` is what a person does beforehand, a line each.

    `options` are the names of the platform's options that it fills, `needs` the secrets and values that every stored
    login has. `places` says what PLACE is where it may be named (`server`). Where it can be renewed, `renewable` is the
    name of the secret that changes, and `early` how long before its end that is done.
    """

    steps: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    places: str = ""
    renewable: str = ""
    early: timedelta = timedelta(minutes=5)

    @abstractmethod
    async def made(self, door: Door, talk: Talk) -> Grant:
        """Ask for what it takes, try it with one real request, and return the grant.

        Raises PlatformError if the network does not take it, UsageError if nothing was given.
        """

    @abstractmethod
    async def tried(self, door: Door, grant: Grant) -> Seen:
        """One real request with what was stored. Raises PlatformError."""

    async def renewed(self, door: Door, grant: Grant) -> Grant | None:  # noqa: ARG002  for those who can
        """The grant that takes its place; None where a network has no such thing. Raises PlatformError."""
        return None

    async def ended(self, door: Door, grant: Grant) -> str | None:  # noqa: ARG002  for those who can
        """Tell the network that a login is over which is forgotten here; what that did, in words.

        None where nothing can be told: a key that the user made stays theirs to end. Raises PlatformError.
        """
        return None

    def whole(self, grant: Grant) -> Grant:
        """The grant, if it has all that it `needs`. Raises ConfigError: its file may have been edited, or be older."""
        held = grant.secrets | grant.values
        for name in self.needs:
            if not held.get(name):
                problem = f"the stored login of {grant.account} lacks its {name!r}"
                raise ConfigError(f"{grant.platform}: {problem}; '{grant.command}' makes it anew")
        return grant

    def fill(
        self,
        keys: dict[str, Any],
        grant: Grant,
        secrets: Mapping[str, Secret],
        written: Mapping[str, Any],  # noqa: ARG002  for those who have several logins
    ) -> None:
        """Put what the grant holds where the section of the config says nothing else.

        `written` is the section as it stands in the config, `keys` what other logins have already added to it.
        """
        for name in self.options:
            if name in secrets:
                keys.setdefault(name, secrets[name])
            elif name in grant.values:
                keys.setdefault(name, grant.values[name])
