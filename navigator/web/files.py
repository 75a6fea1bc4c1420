"""Files of the server by the names that a visitor may see. Knows nothing of Streamlit."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable

Shorten = Callable[[str], str]
"""Takes a path, or a text that holds paths."""


def from_roots(roots: Iterable[str]) -> Shorten:
    """Return what names files from the name of a root on, and leaves out where on the server that lies.

    Parameters
    ----------
    roots
        Files and folders; what is in none of them keeps its path.
    """
    above = sorted({os.path.join(os.path.dirname(root.rstrip(os.sep)), "") for root in roots}, key=len)  # noqa: PTH118, PTH120 - as text
    pattern = "|".join(re.escape(folder) for folder in above[::-1] if folder.strip(os.sep))
    if not pattern:
        return lambda text: text
    return lambda text: re.sub(rf"(?<![\w.-])(?:{pattern})", "", text)
