"""Vectors in a Chroma collection, in a folder of our own or on a Chroma server: the same code on both.

The only module that knows chromadb. Its import takes seconds, so it waits until a store is opened.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from navigator.chunking import Chunk
from navigator.errors import IndexDamagedError, IndexServerError

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

Vectors = npt.NDArray[np.float32]

HNSW: CreateHNSWConfiguration = {
    "space": "cosine",
    # Recall@50 against exact search, 384 dimensions: .9997 on the 74,216 chunks of a real library, at 4 ms
    # a query; on 3,000 vectors of mere noise, the hardest case, .999 where Chroma's defaults (100, 16,
    # 100) give .80.
    "ef_construction": 200,
    "max_neighbors": 32,
    "ef_search": 400,
    # Written out after every call of add. Else the last vectors stay in a log, which every reader has
    # to work in when it opens the folder, and a reader that is killed then leaves cut-off files.
    "batch_size": 1,
    "sync_threshold": 1,
}

CANARIES, NEAREST, TOLERANCE = 8, 10, 0.01
"""A check asks for the nearest to each of some stored vectors; on average they may be this much less
similar than those that exact search finds."""

PAGE = 1000
"""Rows per request: below every batch limit of Chroma and SQLite, and a few MB over HTTP."""

_SQLITE = "chroma.sqlite3"


class VectorStore:
    """One collection of unit vectors, each with its chunk's id, text, slug, section and kind.

    Parameters
    ----------
    location
        A folder, or the URL of a Chroma server such as ``http://127.0.0.1:8000``.
    collection
        Name of the collection, 3 to 512 characters of ``[a-zA-Z0-9._-]``.
    create
        Make the collection where there is none.

    Raises
    ------
    IndexServerError
        The server does not answer.
    IndexDamagedError
        There is no such collection, or Chroma cannot read it.
    """

    def __init__(self, location: Path | str, collection: str, *, create: bool = False) -> None:
        self.location = location
        if isinstance(location, Path) and not create and not (location / _SQLITE).exists():
            raise _damaged(location, f"there is no {_SQLITE}")  # Chroma would make one
        with _explained(location), contextlib.ExitStack() as on_error:
            self._client = _connect(location)
            on_error.callback(self.close)
            if create:
                self._collection = self._client.get_or_create_collection(
                    collection, configuration={"hnsw": HNSW}, embedding_function=None
                )
            else:
                self._collection = self._client.get_collection(collection, embedding_function=None)
            on_error.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder or the connection; the store cannot be used afterwards."""
        _disconnect(self._client)

    def count(self) -> int:
        """Return the number of vectors."""
        with _explained(self.location):
            return self._collection.count()

    def ids(self) -> list[str]:
        """Return the ids of all chunks, in no order."""
        with _explained(self.location):
            return list(self._collection.get(include=[])["ids"])

    def add(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add chunks with their vectors, shape (len(chunks), dimension)."""
        with _explained(self.location):
            for first in range(0, len(chunks), PAGE):
                page = chunks[first : first + PAGE]
                self._collection.add(
                    ids=[chunk.id for chunk in page],
                    embeddings=vectors[first : first + PAGE],
                    documents=[chunk.text for chunk in page],
                    # No offsets: they change with every edit above a chunk that is itself unchanged.
                    metadatas=[
                        {"slug": chunk.slug, "section": chunk.section, "kind": chunk.kind} for chunk in page
                    ],
                )

    def delete(self, ids: Iterable[str]) -> None:
        """Delete the chunks with these ids."""
        doomed = sorted(ids)
        with _explained(self.location):
            for first in range(0, len(doomed), PAGE):
                self._collection.delete(ids=doomed[first : first + PAGE])

    def query(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return the ids of the ``k`` nearest chunks with their cosine similarity, best first.

        Parameters
        ----------
        vector
            Shape (dimension,).
        """
        with _explained(self.location):
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=k, include=["distances"]
            )
        distances = found["distances"] or [[]]
        return [
            (chunk_id, 1.0 - distance)
            for chunk_id, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def vectors(self, ids: Sequence[str]) -> Vectors:
        """Return the stored vectors of these chunks in this order, shape (len(ids), dimension).

        Raises
        ------
        IndexDamagedError
            One of them is not there.
        """
        pages = [self._page_of_vectors(ids[first : first + PAGE]) for first in range(0, len(ids), PAGE)]
        return np.concatenate(pages) if pages else np.empty((0, 0), np.float32)

    def check(self, ids: Sequence[str], dimension: int) -> Vectors:
        """Look whether the store holds exactly these chunks and finds them; return their vectors in order.

        Raises
        ------
        IndexDamagedError
            Chunks are missing or left over, vectors have another length, or the query for some
            canary finds neighbours that are less similar than those of exact search.
        """
        wanted = list(dict.fromkeys(ids))
        if set(self.ids()) != set(wanted):
            raise _damaged(self.location, "they are not those of the chunks")
        stored = self.vectors(wanted)
        if wanted and stored.shape[1] != dimension:
            raise _damaged(self.location, f"they have {stored.shape[1]} dimensions and not {dimension}")
        for canary in stored[:: max(1, len(wanted) // CANARIES)][:CANARIES]:
            exact = np.sort(stored @ canary)[::-1][:NEAREST]
            found = [similarity for _, similarity in self.query(canary, NEAREST)]
            if len(found) != len(exact) or np.mean(exact - found) > TOLERANCE:
                raise _damaged(self.location, "searching does not find them")
        return stored

    def _page_of_vectors(self, ids: Sequence[str]) -> Vectors:
        with _explained(self.location):
            page = self._collection.get(ids=list(ids), include=["embeddings"])
        rows = dict(zip(page["ids"], np.asarray(page["embeddings"], np.float32), strict=True))
        absent = next((chunk_id for chunk_id in ids if chunk_id not in rows), None)
        if absent is not None:
            raise _damaged(self.location, f"chunk {absent} has no vector")
        return np.stack([rows[chunk_id] for chunk_id in ids])


def copy_folder(source: Path, target: Path) -> None:
    """Copy a Chroma folder that others may be reading.

    A reader that opens Chroma writes a few rows of its own into the SQLite file, so that file is
    copied through SQLite, as it was at one moment; everything else only a build writes.

    Raises
    ------
    IndexDamagedError
        The folder is no sound Chroma folder.
    """
    try:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(f"{_SQLITE}*"))
        address = f"{(source / _SQLITE).absolute().as_uri()}?mode=ro"
        with (
            contextlib.closing(sqlite3.connect(address, uri=True)) as original,
            contextlib.closing(sqlite3.connect(target / _SQLITE)) as copy,
        ):
            original.backup(copy)
    except (shutil.Error, sqlite3.Error) as error:
        raise _damaged(source, str(error)) from error


def drop_collection(url: str, collection: str) -> None:
    """Delete a collection from a Chroma server; one that is not there is no error."""
    with _explained(url):
        client = _connect(url)
        try:
            if collection in {existing.name for existing in client.list_collections()}:
                client.delete_collection(collection)
        finally:
            _disconnect(client)


def _connect(location: Path | str) -> Client:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings

    quiet = Settings(anonymized_telemetry=False)
    if isinstance(location, Path):
        try:
            return cast("Client", chromadb.PersistentClient(str(location), settings=quiet))
        except BaseException:
            # chromadb keeps what it could not open, and would go on giving it out for this folder.
            SharedSystemClient._identifier_to_system.pop(str(location), None)
            raise
    url = urlsplit(location)
    secure = url.scheme == "https"
    port = url.port or (443 if secure else 80)
    return cast("Client", chromadb.HttpClient(url.hostname or "", port, ssl=secure, settings=quiet))


def _disconnect(client: Client) -> None:
    # The HTTP client of chromadb 1.5.9 has two sessions, and its close() closes neither.
    servers = [getattr(part, "_server", None) for part in (client, client._admin_client)]
    client.close()
    for server in servers:
        session = getattr(server, "_session", None)
        if session is not None:
            session.close()


@contextlib.contextmanager
def _explained(location: Path | str) -> Iterator[None]:
    """Raise IndexServerError or IndexDamagedError for whatever chromadb raises inside.

    That may be anything: a ChromaError, an error of its HTTP client, a bare ValueError or Exception.
    """
    from chromadb.errors import ChromaError

    try:
        yield
    except Exception as error:
        if isinstance(location, str) and not isinstance(error, ChromaError):
            raise IndexServerError(
                f"The Chroma server at {location} does not answer as one ({error}). Start it with "
                "`chroma run`, or unset NAVIGATOR_CHROMA_URL and run `navigator index` to keep the index in "
                "a folder."
            ) from error
        raise _damaged(location, str(error)) from error


def _damaged(location: Path | str, what: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"The vectors in {location} cannot be read: {what}. "
        "Run `navigator index --force` to build the index again."
    )
