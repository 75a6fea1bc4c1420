"""Generations of the index: how a new one is made beside the old, and how the switch is made at once.

::

    index/
    ├── CURRENT                    name of the generation that answers
    ├── generations/<name>/        never written again once it is here
    │   ├── manifest.json          what it was built from and what is in it
    │   ├── records.sqlite         documents and chunks
    │   ├── survey.json            what was found in the documents, see navigator.health
    │   ├── lexical/               BM25
    │   ├── situations/            BM25 of the situations
    │   ├── accounts/              accounts with the patterns that helped, and their vectors
    │   ├── passages/              the vectors once more, document by document
    │   ├── map.json               where the documents lie on the map
    │   └── vectors/               Chroma; absent where a Chroma server holds the vectors
    ├── building/                  the generation in the making, survives a killed build
    ├── build.lock                 held by a running build, let go by the system when that dies
    └── build.holder               who holds it

Readers follow ``CURRENT`` and see only finished generations. A build works in ``building/``, renames
it into ``generations/`` and replaces ``CURRENT`` in one step; killed anywhere, the old generation
answers and the next build takes over the vectors in ``building/cache/``.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import filelock
from pydantic import Field

from navigator.corpus.audiences import Audience
from navigator.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexServerError,
    IndexStateError,
)
from navigator.pattern import Level, Record
from navigator.store.records import RECORDS_VERSION
from navigator.store.vectors import VectorStore, copy_folder, drop_collection

SCHEMA: Literal["navigator.index/2"] = "navigator.index/2"

KEPT = 2
"""Generations that a switch leaves: the new one, and the one that readers may still have open."""

_POINTER, _GENERATIONS, _BUILDING, _MANIFEST = "CURRENT", "generations", "building", "manifest.json"

_COLLECTION = "chunks"
"""Name of the collection in a folder; on a server it bears the name of its generation."""


class Recipe(Record):
    """Everything that decides what is in an index: equal recipes give equal indexes."""

    package_version: str
    chunker_version: int
    records_version: int = Field(
        default=1, description="see navigator.store.records; the first had no number"
    )
    map_version: int = Field(default=0, description="see navigator.projection; an index of 0 has no map")
    fingerprint: str = Field(description="of the embedding model, see navigator.embedding.Embedder")
    questions: str = Field(
        default="", description="of what embeds questions: the model, and the adapter if there is one"
    )
    dimension: int = Field(description="length of a vector")
    server: str | None = Field(description="URL of the Chroma server; None for a folder of our own")
    corpus_digest: str = Field(description="SHA-256 over the paths and contents of all files")
    contexts: tuple[Audience, ...] = Field(default=(), description="contexts that the librarian declared")

    def same_model(self, other: Recipe) -> bool:
        """Whether equal texts have equal vectors under both recipes."""
        return (self.fingerprint, self.dimension) == (other.fingerprint, other.dimension)

    def asks_alike(self, other: Recipe) -> bool:
        """Whether equal questions have equal vectors under both recipes."""
        return (self.questions, self.dimension) == (other.questions, other.dimension)

    def cuts_alike(self, other: Recipe) -> bool:
        """Whether equal documents give equal chunks under both recipes."""
        versions = (self.package_version, self.chunker_version)
        return self.same_model(other) and versions == (other.package_version, other.chunker_version)


class Manifest(Record):
    """What a generation was built from and what is in it; the counts are those of a finished one."""

    schema_: Literal["navigator.index/2"] = Field(
        default=SCHEMA, alias="schema", serialization_alias="schema"
    )
    name: str
    recipe: Recipe
    created: datetime
    paths: tuple[str, ...] = ()
    patterns: int = 0
    readings: int = 0
    chunks: int = 0
    vectors: int = Field(default=0, description="of the chunks that have one")
    accounts: int = Field(default=0, description="of trouble, with the patterns that helped")
    findings: Mapping[Level, int] = {}
    files: Mapping[str, int] = Field(default={}, description="files of the generation, sizes in bytes")

    def check(self, fingerprint: str) -> None:
        """Raise IndexMismatchError unless the index holds the records and vectors that are to be read.

        Parameters
        ----------
        fingerprint
            Of the embedding model in use.
        """
        if self.recipe.records_version != RECORDS_VERSION:
            raise IndexMismatchError(
                f"The records of the index are of version {self.recipe.records_version}, and this version of "
                f"Pattern Navigator reads version {RECORDS_VERSION}. Run `navigator index` to write them "
                "again; nothing is embedded twice."
            )
        if self.recipe.fingerprint != fingerprint:
            raise IndexMismatchError(
                f"The index was built with the embedding model {self.recipe.fingerprint}, and the model in "
                f"use is {fingerprint}. Run `navigator index` to build it for this model, or set "
                "NAVIGATOR_MODEL back."
            )


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation in its folder, finished or in the making."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """Name of the generation; a later one sorts behind an earlier one."""
        return self.manifest.name

    @property
    def records_file(self) -> Path:
        """SQLite file for `navigator.store.records`."""
        return self.folder / "records.sqlite"

    @property
    def survey_file(self) -> Path:
        """JSON file for `navigator.health`."""
        return self.folder / "survey.json"

    @property
    def lexical_folder(self) -> Path:
        """Folder for `navigator.lexical`."""
        return self.folder / "lexical"

    @property
    def passages_folder(self) -> Path:
        """Folder for `navigator.store.passages`."""
        return self.folder / "passages"

    @property
    def situations_folder(self) -> Path:
        """Folder for `navigator.lexical`, of the situations alone."""
        return self.folder / "situations"

    @property
    def accounts_folder(self) -> Path:
        """Folder for `navigator.store.accounts`."""
        return self.folder / "accounts"

    @property
    def map_file(self) -> Path:
        """File for `navigator.store.layout`."""
        return self.folder / "map.json"

    @property
    def vectors_folder(self) -> Path:
        """Folder for Chroma, where no server holds the vectors."""
        return self.folder / "vectors"

    @property
    def cache_folder(self) -> Path:
        """Folder for `navigator.store.cache` while the generation is in the making."""
        return self.folder / "cache"

    def open_vectors(self, *, create: bool = False) -> VectorStore:
        """Open the vectors, wherever they are; ``create`` them where there are none yet."""
        if self.manifest.recipe.server is None:
            return VectorStore(self.vectors_folder, _COLLECTION, create=create)
        return VectorStore(self.manifest.recipe.server, _on_server(self.name), create=create)

    def discard_vectors(self) -> None:
        """Delete the vectors, wherever they are; a server that is gone keeps its collection."""
        if self.manifest.recipe.server is not None:
            with contextlib.suppress(IndexServerError):
                drop_collection(self.manifest.recipe.server, _on_server(self.name))
        shutil.rmtree(self.vectors_folder, ignore_errors=True)


def current_name(folder: Path) -> str | None:
    """Return the name of the generation that answers, None where nothing was built yet."""
    try:
        return (folder / _POINTER).read_text("utf-8").strip()
    except FileNotFoundError:
        return None


def current(folder: Path) -> Generation:
    """Return the generation that answers.

    Raises
    ------
    IndexMissingError
        Nothing was built yet.
    IndexMismatchError
        It has a format that this version cannot read.
    IndexDamagedError
        Files of it are missing or unreadable.
    """
    name = current_name(folder)
    if name is None:
        raise IndexMissingError(f"There is no index in {folder} yet. Run `navigator index` to build it.")
    generation = _load(folder / _GENERATIONS / name)
    for file, size in generation.manifest.files.items():
        _check_size(generation.folder / file, size)
    return generation


def readable(folder: Path) -> Generation | None:
    """Return the generation that answers, None where there is none that this version can read."""
    with contextlib.suppress(IndexMissingError, IndexMismatchError, IndexDamagedError):
        return current(folder)
    return None


@contextlib.contextmanager
def build_lock(folder: Path) -> Iterator[None]:
    """Keep other builds out of ``folder``, which is made where it does not exist.

    Raises
    ------
    IndexLockedError
        Another process holds the lock; the message names it.
    IndexStateError
        The folder cannot be written.
    """
    lock, holder = filelock.FileLock(folder / "build.lock"), folder / "build.holder"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        who = holder.read_text("utf-8") if holder.exists() else "a process that has only just started"
        raise IndexLockedError(
            f"Another build of the index in {folder} is running: {who}. Wait until it is done, or stop it, "
            "and run `navigator index` again."
        ) from error
    except OSError as error:
        raise IndexStateError(
            f"The index folder {folder} cannot be written: {error}. Set NAVIGATOR_INDEX to another one."
        ) from error
    try:
        since = datetime.now().astimezone().isoformat(" ", "seconds")
        holder.write_text(f"process {os.getpid()} on {socket.gethostname()}, since {since}", "utf-8")
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def begin(folder: Path, recipe: Recipe) -> Generation:
    """Return a generation in the making, with the vectors that are at hand.

    These are a copy of the current generation's, where both are of the same model and in a folder,
    and the cache of a killed build, where that was of the same model.
    """
    building = folder / _BUILDING
    _reclaim_unannounced(folder)
    left = _loaded(building)
    if left is not None and left.manifest.recipe.same_model(recipe):
        left.discard_vectors()
    else:
        _discard(building)
        building.mkdir()
    manifest = Manifest(name=_next_name(folder), recipe=recipe, created=datetime.now(UTC))
    draft = Generation(building, manifest)
    _write_durably(building / _MANIFEST, manifest.model_dump_json(by_alias=True, indent=2))
    _copy_vectors(readable(folder), draft)
    return draft


def _copy_vectors(previous: Generation | None, draft: Generation) -> None:
    """Copy the vectors of ``previous``, if there are any of the same model, from folder to folder."""
    if previous is None or not previous.manifest.recipe.same_model(draft.manifest.recipe):
        return
    if previous.manifest.recipe.server is None and draft.manifest.recipe.server is None:
        try:
            copy_folder(previous.vectors_folder, draft.vectors_folder)
        except IndexDamagedError:
            draft.discard_vectors()


def publish(folder: Path, draft: Generation) -> None:
    """Finish a generation, let readers see it from now on, and prune the oldest."""
    finished = draft.manifest.model_copy(update={"files": _sizes(draft)})
    _write_durably(draft.folder / _MANIFEST, finished.model_dump_json(by_alias=True, indent=2))
    for path in sorted(draft.folder.rglob("*"), reverse=True):
        _sync(path)
    target = folder / _GENERATIONS / draft.name
    target.parent.mkdir(exist_ok=True)
    draft.folder.rename(target)
    _sync(target.parent)
    _write_durably(folder / _POINTER, draft.name + "\n")
    # Only now can nothing bring this generation back to building/.
    shutil.rmtree(replace(draft, folder=target).cache_folder, ignore_errors=True)
    for outdated in _names(folder)[:-KEPT]:
        _discard(folder / _GENERATIONS / outdated)


def _sizes(draft: Generation) -> dict[str, int]:
    """Return the size of each file that the finished generation consists of, by its relative path."""
    folders = (
        draft.lexical_folder,
        draft.situations_folder,
        draft.accounts_folder,
        draft.passages_folder,
        draft.vectors_folder,
    )
    files = (draft.records_file, draft.survey_file, draft.map_file)
    parts = [*files, *(part for folder in folders for part in folder.rglob("*"))]
    return {
        part.relative_to(draft.folder).as_posix(): part.stat().st_size for part in parts if part.is_file()
    }


def _check_size(file: Path, size: int) -> None:
    """Raise IndexDamagedError for a file that is missing or cut off.

    Chroma ends the whole process when it opens a cut-off HNSW header, and answers from what is left
    of other files. Longer is no damage: readers may let Chroma's SQLite file grow.
    """
    try:
        actual = file.stat().st_size
    except OSError as error:
        raise _damaged(file, str(error)) from error
    if actual < size:
        raise _damaged(file, f"it has {actual} bytes where {size} were written")


def _reclaim_unannounced(folder: Path) -> None:
    """Take back what a build that died just before its switch had already moved into its place."""
    answering = current_name(folder) or ""
    for name in reversed(_names(folder)):
        if name > answering:
            _discard(folder / _BUILDING)
            (folder / _GENERATIONS / name).rename(folder / _BUILDING)


def _discard(generation: Path) -> None:
    """Delete a generation, with its collection on a server."""
    known = _loaded(generation)
    if known is not None:
        known.discard_vectors()
    shutil.rmtree(generation, ignore_errors=True)


def _loaded(generation: Path) -> Generation | None:
    with contextlib.suppress(IndexDamagedError, IndexMismatchError):
        return _load(generation)
    return None


def _load(generation: Path) -> Generation:
    file = generation / _MANIFEST
    try:
        content = json.loads(file.read_text("utf-8"))
        if content["schema"] != SCHEMA:
            raise IndexMismatchError(
                f"The index {generation} has the format {content['schema']}, and this version reads "
                f"{SCHEMA}. Run `navigator index` to build it again."
            )
        return Generation(generation, Manifest.model_validate(content))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(file, str(error)) from error


def _damaged(path: Path, what: str) -> IndexDamagedError:
    return IndexDamagedError(
        f"The index cannot be read at {path}: {what}. Run `navigator index --force` to build it again."
    )


def _names(folder: Path) -> list[str]:
    """Return the names of all generations, oldest first."""
    return sorted(path.name for path in (folder / _GENERATIONS).glob("[0-9]" * 6 + "-*"))


def _next_name(folder: Path) -> str:
    """Return a name behind all others; its random half keeps indexes on one Chroma server apart."""
    number = max((int(name.partition("-")[0]) for name in _names(folder)), default=0) + 1
    return f"{number:06d}-{secrets.token_hex(4)}"


def _on_server(name: str) -> str:
    return f"pattern-navigator-{name}"


def _write_durably(file: Path, text: str) -> None:
    """Replace a file in one step that a power failure cannot halve."""
    new = file.with_name(file.name + ".new")
    new.write_text(text, "utf-8")
    _sync(new)
    new.replace(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    if os.name == "nt":
        return  # Windows wants a handle for writing, and has none on a folder
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
