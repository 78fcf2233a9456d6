"""One real request per source, all at once, and what to do about each failure."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

import msgspec

from listen.config import Config
from listen.errors import BadAnswer, Gone, OutOfQuota, PlatformError, RateLimited, Refused
from listen.http import Client
from listen.http.spending import Ledger
from listen.login import Vault
from listen.opinion.trying import tried
from listen.run import sources_of
from listen.source import Interest, Source
from listen.when import now, spoken

PATIENCE = 70.0  # seconds for one source; the client's own limits end sooner

Advices = Mapping[type[PlatformError], str]  # the first that fits

_ADVICE: Advices = {
    RateLimited: "nothing is wrong; ask less often, or wait",
    OutOfQuota: "nothing is wrong; wait, or allow or buy more",
    Refused: "see that the token is right and may read; 'listen platforms' says what is needed",
    Gone: "see that the address is right; if it is, take it out of the config",
    BadAnswer: "see that the address is a server of this kind, and not a log-in page or a proxy",
    PlatformError: "see that this machine is online and the address is right; 'watch' keeps trying by itself",
}
_MODEL_ADVICE: Advices = {
    RateLimited: "nothing is wrong; lower requests_per_minute in [llm], or wait",
    Refused: "see that key in [llm] is there and right",
    Gone: "see that url in [llm] ends as the server's manual says (mostly /v1), and that the server has the model",
    BadAnswer: "see that url in [llm] is an OpenAI-compatible server; if it is, take a model that keeps to a schema",
    PlatformError: "see that the server runs and url in [llm] is right; a first answer takes long while the model is "
    "being loaded: try again, or raise timeout_seconds",
}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one source answered; `refused` if it did not let us in, `note` if it is only to be known."""

    platform: str
    source: str
    ok: bool
    said: str
    advice: str | None = None
    refused: bool = False
    note: bool = False


async def checked(config: Config, interest: Interest, accounts: Ledger | None = None) -> list[Finding]:
    """A finding per source, in the order of the config's platforms, and one about the model if one is to be asked.

    `accounts` remember what the requests cost, where they cost something.
    """
    async with Client(config.contact, config.secrets()) as client:
        sources: list[tuple[str, Source]] = [
            (platform, source)
            for platform, group in _sources(config, interest, client, accounts).items()
            for source in group
        ]
        asked = [_finding(platform, source.name, source.check(), _ADVICE) for platform, source in sources]
        if config.llm is not None:
            asked.append(_finding("llm", config.llm.model, tried(config.llm), _MODEL_ADVICE))
        return [*await asyncio.gather(*asked), *_logins(config)]


def _sources(
    config: Config, interest: Interest, client: Client, accounts: Ledger | None
) -> Mapping[str, Sequence[Source]]:
    """None at all are fine if there is a model to try, as `replay` needs no network. Raises as `sources_of`."""
    if config.llm is not None and not config.platforms:
        return {}
    return sources_of(config, interest, client, accounts=accounts)


def _logins(config: Config) -> list[Finding]:
    """What there is to say about logins that end; those that fail are seen by their sources."""
    told = (line.split(": ", 1) for line in Vault().warnings(now(), config.platforms))
    return [Finding(platform=platform, source="login", ok=True, note=True, said=said) for platform, said in told]


def counts(config: Config) -> bool:
    """Whether a request may cost something that is counted in the store."""
    return any(options.counted for options in config.platforms.values())


async def _finding(platform: str, source: str, asking: Awaitable[str], advices: Advices) -> Finding:
    told: dict[str, Any] = {"platform": platform, "source": source}
    try:
        async with asyncio.timeout(PATIENCE):
            return Finding(ok=True, said=await asking, **told)
    except TimeoutError:
        return Finding(ok=False, said=f"no answer within {PATIENCE:.0f} s", advice=advices[PlatformError], **told)
    except PlatformError as problem:
        again = f"; it asks for {spoken(problem.wait)}" if problem.wait else ""
        # What says itself what to do needs no advice.
        advice = None if problem.advised else next(what for kind, what in advices.items() if isinstance(problem, kind))
        refused = isinstance(problem, Refused)
        return Finding(ok=False, said=f"{problem}{again}", advice=advice, refused=refused, **told)
