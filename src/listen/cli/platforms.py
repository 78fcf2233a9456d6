"""`listen platforms`: what each network can and cannot do."""

from __future__ import annotations

import click

from listen.cli.options import command as listen_command

_NEEDS = {None: "no account", "key": "a key", "approval": "an approved app", "url": "addresses of yours"}
_PROVED = {
    "recorded": "against recorded answers of the real network",
    "server": "against a real server of this kind",
    "spec": "against the official specification",
    "constructed": "against answers made by hand only",
}


@listen_command("platforms")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def command(as_json: bool) -> None:
    """Show what each network can do, what it needs, and what it was proved against."""
    from listen.platforms import known

    facts = [
        {
            "name": name,
            "needs": platform.facts.needs,
            "streams": platform.facts.streams,
            "searches": list(platform.facts.searches),
            "deletions": platform.facts.deletions,
            "proved": platform.facts.proved,
            "limits": platform.facts.limits,
            "about": platform.facts.about,
        }
        for name, platform in known().items()
    ]
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
        return
    from listen.outputs.safe import safe_line

    for name, platform in known().items():
        told = platform.facts
        click.echo(f"{click.style(safe_line(name), bold=True)}  {safe_line(told.about)}")
        click.echo(f"  needs      {_NEEDS[told.needs]}")
        click.echo(f"  hears      {'as it happens' if told.streams else 'by asking again and again'}")
        click.echo(f"  searches   {safe_line(', '.join(told.searches)) or 'nothing there; everything is matched here'}")
        click.echo(f"  deletions  {'honoured' if told.deletions else 'not told by the network'}")
        click.echo(f"  proved     {_PROVED[told.proved]}")
        click.echo(f"  limits     {safe_line(told.limits)}\n")
