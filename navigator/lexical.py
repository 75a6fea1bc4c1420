"""The lexical index: BM25 over one text per document, words reduced to their stems."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import bm25s
import numpy as np
from bm25s.tokenization import Tokenized

from navigator.errors import IndexDamagedError
from navigator.pattern import Document, Pattern
from navigator.text import plain, stems

_METHOD = "lucene"
"""Of the BM25 variants, the one whose scores are zero for words that a document lacks."""

_SLUGS = "slugs.json"


class LexicalIndex:
    """BM25 scores of documents for the words of a question.

    Build one with :meth:`build`, or open a saved one with :meth:`load`.
    """

    def __init__(self, slugs: Sequence[str], scorer: Any) -> None:
        self._slugs = slugs
        self._scorer = scorer

    @classmethod
    def build(cls, texts: Iterable[tuple[str, str]]) -> Self:
        """Index pairs of slug and text, at least one, see `document_text`."""
        slugs: list[str] = []
        # Every document has one token that no query has: bm25s divides by the mean length.
        vocabulary = {"": 0}
        tokens: list[list[int]] = []
        for slug, text in texts:
            slugs.append(slug)
            tokens.append([0, *(vocabulary.setdefault(stem, len(vocabulary)) for stem in stems(text))])
        scorer = bm25s.BM25(method=_METHOD, backend="numpy")
        scorer.index(Tokenized(ids=tokens, vocab=vocabulary), show_progress=False)
        return cls(slugs, scorer)

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._scorer.save(folder, show_progress=False)
        (folder / _SLUGS).write_text(json.dumps(self._slugs), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a saved index; its arrays stay on disk until a question touches them.

        Raises
        ------
        IndexDamagedError
            Files are missing or cannot be read.
        """
        try:
            slugs = json.loads((folder / _SLUGS).read_text("utf-8"))
            return cls(slugs, bm25s.BM25.load(folder, mmap=True))
        except (OSError, EOFError, ValueError, KeyError) as error:
            raise IndexDamagedError(
                f"The lexical index in {folder} cannot be read: {error}. "
                "Run `navigator index --force` to build the index again."
            ) from error

    def search(self, query: str, k: int) -> list[tuple[str, float]]:
        """Return at most ``k`` slugs with their BM25 scores, best first, ties in order of the corpus.

        Documents that share no word with the query are left out.
        """
        known = [stem for stem in stems(query) if stem in self._scorer.vocab_dict]
        if not known:
            return []
        scores = self._scorer.get_scores(known)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(self._slugs[position], float(scores[position])) for position in best if scores[position] > 0]


def document_text(document: Document) -> str:
    """Return what is indexed of a document: its names, summary, hints and sections.

    Situations are left out: they are written for the dense retriever.
    """
    lines = [document.title, document.summary]
    if isinstance(document, Pattern):
        lines += [*document.aliases, *document.usable_labels.values()]
        lines += [document.usable_tension, *document.usable_keywords]
    for section in document.sections:
        lines += [section.name, plain(section.text)]
    return "\n".join(lines)
