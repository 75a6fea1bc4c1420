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

CLOSE_SITUATION = 0.6
"""A written situation counts from this similarity on. Most are not what the asker means, and those only
push others out: on the situations of the bundled corpus, each left out of its own card, hit@5 fell from
.57 to .52 when the rest of them counted at any similarity."""

CERTAINTY_PASSAGES = 20
"""How many of the nearest passages are averaged for the confidence. One passage may be near by chance, many
are near only where the library speaks of the matter: AUROC .999 against .995 for the nearest alone."""

EVEN_AT_ONE_CHUNK, EVEN_PER_E_FOLD, CONFIDENCE_WIDTH = 0.110, 0.0172, 0.02
"""The mean similarity at which an answer is as likely to help as not, in a library of one chunk; what
an e-fold of its chunks adds to that; and how much more similarity makes the chance nearly three to one."""

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
    chunk
        Id of the passage that matched best, if the dense retriever found one.
    evidence
        Which retrievers found it, and at which rank.
    """

    slug: str
    score: float
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
    dense = [pair for pair in dense if kind_of(pair[0]) != "situation" or pair[1] >= CLOSE_SITUATION]
    pooled = pool(dense)
    fused = fuse(pooled, dict(lexical), DENSE_WEIGHT)
    order = sorted({*fused, *named}, key=lambda slug: (slug not in named, -fused.get(slug, 0.0), slug))
    passages = {slug_of(chunk): chunk for chunk, _ in reversed(dense) if kind_of(chunk) != "card"}
    evidence = _evidence(pooled, lexical, named)
    return [
        Hit(
            slug=slug,
            score=fused.get(slug, 0.0),
            chunk=passages.get(slug),
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


def confidence(dense: Scored, chunks: int) -> float:
    """Return the chance, 0 to 1, that the library has something to say to the question.

    A logistic curve over the mean similarity of the nearest passages, see `CERTAINTY_PASSAGES`;
    situations are left out, since they sound like any question. The more chunks a library has, the nearer
    the nearest lie by chance: the similarity at which the chance is even rises with the logarithm of their
    number, as measured on libraries of 1,611 and 74,216 chunks (``docs/decisions/0003-baseline-ranking.md``).

    Parameters
    ----------
    dense
        Chunk ids with cosine similarities, best first.
    chunks
        Number of chunks in the library.
    """
    passages = [score for chunk, score in dense if kind_of(chunk) != "situation"][:CERTAINTY_PASSAGES]
    if not passages:
        return 0.0
    even = EVEN_AT_ONE_CHUNK + EVEN_PER_E_FOLD * math.log(max(1, chunks))
    return 1 / (1 + math.exp((even - fmean(passages)) / CONFIDENCE_WIDTH))
