"""What `listen login` has stored, as options of the platforms: wherever the config itself says nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listen.errors import ConfigError
from listen.http import Secret
from listen.login import Grant, Vault
from listen.login.renewing import secrets_of
from listen.source import Platform

WORD = "login"  # `token = "login"` wants a login and says so if there is none


def filled(platform: type[Platform[Any]], keys: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    """The keys of a section with the secrets of its logins. Raises ConfigError."""
    wanted = [name for name, value in keys.items() if value == WORD and _may_be_login(platform, name)]
    told = {name: value for name, value in keys.items() if name not in wanted}
    if platform.login is not None:
        told = with_logins(platform, told, Vault())
    for name in wanted:
        if name not in told:
            advice = f"'listen login {platform.name}' does" if platform.login else "and that network has no login"
            raise ConfigError(f"{where} {name}: nobody has logged in yet; {advice}")
    return told


def with_logins(platform: type[Platform[Any]], keys: Mapping[str, Any], vault: Vault) -> dict[str, Any]:
    """The keys with what the logins in a vault add to them."""
    told = dict(keys)
    if platform.login is not None:
        for grant in map(platform.login.whole, vault.grants(platform.name)):
            platform.login.fill(told, grant, secrets_of(platform.login, grant, vault, keys), keys)
    return {name: value for name, value in told.items() if name in platform.options.__struct_fields__}


def with_login(platform: type[Platform[Any]], keys: Mapping[str, Any], grant: Grant) -> dict[str, Any]:
    """The keys with what this login alone would add to them."""
    told = dict(keys)
    if platform.login is not None:
        secrets = {name: Secret(value, f"'{grant.command}'") for name, value in grant.secrets.items()}
        platform.login.fill(told, grant, secrets, keys)
    return {name: value for name, value in told.items() if name in platform.options.__struct_fields__}


def turns_on(platform: type[Platform[Any]]) -> bool:
    """Whether somebody has logged in where something is needed: then it is on without a section of its own."""
    return platform.login is not None and platform.facts.needs is not None and bool(Vault().known(platform.name))


def uses_key(platform: type[Platform[Any]], keys: Mapping[str, Any]) -> bool:
    """Whether a section names a key, or a login stands in for it."""
    login = platform.login
    return login is not None and (any(name in keys for name in login.options) or bool(Vault().known(platform.name)))


def _may_be_login(platform: type[Platform[Any]], name: str) -> bool:
    return name in (platform.login.options if platform.login else ()) or name in ("token", "key")
