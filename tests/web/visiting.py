"""A page of the app without a browser, as Streamlit's AppTest runs it, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from navigator.web import shell

APP = Path(shell.__file__).parents[2] / "app.py"

Opens = Callable[..., AppTest]


def open_page(name: str, visitor: AppTest | None = None, **parameters: str) -> AppTest:
    """Open a page by its address, as a new visitor or going on as one."""
    visitor = visitor or AppTest.from_file(str(APP), default_timeout=60).run()
    visitor.query_params.clear()
    visitor.query_params |= parameters
    # AppTest switches between files only; a page that is a function goes by the hash of its address.
    visitor._page_hash = next(
        page for page, about in visitor._registered_pages.items() if about["url_pathname"] == name
    )
    return visitor.run()


def texts(visitor: AppTest) -> str:
    """Return all that a page says."""
    return "\n".join(element.value for element in [*visitor.markdown, *visitor.caption]).replace("\\", "")
