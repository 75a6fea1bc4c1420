"""The map through the façade, on the test documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from embedders import HashingEmbedder

from navigator.build import build_index, index_state
from navigator.errors import IndexDamagedError, IndexMismatchError
from navigator.library import Library
from navigator.navigator import Navigator
from navigator.settings import load_settings
from navigator.store.generations import current


@pytest.fixture
def own(documents: Path, tmp_path: Path) -> Navigator:
    """The façade over an index of its own."""
    build_index([documents], tmp_path / "index", HashingEmbedder())
    return Navigator(load_settings(corpus=(documents,), index=tmp_path / "index"), HashingEmbedder())


def test_every_document_lies_on_the_map(own: Navigator) -> None:
    points = own.map(context="tech")
    assert [point.slug for point in points] == [entry.slug for entry in own.catalogue()]
    assert all(abs(point.x) <= 1 and abs(point.y) <= 1 for point in points)
    assert len({(point.x, point.y) for point in points}) == len(points)
    by_slug = {point.slug: point for point in points}
    lent = by_slug["lent-hands"]
    assert (lent.title, lent.label) == ("Lent Hands", "Embedded Tour")
    assert (lent.collection, lent.is_pattern) == ("documents", True)
    assert lent.domain == own.library.catalogue["lent-hands"].domain != ""
    assert [point.is_pattern for point in points].count(False) == 1
    assert next(point for point in own.map() if point.slug == "lent-hands").label == "Lent Hands"


def test_a_question_falls_among_the_documents_nearest_to_it(own: Navigator) -> None:
    question = "Only one person knows how this works, and she has resigned"
    placed = own.place(question, context="tech", k=3)
    assert placed is not None
    assert [n.slug for n in placed.neighbours] == [hit.slug for hit in own.search(question, k=3).patterns]
    assert placed.confidence == own.search(question).confidence
    for axis in ("x", "y"):
        values = [getattr(point, axis) for point in placed.neighbours]
        assert min(values) <= getattr(placed, axis) <= max(values)
    (nearest,) = own.place(question, k=1).neighbours  # type: ignore[union-attr]
    alone = own.place(question, k=1)
    assert alone is not None
    assert (alone.x, alone.y) == pytest.approx((nearest.x, nearest.y))


def test_nothing_said_falls_nowhere(own: Navigator) -> None:
    assert own.place("  ") is None


def test_step_by_step_or_from_nothing_the_map_is_the_same(
    own: Navigator, documents: Path, tmp_path: Path
) -> None:
    (documents / "new.md").write_text("# A Heron\n\nIt stands in the water.\n", "utf-8")
    build_index([documents], tmp_path / "index", HashingEmbedder())
    build_index([documents], tmp_path / "other", HashingEmbedder())
    step, nothing = (Library.open(tmp_path / name).layout for name in ("index", "other"))
    assert step == nothing
    assert "a-heron" in step


def test_an_index_without_a_map_answers_and_says_how_to_draw_one(documents: Path, tmp_path: Path) -> None:
    folder, embedder = tmp_path / "index", HashingEmbedder()
    build_index([documents], folder, embedder)
    manifest = current(folder).folder / "manifest.json"
    described = json.loads(manifest.read_text("utf-8"))
    del described["recipe"]["map_version"]  # versions that drew no map wrote no number
    manifest.write_text(json.dumps(described), "utf-8")
    old = Navigator(load_settings(corpus=(documents,), index=folder), embedder)
    assert old.search("calm through discretion").patterns
    with pytest.raises(IndexMismatchError, match="navigator index"):
        old.map()
    assert index_state([documents], folder, embedder) == "stale"
    embedder.embedded.clear()
    build_index([documents], folder, embedder)
    assert embedder.embedded == []
    assert old.map()


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": [1, "b", ""]}', '{"a": [0, 0]}'])
def test_a_damaged_map_is_named_with_the_command_that_mends_it(own: Navigator, content: str) -> None:
    file = own.library.generation.map_file
    file.write_text(content, "utf-8")
    with pytest.raises(IndexDamagedError, match=r"map\.json.*navigator index --force"):
        own.map()
