"""The token of a login as a secret that renews itself, on disk too, whichever process comes first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from listen.errors import Refused
from listen.http import Client, Lease, Secret, Term
from listen.login.grant import Grant
from listen.login.login import Door, Login
from listen.login.vault import Vault


def secrets_of(login: Login, grant: Grant, vault: Vault, options: Mapping[str, Any]) -> dict[str, Secret]:
    """The secrets of a login by their names; the one that can be renewed is a `Lease`."""
    origin = f"'{grant.command}'"
    found: dict[str, Secret] = {
        name: Secret(value, origin, tuple(grant.secrets.values())) for name, value in grant.secrets.items()
    }
    if grant.renews and login.renewable in found:
        found[login.renewable] = _leased(login, grant, vault, options)
    return found


async def renewed(login: Login, grant: Grant, vault: Vault, door: Door, *, over: str | None) -> Grant:
    """The login that took the place of one whose token is `over`: another process's, or a new one, which is kept.

    Raises PlatformError, ConfigError or OutputError.
    """
    async with vault.alone(grant.platform) as keep:
        known = next((one for one in vault.grants(grant.platform) if one.place == grant.place), None)
        if known is None:  # else a run that goes on would bring it back
            raise Refused(f"{grant.platform}: the login of {grant.account} was removed")
        if login.whole(known).secrets.get(login.renewable) != over:
            return known
        fresh = await login.renewed(door, known)
        if fresh is None:
            raise Refused(f"{grant.platform}: the login of {grant.account} has ended")
        keep(fresh)
        return fresh


def _leased(login: Login, grant: Grant, vault: Vault, options: Mapping[str, Any]) -> Lease:
    name = login.renewable
    held = _term(grant, name)

    async def renew(client: Client) -> Term:
        nonlocal held
        door = Door(platform=grant.platform, http=client, options=options)
        held = _term(await renewed(login, grant, vault, door, over=held.value), name)
        return held

    return Lease(held, f"'{grant.command}'", _advised(renew, grant), login.early)


def _advised(renew: Any, grant: Grant) -> Any:
    async def advised(client: Client) -> Term:
        try:
            term: Term = await renew(client)
        except Refused as problem:
            raise Refused(f"{problem}; '{grant.command}' makes a new login") from problem
        return term

    return advised


def _term(grant: Grant, name: str) -> Term:
    return Term(grant.secrets[name], grant.ends_at, tuple(grant.secrets.values()))
