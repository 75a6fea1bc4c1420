from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from embedders import HashingEmbedder

from navigator.chunking import Chunk, chunk_document
from navigator.corpus import load_corpus
from navigator.errors import IndexDamagedError, IndexMismatchError, PatternNotFoundError
from navigator.pattern import Document, Pattern, Reading
from navigator.store.records import Records, write_records

Written = dict[str, tuple[Document, list[Chunk]]]


@pytest.fixture
def written(documents: Path) -> Written:
    """The test documents with their chunks, by slug."""
    corpus = load_corpus([documents])
    count_tokens = HashingEmbedder().count_tokens
    return {
        document.slug: (document, chunk_document(document, max_tokens=60, count_tokens=count_tokens))
        for document in [*corpus.patterns, *corpus.readings]
    }


@pytest.fixture
def file(written: Written, tmp_path: Path) -> Path:
    file = tmp_path / "odd name #1 %20.sqlite"
    write_records(file, written.values())
    return file


@pytest.fixture
def records(file: Path) -> Iterator[Records]:
    records = Records(file)
    yield records
    records.close()


def test_documents_come_back_as_they_were(records: Records, written: Written) -> None:
    assert {type(document) for document, _ in written.values()} == {Pattern, Reading}
    for slug, (document, _) in written.items():
        assert records.document(slug) == document


def test_chunks_come_back_as_they_were_in_the_order_asked_for(records: Records, written: Written) -> None:
    chunks = [chunk for _, pieces in written.values() for chunk in pieces]
    wanted = chunks[::-3]
    assert records.chunks([chunk.id for chunk in wanted]) == wanted
    assert records.chunk_ids() == [chunk.id for chunk in chunks]
    for slug, (_, pieces) in written.items():
        assert records.chunks_of(slug) == pieces


def test_more_chunks_than_sqlite_takes_values(records: Records) -> None:
    ids = records.chunk_ids()
    many = [ids[n % len(ids)] for n in range(40_000)]
    assert [chunk.id for chunk in records.chunks(many)] == many


def test_unknown_ids_are_left_out_and_an_unknown_slug_is_named(records: Records) -> None:
    known = records.chunk_ids()[0]
    assert [chunk.id for chunk in records.chunks(["nothing#like.0@this", known])] == [known]
    assert records.chunks([]) == []
    assert records.chunks_of("no-such-slug") == []
    with pytest.raises(PatternNotFoundError, match="no-such-slug"):
        records.document("no-such-slug")


def test_the_catalogue_lists_every_document_without_its_junk(records: Records, written: Written) -> None:
    catalogue = records.catalogue()
    assert [entry.slug for entry in catalogue] == sorted(written)
    entry = next(entry for entry in catalogue if entry.slug == "open-till")
    assert entry.is_pattern
    assert entry.title == "Open Till"
    assert entry.labels == {"corporate": "Open Book Huddle", "activist": "Shared Purse"}  # "Med" is junk
    assert entry.aliases == ("Books on the Counter",)
    assert entry.tension == "calm through discretion vs. trust through sight"


def test_situations_are_found_without_reading_all_chunks(records: Records, written: Written) -> None:
    expected = [chunk for _, pieces in written.values() for chunk in pieces if chunk.kind == "situation"]
    assert expected
    assert records.situations() == expected


def test_many_threads_share_one_reader(records: Records, written: Written) -> None:
    with ThreadPoolExecutor(8) as pool:
        slugs = sorted(written) * 20
        assert [document.slug for document in pool.map(records.document, slugs)] == slugs


@pytest.mark.parametrize("harm", ["missing", "empty", "truncated", "garbage"])
def test_a_damaged_file_is_named_with_the_command_that_mends_it(file: Path, harm: str) -> None:
    if harm == "missing":
        file.unlink()
    else:
        content = {"empty": b"", "truncated": file.read_bytes()[:5000], "garbage": b"no database" * 999}
        file.write_bytes(content[harm])
    with pytest.raises(IndexDamagedError, match=r"odd name.*navigator index --force"):
        Records(file).document("open-till")


def test_records_of_another_version_are_refused_with_the_command_that_mends_it(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE documents SET record = '{\"colour\": 1}', entry = '{}'")
    with closing(Records(file)) as records:
        with pytest.raises(IndexMismatchError, match=r"another version.*navigator index --force"):
            records.document("open-till")
        with pytest.raises(IndexMismatchError, match=r"another version.*navigator index --force"):
            records.catalogue()


def test_a_reader_cannot_write(records: Records) -> None:
    with pytest.raises(IndexDamagedError, match="readonly"):
        records._rows("DELETE FROM chunks")
