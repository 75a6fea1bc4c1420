from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import numpy as np
import pytest

from navigator.chunking import Chunk
from navigator.errors import IndexDamagedError, IndexServerError
from navigator.store.vectors import VectorStore, copy_folder, drop_collection


def made_vectors(count: int, dimension: int = 384, *, seed: int = 1) -> np.ndarray:
    """Unit vectors in clusters of differing tightness, as texts of one library are."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(max(1, count // 40), dimension))
    spread = random.uniform(0.2, 0.8, size=(count, 1))
    vectors = centres[random.integers(0, len(centres), count)] + spread * random.normal(
        size=(count, dimension)
    )
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def made_chunks(count: int) -> list[Chunk]:
    return [
        Chunk(f"pattern-{n}", "section", "Solution", 0, f"Text {n}", f"Title: text {n}") for n in range(count)
    ]


@pytest.fixture(params=["folder", "server"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where vectors can be: every test with this runs against both."""
    return tmp_path / "vectors" if request.param == "folder" else request.getfixturevalue("chroma_url")


@pytest.fixture
def store(location: Path | str) -> Iterator[VectorStore]:
    with VectorStore(location, f"test-{uuid4()}", create=True) as store:
        yield store


def test_a_query_finds_what_exact_search_finds(store: VectorStore) -> None:
    chunks, vectors = made_chunks(200), made_vectors(200)
    store.add(chunks, vectors)
    for query in vectors[::50]:
        similarities = vectors @ query
        nearest = np.argsort(-similarities)[:10]
        found = store.query(query, 10)
        assert [chunk_id for chunk_id, _ in found] == [chunks[position].id for position in nearest]
        assert [score for _, score in found] == pytest.approx(similarities[nearest], abs=1e-5)


def test_vectors_come_back_in_the_order_asked_for(store: VectorStore) -> None:
    chunks, vectors = made_chunks(2500), made_vectors(2500, 8)
    store.add(chunks, vectors)
    order = np.random.default_rng(2).permutation(2500)
    got = store.vectors([chunks[position].id for position in order])
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, vectors[order], atol=1e-6)
    assert store.count() == 2500
    assert set(store.ids()) == {chunk.id for chunk in chunks}


def test_deleted_chunks_are_not_found_any_more(store: VectorStore) -> None:
    chunks, vectors = made_chunks(30), made_vectors(30)
    store.add(chunks, vectors)
    store.delete({chunk.id for chunk in chunks[:10]})
    assert set(store.ids()) == {chunk.id for chunk in chunks[10:]}
    assert {chunk_id for chunk_id, _ in store.query(vectors[0], 30)} == {chunk.id for chunk in chunks[10:]}
    with pytest.raises(IndexDamagedError, match="pattern-0#"):
        store.vectors([chunks[0].id])


def test_an_empty_store_answers(store: VectorStore) -> None:
    assert store.ids() == []
    assert store.query(made_vectors(1)[0], 5) == []
    assert len(store.vectors([])) == 0
    store.delete([])


def test_a_store_is_the_same_when_opened_again(location: Path | str) -> None:
    name = f"test-{uuid4()}"
    chunks, vectors = made_chunks(20), made_vectors(20)
    with VectorStore(location, name, create=True) as store:
        store.add(chunks, vectors)
    with VectorStore(location, name) as store:
        assert store.query(vectors[7], 1)[0][0] == chunks[7].id


def test_a_store_that_does_not_exist_is_an_error_and_is_not_made(location: Path | str) -> None:
    for _ in range(2):
        with pytest.raises(IndexDamagedError, match="navigator index --force"):
            VectorStore(location, "not-there")
    assert not isinstance(location, Path) or not location.exists()


def test_many_threads_may_ask_at_once(store: VectorStore) -> None:
    chunks, vectors = made_chunks(100), made_vectors(100)
    store.add(chunks, vectors)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda vector: store.query(vector, 1)[0][0], vectors))
    assert found == [chunk.id for chunk in chunks]


