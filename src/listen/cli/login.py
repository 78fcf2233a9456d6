"""`listen login`: the key of a network, step by step."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

import click

from listen.cli.options import command as listen_command
from listen.cli.options import settings
from listen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from listen.login import Grant, Question, Vault
    from listen.source import Platform

EPILOG = """\b
Keys are typed without an echo, or read from stdin, a line for each question; never from the command line:
  listen login mastodon troet.cafe
  pass show x/bearer | listen login x
They are kept in listen/logins of the XDG data directory, readable by you alone, or with --keyring in the system's
keyring. What the config says itself counts before them.
"""


@listen_command("login", epilog=EPILOG)
@click.argument("platform", metavar="[PLATFORM]", required=False)
@click.argument("place", metavar="[PLACE]", required=False, default="")
@click.option("--check", "checking", is_flag=True, help="Try what is stored, by one real request each.")
@click.option("--remove", "removing", is_flag=True, help="Forget what is stored, of PLACE or of all places.")
@click.option("--keyring", "in_keyring", is_flag=True, help="Keep the secrets in the system's keyring.")
def command(platform: str | None, place: str, checking: bool, removing: bool, in_keyring: bool) -> int:
    """Log in to a network: it tells how to come by the key, tries it, and stores it outside of the config.

    PLACE is the server, account or page, where a network has several. Without PLATFORM all logins are listed.
    """
    from listen.login import Vault
    from listen.platforms import known

    vault = Vault()
    if platform is None:
        return _checked(vault, vault.platforms()) if checking else _listed(vault)
    if platform not in known():
        from listen.config.saying import no_such

        raise UsageError(no_such("there is no platform", platform, sorted(known())))
    if removing:
        return _removed(vault, platform, place)
    if checking:
        return _checked(vault, [platform], place)
    _made(vault, known()[platform], place.strip().lower(), in_keyring)
    return 0


def _made(vault: Vault, platform: type[Platform[Any]], place: str, in_keyring: bool) -> None:
    import msgspec

    if platform.login is None:
        needs = "nothing" if platform.facts.needs is None else "no key that could be stored for it"
        raise UsageError(f"{platform.name} has no login; it needs {needs}, says 'listen platforms'")
    talk = _Terminal() if sys.stdin is not None and sys.stdin.isatty() else _Lines()
    if talk.patient:
        for number, step in enumerate(platform.login.steps, 1):
            talk.tell(f"{number}. {step}")
    section = _section(platform.name)
    grant: Grant = asyncio.run(_logged_in(platform, section, place, talk))
    vault.keep(msgspec.structs.replace(grant, in_keyring=in_keyring))
    _say(f"{platform.name}: logged in as {grant.account}{_until(grant)}; kept in {_kept_in(vault, grant, in_keyring)}")
    for line in _remarks(platform, section, grant, vault):
        _say(line)


async def _logged_in(platform: type[Platform[Any]], section: Mapping[str, Any], place: str, talk: Any) -> Grant:
    async with _door(platform.name, section, place) as door:
        assert platform.login is not None
        return await platform.login.made(door, talk)


def _listed(vault: Vault) -> int:
    from listen.platforms import known

    for name, platform in known().items():
        grants = vault.known(name) if platform.login else []
        for grant in grants:
            click.echo(_clean(f"{name:<12}  {grant.account}{_until(grant)}"))
        if platform.login and not grants:
            click.echo(f"{name:<12}  not logged in")
    return 0


def _checked(vault: Vault, platforms: list[str], place: str = "") -> int:
    """Each login tried; the exit code says whether all, some or none of them are good."""
    from listen.errors import PlatformError, Refused
    from listen.platforms import known

    worked, problems = 0, []
    for name in platforms:
        for grant in vault.grants(name) if name in known() else []:
            if not place or grant.place == place:
                try:
                    seen = asyncio.run(_tried(vault, known()[name], grant))
                    worked += 1
                    click.echo(f"{click.style('ok    ', fg='green')}  {_clean(f'{name}: {seen}')}")
                except PlatformError as problem:
                    problems.append(problem)
                    mark = click.style("failed", fg="red", bold=True)
                    click.echo(f"{mark}  {_clean(f'{name}: {grant.account}: {problem}')}")
                    click.echo(f"        '{grant.command}' makes a new one")
    if not worked and not problems:
        raise UsageError(f"nobody has logged in{f' to {platforms[0]}' if len(platforms) == 1 else ''} yet")
    if problems and not worked:
        return 4 if all(isinstance(problem, Refused) for problem in problems) else 1
    return 5 if problems else 0


async def _tried(vault: Vault, platform: type[Platform[Any]], grant: Grant) -> str:
    """What one real request says; a grant that can be renewed is, if it has to be, and kept."""
    from listen.errors import Refused, Unacceptable

    section, login = _section(platform.name), platform.login
    assert login is not None
    async with _door(platform.name, section, grant.place, grant) as door:
        try:
            seen = await login.tried(door, grant)
        except (Refused, Unacceptable):
            async with vault.alone(platform.name) as keep:
                fresh = await login.renewed(door, grant)
                if fresh is None:
                    raise
                keep(fresh)
            seen = await login.tried(door, fresh)
    return f"{seen.account}{_until(grant)}"


def _removed(vault: Vault, platform: str, place: str) -> int:
    count = vault.remove(platform, place or None)
    if not count:
        raise UsageError(f"nobody has logged in to {platform}{f' {place}' if place else ''}")
    _say(f"{platform}: {'the login is' if count == 1 else f'{count} logins are'} forgotten here; end it there, too")
    return 0


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


def _remarks(platform: type[Platform[Any]], section: Mapping[str, Any], grant: Grant, vault: Vault) -> list[str]:
    """What the user should know before they wonder: whether the login is used as the config is now."""
    from listen.config.logins import with_logins

    named = {name: value for name, value in section.items() if value != "login"}
    if section.get("enabled") is False:
        return [f"[platforms.{platform.name}] is turned off in the config; take 'enabled = false' out to use it"]
    if with_logins(platform, named, vault) == named:
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


class _Terminal:
    """Somebody sits there: questions on stderr, secrets without an echo."""

    patient = True

    def tell(self, text: str) -> None:
        click.echo(text, err=True)

    def ask(self, question: Question) -> str:
        import signal

        # asyncio takes the first Ctrl-C for itself, and would wait for this answer before it ends.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            told: Any = click.prompt(question.words, hide_input=question.secret, err=True)
        finally:
            signal.signal(signal.SIGINT, before)
        return str(told)


class _Lines:
    """A script gives the answers, a line each."""

    patient = False

    def tell(self, text: str) -> None:
        """Nobody reads it."""

    def ask(self, question: Question) -> str:
        line = sys.stdin.readline() if sys.stdin is not None else ""
        if not line.strip():
            raise UsageError(f"stdin has no line for {question.words!r}; on a terminal it is asked for")
        return line
