"""The documents and chunks of one index generation in an SQLite file, written once, then only read."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePath
from typing import Any

from pydantic import ValidationError

from navigator.chunking import Chunk
from navigator.errors import IndexDamagedError, IndexMismatchError, PatternNotFoundError
from navigator.pattern import Document, Form, Pattern, Reading, Record

_SCHEMA = """
CREATE TABLE documents (slug TEXT PRIMARY KEY, is_pattern INTEGER, entry TEXT, record TEXT);
CREATE TABLE chunks (
    id TEXT PRIMARY KEY, slug TEXT, kind TEXT, section TEXT, part INTEGER, text TEXT, embedded_text TEXT,
    contexts TEXT, start INTEGER, "end" INTEGER
);
"""
_CHUNK_COLUMNS = 'slug, kind, section, part, text, embedded_text, contexts, start, "end"'

_PAGE = 500
"""Values per statement, below the limit of every SQLite build."""


RECORDS_VERSION = 4
"""Raised whenever a catalogue entry, a record, an account or the survey changes its fields, so that an older
index is rebuilt."""


class CatalogueEntry(Record):
    """What a list of documents shows of one of them, and what it can be narrowed down by."""

    slug: str
    title: str
    form: Form
    path: str
    is_pattern: bool
    summary: str = ""
    tension: str = ""
    aliases: tuple[str, ...] = ()
    labels: Mapping[str, str] = {}
    other_names: tuple[str, ...] = ()
    confidence: int | None = None
    domain: str = ""
    contexts: tuple[str, ...] = ()
    status: str = ""
    vitality: float | None = None

    @property
    def collection(self) -> str:
        """Name of the folder that the document lies in."""
        return PurePath(self.path).parent.name

    def label(self, context: str | None) -> str:
        """Return the name in a context's words, the title where there is none."""
        return self.labels.get(context or "") or self.title

    @classmethod
    def of(cls, document: Document) -> CatalogueEntry:
        """Return the entry of a document, junk labels and tensions left out.

        Labels that are the title with filler are names that it is found by, and nothing to show.
        """
        entry = cls(
            slug=document.slug,
            title=document.title,
            form=document.form,
            path=document.path,
            is_pattern=isinstance(document, Pattern),
            summary=document.summary,
        )
        if not isinstance(document, Pattern):
            return entry
        return entry.model_copy(
            update={
                "tension": document.usable_tension,
                "aliases": document.aliases,
                "labels": document.shown_labels,
                "other_names": tuple(
                    document.usable_labels[c] for c in document.filler_labels if c in document.usable_labels
                ),
                "confidence": document.lifecycle.confidence,
                "domain": document.ontology.domain,
                "contexts": document.contexts,
                "status": document.lifecycle.status,
                "vitality": document.ontology.commons_assessment.vitality,
            }
        )


def write_records(file: Path, documents: Iterable[tuple[Document, Sequence[Chunk]]]) -> None:
    """Write documents, each with its chunks in order, to an SQLite file that must not exist yet."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(_SCHEMA)
        for document, chunks in documents:
            entry = CatalogueEntry.of(document)
            connection.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?)",
                (document.slug, entry.is_pattern, entry.model_dump_json(), document.model_dump_json()),
            )
            connection.executemany(
                "INSERT INTO chunks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_chunk_row, chunks)
            )
        connection.execute("CREATE INDEX chunks_of_document ON chunks (slug)")
        connection.commit()


class Records:
    """Reads the documents and chunks of one generation; any number of threads may share it.

    Raises
    ------
    IndexDamagedError
        From every method, where the file is missing, cut off or not what `write_records` wrote.
    IndexMismatchError
        From `document` and `catalogue`, where another version wrote records of another form.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.Lock()
        with self._errors_explained():
            # Nobody ever writes this file again, so SQLite may leave out its own locking.
            self._connection = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def document(self, slug: str) -> Document:
        """Return the pattern or reading with this slug.

        Raises
        ------
        PatternNotFoundError
            There is none.
        """
        rows = self._rows("SELECT is_pattern, record FROM documents WHERE slug = ?", (slug,))
        if not rows:
            raise PatternNotFoundError(f"No pattern or reading goes by the slug {slug!r}.")
        is_pattern, record = rows[0]
        with self._errors_explained():
            return (Pattern if is_pattern else Reading).model_validate_json(record)

    def chunks(self, ids: Sequence[str]) -> list[Chunk]:
        """Return the chunks with these ids, in this order; ids that are not there are left out."""
        found: dict[str, Chunk] = {}
        for first in range(0, len(ids), _PAGE):
            page = ids[first : first + _PAGE]
            marks = ", ".join("?" * len(page))
            query = f"SELECT id, {_CHUNK_COLUMNS} FROM chunks WHERE id IN ({marks})"  # noqa: S608
            found |= {row[0]: _chunk(row[1:]) for row in self._rows(query, page)}
        return [found[chunk_id] for chunk_id in ids if chunk_id in found]

    def chunks_of(self, slug: str) -> list[Chunk]:
        """Return all chunks of a document, in the order of the document."""
        query = f"SELECT {_CHUNK_COLUMNS} FROM chunks WHERE slug = ? ORDER BY rowid"  # noqa: S608
        return [_chunk(columns) for columns in self._rows(query, (slug,))]

    def situations(self) -> list[Chunk]:
        """Return the chunks that are situations, in order of their documents."""
        query = f"SELECT {_CHUNK_COLUMNS} FROM chunks WHERE kind = 'situation' ORDER BY rowid"  # noqa: S608
        return [_chunk(columns) for columns in self._rows(query)]

    def chunk_ids(self) -> list[str]:
        """Return the ids of all chunks."""
        return [chunk_id for (chunk_id,) in self._rows("SELECT id FROM chunks ORDER BY rowid")]

    def catalogue(self) -> list[CatalogueEntry]:
        """Return an entry for each document, in order of slug."""
        return self._catalogue

    @cached_property
    def _catalogue(self) -> list[CatalogueEntry]:
        rows = self._rows("SELECT entry FROM documents ORDER BY slug")
        with self._errors_explained():
            return [CatalogueEntry.model_validate_json(entry) for (entry,) in rows]

    def _rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock, self._errors_explained():
            return self._connection.execute(query, parameters).fetchall()

    @contextlib.contextmanager
    def _errors_explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise IndexDamagedError(
                f"{self.file} cannot be read: {error}. "
                "Run `navigator index --force` to build the index again."
            ) from error
        except ValidationError as error:
            raise IndexMismatchError(
                f"{self.file} was written by another version of Pattern Navigator, and this one cannot read "
                f"it ({error.error_count()} fields differ). Run `navigator index --force` to build the index "
                "again."
            ) from error


def _chunk_row(chunk: Chunk) -> tuple[Any, ...]:
    return (
        chunk.id,
        chunk.slug,
        chunk.kind,
        chunk.section,
        chunk.part,
        chunk.text,
        chunk.embedded_text,
        json.dumps(chunk.contexts),
        chunk.start,
        chunk.end,
    )


def _chunk(columns: Sequence[Any]) -> Chunk:
    slug, kind, section, part, text, embedded_text, contexts, start, end = columns
    return Chunk(slug, kind, section, part, text, embedded_text, tuple(json.loads(contexts)), start, end)