def test_recall_at_50_is_at_least_99_percent_even_on_noise(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    noise = random.normal(size=(3040, 384)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    vectors, queries = noise[:3000], noise[3000:]
    chunks = made_chunks(3000)
    with VectorStore(tmp_path / "vectors", "chunks", create=True) as store:
        store.add(chunks, vectors)
        shares = []
        for query in queries:
            exact = {chunks[position].id for position in np.argsort(-(vectors @ query))[:50]}
            shares.append(len(exact & {chunk_id for chunk_id, _ in store.query(query, 50)}) / 50)
    assert np.mean(shares) >= 0.99


@pytest.mark.parametrize("count", [1, 30, 1030])
def test_reading_changes_no_file_of_vectors(tmp_path: Path, count: int) -> None:
    def hnsw() -> dict[Path, tuple[int, int]]:
        files = tmp_path.rglob("*.bin")
        return {file: (file.stat().st_size, file.stat().st_mtime_ns) for file in files}

    chunks, vectors = made_chunks(count), made_vectors(count)
    with VectorStore(tmp_path, "chunks", create=True) as store:
        store.add(chunks, vectors)
    before = hnsw()
    assert len(before) == 4
    with VectorStore(tmp_path, "chunks") as store:
        assert store.query(vectors[-1], 1)[0][0] == chunks[-1].id
        store.check(store.ids(), 384)
    assert hnsw() == before


def test_a_check_finds_what_is_missing_left_over_or_of_another_length(tmp_path: Path) -> None:
    chunks, vectors = made_chunks(40), made_vectors(40)
    ids = [chunk.id for chunk in chunks]
    with VectorStore(tmp_path, "chunks", create=True) as store:
        store.add(chunks[:-1], vectors[:-1])
        store.check(ids[:-1], 384)
        for wanted, dimension in ((ids, 384), (ids[:-2], 384), (ids[:-1], 64)):
            with pytest.raises(IndexDamagedError):
                store.check(wanted, dimension)


def test_a_folder_is_copied_while_someone_reads_it(tmp_path: Path) -> None:
    chunks, vectors = made_chunks(1200), made_vectors(1200, 16)
    with VectorStore(tmp_path / "old", "chunks", create=True) as reader:
        reader.add(chunks, vectors)
        copy_folder(tmp_path / "old", tmp_path / "new")
        with VectorStore(tmp_path / "new", "chunks") as copy:
            copy.delete([chunks[0].id])
            assert copy.count() == 1199
            np.testing.assert_allclose(copy.vectors([chunks[1].id])[0], vectors[1], atol=1e-6)
        assert reader.query(vectors[0], 1)[0][0] == chunks[0].id


def test_copying_a_damaged_folder_says_so(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "chroma.sqlite3").write_bytes(b"no database " * 1000)
    with pytest.raises(IndexDamagedError, match="not a database"):
        copy_folder(tmp_path / "old", tmp_path / "new")


def test_a_server_that_is_not_there_is_named_with_the_way_to_start_it() -> None:
    for act in (lambda url: VectorStore(url, "chunks"), lambda url: drop_collection(url, "chunks")):
        for url in ("http://127.0.0.1:9", "127.0.0.1:9", "http://127.0.0.1:port"):
            with pytest.raises(IndexServerError, match=rf"{url} does not answer.*`chroma run"):
                act(url)


def test_a_server_that_is_no_chroma_server_is_named(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        with pytest.raises(IndexServerError, match="does not answer as one"):
            VectorStore(f"http://127.0.0.1:{other.server_port}", "chunks")
        other.shutdown()


def test_a_collection_is_dropped_from_a_server_once_or_twice(chroma_url: str) -> None:
    VectorStore(chroma_url, "doomed", create=True).close()
    drop_collection(chroma_url, "doomed")
    drop_collection(chroma_url, "doomed")
    with pytest.raises(IndexDamagedError):
        VectorStore(chroma_url, "doomed")
