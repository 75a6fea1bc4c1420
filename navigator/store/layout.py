"""Where the documents of one index generation lie on the map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from navigator.errors import IndexDamagedError

Layout = Mapping[str, tuple[float, float]]
"""Coordinates from -1 to 1, by slug."""


def write_layout(file: Path, layout: Layout) -> None:
    """Write the coordinates of all documents."""
    file.write_text(json.dumps(layout), "utf-8")


def read_layout(file: Path) -> Layout:
    """Read what `write_layout` wrote.

    Raises
    ------
    IndexDamagedError
        The file is missing or cannot be read.
    """
    try:
        return {slug: (float(x), float(y)) for slug, (x, y) in json.loads(file.read_text("utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise IndexDamagedError(
            f"The map in {file} cannot be read: {error}. "
            "Run `navigator index --force` to build the index again."
        ) from error
