from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from navigator import projection
from navigator.chunking import Chunk, ChunkKind
from navigator.projection import Points, Vectors, document_vectors, draw_map, project, weighted_mean


def unit(vectors: np.ndarray) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def groups(each: int, *, of: int = 3, spread: float = 0.1) -> Vectors:
    """Vectors around ``of`` directions, those of a group one after the other."""
    random = np.random.default_rng(1)
    middles = np.repeat(np.eye(of, 16), each, axis=0)
    return unit(middles + random.normal(size=middles.shape) * spread)


def share_with_own(points: Points, each: int) -> float:
    """Return the share of points whose nearest other is of their own group."""
    distances = np.linalg.norm(points[:, np.newaxis] - points, axis=2)
    np.fill_diagonal(distances, np.inf)
    nearest = distances.argmin(axis=1)
    return float(np.mean(nearest // each == np.arange(len(points)) // each))


@pytest.mark.parametrize("each", [3, 20])
def test_what_is_alike_lies_together(each: int) -> None:
    points = project(groups(each))
    assert points.shape == (3 * each, 2)
    assert share_with_own(points, each) == 1.0


def test_of_many_a_sample_is_laid_out_and_the_rest_lies_among_its_like(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(projection, "SAMPLE", 45)
    monkeypatch.setattr(projection, "_ROWS", 7)
    laid_out: list[int] = []
    neighbourly = projection._neighbourly

    def counted(vectors: Vectors) -> Points:
        laid_out.append(len(vectors))
        return neighbourly(vectors)

    monkeypatch.setattr(projection, "_neighbourly", counted)
    points = project(groups(40))
    assert laid_out == [40]
    assert share_with_own(points, 40) == 1.0
    assert len(np.unique(points, axis=0)) > 100


@pytest.mark.parametrize("each", [3, 10])
def test_the_same_vectors_give_the_same_map(each: int) -> None:
    np.testing.assert_array_equal(project(groups(each)), project(groups(each)))


@given(seed=st.integers(0, 100), count=st.integers(1, projection.FEW + 4), same=st.booleans())
def test_any_library_has_a_map_in_its_frame(seed: int, count: int, same: bool) -> None:
    vectors = unit(np.random.default_rng(seed).normal(size=(1 if same else count, 8)))
    points = project(np.repeat(vectors, count, axis=0) if same else vectors)
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()
    assert np.abs(points).max() <= 1.0 + 1e-6
    np.testing.assert_allclose(points.mean(axis=0), 0.0, atol=1e-5)


def test_the_nearest_weighs_most() -> None:
    mean = weighted_mean(np.array([[0.0, 0.0], [3.0, 0.0], [0.0, 3.0]], np.float32))
    np.testing.assert_allclose(mean, [9 / 11, 6 / 11], rtol=1e-6)


def chunk(slug: str, kind: ChunkKind, part: int = 0) -> Chunk:
    return Chunk(slug, kind, kind.title(), part, "text", "text")


def test_a_document_lies_where_its_card_does_or_in_the_middle_of_all_it_says() -> None:
    chunks = [chunk("a", "card"), chunk("a", "section"), chunk("b", "section"), chunk("b", "section", 1)]
    vectors = np.eye(4, dtype=np.float32)
    found = document_vectors(chunks, vectors)
    assert list(found) == ["a", "b"]
    np.testing.assert_array_equal(found["a"], vectors[0])
    np.testing.assert_allclose(found["b"], [0, 0, 0.5**0.5, 0.5**0.5], rtol=1e-6)


def test_nothing_has_an_empty_map() -> None:
    assert draw_map({}) == {}
