from __future__ import annotations

import json
import multiprocessing
import random
import runpy
import time
from collections.abc import Iterator
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from embedders import HashingEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from navigator import chunking
from navigator.build import build_index, index_state
from navigator.chunking import Chunk
from navigator.errors import (
    CorpusError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexStateError,
)
from navigator.lexical import LexicalIndex
from navigator.navigator import Navigator
from navigator.pattern import Document
from navigator.settings import load_settings
from navigator.store.generations import current, current_name
from navigator.store.records import Records
from navigator.store.vectors import VectorStore

Snapshot = dict[str, tuple[int, int]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


def snapshot(folder: Path) -> Snapshot:
    """Size and time of last change of everything in a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
    }


def answer(folder: Path, question: str) -> tuple[str, str]:
    """Ask a whole index: the slugs that the vectors and the words find, after comparing its three stores."""
    generation = current(folder)
    lexical = LexicalIndex.load(generation.lexical_folder)
    with closing(Records(generation.records_file)) as records, generation.open_vectors() as vectors:
        chunks = records.chunks(records.chunk_ids())
        assert len(chunks) == generation.manifest.chunks
        assert sorted(vectors.ids()) == sorted(chunk.id for chunk in chunks if chunk.embedded_text)
        assert len(vectors.ids()) == generation.manifest.vectors
        chunk_id, _ = vectors.query(HashingEmbedder().embed_query(question), 1)[0]
        (chunk,) = records.chunks([chunk_id])
        assert records.document(chunk.slug).slug == chunk.slug
    return chunk.slug, next(iter(lexical.search(question)))


def chunks_of(folder: Path, slug: str) -> dict[str, Chunk]:
    with closing(Records(current(folder).records_file)) as records:
        return {chunk.id: chunk for chunk in records.chunks_of(slug)}


def rewrite(documents: Path, subject: str) -> None:
    """Change the one passage of a document that is in one chunk only."""
    file = documents / "about-animals.md"
    file.write_text(f"# About Animals\n\n## Context\n\nHere we only speak of the {subject}.\n", "utf-8")


def test_a_build_makes_an_index_that_answers(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    report = build_index([documents], folder, embedder)
    assert (report.patterns, report.readings) == (6, 1)
    assert report.embedded == report.vectors == len(embedder.embedded)
    assert (report.reused, report.removed, report.unchanged) == (0, 0, False)
    assert report.levels["warning"] == sum(finding.level == "warning" for finding in report.findings) > 0
    assert report.chunks_per_second > 0
    assert answer(folder, "calm through discretion, trust through sight") == ("open-till", "open-till")


def test_what_is_embedded_fits_the_model(documents: Path, folder: Path, embedder: HashingEmbedder) -> None:
    long = "Word. " * 2000
    (documents / "long.md").write_text(f"# Long\n\n## Context\n\n{long}\n", "utf-8")
    build_index([documents], folder, embedder)
    assert max(embedder.count_tokens(embedder.embedded)) == embedder.max_tokens - 2


def test_with_nothing_changed_nothing_is_written(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    first = build_index([documents], folder, embedder)
    embedder.embedded.clear()
    generation = current(folder).folder
    before = snapshot(generation)
    again = build_index([documents], folder, embedder)
    assert snapshot(generation) == before
    assert again.unchanged
    assert embedder.embedded == []
    assert (again.generation, again.chunks, again.levels) == (first.generation, first.chunks, first.levels)
    assert not (folder / "building").exists()


def test_only_what_changed_is_embedded(documents: Path, folder: Path, embedder: HashingEmbedder) -> None:
    rewrite(documents, "heron")
    before = build_index([documents], folder, embedder)
    embedder.embedded.clear()
    rewrite(documents, "giraffe")
    after = build_index([documents], folder, embedder)
    assert len(embedder.embedded) == after.embedded == 1
    assert "giraffe" in embedder.embedded[0]
    assert (after.removed, after.reused) == (1, before.vectors - 1)
    assert answer(folder, "Here we only speak of the giraffe") == ("about-animals", "about-animals")
    assert not LexicalIndex.load(current(folder).lexical_folder).search("heron")


def test_only_what_changed_is_cut_unless_forced(
    documents: Path, folder: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: list[str] = []

    def chunk_document(document: Document, **arguments: Any) -> list[Chunk]:
        cut.append(document.slug)
        return chunking.chunk_document(document, **arguments)

    monkeypatch.setattr("navigator.build.chunk_document", chunk_document)
    rewrite(documents, "heron")
    build_index([documents], folder, embedder)
    everything = sorted(cut)
    assert len(everything) == 8
    cut.clear()
    rewrite(documents, "giraffe")
    build_index([documents], folder, embedder)
    assert cut == ["about-animals"]
    cut.clear()
    build_index([documents], folder, embedder, force=True)
    assert sorted(cut) == everything
    cut.clear()
    build_index([documents], folder, HashingEmbedder(seed=1))
    assert sorted(cut) == everything


def test_an_edit_above_a_passage_moves_it_without_embedding_it(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    file = documents / "open-till.md"
    build_index([documents], folder, embedder)
    old = chunks_of(folder, "open-till")
    embedder.embedded.clear()
    file.write_text(file.read_text("utf-8").replace("sources: []", "sources: [The ledger]"), "utf-8")
    build_index([documents], folder, embedder)
    assert embedder.embedded == []
    new = chunks_of(folder, "open-till")
    assert new.keys() == old.keys()
    shift = len("[The ledger]") - len("[]")
    assert {chunk.start - old[key].start for key, chunk in new.items() if chunk.end} == {shift}


def test_a_deleted_document_is_gone(documents: Path, folder: Path, embedder: HashingEmbedder) -> None:
    rewrite(documents, "heron")
    build_index([documents], folder, embedder)
    (documents / "about-animals.md").unlink()
    report = build_index([documents], folder, embedder)
    assert (report.embedded, report.removed) == (0, 1)
    assert "about-animals" not in answer(folder, "Here we only speak of the heron")


def test_equal_texts_are_embedded_once(folder: Path, tmp_path: Path, embedder: HashingEmbedder) -> None:
    for slug in ("first", "second"):
        text = f"---\nslug: {slug}\ntitle: Twins\n---\n\n## Context\n\nThe same words in both.\n"
        (tmp_path / f"{slug}.md").write_text(text, "utf-8")
    report = build_index([tmp_path], folder, embedder)
    assert len(embedder.embedded) == len(set(embedder.embedded)) == report.embedded < report.vectors
    with current(folder).open_vectors() as store:
        assert store.count() == report.vectors


def test_force_writes_a_new_generation_and_embeds_nothing(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    first = build_index([documents], folder, embedder)
    forced = build_index([documents], folder, embedder, force=True)
    assert forced.generation != first.generation
    assert (forced.embedded, forced.reused) == (0, first.vectors)


def test_another_model_embeds_everything_anew(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    build_index([documents], folder, embedder)
    other = HashingEmbedder(seed=1)
    assert index_state([documents], folder, other) == "stale"
    report = build_index([documents], folder, other)
    assert report.embedded == report.vectors
    current(folder).manifest.check(other.fingerprint)


def test_an_index_with_older_records_is_refused_and_rewritten_without_embedding(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    build_index([documents], folder, embedder)
    manifest = current(folder).folder / "manifest.json"
    described = json.loads(manifest.read_text("utf-8"))
    del described["recipe"]["records_version"]  # the first version wrote no number
    manifest.write_text(json.dumps(described), "utf-8")
    with pytest.raises(IndexMismatchError, match=r"records .* version 1, .*`navigator index`"):
        Navigator(load_settings(index=folder), embedder)
    assert index_state([documents], folder, embedder) == "stale"
    report = build_index([documents], folder, embedder)
    assert not report.unchanged
    assert report.embedded == 0
    Navigator(load_settings(index=folder), embedder).library.close()


def test_index_state_tells_missing_stale_and_current(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    def state() -> str:
        return index_state([documents], folder, embedder)

    assert state() == "missing"
    build_index([documents], folder, embedder)
    assert state() == "current"
    rewrite(documents, "heron")
    assert state() == "stale"
    build_index([documents], folder, embedder)
    assert state() == "current"
    (documents / "about-animals.md").unlink()
    assert state() == "stale"
    assert index_state([documents], folder, embedder, server="http://127.0.0.1:1") == "stale"
    (current(folder).records_file).unlink()
    assert state() == "missing"


def test_with_nothing_to_read_the_old_index_stays(
    documents: Path, folder: Path, tmp_path: Path, embedder: HashingEmbedder
) -> None:
    report = build_index([documents], folder, embedder)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CorpusError, match=rf"{empty}.*navigator lint"):
        build_index([empty], folder, embedder)
    (empty / "nothing.md").write_bytes(b"\0" * 100)
    with pytest.raises(CorpusError, match=r"nothing\.md"):
        build_index([empty], folder, embedder)
    with pytest.raises(CorpusError, match="not-there"):
        build_index([tmp_path / "not-there"], folder, embedder)
    assert current_name(folder) == report.generation


def test_progress_runs_from_stage_to_stage_and_each_to_its_end(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}
    build_index(
        [documents],
        folder,
        embedder,
        on_progress=lambda stage, done, total: seen.setdefault(stage, []).append((done, total)),
    )
    assert list(seen) == ["reading", "writing", "embedding", "storing", "checking", "drawing"]
    assert seen.pop("checking") == seen.pop("drawing") == [(0, 0)]
    for steps in seen.values():
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1] > 0


class Interrupted(HashingEmbedder):
    """Embeds some batches; then the user has pressed Ctrl-C."""

    def embed_documents(self, texts):
        for number, batch in enumerate(super().embed_documents(texts)):
            if number == 3:
                raise KeyboardInterrupt
            yield batch


def test_after_ctrl_c_the_next_build_goes_on(documents: Path, folder: Path) -> None:
    embedder = HashingEmbedder()
    with pytest.raises(KeyboardInterrupt):
        build_index([documents], folder, Interrupted())
    rewrite(documents, "heron")  # that the documents change meanwhile does no harm
    report = build_index([documents], folder, embedder)
    assert report.embedded == len(embedder.embedded) == report.vectors - 24
    assert answer(folder, "Here we only speak of the heron")[0] == "about-animals"


def test_what_another_model_left_unfinished_is_not_used(documents: Path, folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_index([documents], folder, Interrupted(seed=1))
    report = build_index([documents], folder, HashingEmbedder())
    assert report.embedded == report.vectors


def test_vectors_that_turn_out_damaged_are_embedded_anew(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    build_index([documents], folder, embedder)
    generation = current(folder)
    file = generation.vectors_folder / "chroma.sqlite3"
    content = file.read_bytes()
    file.write_bytes(content[:12_288] + b"\xff" * (len(content) - 12_288))  # no shorter, but nonsense
    embedder.embedded.clear()
    report = build_index([documents], folder, embedder, force=True)
    assert report.embedded == report.vectors == len(embedder.embedded)
    assert answer(folder, "calm through discretion, trust through sight")[0] == "open-till"


def test_an_index_that_fails_its_check_never_answers(
    documents: Path, folder: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build_index([documents], folder, embedder).generation
    rewrite(documents, "heron")
    query = VectorStore.query
    monkeypatch.setattr(VectorStore, "query", lambda store, vector, k: query(store, -vector, k))
    with pytest.raises(IndexDamagedError, match="searching does not find them"):
        build_index([documents], folder, embedder)
    assert current_name(folder) == before
    monkeypatch.undo()
    assert build_index([documents], folder, embedder).embedded == 0  # the cache has kept it all


def test_a_live_reader_keeps_its_generation_and_sees_the_switch(
    documents: Path, folder: Path, embedder: HashingEmbedder
) -> None:
    rewrite(documents, "heron")
    build_index([documents], folder, embedder)
    old = current(folder)
    question = embedder.embed_query("Here we only speak of the giraffe")
    with old.open_vectors() as reader:
        first = reader.query(question, 5)
        rewrite(documents, "giraffe")
        build_index([documents], folder, embedder)
        assert reader.query(question, 5) == first
        assert current_name(folder) != old.name
        with current(folder).open_vectors() as switched:
            assert switched.query(question, 1)[0][1] > 0.8 > first[0][1]


def test_what_stands_in_the_way_of_writing_is_named_and_the_old_index_stays(
    documents: Path, folder: Path, embedder: HashingEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = build_index([documents], folder, embedder).generation
    rewrite(documents, "heron")

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("navigator.build.write_records", full)
    with pytest.raises(IndexStateError, match=r"No space left on device.*navigator index"):
        build_index([documents], folder, embedder)
    assert current_name(folder) == before


PAGES = st.lists(st.sampled_from(["heron", "giraffe", "newt", "heron and newt"]), max_size=3)


@settings(max_examples=8, deadline=None)
@given(first=st.tuples(PAGES, PAGES), second=st.tuples(PAGES, PAGES))
def test_step_by_step_or_from_nothing_the_index_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, first: tuple[list[str], ...], second: tuple[list[str], ...]
) -> None:
    root = tmp_path_factory.mktemp("library")
    documents = root / "documents"
    documents.mkdir()
    for contents in (first, second):
        for slug, pages in zip(("one", "two"), contents, strict=True):
            text = "\n\n".join(f"## Page {number}\n\nThe {page}." for number, page in enumerate(pages))
            (documents / f"{slug}.md").write_text(f"# Document {slug}\n\nSome words.\n\n{text}\n", "utf-8")
        build_index([documents], root / "steps", HashingEmbedder())
    build_index([documents], root / "nothing", HashingEmbedder())
    for slug in ("one", "two"):
        assert chunks_of(root / "steps", slug) == chunks_of(root / "nothing", slug)
    assert vectors_and_words(root / "steps") == vectors_and_words(root / "nothing")


def vectors_and_words(folder: Path) -> tuple[list[str], list[list[tuple[str, float]]]]:
    lexical = LexicalIndex.load(current(folder).lexical_folder)
    with current(folder).open_vectors() as vectors:
        return sorted(vectors.ids()), [lexical.search(word) for word in ("heron", "giraffe", "newt")]


def test_the_script_beside_the_index_is_the_index_command(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []
    monkeypatch.setattr("navigator.cli.main", called.append)
    monkeypatch.setattr("sys.argv", ["rebuild.py", "patterns", "--force"])
    runpy.run_path(str(Path(__file__).parent.parent / "index" / "rebuild.py"), run_name="__main__")
    assert called == [["index", "patterns", "--force"]]


# What needs processes of its own. They are forked from a clean one that has imported everything.


def _build(documents: Path, folder: Path, delay: float) -> None:
    build_index([documents], folder, HashingEmbedder(batch_size=4, delay=delay))


def _started(documents: Path, folder: Path, delay: float) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["test_build", "chromadb", "chromadb.api.rust", "httpx"])
    process = context.Process(target=_build, args=(documents, folder, delay))
    process.start()
    return process


@pytest.fixture
def killed() -> Iterator[list[BaseProcess]]:
    """Processes that must not outlive the test."""
    processes: list[BaseProcess] = []
    yield processes
    for process in processes:
        process.kill()
        process.join()
        process.close()


def test_two_builds_at_once_and_the_second_is_told_of_the_first(
    documents: Path, folder: Path, killed: list[BaseProcess]
) -> None:
    killed.append(_started(documents, folder, delay=5))
    while not (folder / "build.holder").exists():
        assert killed[0].is_alive()
        time.sleep(0.01)
    with pytest.raises(IndexLockedError, match=f"process {killed[0].pid} on"):
        build_index([documents], folder, HashingEmbedder())


@pytest.mark.slow
def test_killed_at_twenty_moments_the_index_answers_and_the_next_build_completes(
    documents: Path, folder: Path, killed: list[BaseProcess]
) -> None:
    moments = random.Random(20)
    rewrite(documents, "heron")
    build_index([documents], folder, HashingEmbedder())
    animal = "heron"
    (documents / "growing.md").write_text(_pages(-1), "utf-8")
    for trial in ("first", "second"):  # the first one waits for the imports of the process it is forked from
        clock = time.perf_counter()
        process = _started(documents, folder / trial, delay=0.02)
        process.join()
        assert process.exitcode == 0
        duration = time.perf_counter() - clock
    finished = 0
    for number in range(20):
        before, new = current_name(folder), f"animal{number}"
        rewrite(documents, new)
        (documents / "growing.md").write_text(_pages(number), "utf-8")
        process = _started(documents, folder, delay=0.02)
        killed.append(process)
        time.sleep(moments.uniform(0, 0.9 * duration))
        process.kill()  # SIGKILL, which no process can catch
        process.join()
        if current_name(folder) == before:
            assert answer(folder, f"Here we only speak of the {animal}")[0] == "about-animals"
        else:
            finished += 1
            assert answer(folder, f"Here we only speak of the {new}")[0] == "about-animals"
        build_index([documents], folder, HashingEmbedder())
        assert index_state([documents], folder, HashingEmbedder()) == "current"
        assert answer(folder, f"Here we only speak of the {new}") == ("about-animals", "about-animals")
        animal = new
    assert finished < 15, "the builds were killed too late to tell anything"


def _pages(number: int) -> str:
    """Forty passages, all of them new for each number, so that a build has something to do."""
    passages = (f"Passage {part} of edition {number}.\n\n" + "filling " * 120 for part in range(40))
    return "# Growing\n\n## Context\n\n" + "\n\n".join(passages)
