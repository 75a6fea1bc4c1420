"""Finding the patterns that fit a question, on one page.

1. *dense*: the chunks nearest to the question's vector, pooled to their documents;
2. *lexical*: the documents whose words fit best (BM25);
3. *name*: the document that goes by just these words;
4. the first two fused as a weighted sum of z-scores, a name before all else.

Weights and pooling follow the best of the plain rankings that were measured on a library of 3,614
patterns, see ``docs/decisions/``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from navigator.answer import Evidence

DENSE_CHUNKS = 200
"""Nearest chunks that are looked at."""

LEXICAL_DOCUMENTS = 100
"""Best documents by BM25 that are looked at."""

DENSE_WEIGHT = 0.7
SECTION_WEIGHTS = (0.5, 0.3, 0.2)
"""Weights of a document's best, second and third passage."""

CARD_WEIGHT = 0.5

Scored = Sequence[tuple[str, float]]
"""Ids with scores, best first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found.

    Attributes
    ----------
    slug
        Slug of the document.
    score
        Fused score; comparable within one ranking only.
    similarity
        Cosine similarity of its best chunk to the question, 0 where only words matched.
    chunk
        Id of the passage that matched best, if the dense retriever found one.
    evidence
        Which retrievers found it, and at which rank.
    """

    slug: str
    score: float
    similarity: float
    chunk: str | None
    evidence: tuple[Evidence, ...]


def rank(dense: Scored, lexical: Scored, named: Sequence[str] = (), *, k: int) -> list[Hit]:
    """Fuse what the retrievers found into at most ``k`` hits, best first.

    Parameters
    ----------
    dense
        Chunk ids with cosine similarities, best first.
    lexical
        Slugs with BM25 scores, best first.
    named
        Slugs of the documents that go by the very words of the question.
    """
    pooled = pool(dense)
    fused = fuse(pooled, dict(lexical), DENSE_WEIGHT)
    order = sorted({*fused, *named}, key=lambda slug: (slug not in named, -fused.get(slug, 0.0), slug))
    best_chunk: dict[str, tuple[str, float]] = {}
    for chunk, similarity in dense:
        known = best_chunk.get(slug_of(chunk))
        if known is None or (kind_of(known[0]) == "card" and kind_of(chunk) != "card"):
            best_chunk[slug_of(chunk)] = (chunk, max(similarity, known[1] if known else -1.0))
    evidence = _evidence(pooled, lexical, named)
    return [
        Hit(
            slug=slug,
            score=fused.get(slug, 0.0),
            similarity=best_chunk[slug][1] if slug in best_chunk else 0.0,
            chunk=best_chunk[slug][0] if slug in best_chunk else None,
            evidence=tuple(evidence[slug]),
        )
        for slug in order[:k]
    ]


def pool(dense: Scored) -> dict[str, float]:
    """Return one dense score for each document: its best three passages, and its card.

    A passage or card that is not among the chunks given counts as similar as the last one that is.
    """
    if not dense:
        return {}
    floor = dense[-1][1]
    passages: dict[str, list[float]] = defaultdict(list)
    cards: dict[str, float] = {}
    for chunk, similarity in dense:
        slug = slug_of(chunk)
        if kind_of(chunk) == "card":
            cards[slug] = similarity
            passages.setdefault(slug, [])
        else:
            passages[slug].append(similarity)
    scores = {}
    for slug, similarities in passages.items():
        best = [*similarities[:3], floor, floor, floor]
        weighted = sum(weight * value for weight, value in zip(SECTION_WEIGHTS, best, strict=False))
        scores[slug] = weighted + CARD_WEIGHT * cards.get(slug, floor)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def fuse(dense: Mapping[str, float], lexical: Mapping[str, float], dense_weight: float) -> dict[str, float]:
    """Return the weighted sum of z-scores; a document that one ranking lacks has its lowest score there."""
    first, second = _standardised(dense), _standardised(lexical)
    low_first, low_second = min(first.values(), default=0.0), min(second.values(), default=0.0)
    return {
        slug: dense_weight * first.get(slug, low_first) + (1 - dense_weight) * second.get(slug, low_second)
        for slug in first.keys() | second.keys()
    }


def _standardised(scores: Mapping[str, float]) -> dict[str, float]:
    if not scores:
        return {}
    mean, deviation = fmean(scores.values()), pstdev(scores.values())
    return {slug: (score - mean) / deviation if deviation else 0.0 for slug, score in scores.items()}


def _evidence(
    pooled: Mapping[str, float], lexical: Scored, named: Sequence[str]
) -> dict[str, list[Evidence]]:
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for place, slug in enumerate(named, start=1):
        evidence[slug].append(Evidence(retriever="name", rank=place, score=1.0))
    for place, (slug, score) in enumerate(pooled.items(), start=1):
        evidence[slug].append(Evidence(retriever="dense", rank=place, score=score))
    for place, (slug, score) in enumerate(lexical, start=1):
        evidence[slug].append(Evidence(retriever="lexical", rank=place, score=score))
    return evidence


def slug_of(chunk_id: str) -> str:
    """Return the document that a chunk belongs to."""
    return chunk_id.partition("#")[0]


def kind_of(chunk_id: str) -> str:
    """Return ``"card"``, ``"situation"`` or ``"section"``."""
    section = chunk_id.partition("#")[2].partition(".")[0]
    return section if section in {"card", "situation"} else "section"


def confidence(similarity: float, *, middle: float = 0.38, width: float = 0.05) -> float:
    """Map the best cosine similarity to 0..1; ``middle`` is where half of the answers help."""
    return 1 / (1 + math.exp((middle - similarity) / width))
