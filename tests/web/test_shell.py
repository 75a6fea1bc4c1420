"""The app around the pages."""

from __future__ import annotations

import gc

import pytest

from navigator.navigator import Navigator
from navigator.web import shell

pytestmark = pytest.mark.model


def test_what_is_loaded_for_good_is_out_of_the_garbage_collectors_sight(navigator: Navigator) -> None:
    """Streamlit collects after every run: that must not walk through torch each time."""
    shell.warm_up.clear()
    gc.unfreeze()
    try:
        shell.warm_up(navigator, navigator.settings).result()
        assert gc.get_freeze_count() > 10 * len(gc.get_objects())
    finally:
        gc.unfreeze()
        shell.warm_up.clear()
