"""Building the index: read, cut, embed what is new, check, switch.

A build writes a new generation beside the one that answers and then switches to it, see
:mod:`navigator.store.generations`. Chunk ids hold a hash of what was embedded, so a chunk that is
already in the vectors at hand needs no second embedding, wherever those come from: the current
generation, a build that was killed, or the file that ships for the bundled corpus.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from navigator import __version__
from navigator.chunking import CHUNKER_VERSION, Chunk, chunk_document, fit
from navigator.communities import communities
from navigator.corpus import load_corpus
from navigator.corpus.audiences import Audience
from navigator.corpus.files import find_files
from navigator.corpus.sidecars import find_sidecars
from navigator.embedding import Embedder, Vectors
from navigator.errors import (
    CorpusError,
    IndexDamagedError,
    IndexServerError,
    IndexStateError,
    PatternNotFoundError,
)
from navigator.health import survey, write_survey
from navigator.lexical import LexicalIndex, document_text
from navigator.lint import lint_corpus
from navigator.pattern import Account, Document, Finding, Level
from navigator.projection import MAP_VERSION, document_vectors, draw_map
from navigator.store.accounts import Accounts
from navigator.store.cache import VectorCache, read_vectors
from navigator.store.generations import (
    Generation,
    Manifest,
    Recipe,
    begin,
    build_lock,
    publish,
    readable,
)
from navigator.store.layout import Spot, write_layout
from navigator.store.passages import Passages
from navigator.store.records import RECORDS_VERSION, Records, write_records
from navigator.store.vectors import VectorStore
from navigator.text import plain

SPECIAL_TOKENS = 2
"""Tokens that a model puts around a text, out of its ``max_tokens``: [CLS] and [SEP], or <s> and </s>."""

CACHED_AT_ONCE = 256
"""Vectors that are collected before they are written: at most 20 s of computing that a kill can cost."""

ADDED_AT_ONCE = 1000
"""Vectors that are given to Chroma in one call."""

Stage = Literal["reading", "writing", "embedding", "storing", "checking", "drawing"]
OnProgress = Callable[[Stage, int, int], None]
"""Called with a stage, the number of things done and their total; 0 of 0 where it cannot be told."""

Embed = Callable[[Sequence[str]], Iterator[tuple[list[int], Vectors]]]
"""`Embedder.embed_documents` or `Embedder.embed_questions`."""

IndexState = Literal["missing", "stale", "current"]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes
    ----------
    generation
        Name of the generation that answers now.
    unchanged
        Whether the index was up to date, so that nothing was read, embedded or written.
    patterns, readings, chunks, vectors, accounts
        What the index holds.
    embedded, reused
        Vectors computed now, one for all chunks of equal text, and all other vectors.
    removed
        Chunks of the previous generation that are gone.
    levels
        Number of findings by level.
    findings
        What is wrong with the documents; none where they were not read because nothing had changed.
    seconds
        Duration of the whole build.
    embedding_seconds
        Duration of embedding and storing the vectors.
    """

    generation: str
    unchanged: bool
    patterns: int
    readings: int
    chunks: int
    vectors: int
    levels: Mapping[Level, int]
    seconds: float
    accounts: int = 0
    embedded: int = 0
    reused: int = 0
    removed: int = 0
    embedding_seconds: float = 0.0
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @property
    def chunks_per_second(self) -> float:
        """Chunks embedded and stored in a second, 0 where none were."""
        return self.embedded / self.embedding_seconds if self.embedding_seconds else 0.0


