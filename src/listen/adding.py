"""What can be heard at an address, and the changes of the config that make it heard."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec

from listen.config.editing import Change
from listen.errors import BadAnswer, PlatformError, UsageError
from listen.http import Client
from listen.http.secret import redacted
from listen.http.wire import host_of
from listen.platforms import known
from listen.visit import Offer, Visit, visited


class Found(msgspec.Struct, frozen=True):
    """What networks offer at one address: `main` offers, the best first, and feeds that hold `comments` alone."""

    main: tuple[Offer, ...]
    comments: tuple[Offer, ...]


def web_address(given: str) -> str:
    """`blog.example` as `https://blog.example`. Raises UsageError for what is no address of the web."""
    scheme, mark, rest = given.strip().partition("://")
    address = f"https://{scheme}" if not mark else f"https://{rest}" if scheme.lower() == "feed" else given.strip()
    if not address.lower().startswith(("http://", "https://")) or " " in address or not address.partition("://")[2]:
        raise UsageError(f"{given!r} is not an address of the web; write https://blog.example")
    return address


async def found_at(address: str, contact: str | None = None, only: str | None = None) -> Found:
    """What there is to hear at the address, of the network `only` if one is named. Raises UsageError, PlatformError."""
    if only is not None and only not in known():
        raise UsageError(f"there is no platform {only!r}; there are {', '.join(known())}")
    async with Client(contact) as client:
        visit = await visited(address, client)
        offers = await _offers(visit, [name for name in known() if only in (None, name)])
    if not offers:
        about = f" for {only}" if only else ""
        raise visit.problem or BadAnswer(
            f"{host_of(address)} offers nothing{about} to listen to that we know of; "
            "if there is a feed, give the address of the feed itself"
        )
    main = tuple(offer for offer in offers if offer.comments != "apart")
    return Found(main or offers, tuple(offer for offer in offers if main and offer.comments == "apart"))


async def _offers(visit: Visit, names: Sequence[str]) -> tuple[Offer, ...]:
    """Of all networks; one that fails has none. A network's own way goes before a feed of it."""

    async def of(name: str) -> Sequence[Offer]:
        try:
            return await known()[name].offers(visit)
        except PlatformError:
            return ()

    told = [offer for offers in await asyncio.gather(*map(of, names)) for offer in offers]
    return tuple(dict.fromkeys(sorted(told, key=lambda offer: offer.a_feed)))


def changes_for(chosen: Sequence[Offer], found: Found, *, comments: bool | None) -> list[Change]:
    """What has to stand in the config. `comments` is what the user wants; None leaves it to what is there."""
    changes = []
    for offer in chosen:
        changes.append(_change(offer, offer.option))
        if offer.comments == "within" and comments is not None:
            changes.append(_change(offer, "without_comments", there=not comments))
    heard = comments is not False and any(offer.a_feed and offer.comments == "none" for offer in chosen)
    changes += [_change(offer, offer.option) for offer in found.comments if heard and offer not in chosen]
    return changes


def shown(offer: Offer) -> str:
    """The offer in a line, without its secrets."""
    return f"{offer.platform}: {redacted(offer.value)} ({offer.about})"


def needs_of(platform: str) -> str | None:
    """What has to be had before it can be heard, beside addresses."""
    needs = known()[platform].facts.needs
    return None if needs in (None, "url") else f"{platform} needs {'a key' if needs == 'key' else 'an approved app'}"


def _change(offer: Offer, option: str, *, there: bool = True) -> Change:
    fields: Any = {field.name: field for field in msgspec.structs.fields(known()[offer.platform].options)}
    default = fields[option].default
    held = tuple(default) if isinstance(default, tuple) else ()
    return Change(platform=offer.platform, option=option, value=offer.value, default=held, there=there)
