"""Links, e-mail hosts and the servers in handles: places of a folded text whose words are no words of the post."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Without a scheme only these make a link (`amazon.de/dp`) or a handle's server (`@anna.bsky.social`) of what may
# as well be two words around a full stop.
_TLD = (
    "com org net de at ch eu uk us fr it es nl be dk se no fi pl cz li lu io co me tv fm gg ly gl to app dev info biz "
    "shop social online cafe space cloud site blog wiki news tech world zone chat art page link xyz jp br ca au edu gov"
)
_KNOWN = frozenset(_TLD.split())
_REST = r"""[^\s<>"“”„«»‘’\u3001-\u3003\u3008-\u3011\u3040-\u30ff\u3400-\u9fff]"""
_LINK = re.compile(
    rf"(?:https?://|\bwww\.){_REST}+|(?<![\w.@/-])(?:[\w-]++\.)++(?:{'|'.join(sorted(_KNOWN))})/{_REST}*"
)
_HOST = re.compile(r"(?<=\w)@[\w-]++(?:\.[\w-]++)++|(?<!\w)@[\w-]++((?:\.[\w-]++)++)")


def links(folded: str) -> Iterator[str]:
    """The links in a text."""
    return (link[0] for link in _LINK.finditer(folded))


def hidden(folded: str) -> list[tuple[int, int]]:
    """The stretches, in order, in which no word counts."""
    found = [link.span() for link in _LINK.finditer(folded)] if "/" in folded or "www." in folded else []
    if "@" in folded:
        found += [host.span(host.lastindex or 0) for host in _HOST.finditer(folded) if _is_server(host)]
        found.sort()
    return found


def host_of(link: str) -> str:
    """The host that a link leads to, in lower case, `xn--` spelled out; "" if there is none."""
    rest = link.partition("://")[2] or link
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].casefold().rstrip(".")
    if "xn--" not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def belongs_to(host: str, site: str) -> bool:
    """Whether the host is the site or a part of it: `www.amazon.de` is of `amazon.de`, `myamazon.de` is not."""
    return host == site or host.endswith("." + site)


def _is_server(host: re.Match[str]) -> bool:
    return host[1] is None or host[1].rpartition(".")[2] in _KNOWN
