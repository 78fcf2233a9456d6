"""`listen eval`: how good the judge is on texts that somebody has labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from listen.cli.options import FLAGS, files
from listen.cli.options import command as listen_command

if TYPE_CHECKING:
    from listen.figures import Figures, FlagFigures
    from listen.measuring import Error, Measured

LANGUAGES = 6  # that are shown; --json has all
EPILOG = """\
FILE is CSV in UTF-8 with the columns text and label (complaint, opportunity, praise or none), and if you like lang,
role (own, competitor, market) and rating (1 to 5). With --binary the label may also be 'other'.

\b
Examples:
  listen eval labelled.csv
  listen eval labelled.csv --binary complaint --errors 30
  listen eval labelled.csv --untaught --json
"""


@listen_command("eval", judges=True, epilog=EPILOG)
@click.argument("file", metavar="FILE", shell_complete=files)
@click.option("--binary", type=click.Choice(FLAGS[:3]), help="Judge this flag against all the rest.")
@click.option("--errors", type=click.IntRange(min=0), metavar="N", help="Show the N worst errors.  [default: 10]")
@click.option("--untaught", is_flag=True, help="Measure the judge as it was shipped, without what it was taught.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(file: str, binary: str | None, errors: int | None, untaught: bool, as_json: bool) -> None:
    """Measure the judge on the labelled texts of FILE (- is stdin): precision, recall, F1 and AUC of each flag."""
    import msgspec

    from listen.cli.setting_up import configured, judge_for
    from listen.labels import read
    from listen.measuring import measured

    judge = judge_for(configured(), untaught=untaught)
    shown = (0 if as_json else 10) if errors is None else errors
    found = measured(read(file, rest=binary is not None), judge, only=binary, errors=shown)  # type: ignore[arg-type]
    if as_json:
        facts = found.record()
        if errors is not None:
            facts["errors"] = msgspec.to_builtins(found.errors)
        click.echo(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
    else:
        _draw(found)


def _draw(found: Measured) -> None:
    _draw_figures("all texts", found.figures)
    languages = sorted(found.per_lang, key=lambda lang: -found.per_lang[lang].n)
    for lang in languages[:LANGUAGES] if len(languages) > 1 else ():
        _draw_figures(f"language {lang}", found.per_lang[lang])
    _draw_confusion(found.confusion)
    if found.errors:
        click.echo("\nthe worst errors")
    for error in found.errors:
        _draw_error(error)


def _draw_figures(name: str, figures: Figures) -> None:
    from listen.outputs.safe import safe_line

    click.echo(
        f"{safe_line(name)}: {figures.n:,}, macro-F1 {_percent(figures.macro_f1).strip()} %, "
        f"accuracy {_percent(figures.accuracy).strip()} %"
    )
    click.echo(f"  {'flag':<12}{'texts':>8}{'precision':>11}{'recall':>8}{'F1':>8}{'AUC':>8}")
    for flag, each in figures.per_flag.items():
        click.echo(f"  {flag:<12}{each.n:>8,}{_row(each)}")
    click.echo()


def _row(figures: FlagFigures) -> str:
    numbers = [_percent(each) for each in (figures.precision, figures.recall, figures.f1, figures.auc)]
    return "{:>11}{:>8}{:>8}{:>8}".format(*numbers)


def _draw_confusion(confusion: dict[str, dict[str, int]]) -> None:
    """Labels down, flags across."""
    flags = list(confusion)
    click.echo(f"{'label':<14}" + "".join(f"{flag:>13}" for flag in flags) + "   (flag given)")
    for said in flags:
        click.echo(f"{said:<14}" + "".join(f"{confusion[said][judged]:>13,}" for judged in flags))


def _draw_error(error: Error) -> None:
    from listen.outputs.safe import safe_line

    text = safe_line(error.text)
    shown = text if len(text) <= 100 else text[:99] + "…"
    click.echo(f"  {error.sure:4.0%} {error.judged}, labelled {error.said} ({safe_line(error.lang)}): {shown}")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"
