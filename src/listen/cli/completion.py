"""`listen completion`: the shell knows commands, options and their values."""

from __future__ import annotations

import click

from listen.cli.options import command as listen_command

EPILOG = """\b
Once, in a file that the shell reads by itself; then open a new one:
  listen completion bash > ~/.local/share/bash-completion/completions/listen
  listen completion zsh  > ~/.zfunc/_listen                 with fpath+=~/.zfunc before compinit in ~/.zshrc
  listen completion fish > ~/.config/fish/completions/listen.fish
Only here and now, in bash or zsh:
  eval "$(listen completion bash)"
"""


@listen_command("completion", epilog=EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print a script that lets the Tab key complete commands, options, their values, and names of files."""
    from click.shell_completion import get_completion_class

    from listen.cli import COMPLETING, cli

    known = get_completion_class(shell)
    if known is None:
        raise LookupError(shell)
    click.echo(known(cli, {}, "listen", COMPLETING).source().rstrip())
