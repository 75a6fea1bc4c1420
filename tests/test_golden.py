"""Whole answers, read by eye: two small patterns in full, and the seeds as places and digests.

A change of the writer shows here as a difference to be read. Once it was read and is right:
``python tests/test_golden.py`` writes all of them anew.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest
from places import SHARED, TESTS

from navigator.answer import Part
from navigator.chunking import chunk_document
from navigator.corpus import load_corpus
from navigator.pattern import CONTEXTS, Pattern
from navigator.translate import compose

GOLDEN = TESTS / "golden"
SEEDS = SHARED / "seeds"
OURS = ("borrowed-keys", "weekly-weather")
SEED_PATTERNS = ("distributed-leadership-in-complexity", "distributed-organizing")
PLACES = GOLDEN / "seeds.json"
"""The seeds are not ours to copy: here stand only the places that an answer quotes, and their digests."""


@cache
def patterns(folder: Path) -> dict[str, Pattern]:
    return {pattern.slug: pattern for pattern in load_corpus([folder]).patterns}


def parts_in(pattern: Pattern, context: str) -> tuple[Part, ...]:
    chunks = chunk_document(
        pattern, max_tokens=200, count_tokens=lambda texts: [len(text.split()) for text in texts]
    )
    return compose(pattern, chunks, context=context, question="", matched=None)


def written(pattern: Pattern, context: str) -> str:
    """An answer as text, each sentence on its line, with whom it speaks to."""
    lines = [f"{pattern.label(context)} ({pattern.title}), for {context}"]
    for part in parts_in(pattern, context):
        lines += ["", f"== {part.heading}"]
        for block in part.blocks:
            for number, sentence in enumerate(block):
                mark = sentence.marker or ("" if number else "¶")
                lines.append(f"{mark:>2} [{', '.join(sentence.contexts)}] {sentence.text}")
    return "\n".join(lines) + "\n"


def places(pattern: Pattern, context: str) -> list[str]:
    """An answer as places: kind of part, first and last character, digest of the sentence."""
    return [
        f"{part.kind} {s.source.start}-{s.source.end} {hashlib.sha256(s.text.encode()).hexdigest()[:12]}"
        for part in parts_in(pattern, context)
        for s in part.sentences
    ]


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("slug", OURS)
def test_answers_are_as_they_were_read(slug: str, context: str):
    pattern = patterns(GOLDEN / "documents")[slug]
    assert written(pattern, context) == (GOLDEN / f"{slug}.{context}.txt").read_text("utf-8")


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed documents are not on this machine")
@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("slug", SEED_PATTERNS)
def test_answers_from_the_seeds_are_as_they_were_read(slug: str, context: str):
    assert places(patterns(SEEDS)[slug], context) == json.loads(PLACES.read_text("utf-8"))[slug][context]


def write() -> None:
    for slug in OURS:
        for context in CONTEXTS:
            text = written(patterns(GOLDEN / "documents")[slug], context)
            (GOLDEN / f"{slug}.{context}.txt").write_text(text, "utf-8")
    if SEEDS.exists():
        found = {slug: {c: places(patterns(SEEDS)[slug], c) for c in CONTEXTS} for slug in SEED_PATTERNS}
        PLACES.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    write()
