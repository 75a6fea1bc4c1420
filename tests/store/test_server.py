"""The same build and the same questions with the vectors on a Chroma server."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from embedders import HashingEmbedder

from navigator.build import build_index, index_state
from navigator.errors import IndexServerError
from navigator.store.generations import current, current_name

NOWHERE = "http://127.0.0.1:9"
QUESTION = "calm through discretion, trust through sight"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


def found(folder: Path) -> list[tuple[str, float]]:
    with current(folder).open_vectors() as store:
        return [
            (chunk_id, round(score, 4))
            for chunk_id, score in store.query(HashingEmbedder().embed_query(QUESTION), 8)
        ]


def on_server(url: str) -> set[str]:
    """Return the names of all collections."""
    answer = httpx.get(f"{url}/api/v2/tenants/default_tenant/databases/default_database/collections")
    return {collection["name"] for collection in answer.json()}


def test_a_server_gives_the_answers_of_a_folder(
    documents: Path, folder: Path, tmp_path: Path, embedder: HashingEmbedder, chroma_url: str
) -> None:
    report = build_index([documents], folder, embedder, server=chroma_url)
    build_index([documents], tmp_path / "local", embedder)
    assert report.embedded == report.vectors
    assert not (current(folder).folder / "vectors").exists()
    assert found(folder) == found(tmp_path / "local")
    assert build_index([documents], folder, embedder, server=chroma_url).unchanged
    assert index_state([documents], folder, embedder, server=chroma_url) == "current"
    assert index_state([documents], folder, embedder) == "stale"


def test_a_changed_document_costs_its_passages_and_old_collections_go(
    documents: Path, folder: Path, embedder: HashingEmbedder, chroma_url: str
) -> None:
    build_index([documents], folder, embedder, server=chroma_url)
    names = [f"pattern-navigator-{current_name(folder)}"]
    for animal in ("heron", "giraffe", "newt"):
        embedder.embedded.clear()
        (documents / "about-animals.md").write_text(f"# Animals\n\n## Context\n\nThe {animal}.\n", "utf-8")
        build_index([documents], folder, embedder, server=chroma_url)
        assert [animal in text for text in embedder.embedded] == [True]
        names.append(f"pattern-navigator-{current_name(folder)}")
    assert on_server(chroma_url).intersection(names) == set(names[-2:])


def test_moving_between_folder_and_server_embeds_nothing(
    documents: Path, folder: Path, embedder: HashingEmbedder, chroma_url: str
) -> None:
    build_index([documents], folder, embedder)
    before = found(folder)
    for server in (chroma_url, None):
        report = build_index([documents], folder, embedder, server=server)
        assert (report.embedded, report.reused) == (0, report.vectors)
        assert current(folder).manifest.recipe.server == server
        assert found(folder) == before


def test_two_indexes_share_a_server(
    documents: Path, folder: Path, tmp_path: Path, embedder: HashingEmbedder, chroma_url: str
) -> None:
    build_index([documents], folder, embedder, server=chroma_url)
    before = found(folder)
    (documents / "open-till.md").unlink()
    build_index([documents], tmp_path / "other", embedder, server=chroma_url)
    assert found(folder) == before != found(tmp_path / "other")


def test_an_interrupted_build_is_taken_up(
    documents: Path, folder: Path, embedder: HashingEmbedder, chroma_url: str
) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "storing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([documents], folder, embedder, server=chroma_url, on_progress=interrupt)
    report = build_index([documents], folder, embedder, server=chroma_url)
    assert report.embedded == 0
    assert found(folder)[0][0].startswith("open-till#")


def test_without_the_server_the_message_names_it_and_a_folder_still_works(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    with pytest.raises(IndexServerError, match=rf"{NOWHERE}.*`chroma run`"):
        build_index([documents], folder, embedder, server=NOWHERE)
    assert current_name(folder) is None
    build_index([documents], folder, embedder)
    assert found(folder)[0][0].startswith("open-till#")
