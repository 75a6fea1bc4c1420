"""What several commands share: options, the settings that they make, and JSON for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from navigator.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs instead of text.")]
Index = Annotated[Path | None, typer.Option("--index", metavar="FOLDER", help="Folder that holds the index.")]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Name or folder of a sentence-transformers model."),
]
Context = Annotated[
    str | None,
    typer.Option(
        "--context", "-c", metavar="NAME", help="corporate, government, activist, tech, or your own."
    ),
]
Brief = Annotated[
    bool | None,
    typer.Option("--brief/--full", help="What can be read in a minute, or everything.", show_default=False),
]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATHS]...", help="Files and folders of pattern documents.", show_default=False),
]


def settings_of(**flags: Any) -> Settings:
    """Return the settings with what the command line says instead."""
    from navigator.settings import load_settings

    return load_settings(**flags)


def print_json(value: object) -> None:
    """Print a value for other programs."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
