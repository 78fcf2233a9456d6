"""One real request per source, all at once, and what to do about each failure."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from listen.config import Config
from listen.errors import BadAnswer, Gone, OutOfQuota, PlatformError, RateLimited, Refused
from listen.http import Client
from listen.run import sources_of
from listen.source import Interest, Source
from listen.when import spoken

PATIENCE = 70.0  # seconds for one source; the client's own limits end sooner

_ADVICE: dict[type[PlatformError], str] = {
    RateLimited: "nothing is wrong; ask less often, or wait",
    OutOfQuota: "nothing is wrong; wait, or allow or buy more",
    Refused: "see that the token is right and may read; 'listen platforms' says what is needed",
    Gone: "see that the address is right; if it is, take it out of the config",
    BadAnswer: "see that the address is a server of this kind, and not a log-in page or a proxy",
}
_OTHERWISE = "see that this machine is online and the address is right; 'watch' keeps trying by itself"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one source answered; `refused` if it did not let us in."""

    platform: str
    source: str
    ok: bool
    said: str
    advice: str | None = None
    refused: bool = False


async def checked(config: Config, interest: Interest) -> list[Finding]:
    """A finding per source, in the order of the config's platforms."""
    async with Client(config.contact, config.secrets()) as client:
        sources: list[tuple[str, Source]] = [
            (platform, source) for platform, group in sources_of(config, interest, client).items() for source in group
        ]
        return list(await asyncio.gather(*(_finding(*source) for source in sources)))


async def _finding(platform: str, source: Source) -> Finding:
    told: dict[str, Any] = {"platform": platform, "source": source.name}
    try:
        async with asyncio.timeout(PATIENCE):
            return Finding(ok=True, said=await source.check(), **told)
    except TimeoutError:
        return Finding(ok=False, said=f"no answer within {PATIENCE:.0f} s", advice=_OTHERWISE, **told)
    except PlatformError as problem:
        again = f"; it asks for {spoken(problem.wait)}" if problem.wait else ""
        advice = _ADVICE.get(type(problem), _OTHERWISE)
        refused = isinstance(problem, Refused)
        return Finding(ok=False, said=f"{problem}{again}", advice=advice, refused=refused, **told)
