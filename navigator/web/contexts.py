"""How the page names and colours the contexts."""

from __future__ import annotations

_COLOURS = {"corporate": "blue", "government": "violet", "activist": "red", "tech": "green"}
"""Of the theme's palette, see ``.streamlit/config.toml``."""


def context_name(context: str | None) -> str:
    """Return the word for a context on the page; None or `AUTOMATIC` is the one heard."""
    return context.replace("_", " ").capitalize() if context else "Automatic"


def context_colour(context: str | None) -> str:
    """Return the palette colour in which a context speaks."""
    return _COLOURS.get(context or "", "gray")


AUTOMATIC = ""
"""The choice of the context that is heard. Not None: to Streamlit that is no choice at all."""


def context_choices(*contexts: str | None) -> list[str]:
    """Return automatic and the contexts, each once."""
    return list(dict.fromkeys([AUTOMATIC, *filter(None, contexts)]))
