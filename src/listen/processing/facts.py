"""The facts of the record: which networks and servers, which topics, for how long, and who else gets anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from listen.config import Config
from listen.opinion.options import is_loopback
from listen.source import Options

_ADDRESSES = frozenset({"servers", "hosts", "relays", "instances"})  # options whose hosts may come without a scheme

# Where who runs a server says that they are. Of all others only whoever uses `listen` can find out.
_COUNTRIES = {
    "bsky.network": "US",
    "bsky.app": "US",
    "hacker-news.firebaseio.com": "US",
    "news.google.com": "US",
    "mastodon.social": "DE",
    "troet.cafe": "DE",
    "chaos.social": "DE",
}


class Host(msgspec.Struct, frozen=True):
    """A server that is asked; `country` is where its operator says to be, if known, `here` if it is this machine."""

    platform: str
    host: str
    country: str | None
    here: bool


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What the store holds just now; None if there is no store yet."""

    mentions: int
    withheld: int
    forgotten: int
    mode: str | None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the record tells. Times to keep are days; None is for ever."""

    made: datetime
    contact: str | None
    topics: tuple[tuple[str, str], ...]
    hosts: tuple[Host, ...]
    model: tuple[str, str, bool] | None
    keep: int | None
    keep_topics: Mapping[str, int | None]
    keep_platforms: Mapping[str, int]
    wishes: str
    place: str
    stored: Stored | None


def facts_of(config: Config, place: str, stored: Stored | None, now: datetime) -> Facts:
    """The record of this config, with its store at `place`."""
    retention = config.respect.retention
    return Facts(
        made=now,
        contact=config.contact,
        topics=tuple((topic.name, topic.role) for topic in config.topics),
        hosts=tuple(_hosts(config.platforms)),
        model=_model(config),
        keep=_days(retention.keep),
        keep_topics={topic: _days(keep) for topic, keep in retention.topics.items()},
        keep_platforms={name: bound.days for name, bound in retention.platforms.items()},
        wishes=config.respect.wishes,
        place=place,
        stored=stored,
    )


def _model(config: Config) -> tuple[str, str, bool] | None:
    """Host and name of the model that is asked, and whether it runs on this machine."""
    if config.llm is None:
        return None
    host = urlsplit(config.llm.url).hostname or ""
    return host, config.llm.model, is_loopback(host)


def _hosts(platforms: Mapping[str, Options]) -> Iterator[Host]:
    for name, options in platforms.items():
        for host in dict.fromkeys(_named(options)):
            yield Host(name, host, _country(host), is_loopback(host))


def _named(options: Options) -> Iterator[str]:
    """The hosts in a platform's options. Google News is left out unless it is turned on."""
    for field in options.__struct_fields__:
        value = getattr(options, field)
        if field.startswith("news") and not getattr(options, "news", True):
            continue
        for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
            if isinstance(text, str) and ("://" in text or field in _ADDRESSES):
                yield urlsplit(text if "://" in text else f"//{text}").hostname or text


def _country(host: str) -> str | None:
    return next((country for end, country in _COUNTRIES.items() if host == end or host.endswith(f".{end}")), None)


def _days(keep: timedelta | None) -> int | None:
    return None if keep is None else max(1, round(keep / timedelta(days=1)))
