"""Where the documents of one index generation lie on the map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from navigator.errors import IndexDamagedError


class Spot(NamedTuple):
    """Where a document lies: coordinates from -1 to 1, and the slug in the middle of its community."""

    x: float
    y: float
    community: str = ""


Layout = Mapping[str, Spot]
"""The spots of all documents, by slug."""


def write_layout(file: Path, layout: Layout) -> None:
    """Write where all documents lie."""
    file.write_text(json.dumps(layout), "utf-8")


def read_layout(file: Path) -> Layout:
    """Read what `write_layout` wrote.

    Raises
    ------
    IndexDamagedError
        The file is missing or cannot be read.
    """
    try:
        read = json.loads(file.read_text("utf-8")).items()
        return {slug: Spot(float(x), float(y), str(community)) for slug, (x, y, community) in read}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise IndexDamagedError(
            f"The map in {file} cannot be read: {error}. "
            "Run `navigator index --force` to build the index again."
        ) from error
