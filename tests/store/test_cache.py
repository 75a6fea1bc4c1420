from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from navigator.store.cache import VectorCache, read_vectors, text_key, write_vectors


def vectors_of(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, 4)).astype(np.float32)


def test_what_was_added_is_there_when_opened_again(tmp_path: Path) -> None:
    first, second = vectors_of(3), vectors_of(2, seed=1)
    cache = VectorCache(tmp_path / "cache")
    cache.add(["one", "two", "three"], first)
    cache.add(["four", ""], second)
    again = VectorCache(tmp_path / "cache")
    assert len(again) == 5
    assert "two" in again
    assert "five" not in again
    np.testing.assert_array_equal(again.vectors(["", "two", "one"]), [second[1], first[1], first[0]])


def test_a_file_that_was_cut_off_is_ignored_and_the_others_stand(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path)
    cache.add(["kept"], vectors_of(1))
    kept = set(tmp_path.iterdir())
    for number, length in enumerate([0, 10, 200, 300]):
        cache.add([f"lost {number}"], vectors_of(1))
        (lost,) = set(tmp_path.iterdir()) - kept
        lost.write_bytes(lost.read_bytes()[:length])
        again = VectorCache(tmp_path)
        assert len(again) == 1
        assert "kept" in again


def test_a_write_that_was_killed_leaves_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"half of something")
    assert len(VectorCache(tmp_path)) == 0


@given(texts=st.lists(st.text(), unique=True, min_size=1, max_size=20))
def test_any_text_has_its_own_vector(tmp_path_factory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("cache")
    vectors = vectors_of(len(texts))
    VectorCache(folder).add(texts, vectors)
    np.testing.assert_array_equal(VectorCache(folder).vectors(texts), vectors)


def test_shipped_vectors_come_back_for_their_model_alone(tmp_path: Path) -> None:
    vectors = vectors_of(3)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    file = tmp_path / "vectors.npz"
    write_vectors(file, "model@1", ["one", "two", ""], vectors)
    assert read_vectors(file, "model@2") == {}
    shipped = read_vectors(file, "model@1")
    assert set(shipped) == {text_key(text) for text in ("one", "two", "")}
    cache = VectorCache(tmp_path / "cache", shipped=shipped)
    np.testing.assert_allclose(cache.vectors(["", "two"]), vectors[[2, 1]], atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(cache.vectors(["one", "two"]), axis=1), 1.0, atol=1e-6)


def test_shipped_vectors_that_are_missing_or_damaged_are_none(tmp_path: Path) -> None:
    file = tmp_path / "vectors.npz"
    assert read_vectors(file, "model@1") == {}
    write_vectors(file, "model@1", ["one"], vectors_of(1))
    whole = file.read_bytes()
    for length in (0, 10, 200, len(whole) - 30):
        file.write_bytes(whole[:length])
        assert read_vectors(file, "model@1") == {}
    flipped = len(whole) // 2
    file.write_bytes(whole[:flipped] + bytes([whole[flipped] ^ 1]) + whole[flipped + 1 :])
    assert read_vectors(file, "model@1") == {}
