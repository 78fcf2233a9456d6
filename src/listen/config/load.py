"""Reading the config: every key is known, every value allowed, or the error says where and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from listen.config.keeping import retention
from listen.config.logins import filled, turns_on
from listen.config.places import default_path
from listen.config.saying import in_toml, no_such, said, toml_trouble
from listen.config.secrets import fetched
from listen.errors import ConfigError, QueryError
from listen.http import Secret
from listen.http.secret import redacted
from listen.judge import Sensitivity
from listen.judge.thresholds import LEAST_PRECISION, MOST_PRECISION
from listen.opinion.options import Llm, trouble_with
from listen.platforms import known
from listen.respect import Respect, Wishes
from listen.source import Options
from listen.watchlist import Topic, parse, parse_exclusion

JudgeKind = Literal["local", "semantic", "llm"]
_KEYS = (
    "topic",
    "platforms",
    "db",
    "contact",
    "keep",
    "authors_wishes",
    "exclude",
    "own_accounts",
    "judge",
    "sensitivity",
    "precision",
    "textblob",
    "llm",
)


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """What the user configured. `platforms` holds the options of those that are on, by name.

    `exclude` (queries) and `own_accounts` (authors) hold for every topic; those in `topics` have them already.
    `respect` is for the people whose posts are stored: how long, and whether they are if they would rather not.
    `llm` is what `[llm]` says if `judge` is "llm", and else None, whatever stands there.
    """

    path: Path | None = None
    topics: tuple[Topic, ...] = ()
    platforms: Mapping[str, Options] = {}
    db: str | None = None
    contact: str | None = None
    respect: Respect = Respect()
    exclude: tuple[str, ...] = ()
    own_accounts: tuple[str, ...] = ()
    judge: JudgeKind = "local"
    sensitivity: Sensitivity = "normal"
    precision: float | None = None
    textblob: bool = False
    llm: Llm | None = None

    def narrowed(self, topic: Topic) -> Topic:
        """The topic without what the user never wants to hear."""
        own = (topic.exclude,) if isinstance(topic.exclude, str) else topic.exclude or ()
        return msgspec.structs.replace(
            topic,
            exclude=(*own, *self.exclude) or None,
            exclude_authors=(*topic.exclude_authors, *self.own_accounts),
        )

    def secrets(self) -> tuple[Secret, ...]:
        """All secrets that the platforms and the model were given, to be kept out of every message."""
        given = (*self.platforms.values(), *((self.llm,) if self.llm else ()))
        return tuple(secret for options in given for secret in _secrets_in(options))


def load(path: Path | None) -> Config:
    """The config at `path`, or at the default path if there is one there; without any the open networks are on.

    Raises ConfigError.
    """
    if path is None and not default_path().is_file():
        return Config(platforms=_platforms({}, "config"))
    path = path or default_path()
    text = text_of(path)
    where = path.name
    _known_keys(text, _KEYS, where, "")
    judge: JudgeKind = _choice(text, "judge", JudgeKind, "local", where)
    config = Config(
        path=path,
        platforms=_platforms(_table(text.get("platforms", {}), where, "[platforms]"), where),
        db=_string(text, "db", where),
        contact=_string(text, "contact", where),
        exclude=_exclusions(text.get("exclude"), where),
        own_accounts=_accounts(text.get("own_accounts", []), where),
        judge=judge,
        sensitivity=_choice(text, "sensitivity", Sensitivity, "normal", where),
        precision=_precision(text, where),
        textblob=_choice(text, "textblob", Literal[False, True], False, where),
        llm=_llm(_table(text.get("llm", {}), where, "[llm]"), where, wanted=judge == "llm"),
    )
    topics = _topics(text.get("topic", []), where)
    respect = Respect(
        _choice(text, "authors_wishes", Wishes, "respect", where),
        retention(_string(text, "keep", where), topics, text.get("platforms", {}), where),
    )
    return msgspec.structs.replace(config, topics=tuple(config.narrowed(topic) for topic in topics), respect=respect)


def text_of(path: Path) -> dict[str, Any]:
    import tomli

    try:
        return tomli.loads(path.read_text(encoding="utf-8-sig"))  # Windows' editors write a mark before it
    except FileNotFoundError as problem:
        raise ConfigError(f"{path}: there is no such file; 'listen init' writes one") from problem
    except UnicodeDecodeError as problem:
        raise ConfigError(f"{path}: is not UTF-8; save it as UTF-8 text") from problem
    except OSError as problem:
        raise ConfigError(f"{path}: cannot be read: {(problem.strerror or str(problem)).lower()}") from problem
    except tomli.TOMLDecodeError as problem:
        raise ConfigError(f"{path.name}: is not TOML: {toml_trouble(str(problem))}") from problem


def _topics(tables: object, where: str) -> tuple[Topic, ...]:
    if not isinstance(tables, list):
        raise ConfigError(f"{where}: topics are written [[topic]], with two brackets")
    topics = tuple(_topic(table, f"[[topic]] {number}", where) for number, table in enumerate(tables, 1))
    names = [topic.name for topic in topics]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{where}: two topics are called {name!r}; give each a name of its own")
    return topics


def _topic(table: object, place: str, where: str) -> Topic:
    keys = _table(table, where, place)
    _known_keys(keys, Topic.__struct_fields__, where, place)
    topic: Topic = _converted(keys, Topic, where, place)
    try:
        parse(topic.query)
        for exclusion in (topic.exclude,) if isinstance(topic.exclude, str) else topic.exclude or ():
            parse_exclusion(exclusion)
    except QueryError as problem:
        raise ConfigError(f"{where}: {place} {topic.name!r}: {problem}") from problem
    return topic


def _exclusions(value: object, where: str) -> tuple[str, ...]:
    """Queries that hold for every topic: one, or a list of them."""
    queries = _texts([value] if isinstance(value, str) else value or [], "exclude", where)
    for query in queries:
        try:
            parse_exclusion(query)
        except QueryError as problem:
            raise ConfigError(f"{where}: exclude: {problem}") from problem
    return queries


def _accounts(value: object, where: str) -> tuple[str, ...]:
    accounts = _texts(value, "own_accounts", where)
    if not all(account.strip(" @") for account in accounts):
        raise ConfigError(f"{where}: own_accounts: expected names like 'our_shop' or '@shop@example.social', got ''")
    return accounts


def _texts(value: object, name: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ConfigError(f"{where}: {name}: expected a list of texts in quotes, got {value!r}")
    return tuple(value)


def _platforms(tables: Mapping[str, Any], where: str) -> dict[str, Options]:
    """The options of every platform that is on: those with a section or a login, and those that need nothing."""
    _known_keys(tables, known(), where, "[platforms]")
    chosen = {}
    for name, platform in known().items():
        place = f"[platforms.{name}]"
        keys = _table(tables.get(name, {}), where, place)
        _known_keys(keys, platform.options.__struct_fields__, where, place)
        if keys.get("enabled", name in tables or platform.facts.needs is None or turns_on(platform)) is False:
            continue
        chosen[name] = _converted(filled(platform, keys, f"{where}: {place}"), platform.options, where, place)
    return chosen


def _llm(keys: Mapping[str, Any], where: str, *, wanted: bool) -> Llm | None:
    """The options of `[llm]`, read in any case; its secret is fetched only if the model is to be asked."""
    _known_keys(keys, Llm.__struct_fields__, where, "[llm]")
    needed = {"url": "http://127.0.0.1:11434/v1", "model": "the name of a model there"}
    for name, like in needed.items():
        if wanted and name not in keys:
            raise ConfigError(f'{where}: judge = "llm" needs {name!r} in [llm], as in {name} = {like!r}')
    told = {**needed, **(keys if wanted else {name: value for name, value in keys.items() if name != "key"})}
    options: Llm = _converted(told, Llm, where, "[llm]")
    trouble = trouble_with(options.url)
    if trouble:
        raise ConfigError(f"{where}: [llm] url: {redacted(options.url)!r} {trouble}")
    return options if wanted else None


def _choice(keys: Mapping[str, Any], name: str, allowed: Any, otherwise: object, where: str) -> Any:
    value = keys.get(name, otherwise)
    if value not in get_args(allowed):
        raise ConfigError(
            f"{where}: {name}: there is no {value!r}; it may be {', '.join(map(in_toml, get_args(allowed)))}"
        )
    return value


def _precision(keys: Mapping[str, Any], where: str) -> float | None:
    value = keys.get("precision")
    known = value is None or (isinstance(value, float) and LEAST_PRECISION <= value <= MOST_PRECISION)
    if not known:
        raise ConfigError(f"{where}: precision: {value!r} is not a number from {LEAST_PRECISION} to {MOST_PRECISION}")
    return value


def _converted(keys: Mapping[str, Any], shape: type[Any], where: str, place: str) -> Any:
    def secret(kind: type, value: object) -> object:
        if isinstance(value, Secret):
            return value
        if kind is Secret and isinstance(value, str):
            return fetched(value, place)
        raise TypeError(f"expected text, got {type(value).__name__}")

    try:
        return msgspec.convert(keys, shape, dec_hook=secret)
    except msgspec.ValidationError as problem:
        raise ConfigError(f"{where}: {place} {said(problem, shape)}") from problem


def _known_keys(keys: Mapping[str, Any], allowed: Collection[str], where: str, place: str) -> None:
    for key in keys:
        if key not in allowed:
            kind = {"": "is no key", "[platforms]": "knows no platform"}.get(place, "has no option")
            raise ConfigError(f"{where}: {place or 'there'} {no_such(kind, key, sorted(allowed))}")


def _table(value: object, where: str, place: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{where}: {place} is not a table; write its options on lines of their own below it")
    return value


def _string(keys: Mapping[str, Any], name: str, where: str) -> str | None:
    value = keys.get(name)
    if value is not None and not isinstance(value, str):
        raise ConfigError(f"{where}: {name}: expected text in quotes, got {value!r}")
    return value


def _secrets_in(options: Options | Llm) -> list[Secret]:
    return list(_secrets_within(options))


def _secrets_within(value: object) -> Iterator[Secret]:
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _secrets_within(getattr(value, name))
    elif isinstance(value, Mapping | list | tuple):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _secrets_within(inner)
