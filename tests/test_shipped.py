"""The vectors that ship with the bundled corpus."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from embedders import HashingEmbedder

from navigator.build import build_index
from navigator.embedding import SentenceTransformerEmbedder
from navigator.library import Library
from navigator.navigator import Navigator
from navigator.settings import data_folder, load_settings
from navigator.shipped import bundled_texts, ship, vectors_file
from navigator.store.cache import read_vectors, text_key


@pytest.fixture
def shipped(documents: Path, tmp_path: Path) -> Path:
    """Vectors of all that a build of the test documents embeds."""
    embedder = HashingEmbedder()
    build_index([documents], tmp_path / "first", embedder)
    ship(tuple(embedder.embedded), HashingEmbedder(), tmp_path / "vectors.npz")
    return tmp_path / "vectors.npz"


def test_with_vectors_at_hand_the_first_build_embeds_nothing(
    documents: Path, shipped: Path, tmp_path: Path
) -> None:
    embedder = HashingEmbedder()
    report = build_index([documents], tmp_path / "second", embedder, shipped_vectors=shipped)
    assert embedder.embedded == []
    assert (report.embedded, report.reused) == (0, report.vectors)
    (first, expected), (second, vectors) = (
        Library.open(tmp_path / name).vectors() for name in ("first", "second")
    )
    assert first == second
    np.testing.assert_allclose(vectors, expected, atol=1e-3)


def test_what_has_no_vector_yet_is_embedded(documents: Path, shipped: Path, tmp_path: Path) -> None:
    (documents / "new.md").write_text("# A Heron\n\nIt stands in the water.\n", "utf-8")
    embedder = HashingEmbedder()
    build_index([documents], tmp_path / "second", embedder, shipped_vectors=shipped)
    assert ["heron" in text.lower() for text in embedder.embedded] == [True]


def test_vectors_of_another_model_are_not_used(documents: Path, shipped: Path, tmp_path: Path) -> None:
    other = HashingEmbedder(seed=1)
    report = build_index([documents], tmp_path / "second", other, shipped_vectors=shipped)
    assert report.embedded == len(other.embedded) > 0


@pytest.mark.model
def test_a_bundled_pattern_is_not_embedded(tmp_path: Path, elsewhere: Path) -> None:
    copy = shutil.copy(data_folder("corpus") / "decision-log.md", tmp_path)
    report = Navigator.build(load_settings(corpus=(Path(copy),), index=tmp_path / "index"))
    assert report.embedded == 0
    assert report.vectors > 5


@pytest.mark.model
def test_the_vectors_that_ship_are_those_of_the_bundled_corpus(embedder: SentenceTransformerEmbedder) -> None:
    known = set(read_vectors(vectors_file(), embedder.fingerprint))
    wanted = {text_key(text) for text in bundled_texts(embedder)}
    assert known == wanted, "The corpus or the model has changed: python -m navigator.shipped"
