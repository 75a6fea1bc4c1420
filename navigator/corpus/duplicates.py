"""Finding documents that have the subject of another one, or say for the most part what it says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from navigator.corpus.findings import finding
from navigator.pattern import Document, Finding
from navigator.text import words

SHARE = 0.5
"""Of two documents' sentences, the share of the shorter one's that makes them near-duplicates."""

SHORTEST_SENTENCE = 40
"""Shorter sentences are common property, in characters."""

COMMON = 10
"""A sentence that more documents share is boilerplate."""

FEWEST = 5
"""A document with fewer sentences is never called a duplicate."""


_QUALIFIER = re.compile(r"\s*\(|\s+[-–—]\s+")


def near_duplicates(documents: Sequence[Document]) -> list[Finding]:
    """Report each document that has the subject or most of the sentences of one before it."""
    return [
        finding(documents[number].path, 1, "near-duplicate", message)
        for number, message in sorted((_same_subject(documents) | _same_sentences(documents)).items())
    ]


def _same_subject(documents: Sequence[Document]) -> dict[int, str]:
    """Find titles that are the same but for what qualifies them: "Kanban", "Kanban (at Toyota)"."""
    first: dict[str, Document] = {}
    told = {}
    for number, document in enumerate(documents):
        subject = " ".join(words(_QUALIFIER.split(document.title, maxsplit=1)[0]))
        holder = first.setdefault(subject, document)
        if subject and holder is not document:
            told[number] = f"The subject {document.title!r} is also that of {holder.path}."
    return told


def _same_sentences(documents: Sequence[Document]) -> dict[int, str]:
    sentences = [_sentences(document) for document in documents]
    holders: dict[int, list[int]] = defaultdict(list)
    for number, own in enumerate(sentences):
        for sentence in own:
            holders[sentence].append(number)
    told = {}
    for number, own in enumerate(sentences):
        shared = Counter(
            other
            for sentence in own
            if len(holders[sentence]) <= COMMON
            for other in holders[sentence]
            if other < number
        )
        for other, count in shared.most_common(1):
            least = min(len(own), len(sentences[other]))
            if least >= FEWEST and count >= SHARE * least:
                told[number] = f"{count} of its {len(own)} sentences stand in {documents[other].path} too."
    return told


def _sentences(document: Document) -> set[int]:
    """Return hashes of the document's sentences, roughly cut."""
    return {hash(sentence) for sentence in _cut(document) if len(sentence) >= SHORTEST_SENTENCE}


def _cut(document: Document) -> Iterable[str]:
    for section in document.sections:
        for block in section.blocks:
            yield from block.text.split(". ")
