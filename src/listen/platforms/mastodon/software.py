"""What software a server runs, by what it says of itself, and which of Mastodon's manners that software has.

https://docs.joinmastodon.org/entities/Instance/; Pleroma and those after it write `2.7.2 (compatible; Pleroma 2.6.0)`
as their version; Friendica and others a bare version of their own, so that nodeinfo is asked:
https://nodeinfo.diaspora.software/protocol
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

_COMPATIBLE = re.compile(r"\(compatible; ([^)]+)\)")
_NAMES = {"gotosocial": "GoToSocial", "takahe": "Takahē", "snac": "snac"}
# Seen in their code or on the wire. Pixelfed gives the newest page above `min_id` (ApiV1Controller::timelineHashtag).
_CLIMB = frozenset({"mastodon", "gotosocial", "takahē", "takahe", "pleroma", "akkoma", "friendica"})


class Feeds(msgspec.Struct, frozen=True):
    local: str = "public"
    remote: str = "public"


class Access(msgspec.Struct, frozen=True):
    hashtag_feeds: Feeds = Feeds()


class Urls(msgspec.Struct, frozen=True):
    streaming: str | None = None
    streaming_api: str | None = None  # as version 1 of the interface calls it


class Configuration(msgspec.Struct, frozen=True):
    urls: Urls = Urls()
    timelines_access: Access = Access()


class Instance(msgspec.Struct, frozen=True):
    """The server's description of itself, version 1 or 2 of the interface."""

    version: str = ""
    domain: str | None = None
    uri: str | None = None
    source_url: str | None = None
    urls: Urls = Urls()
    configuration: Configuration = Configuration()


class Link(msgspec.Struct, frozen=True):
    rel: str = ""
    href: str = ""


class Index(msgspec.Struct, frozen=True):
    """`/.well-known/nodeinfo`: where the description lies, a link for each version of the schema."""

    links: list[Link] = []

    @property
    def path(self) -> str | None:
        """The path of the newest version; it is asked for on the server itself, wherever the link leads."""
        found = sorted((link.rel, link.href) for link in self.links if "/ns/schema/" in link.rel)
        path = urlsplit(found[-1][1]).path if found else ""
        return path if path.startswith("/") else None


class Software(msgspec.Struct, frozen=True):
    name: str = ""
    version: str = ""

    @property
    def named(self) -> str | None:
        """`Friendica 2024.12`"""
        name = " ".join(self.name.split())[:50]
        if not name:
            return None
        return f"{_NAMES.get(name.lower(), name[:1].upper() + name[1:])} {' '.join(self.version.split())[:50]}".strip()


class Described(msgspec.Struct, frozen=True):
    software: Software = Software()


def software_of(instance: Instance) -> str | None:
    """`Mastodon 4.6.4`, `Pleroma 2.6.0`, `GoToSocial 0.19.1`; None if the description does not name it."""
    version = _version(instance)
    if not version:
        return None
    if compatible := _COMPATIBLE.search(version):
        return compatible[1]
    source = (instance.source_url or "").lower()
    if "gotosocial" in source:
        return f"GoToSocial {version}"
    if version[0].isdecimal():
        return f"Mastodon {version}" if "mastodon" in source else None
    return version


def unnamed(instance: Instance) -> str | None:
    """What to call a server that does not name its software at all: they have copied Mastodon."""
    version = _version(instance)
    return f"Mastodon {version}" if version else None


def climbs(software: str | None) -> bool:
    """Whether `min_id` gives the page right above an id. Those that say nothing are taken for Mastodon."""
    name = re.split(r"[\s/]", software.lower(), maxsplit=1)[0] if software else "mastodon"
    return name in _CLIMB


def _version(instance: Instance) -> str:
    return instance.version.strip()[:100]
