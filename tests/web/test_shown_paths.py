"""Files of the server by the names that a visitor may see."""

from __future__ import annotations

import pytest

from navigator.web.files import from_roots


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/srv/shared/docs/a.md", "docs/a.md"),
        ("/srv/shared/docs", "docs"),
        ("Its subject is that of /srv/shared/docs/b/c.md.", "Its subject is that of docs/b/c.md."),
        ("/srv/shared/one.txt:3", "one.txt:3"),
        ("/opt/x y/more/d.md", "more/d.md"),
        ("/srv/sharedness/docs/a.md", "/srv/sharedness/docs/a.md"),
        ("old/srv/shared/docs/a.md", "old/srv/shared/docs/a.md"),
    ],
)
def test_paths_begin_at_the_name_of_their_root(text: str, shown: str) -> None:
    assert from_roots(["/srv/shared/docs/", "/srv/shared/one.txt", "/opt/x y/more"])(text) == shown


@pytest.mark.parametrize("roots", [[], ["/"], ["docs"]])
def test_without_a_folder_above_nothing_is_left_out(roots: list[str]) -> None:
    assert from_roots(roots)("/srv/docs/a.md") == "/srv/docs/a.md"
