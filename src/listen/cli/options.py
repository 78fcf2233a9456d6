"""Options that mean the same in every command."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from listen.judge import Sensitivity
    from listen.selection import Selection

F = TypeVar("F", bound=Callable[..., Any])

FLAGS = ("complaint", "opportunity", "praise", "none")
URGENCIES = ("low", "medium", "high")
STATUSES = ("open", "pending", "answered", "not-relevant", "done")


class Settings:
    """What the common options say, before or after the command's name."""

    def __init__(self) -> None:
        self.config: Path | None = None
        self.db: str | None = None
        self.quiet = False
        self.verbose = False
        self.no_color = False
        self.sensitivity: Sensitivity | None = None
        self.precision: float | None = None


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value and param.name:
        setattr(ctx.ensure_object(Settings), param.name, _path(value) if param.name == "config" else value)
        if param.name == "no_color":
            ctx.color = False


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:  # noqa: ARG001  click's signature
    """Says to a shell that completes a command line that names of files stand here."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def _setting(*names: str, **options: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_remember, **options)


COMMON = (
    _setting(
        "-c",
        "--config",
        metavar="FILE",
        shell_complete=files,
        help="Config.  [default: listen/config.toml in the XDG config directory]",
    ),
    _setting(
        "--db",
        metavar="PATH",
        shell_complete=files,
        help="Store.  [default: listen/listen.db in the XDG data directory]",
    ),
    _setting("-q", "--quiet", is_flag=True, help="Say nothing but results and errors."),
    _setting("-v", "--verbose", is_flag=True, help="Say more about what happens."),
    _setting("--no-color", is_flag=True, help="No colours; NO_COLOR=1 does the same."),
)


JUDGING = (
    _setting(
        "--sensitivity", type=click.Choice(["high", "normal", "low"]), help="How readily to flag; as in the config."
    ),
    _setting(
        "--precision",
        metavar="SHARE",
        type=click.FloatRange(0.5, 0.95),
        help="Instead: which share of the flags should be right, 0.5 to 0.95.",
    ),
)


class Group(click.Group):
    """Commands; for one that does not exist the nearest is named."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not (args[0] in self.list_commands(ctx) or args[0].startswith("-") or ctx.resilient_parsing):
            from difflib import get_close_matches

            from listen.errors import UsageError

            near = get_close_matches(args[0], self.list_commands(ctx), n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"'{ctx.command_path} --help' shows what there is"
            raise UsageError(f"there is no command {args[0]!r}; {advice}")
        return super().resolve_command(ctx, args)


def _path(value: object) -> Path:
    from pathlib import Path

    return Path(str(value)).expanduser()


def settings() -> Settings:
    """What the common options of the running command say."""
    return click.get_current_context().ensure_object(Settings)


def login() -> str | None:
    """The name by which the system knows who is sitting here."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container without a user list
        return None


class Names(click.ParamType[tuple[str, ...]]):
    """One or more names, separated by commas; with `choices` only those, and case does not matter if it is `folded`."""

    name = "names"

    def __init__(self, choices: tuple[str, ...] = (), *, folded: bool = False) -> None:
        self.choices = choices
        self.folded = folded

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        text = str(value).lower() if self.folded else str(value)
        names = tuple(name.strip() for name in text.split(",") if name.strip())
        for name in names:
            if self.choices and name not in self.choices:
                self.fail(f"{name!r} is none of {', '.join(self.choices)}.", param, ctx)
        return names

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002  click's signature
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem[str]]:
        """The choices that the last of the names may become."""
        from click.shell_completion import CompletionItem

        before, comma, name = incomplete.rpartition(",")
        rest = [choice for choice in self.choices if choice.startswith(name) and choice not in before.split(",")]
        return [CompletionItem(f"{before}{comma}{choice}") for choice in rest]


def _refuse_no_codes(langs: tuple[str, ...]) -> None:
    """`deutsch` would select nothing, without a word."""
    from listen.errors import UsageError

    for lang in langs:
        if not re.fullmatch("[a-z]{2,3}", lang):
            raise UsageError(f"--lang: {lang!r} is not the code of a language; write de, en ...")


def _selection(kwargs: dict[str, Any]) -> Selection:
    """What the filters say; they are taken out of a command's arguments."""
    from listen.selection import Selection
    from listen.when import moment, now

    here = now()
    since, until, langs = (kwargs.pop(key) for key in ("since", "until", "lang"))
    _refuse_no_codes(langs)
    return Selection(
        since=moment(since, here) if since is not None else None,
        until=moment(until, here) if until is not None else None,
        only=kwargs.pop("only"),
        platforms=kwargs.pop("platform"),
        topics=kwargs.pop("topic"),
        langs=langs,
        min_urgency=kwargs.pop("min_urgency"),
        statuses=kwargs.pop("status"),
        limit=kwargs.pop("limit"),
    )


def selecting(command: F) -> Callable[..., Any]:
    """Add the filters; the command gets them as one `selection`."""

    @wraps(command)
    def selected(*args: Any, **kwargs: Any) -> Any:
        return command(*args, selection=_selection(kwargs), **kwargs)

    decorated: Any = selected
    for option in reversed(
        (
            click.option("--since", metavar="WHEN", help="Posted since: 2h, 3d, yesterday, 2026-11-01."),
            click.option("--until", metavar="WHEN", help="Posted before."),
            click.option("--only", metavar="FLAGS", default=(), type=Names(FLAGS), help=f"Of {', '.join(FLAGS)}."),
            click.option("--platform", metavar="NAMES", default=(), type=Names(), help="Only these networks."),
            click.option("--topic", metavar="NAMES", default=(), type=Names(), help="Only these topics."),
            click.option(
                "--lang", metavar="CODES", default=(), type=Names(folded=True), help="Only these languages: de,en."
            ),
            click.option("--min-urgency", default="low", type=click.Choice(URGENCIES), help="At least so urgent."),
            click.option("--status", metavar="NAMES", default=(), type=Names(STATUSES), help=", ".join(STATUSES) + "."),
            click.option("--limit", metavar="N", type=click.IntRange(min=1), help="At most so many mentions."),
        )
    ):
        decorated = option(decorated)
    return decorated  # type: ignore[no-any-return]


def command(name: str, *, judges: bool = False, **options: Any) -> Callable[[Callable[..., Any]], click.Command]:
    """A command with the common options after its own; one that `judges` has those of the judge as well."""
    make: Callable[[Callable[..., Any]], click.Command] = click.command(name, **options)

    def made(function: Callable[..., Any]) -> click.Command:
        whole = make(function)
        whole.params.extend((*JUDGING, *COMMON) if judges else COMMON)
        return whole

    return made
