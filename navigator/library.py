"""One generation of the index, opened for reading: vectors, words and records under one handle.

A library never changes while it is open. Whoever serves questions for long asks `Library.is_current`
between two of them, and opens the next generation when a build has switched to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Self

from navigator.chunking import Chunk
from navigator.corpus.audiences import Audience, audiences_of
from navigator.embedding import Vectors
from navigator.errors import IndexMismatchError, PatternNotFoundError
from navigator.lexical import LexicalIndex
from navigator.names import Name, Names
from navigator.pattern import Account, Document, Pattern
from navigator.projection import MAP_VERSION
from navigator.store.accounts import Accounts
from navigator.store.generations import Generation, current, current_name
from navigator.store.layout import Layout, read_layout
from navigator.store.passages import Passages
from navigator.store.records import CatalogueEntry, Records
from navigator.store.vectors import VectorStore
from navigator.text import words

COMMON = 0.05
"""Share of the patterns that have a label for a context where the library is written for it."""


class Library:
    """The documents of one index generation, and the ways to find them.

    What a question needs is opened when the first one asks for it: reading one record opens neither
    vectors nor words.
    """

    def __init__(self, folder: Path, generation: Generation) -> None:
        self.folder = folder
        self.generation = generation
        self._records = Records(generation.records_file)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the generation that answers in an index folder.

        Raises
        ------
        IndexStateError
            Nothing was built there yet, or it cannot be read.
        """
        return cls(folder, current(folder))

    @property
    def is_current(self) -> bool:
        """Whether no build has switched to another generation since."""
        return current_name(self.folder) == self.generation.name

    @cached_property
    def catalogue(self) -> Mapping[str, CatalogueEntry]:
        """An entry for each document, by slug."""
        return {entry.slug: entry for entry in self._records.catalogue()}

    @cached_property
    def audiences(self) -> tuple[Audience, ...]:
        """The contexts that this library is written for.

        Those of the form, those that its librarian declared, and further ones that a good part of its
        patterns have a label for.
        """
        patterns = [entry for entry in self.catalogue.values() if entry.is_pattern]
        labelled = Counter(context for entry in patterns for context in entry.labels)
        common = {context for context, number in labelled.items() if number >= COMMON * len(patterns)}
        return audiences_of(common, self.generation.manifest.recipe.contexts)

    @cached_property
    def by_title(self) -> tuple[CatalogueEntry, ...]:
        """The same entries, in order of title."""
        return tuple(sorted(self.catalogue.values(), key=lambda entry: entry.title.lower()))

    @cached_property
    def layout(self) -> Layout:
        """Where the documents lie on the map.

        Raises
        ------
        IndexStateError
            The index was built by a version that drew none, or the map cannot be read.
        """
        if self.generation.manifest.recipe.map_version != MAP_VERSION:
            raise IndexMismatchError(
                f"The index in {self.folder} has no map that this version of Pattern Navigator reads. Run "
                "`navigator index` to draw it; nothing is embedded twice."
            )
        return read_layout(self.generation.map_file)

    def nearest(self, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """Return the ids of the ``k`` chunks nearest to a vector, with cosine similarities, best first."""
        return self._vectors.query(vector, min(k, self.generation.manifest.vectors))

    def vectors(self) -> tuple[Sequence[str], Vectors]:
        """Return the ids of the chunks that have a vector, in order of the documents, with those vectors."""
        return self._passages.ids, self._passages.vectors

    def cards(self) -> tuple[list[str], Vectors]:
        """Return the slugs of the documents that have a card, with the vectors of the cards."""
        ids, vectors = self.vectors()
        rows = [row for row, chunk_id in enumerate(ids) if "#card." in chunk_id]
        return [ids[row].partition("#")[0] for row in rows], vectors[rows]

    def similarities(self, vector: Vectors, slugs: Iterable[str]) -> dict[str, list[tuple[str, float]]]:
        """Return the chunks of documents with their cosine similarities to a vector, best first."""
        return self._passages.similarities(vector, slugs)

    def search(self, question: str) -> dict[str, float]:
        """Return the slugs of the documents that share a word with a question, see `LexicalIndex.search`."""
        return self._lexical.search(question)

    def search_situations(self, question: str) -> dict[str, float]:
        """Return the ids of the situations that share a word with a question, as `search` does."""
        return self._situations.search(question)

    def accounts_near(self, vector: Vectors, k: int) -> list[tuple[Account, float]]:
        """Return the ``k`` accounts nearest to a vector, with cosine similarities, best first."""
        return self._accounts.nearest(vector, k)

    @cached_property
    def names(self) -> Names:
        """What the documents go by."""
        return Names(name for entry in self.catalogue.values() for name in _names_of(entry))

    def containing(self, text: str) -> list[str]:
        """Return the slugs of the documents that hold every word, the last perhaps unfinished, best first."""
        return self._lexical.containing(text)

    def named(self, text: str) -> list[str]:
        """Return the slugs of the documents that go by these words and no others, see `Names.find`."""
        return [name.slug for name in self.names.find(text)]

    def told(self, text: str) -> Chunk | None:
        """Return the situation that tells this very account, if there is one."""
        found = self.search_situations(text)
        nearest = self.chunk(max(found, key=found.__getitem__)) if found else None
        return nearest if nearest and words(nearest.text) == words(text) else None

    def find(self, name: str) -> Document:
        """Return the document that goes by a slug, title, alias or context label, spelled in any way.

        Raises
        ------
        PatternNotFoundError
            Naming what it may have been meant to be.
        """
        slug = name if name in self.catalogue else next(iter(self.named(name)), None)
        if slug is not None:
            return self._records.document(slug)
        slugs = [similar.slug for similar in self.names.suggest(name, 3)]
        hint = f" Did you mean {' or '.join(slugs)}?" if slugs else ""
        raise PatternNotFoundError(
            f"No pattern goes by {name!r}.{hint} `navigator ask` finds one by situation."
        )

    def pattern(self, slug: str) -> Pattern:
        """Return the pattern with this slug.

        Raises
        ------
        PatternNotFoundError
            There is none, or it is an article.
        """
        document = self._records.document(slug)
        if not isinstance(document, Pattern):
            raise PatternNotFoundError(f"{document.title} is an article, not a pattern.")
        return document

    def chunks_of(self, slug: str) -> list[Chunk]:
        """Return all chunks of a document, in its order."""
        return self._records.chunks_of(slug)

    def chunk(self, chunk_id: str) -> Chunk | None:
        """Return the chunk with this id, if there is one."""
        return next(iter(self._records.chunks([chunk_id])), None)

    def situations(self) -> list[Chunk]:
        """Return the chunks that are situations, in order of their documents."""
        return self._situation_chunks

    @cached_property
    def _situation_chunks(self) -> list[Chunk]:
        return self._records.situations()  # a quarter of a second in a large library

    def accounts(self) -> Sequence[Account]:
        """Return the accounts of trouble that the library comes with."""
        return self._accounts.accounts

    def examples(self, context: str | None, count: int) -> list[str]:
        """Return situations from as many patterns, spread over the library; those of a context or of none."""
        fitting = [
            s for s in self._situation_chunks if context is None or context in (s.contexts or (context,))
        ]
        first = {s.slug: s.text for s in reversed(fitting)}
        step = max(1, len(first) // count) if count else 1
        return list(first.values())[::step][:count]

    def close(self) -> None:
        """Let go of the files; the library cannot be used afterwards."""
        self._records.close()
        if "_vectors" in self.__dict__:
            self._vectors.close()

    @cached_property
    def _vectors(self) -> VectorStore:
        return self.generation.open_vectors()

    @cached_property
    def _passages(self) -> Passages:
        return Passages.load(self.generation.passages_folder)

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return LexicalIndex.load(self.generation.lexical_folder)

    @cached_property
    def _accounts(self) -> Accounts:
        return Accounts.load(self.generation.accounts_folder)

    @cached_property
    def _situations(self) -> LexicalIndex:
        return LexicalIndex.load(self.generation.situations_folder)


def _names_of(entry: CatalogueEntry) -> Iterator[Name]:
    yield Name(entry.slug, entry.title, "title")
    yield Name(entry.slug, entry.slug, "slug")
    for alias in entry.aliases:
        yield Name(entry.slug, alias, "alias")
    for label in (*entry.labels.values(), *entry.other_names):
        yield Name(entry.slug, label, "label")
