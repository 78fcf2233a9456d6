"""The record as Markdown, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from listen.processing.facts import Facts, Host
from listen.processing.words import ENGLISH, GERMAN

LANGUAGES = ("en", "de")


def markdown(facts: Facts, lang: str) -> str:
    """The whole record; `lang` is one of LANGUAGES."""
    say = {"en": ENGLISH, "de": GERMAN}[lang]
    lines = [f"# {say['title']}", "", say["made"].format(facts.made.date().isoformat())]
    for name, part in _PARTS.items():
        lines += ["", f"## {say[name]}", "", *(f"- {line}" for line in part(facts, say))]
    return "\n".join(lines) + "\n"


_Say = Mapping[str, str]


def _controller(facts: Facts, say: _Say) -> Iterator[str]:
    if facts.contact:
        yield say["contact"].format(_quoted(facts.contact))
    yield say["name" if facts.contact else "no contact"]


def _purposes(facts: Facts, say: _Say) -> Iterator[str]:
    roles = {role for _, role in facts.topics} or {"own"}
    if "own" in roles:
        yield say["purpose care"]
    if roles - {"own"}:
        yield say["purpose market"]
    if facts.topics:
        yield say["topics"].format(", ".join(f"{_quoted(name)} ({role})" for name, role in facts.topics))
    yield say["basis"]


def _subjects(_: Facts, say: _Say) -> Iterator[str]:
    yield from (say["authors"], say["staff"])


def _data(facts: Facts, say: _Say) -> Iterator[str]:
    yield from (say[f"data {name}"] for name in ("post", "author", "verdict", "care", "special"))
    yield say["data not"].format(say[f"wishes {facts.wishes}"])


def _recipients(facts: Facts, say: _Say) -> Iterator[str]:
    if facts.model is None:
        yield say["recipients none"]
    else:
        host, model, here = facts.model
        yield say["model here" if here else "model"].format(_quoted(host), _quoted(model))
        yield say["recipients exports"]
    if facts.hosts:
        yield f"{say['networks']} {', '.join(sorted({host.platform for host in facts.hosts}))}."


def _transfers(facts: Facts, say: _Say) -> Iterator[str]:
    yield say["transfers text" if facts.hosts else "transfers none"]
    for host in facts.hosts:
        yield f"{host.platform}, {_quoted(host.host)}: {_country(host, say)}"


def _country(host: Host, say: _Say) -> str:
    return say["here"] if host.here else say[host.country or "unknown"]


def _retention(facts: Facts, say: _Say) -> Iterator[str]:
    yield say["keep"].format(_days(facts.keep, say)) if facts.keep is not None else say["keep for ever"]
    for topic, keep in facts.keep_topics.items():
        limited = say["keep topic"].format(_quoted(topic), _days(keep, say)) if keep is not None else None
        yield limited or say["keep topic for ever"].format(_quoted(topic))
    for platform, bound in facts.keep_platforms.items():
        yield say["keep platform"].format(platform, _days(bound, say))
    if facts.keep_topics or facts.keep_platforms:
        yield say["keep which"]
    yield from (say["keep early"], say["keep hashes"])


def _security(facts: Facts, say: _Say) -> Iterator[str]:
    mode = None if facts.stored is None else facts.stored.mode
    if mode is not None and int(mode, 8) & 0o077:
        yield say["file open"].format(_quoted(facts.place), mode)
    else:
        yield say["file"].format(_quoted(facts.place), say["mode"].format(mode) if mode else "")
    yield from (say["erased"], say["sent"])
    remote = facts.model is not None and not facts.model[2]
    yield say["judged"].format(say["judged too"] if remote else "")
    yield from (say["pseudonyms"], say["disk"])


def _now(facts: Facts, say: _Say) -> Iterator[str]:
    stored = facts.stored
    if stored is None:
        yield say["no store"]
    else:
        yield say["held"].format(stored.mentions, stored.withheld, stored.forgotten)


def _days(days: int | None, say: _Say) -> str:
    return say["days"].format(days)


def _quoted(text: str) -> str:
    """As Markdown shows it letter by letter; no name of a topic makes a heading."""
    return f"`{' '.join(text.split()).replace('`', chr(39))}`"


_PARTS = {
    "controller": _controller,
    "purposes": _purposes,
    "subjects": _subjects,
    "data": _data,
    "recipients": _recipients,
    "transfers": _transfers,
    "retention": _retention,
    "security": _security,
    "now": _now,
}
