"""Where a handout goes: into a file whose ending may name the form, or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import get_args

from navigator.errors import HandoutError
from navigator.export import Format

_ENDINGS: dict[str, Format] = {
    **{f".{form}": form for form in get_args(Format)},
    ".markdown": "md",
    ".txt": "md",
    ".htm": "html",
}
_BINARY = {"docx", "pdf"}


def chosen_format(to: str | None, file: Path | None) -> Format:
    """Return the form that is asked for, by name or by the ending of a file; Markdown if by neither.

    Raises
    ------
    HandoutError
        The ending names no form, or a form that is no text would go to a terminal.
    """
    if to is None and file is not None and file.suffix.lower() not in _ENDINGS:
        raise HandoutError(
            f"No form of handout ends like {file.name}: add --to {', '.join(get_args(Format))}."
        )
    form = _ENDINGS[f".{to}" if to else file.suffix.lower() if file else ".md"]
    if form in _BINARY and file is None and sys.stdout.isatty():
        raise HandoutError(f"A terminal cannot show {form}: add --output handout.{form}.")
    return form


def write_file(content: bytes, file: Path | None) -> None:
    """Write content to a file, or to standard output.

    Raises
    ------
    HandoutError
        The file cannot be written.
    """
    if file is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        file.write_bytes(content)
    except OSError as error:
        raise HandoutError(f"The handout cannot be written to {file}: {error.strerror}.") from error