def build_index(
    paths: Sequence[Path],
    folder: Path,
    embedder: Embedder,
    *,
    server: str | None = None,
    contexts: tuple[Audience, ...] = (),
    shipped_situations: Path | None = None,
    shipped_vectors: Path | None = None,
    on_progress: OnProgress = lambda stage, done, total: None,
    force: bool = False,
) -> BuildReport:
    """Bring the index in ``folder`` up to date with the documents under ``paths``.

    Killed or interrupted at any moment, the previous index goes on answering, and the next build goes
    on from what was embedded.

    Parameters
    ----------
    server
        URL of a Chroma server that is to hold the vectors; None for a folder beside the rest.
    contexts
        Contexts of the librarian's own, beside those of the form.
    shipped_situations
        Folder of situations that come with the product, see `navigator.corpus.load_corpus`.
    shipped_vectors
        File of vectors that come with the product, see `navigator.shipped`.
    force
        Read and write everything again even though no file changed. Vectors are still not computed
        twice, unless those at hand turn out to be damaged.

    Raises
    ------
    CorpusError
        No document could be read; the index stays as it is.
    IndexLockedError
        Another build is running.
    IndexServerError
        The Chroma server does not answer.
    IndexDamagedError
        The new index failed its check twice; the previous one still answers.
    IndexStateError
        The folder cannot be written, or the disk is full.
    """
    try:
        with build_lock(folder):
            return _build(
                paths,
                shipped_situations,
                shipped_vectors,
                folder,
                embedder,
                server,
                contexts,
                on_progress,
                force,
            )
    except (OSError, sqlite3.Error) as error:
        raise IndexStateError(
            f"The index in {folder} could not be written: {error}. What it was before still answers; make "
            "room, or set NAVIGATOR_INDEX to another folder, and run `navigator index` again."
        ) from error


def index_state(
    paths: Sequence[Path],
    folder: Path,
    embedder: Embedder,
    *,
    server: str | None = None,
    contexts: tuple[Audience, ...] = (),
    shipped_situations: Path | None = None,
) -> IndexState:
    """Return whether the index in ``folder`` is what `build_index` would build now.

    Raises
    ------
    CorpusError
        One of ``paths`` does not exist.
    """
    generation = readable(folder)
    if generation is None:
        return "missing"
    now = _recipe(paths, shipped_situations, embedder, server, contexts)
    return "current" if _made_by(now, generation.manifest) else "stale"


def _made_by(recipe: Recipe, manifest: Manifest) -> bool:
    """Whether this recipe would make the index that there is.

    What embeds questions is all the same where no account was embedded with it.
    """
    asked = manifest.recipe.questions
    return manifest.recipe == (
        recipe if manifest.accounts else recipe.model_copy(update={"questions": asked})
    )


def _build(
    paths: Sequence[Path],
    shipped_situations: Path | None,
    shipped_vectors: Path | None,
    folder: Path,
    embedder: Embedder,
    server: str | None,
    contexts: tuple[Audience, ...],
    on_progress: OnProgress,
    force: bool,
) -> BuildReport:
    started = time.perf_counter()
    recipe = _recipe(paths, shipped_situations, embedder, server, contexts)
    previous = readable(folder)
    if previous is not None and _made_by(recipe, previous.manifest) and not force:
        return _report(previous.manifest, started, unchanged=True)
    known = None if force else previous
    texts = _write_texts(paths, shipped_situations, folder, recipe, known, embedder, on_progress)
    draft = texts.draft
    clock = time.perf_counter()
    with_vector = [chunk for chunk in texts.chunks if chunk.embedded_text]
    known_vectors = read_vectors(shipped_vectors, embedder.fingerprint) if shipped_vectors else {}
    cache = VectorCache(draft.cache_folder, shipped=known_vectors)
    embedded = _complete_vectors(draft, with_vector, previous, cache, embedder, on_progress)
    embedded += _write_accounts(draft, texts.accounts, previous, embedder, on_progress)
    embedding_seconds = time.perf_counter() - clock
    on_progress("drawing", 0, 0)
    vectors = Passages.load(draft.passages_folder).vectors
    points = draw_map(document_vectors(with_vector, vectors))
    spots = {slug: Spot(x, y, texts.communities.get(slug, "")) for slug, (x, y) in points.items()}
    write_layout(draft.map_file, spots)
    removed = _removed(previous, texts.chunks)
    publish(folder, draft)
    return _report(
        draft.manifest,
        started,
        embedded=embedded,
        reused=len(with_vector) + len(texts.accounts) - embedded,
        removed=removed,
        embedding_seconds=embedding_seconds,
        findings=texts.findings,
    )


