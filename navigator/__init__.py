"""Pattern Navigator: from a situation to the pattern that helps, in the words of your world.

>>> from navigator import Navigator
>>> answer = Navigator.open().ask("Every decision waits for me", context="tech")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from navigator.answer import Answer as Answer
    from navigator.conversation import State as State
    from navigator.navigator import Navigator as Navigator
    from navigator.settings import Settings as Settings

__version__ = "0.1.0"
__all__ = ["Answer", "Navigator", "Settings", "State", "__version__"]

_HOMES = {
    "Answer": "navigator.answer",
    "Navigator": "navigator.navigator",
    "Settings": "navigator.settings",
    "State": "navigator.conversation",
}


def __getattr__(name: str) -> Any:
    """Import the façade on first use, so that ``import navigator`` stays instant."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
