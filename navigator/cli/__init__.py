"""The command line. Every command imports what it needs when it runs, so that ``--help`` is instant."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from navigator import __version__
from navigator.cli import asking, keeping, measuring
from navigator.errors import NavigatorError

app = typer.Typer(
    name="navigator",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From a situation to the pattern that helps, in the words of your world.",
    epilog="Start with [bold]navigator chat[/bold]. Nothing you type leaves this machine, unless you "
    "set a language model.",
)
for commands in (asking.app, keeping.app, measuring.app):
    app.add_typer(commands)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; errors meant for people become a message and exit code 1."""
    try:
        app(args=arguments, prog_name="navigator")
    except NavigatorError as error:
        from navigator.text import visible

        typer.secho(f"Error: {visible(str(error))}", err=True, fg=typer.colors.RED)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pattern-navigator {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version),
    ] = False,
) -> None:
    pass