def _recipe(
    paths: Sequence[Path],
    shipped_situations: Path | None,
    embedder: Embedder,
    server: str | None,
    contexts: tuple[Audience, ...],
) -> Recipe:
    return Recipe(
        package_version=__version__,
        chunker_version=CHUNKER_VERSION,
        records_version=RECORDS_VERSION,
        map_version=MAP_VERSION,
        fingerprint=embedder.fingerprint,
        questions=embedder.question_fingerprint,
        dimension=embedder.dimension,
        server=server,
        corpus_digest=_corpus_digest(paths, shipped_situations),
        contexts=contexts,
    )


def _corpus_digest(paths: Sequence[Path], shipped_situations: Path | None) -> str:
    """Return a SHA-256 over the names and contents of all files that the reader would look at."""
    digest = hashlib.sha256()
    for found in [*find_files(paths), *find_sidecars(paths, shipped_situations)]:
        if isinstance(found, Finding):
            content = found.message
        else:
            try:
                content = hashlib.sha256(found.read_bytes()).hexdigest()
            except OSError as error:
                content = str(error)
        digest.update(json.dumps([str(found), content]).encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Texts:
    """What a build has read and written before anything is embedded.

    Attributes
    ----------
    draft
        The generation in the making, with all texts in it.
    communities
        The middle of each pattern's community, by slug.
    """

    draft: Generation
    chunks: list[Chunk]
    accounts: tuple[Account, ...]
    findings: tuple[Finding, ...]
    communities: dict[str, str]


def _write_texts(
    paths: Sequence[Path],
    shipped_situations: Path | None,
    folder: Path,
    recipe: Recipe,
    previous: Generation | None,
    embedder: Embedder,
    on_progress: OnProgress,
) -> _Texts:
    """Read the documents and begin a generation with all of them but the vectors and the map.

    The documents themselves are let go of on return: a large library takes half a gigabyte, and the
    embedding model is not loaded yet.
    """
    corpus = load_corpus(
        paths,
        shipped_situations=shipped_situations,
        progress=partial(on_progress, "reading"),
        own=recipe.contexts,
    )
    documents = [*corpus.patterns, *corpus.readings]
    if not documents:
        raise CorpusError(_nothing_read(paths, corpus.findings))
    draft = begin(folder, recipe)
    chunks: list[Chunk] = []

    def cut() -> Iterator[tuple[Document, list[Chunk]]]:
        with _last_cut(previous, recipe) as known:
            for done, document in enumerate(documents, start=1):
                pieces = _chunks(document, known, embedder)
                chunks.extend(pieces)
                yield document, pieces
                on_progress("writing", done, len(documents))

    draft.records_file.unlink(missing_ok=True)
    write_records(draft.records_file, cut())
    texts = ((document.slug, document_text(document)) for document in documents)
    LexicalIndex.build(texts).save(draft.lexical_folder)
    situations = ((chunk.id, chunk.text) for chunk in chunks if chunk.kind == "situation")
    LexicalIndex.build(situations).save(draft.situations_folder)
    write_survey(draft.survey_file, survey(corpus.patterns, lint_corpus(corpus)))
    described = draft.manifest.model_copy(
        update={
            "paths": tuple(map(str, paths)),
            "patterns": len(corpus.patterns),
            "readings": len(corpus.readings),
            "chunks": len(chunks),
            "vectors": sum(bool(chunk.embedded_text) for chunk in chunks),
            "accounts": len(corpus.accounts),
            "findings": dict(Counter(finding.level for finding in corpus.findings)),
        }
    )
    return _Texts(
        draft=replace(draft, manifest=described),
        chunks=chunks,
        accounts=corpus.accounts,
        findings=corpus.findings,
        communities=communities(corpus.patterns),
    )


@contextmanager
def _last_cut(previous: Generation | None, recipe: Recipe) -> Iterator[Records | None]:
    """Open the records of the previous build, if it cut documents as this one would."""
    if previous is None or not previous.manifest.recipe.cuts_alike(recipe):
        yield None
        return
    with closing(Records(previous.records_file)) as records:
        yield records


def _chunks(document: Document, known: Records | None, embedder: Embedder) -> list[Chunk]:
    """Cut a document, or look up what it was cut into where it is the same as last time.

    Counting tokens takes most of the time of a build that has nothing to embed.
    """
    if known is not None:
        with suppress(PatternNotFoundError, IndexStateError):
            if known.document(document.slug) == document:
                return known.chunks_of(document.slug)
    return cut_for(embedder, document)


def cut_for(embedder: Embedder, document: Document) -> list[Chunk]:
    """Cut a document into chunks that an embedding model can take in whole."""
    return chunk_document(
        document, max_tokens=embedder.max_tokens - SPECIAL_TOKENS, count_tokens=embedder.count_tokens
    )


def _nothing_read(paths: Sequence[Path], findings: Sequence[Finding]) -> str:
    places = ", ".join(map(str, paths)) or "an empty list of paths"
    reason = (
        f"{len(findings)} findings, the first: {findings[0].message}" if findings else "no document there"
    )
    return (
        f"Nothing could be read from {places} ({reason}). Give `navigator index` a file or folder of .md, "
        ".markdown, .txt or .html documents; `navigator lint` lists what is wrong with each."
    )


def _complete_vectors(
    draft: Generation,
    chunks: Sequence[Chunk],
    previous: Generation | None,
    cache: VectorCache,
    embedder: Embedder,
    on_progress: OnProgress,
) -> int:
    """Give the draft exactly the vectors of ``chunks``, checked; return how many texts were embedded."""
    try:
        embedded = _fill(draft, chunks, previous, cache, embedder, on_progress)
        _check(draft, chunks, on_progress)
    except IndexDamagedError:
        # What was taken over from the previous generation is not sound: this time without it.
        draft.discard_vectors()
        embedded = _fill(draft, chunks, None, cache, embedder, on_progress)
        _check(draft, chunks, on_progress)
    return embedded


def _fill(
    draft: Generation,
    chunks: Sequence[Chunk],
    previous: Generation | None,
    cache: VectorCache,
    embedder: Embedder,
    on_progress: OnProgress,
) -> int:
    """Delete the vectors of stale chunks, add those that are missing; return how many were embedded."""
    wanted = {chunk.id: chunk for chunk in chunks}
    with draft.open_vectors(create=True) as store:
        present = set(store.ids())
        store.delete(present - wanted.keys())
        missing = [wanted[chunk_id] for chunk_id in wanted if chunk_id not in present]
        if missing and previous is not None:
            missing = _take_over(missing, previous, draft, store)
        wording = [chunk.embedded_text for chunk in missing]
        embedded = _embed(wording, cache, embedder.embed_documents, on_progress)
        for first in range(0, len(missing), ADDED_AT_ONCE):
            page = missing[first : first + ADDED_AT_ONCE]
            store.add(page, cache.vectors([chunk.embedded_text for chunk in page]))
            on_progress("storing", first + len(page), len(missing))
    return embedded


def _take_over(
    chunks: list[Chunk], previous: Generation, draft: Generation, store: VectorStore
) -> list[Chunk]:
    """Copy vectors of ``chunks`` from or to a server; return the chunks that there were none of.

    From folder to folder, `begin` has copied them already.
    """
    old, new = previous.manifest.recipe, draft.manifest.recipe
    if not old.same_model(new) or (old.server is None and new.server is None):
        return chunks
    taken: set[str] = set()
    # What a damaged generation or a server that is gone cannot give is embedded.
    with suppress(IndexDamagedError, IndexServerError), previous.open_vectors() as source:
        known = set(source.ids())
        found = [chunk for chunk in chunks if chunk.id in known]
        for first in range(0, len(found), ADDED_AT_ONCE):
            page = found[first : first + ADDED_AT_ONCE]
            store.add(page, source.vectors([chunk.id for chunk in page]))
            taken |= {chunk.id for chunk in page}
    return [chunk for chunk in chunks if chunk.id not in taken]


def _write_accounts(
    draft: Generation,
    accounts: Sequence[Account],
    previous: Generation | None,
    embedder: Embedder,
    on_progress: OnProgress,
) -> int:
    """Give the draft the accounts with their vectors; return how many were embedded.

    They are embedded as questions are, with the adapter: like is compared with like.
    """
    cache = VectorCache(draft.cache_folder / "questions")

    def text_of(account: Account) -> str:
        return fit(plain(account.text), embedder.max_tokens - SPECIAL_TOKENS, embedder.count_tokens)

    if previous is not None and previous.manifest.recipe.asks_alike(draft.manifest.recipe):
        with suppress(IndexDamagedError):
            old = Accounts.load(previous.accounts_folder)
            if len(old):
                cache.add([text_of(account) for account in old.accounts], old.vectors)
    texts = [text_of(account) for account in accounts]
    embedded = _embed(texts, cache, embedder.embed_questions, on_progress)
    vectors = cache.vectors(texts) if texts else np.zeros((0, embedder.dimension), np.float32)
    Accounts(accounts, vectors).save(draft.accounts_folder)
    return embedded


def _embed(texts: Sequence[str], cache: VectorCache, embed: Embed, on_progress: OnProgress) -> int:
    """Embed texts that are not in the cache yet, equal ones once; return their number."""
    texts = [text for text in dict.fromkeys(texts) if text not in cache]
    positions: list[int] = []
    batches: list[Vectors] = []
    done = 0
    try:
        for batch, vectors in embed(texts):
            positions += batch
            batches.append(vectors)
            if len(positions) >= CACHED_AT_ONCE:
                kept = positions, batches
                positions, batches = [], []
                _keep(cache, texts, *kept)
            done += len(batch)
            on_progress("embedding", done, len(texts))
    finally:
        # Also on Ctrl-C: what was computed stays computed.
        _keep(cache, texts, positions, batches)
    return len(texts)


def _keep(
    cache: VectorCache, texts: Sequence[str], positions: Sequence[int], batches: Sequence[Vectors]
) -> None:
    if positions:
        cache.add([texts[position] for position in positions], np.concatenate(batches))


def _check(draft: Generation, chunks: Sequence[Chunk], on_progress: OnProgress) -> None:
    """Open the draft as a reader would, look whether it is sound, and copy its vectors in order."""
    on_progress("checking", 0, 0)
    ids = [chunk.id for chunk in chunks]
    with draft.open_vectors() as store:
        vectors = store.check(ids, draft.manifest.recipe.dimension)
    Passages(ids, vectors).save(draft.passages_folder)


def _removed(previous: Generation | None, chunks: Sequence[Chunk]) -> int:
    """Return how many chunks of the previous generation are gone."""
    if previous is None:
        return 0
    with suppress(IndexDamagedError), closing(Records(previous.records_file)) as records:
        return len(set(records.chunk_ids()) - {chunk.id for chunk in chunks})
    return 0


def _report(manifest: Manifest, started: float, *, unchanged: bool = False, **done: Any) -> BuildReport:
    return BuildReport(
        generation=manifest.name,
        unchanged=unchanged,
        patterns=manifest.patterns,
        readings=manifest.readings,
        chunks=manifest.chunks,
        vectors=manifest.vectors,
        accounts=manifest.accounts,
        levels=manifest.findings,
        seconds=time.perf_counter() - started,
        **done,
    )
