"""The lexical index: BM25 over texts, one of each document or situation, words reduced to their stems."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import bm25s
import numpy as np
from bm25s.tokenization import Tokenized

from navigator.errors import damage_in
from navigator.pattern import Document, Pattern
from navigator.text import plain, stems, words

_METHOD = "lucene"
"""Of the BM25 variants, the one whose scores are zero for words that a document lacks."""

_IDS = "ids.json"

_SHORTEST_STEM, _LONGEST_ENDING = 4, 4
"""Letters of a stem, and of an ending that is being typed behind it: "decis" and "ions"."""


class LexicalIndex:
    """BM25 scores of texts for the words of a question.

    Build one with :meth:`build`, or open a saved one with :meth:`load`.
    """

    def __init__(self, ids: Sequence[str], scorer: Any) -> None:
        self._ids = ids
        self._scorer = scorer

    @classmethod
    def build(cls, texts: Iterable[tuple[str, str]]) -> Self:
        """Index pairs of an id and a text: a slug and `document_text`, or a situation's chunk."""
        ids: list[str] = []
        # Every document has one token that no query has: bm25s divides by the mean length.
        vocabulary = {"": 0}
        tokens: list[list[int]] = []
        for name, text in texts:
            ids.append(name)
            tokens.append([0, *(vocabulary.setdefault(stem, len(vocabulary)) for stem in stems(text))])
        if not ids:  # bm25s cannot index nothing
            ids, tokens = [""], [[0]]
        scorer = bm25s.BM25(method=_METHOD, backend="numpy")
        scorer.index(Tokenized(ids=tokens, vocab=vocabulary), show_progress=False)
        return cls(ids, scorer)

    def save(self, folder: Path) -> None:
        """Write the index into a folder of its own."""
        self._scorer.save(folder, show_progress=False)
        (folder / _IDS).write_text(json.dumps(self._ids), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a saved index; its arrays stay on disk until a question touches them.

        Raises
        ------
        IndexDamagedError
            Files are missing or cannot be read.
        """
        with damage_in("The lexical index", folder):
            ids = json.loads((folder / _IDS).read_text("utf-8"))
            return cls(ids, bm25s.BM25.load(folder, mmap=True))

    def search(self, query: str) -> dict[str, float]:
        """Return the ids of the texts that share a word with the query, best first.

        Each comes with its BM25 score, divided by the number of words of the query that say something, so
        that it means the same for a short query and a long one; ties are in order of the corpus.
        """
        asked = stems(query)
        known = [stem for stem in asked if stem in self._scorer.vocab_dict]
        if not known:
            return {}
        scores = self._scorer.get_scores(known) / len(asked)
        order = np.argsort(-scores, kind="stable")
        found = order[scores[order] > 0]
        return dict(zip((self._ids[place] for place in found.tolist()), scores[found].tolist(), strict=True))

    def containing(self, text: str) -> list[str]:
        """Return the slugs of the documents that hold every word of ``text``, best BM25 score first.

        The last word may be unfinished, as it is while someone types. Stop words are passed over.
        """
        known: Mapping[str, int] = self._scorer.vocab_dict
        spoken = words(text)
        finished, typing = stems(" ".join(spoken[:-1])), spoken[-1] if spoken else ""
        wanted = [[stem] if stem in known else [] for stem in finished]
        if typing and (stems(typing) or not finished):
            wanted.append([stem for stem in known if stem and _continues(stem, typing)])
        if not wanted or not all(wanted):
            return []
        each = [self._scorer.get_scores(choices) for choices in wanted]
        scores = np.where(np.all([score > 0 for score in each], axis=0), np.sum(each, axis=0), 0.0)
        best = np.argsort(-scores, kind="stable")
        return [self._ids[position] for position in best if scores[position] > 0]


def _continues(stem: str, typed: str) -> bool:
    """Return whether a word with this stem may be what somebody is typing.

    "decis" is the stem of what "dec" begins, and also of what "decisi" does.
    """
    return stem.startswith(typed) or (
        len(stem) >= _SHORTEST_STEM and typed.startswith(stem) and len(typed) <= len(stem) + _LONGEST_ENDING
    )


def document_text(document: Document) -> str:
    """Return what is indexed of a document: its names, summary, hints and sections.

    Situations are left out: they have an index of their own.
    """
    lines = [document.title, document.summary]
    if isinstance(document, Pattern):
        lines += [*document.aliases, *document.usable_labels.values()]
        lines += [document.usable_tension, *document.usable_keywords]
    for section in document.sections:
        lines += [section.name, plain(section.text)]
    return "\n".join(lines)
