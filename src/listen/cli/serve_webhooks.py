"""`listen serve-webhooks`: takes in what networks push, for the platform `webhooks` to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from listen.cli.options import command as listen_command
from listen.cli.options import settings

if TYPE_CHECKING:
    from listen.intake import Intake
    from listen.platforms.webhooks import WebhooksOptions

EPILOG = """\
Put your web server before it, as docs/webhooks.md shows for nginx and Caddy, and let 'listen watch' run beside it.

\b
Example:
  listen serve-webhooks --port 8484
"""


@listen_command("serve-webhooks", epilog=EPILOG)
@click.option("--port", metavar="N", type=click.IntRange(0, 65_535), help="On loopback; 0 takes a free one. [8484]")
@click.option(
    "--host", type=click.Choice(["127.0.0.1", "::1"]), default="127.0.0.1", help="Which loopback. [127.0.0.1]"
)
def command(port: int | None, host: str) -> int:
    """Take in what Facebook, Instagram, Threads and your programs push.

    Each push has to be signed with a secret of [platforms.webhooks], and is on disk before it is acknowledged. Ends
    with Ctrl-C or SIGTERM.
    """
    import asyncio
    from datetime import timedelta

    from listen.cli.setting_up import configured
    from listen.errors import UsageError
    from listen.intake import Intake, Spool

    chosen = _chosen(configured().platforms.get("webhooks"))
    spool = Spool(chosen.place(), timedelta(days=chosen.keep_days))
    intake = Intake(spool, chosen.app_secrets, chosen.verify_token, _say)
    number = chosen.port if port is None else port
    try:
        asyncio.run(_served(intake, host, number))
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise UsageError(f"port {number} of {host} cannot be had: {reason}; take another with --port") from problem
    return 0


async def _served(intake: Intake, host: str, port: int) -> None:
    import asyncio

    from listen.signals import ended_by_signals

    until = asyncio.Event()
    where = f"[{host}]" if ":" in host else host
    kept = intake.spool.folder
    with ended_by_signals(until.set):
        await intake.serve(
            host, port, until, lambda port: _say(f"listening on http://{where}:{port}, keeping in {kept}")
        )


def _chosen(options: object) -> WebhooksOptions:
    from listen.errors import ConfigError
    from listen.platforms.webhooks import WebhooksOptions

    if not isinstance(options, WebhooksOptions):
        raise ConfigError("there is no [platforms.webhooks] in the config; docs/webhooks.md says what goes there")
    if not options.app_secrets:
        raise ConfigError(
            '[platforms.webhooks] has no secret to check signatures with; write app_secrets = ["env:NAME"]'
        )
    return options


def _say(words: str) -> None:
    from listen.outputs.safe import safe_line

    if not settings().quiet:
        click.echo(safe_line(f"webhooks: {words}"), err=True)
