"""Where things are."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parent
REPOSITORY = TESTS.parent

DOCUMENTS = TESTS / "documents"
"""Six small patterns, one of them with broken front matter, and an article."""

SHARED = REPOSITORY.parent / "shared"
"""Real libraries and seeds; not on every machine, and a test that wants them skips where they are not."""
