"""`listen login`: the key of a network, step by step."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from listen.cli.options import command as listen_command
from listen.cli.options import settings
from listen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listen.errors import ListenError
    from listen.login import Grant, Vault
    from listen.source import Platform

LONGEST = 10.0  # seconds for a network that is told of the end of a login
EPILOG = """\
Keys are typed without an echo, or read from stdin, a line for each question; never from the command line.
They are kept in listen/logins of the XDG data directory, readable by you alone, or with --keyring in the system's
keyring. What the config says itself counts before them.

\b
Examples:
  listen login mastodon troet.cafe
  pass show x/bearer | listen login x
"""


@listen_command("login", epilog=EPILOG)
@click.argument("platform", metavar="[PLATFORM]", required=False)
@click.argument("place", metavar="[PLACE]", required=False, default="")
@click.option("--check", "checking", is_flag=True, help="Try what is stored, by one real request each.")
@click.option("--remove", "removing", is_flag=True, help="Forget what is stored, of PLACE or all; networks are told.")
@click.option("--keyring", "in_keyring", is_flag=True, help="Keep the secrets in the system's keyring.")
def command(platform: str | None, place: str, checking: bool, removing: bool, in_keyring: bool) -> int:
    """Log in to a network: it tells how to come by the key, tries it, and stores it outside of the config.

    PLACE is the server, account or page, where a network has several. Without PLATFORM all logins are listed.
    """
    from listen.login import Vault
    from listen.platforms import known

    vault = Vault()
    if platform is None:
        return _checked(vault, [name for name in vault.platforms() if name in known()]) if checking else _listed(vault)
    if platform not in known():
        from listen.config.saying import no_such

        raise UsageError(no_such("there is no platform", platform, sorted(known())))
    if removing:
        return _removed(vault, known()[platform], place)
    if checking:
        return _checked(vault, [platform], place)
    _made(vault, known()[platform], place.strip().lower(), in_keyring)
    return 0


def _made(vault: Vault, platform: type[Platform[Any]], place: str, in_keyring: bool) -> None:
    import msgspec

    from listen.cli.talking import talk

    if platform.login is None:
        needs = "nothing" if platform.facts.needs is None else "no key that could be stored for it"
        raise UsageError(f"{platform.name} has no login; it needs {needs}, says 'listen platforms'")
    if place and not platform.login.places:
        raise UsageError(f"{platform.name} has one login; leave {place!r} out")
    vault.prepare(platform.name)
    asked = talk()
    if asked.patient:
        for number, step in enumerate(platform.login.steps, 1):
            asked.tell(f"{number}. {step}")
    section = _section(platform.name)
    grant = asyncio.run(_logged_in(platform, section, place, asked))
    vault.keep(msgspec.structs.replace(grant, in_keyring=in_keyring))
    _say(f"{platform.name}: logged in as {grant.account}{_until(grant)}; kept in {_kept_in(vault, grant, in_keyring)}")
    for line in _remarks(platform, section, grant):
        _say(line)


async def _logged_in(platform: type[Platform[Any]], section: Mapping[str, Any], place: str, talk: Any) -> Grant:
    from listen.errors import PlatformError, Refused, Unacceptable

    assert platform.login is not None
    async with _door(platform.name, section, place) as door:
        try:
            return await platform.login.made(door, talk)
        except Unacceptable as problem:  # what Meta says to a wrong token, and Mastodon to a wrong code
            raise Refused(f"{problem}; nothing is stored") from problem
        except PlatformError as problem:
            problem.args = (f"{problem}; nothing is stored",)
            raise


def _listed(vault: Vault) -> int:
    """A line for each login; the exit code says whether all could be read."""
    from listen.errors import ConfigError
    from listen.platforms import known

    code = 0
    for name, platform in known().items():
        if platform.login is not None:
            try:
                lines = [f"{grant.account}{_until(grant)}" for grant in vault.known(name)] or ["not logged in"]
            except ConfigError as problem:
                lines, code = [str(problem)], problem.exit_code
            for line in lines:
                click.echo(f"{name:<12}  {_clean(line)}")
    return code


def _checked(vault: Vault, platforms: list[str], place: str = "") -> int:
    """Each login tried; the exit code says whether all, some or none of them are good."""
    from listen.errors import ConfigError, PlatformError
    from listen.platforms import known

    worked = 0
    problems: list[ListenError] = []
    for name in (name for name in platforms if known()[name].login):
        try:
            grants = [grant for grant in vault.grants(name) if not place or grant.is_of(place)]
        except ConfigError as problem:
            problems.append(problem)
            _failed(str(problem))
            continue
        for grant in grants:
            try:
                seen = asyncio.run(_tried(vault, known()[name], grant))
                worked += 1
                click.echo(f"{click.style('ok    ', fg='green')}  {_clean(f'{name}: {seen}')}")
            except PlatformError as problem:
                problems.append(problem)
                _failed(f"{name}: {grant.account}: {problem}", f"'{grant.command}' makes a new one")
            except ConfigError as problem:
                problems.append(problem)
                _failed(str(problem))
    if not worked and not problems:
        raise UsageError(_nobody(vault, platforms, place))
    return 5 if worked and problems else _code(problems)


def _failed(*lines: str) -> None:
    mark = click.style("failed", fg="red", bold=True)
    for number, line in enumerate(lines):
        click.echo(f"{' ' * 6 if number else mark}  {_clean(line)}")


def _code(problems: list[ListenError]) -> int:
    """Of no problem, or where nothing worked: their own if it is about keys or files, 1 for networks that are away."""
    codes = {problem.exit_code for problem in problems}
    return 0 if not codes else codes.pop() if codes in ({3}, {4}) else 1


def _nobody(vault: Vault, platforms: list[str], place: str = "") -> str:
    if len(platforms) != 1:
        return "nobody has logged in yet"
    others = ", ".join(grant.place or grant.account for grant in vault.known(platforms[0]))
    if place and others:
        return f"{platforms[0]} has no login of {place!r}; there is {others}"
    return f"nobody has logged in to {platforms[0]} yet"


async def _tried(vault: Vault, platform: type[Platform[Any]], grant: Grant) -> str:
    """What one real request says; a grant that can be renewed is, if it has to be, and kept."""
    from listen.errors import Refused, Unacceptable
    from listen.login.renewing import renewed

    section, login = _section(platform.name), platform.login
    assert login is not None
    async with _door(platform.name, section, grant.place, grant) as door:
        try:
            seen = await login.tried(door, login.whole(grant))
        except (Refused, Unacceptable):
            if not grant.renews:
                raise
            grant = await renewed(login, grant, vault, door, over=grant.secrets.get(login.renewable))
            seen = await login.tried(door, grant)
    return f"{seen.account}{_until(grant)}"


def _removed(vault: Vault, platform: type[Platform[Any]], place: str) -> int:
    """Forgotten here first, whatever the networks say to it."""
    from listen.errors import ConfigError

    name = platform.name
    try:
        known = vault.known(name)
    except ConfigError:
        if place:
            raise
        vault.clear(name)
        _say(f"{name}: what was stored is removed; it could not be read, so end the login at the network, too")
        return 0
    if not any(not place or grant.is_of(place) for grant in known):
        raise UsageError(_nobody(vault, [name], place))
    for grant in vault.remove(name, place or None):
        _say(f"{name}: the login of {grant.account} is forgotten here; {asyncio.run(_ended(platform, grant))}")
    return 0


async def _ended(platform: type[Platform[Any]], grant: Grant) -> str:
    """What the network made of it, which has a few seconds to answer; nothing that fails here undoes the removal."""
    from listen.errors import ListenError

    try:
        async with asyncio.timeout(LONGEST), _door(platform.name, _section(platform.name), grant.place, grant) as door:
            told = await platform.login.ended(door, grant) if platform.login else None
            return told or "its key stays good until you end it there"
    except (ListenError, TimeoutError) as problem:
        reason = str(problem) or f"no answer within {LONGEST:.0f} s"
        return f"the network could not be told ({reason}), end it there, too"


def _door(platform: str, section: Mapping[str, Any], place: str, grant: Grant | None = None) -> Any:
    """The network, as the config moves it, with a client that never shows what the grant holds."""
    from contextlib import asynccontextmanager

    from listen.http import Client, Secret
    from listen.login import Door

    @asynccontextmanager
    async def opened() -> Any:
        hidden = [Secret(value, platform) for value in (grant.secrets.values() if grant else ())]
        async with Client(_written().get("contact"), hidden) as client:
            yield Door(platform=platform, http=client, options=section, place=place)

    return opened()


def _written() -> Mapping[str, Any]:
    """The config as it is written; nothing of it has to be right yet but TOML."""
    from listen.config import default_path
    from listen.config.load import text_of

    path = settings().config or default_path()
    return text_of(path) if settings().config or path.is_file() else {}


def _section(platform: str) -> Mapping[str, Any]:
    platforms = _written().get("platforms", {})
    section = platforms.get(platform, {}) if isinstance(platforms, dict) else {}
    return section if isinstance(section, dict) else {}


def _remarks(platform: type[Platform[Any]], section: Mapping[str, Any], grant: Grant) -> list[str]:
    """What the user should know before they wonder: whether the login is used as the config is now."""
    from listen.config.logins import with_login

    named = {name: value for name, value in section.items() if value != "login"}
    if section.get("enabled") is False:
        return [f"[platforms.{platform.name}] is turned off in the config; take 'enabled = false' out to use it"]
    if with_login(platform, named, grant) == named:
        said = [name for name in platform.login.options if name in named] if platform.login else []
        if said:
            return [f"[platforms.{platform.name}] sets {said[0]} itself, which counts before the login"]
        return [
            f"[platforms.{platform.name}] of the config does not name {grant.place or 'it'}; add it there to use it"
        ]
    if platform.facts.needs == "url" and not section:
        return [f"add a section [platforms.{platform.name}] to the config to turn it on; the example has its options"]
    return []


def _until(grant: Grant) -> str:
    if grant.ends_at is None or grant.renews:
        return ", renews itself" if grant.renews else ""
    return f", until {grant.ends_at:%Y-%m-%d}"


def _kept_in(vault: Vault, grant: Grant, in_keyring: bool) -> str:
    return "the keyring" if in_keyring else str(vault.folder / f"{grant.platform}.json")


def _say(line: str) -> None:
    if not settings().quiet:
        click.echo(_clean(line), err=True)


def _clean(line: str) -> str:
    from listen.outputs.safe import safe_line

    return safe_line(line)
