"""Finding the patterns that fit a question, on one page.

1. *candidates*: the documents of the chunks nearest to the question's vector, and those whose words fit best;
2. *dense*: how similar a candidate's chunks are to the question: its best three passages, and its card;
3. *lexical*: how well its words fit (BM25), for each word of the question;
4. *situation*: how near a situation comes that was written down for it, by vector and by words;
5. *account*: how much it helped in the accounts of trouble that are nearest to the question;
6. all four added up; *name*: a document that goes by just these words comes before all else.

Both similarities and BM25 for each word mean the same whatever the question, however long: they are added
as they are, with weights, and not standardised first. Weights were measured on a library of 3,614 patterns,
see ``docs/decisions/``.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from typing import NamedTuple

from navigator.answer import Retriever
from navigator.pattern import HELPFUL, Account, gain

NEAREST_CHUNKS = 400
"""Nearest chunks whose documents are candidates."""

LEXICAL_CANDIDATES = 150
"""Best documents by BM25 that are candidates."""

PASSAGE_WEIGHTS = (0.5, 0.3, 0.2)
"""Weights of a document's best, second and third passage."""

CARD_WEIGHT = 0.5
"""Weight of a document's card, where its passages have one."""

LEXICAL_WEIGHT = 0.4
"""Weight of BM25 for each word of the question."""

CLOSE_SITUATION, SITUATION_WEIGHT = 0.15, 2.5
"""A written situation counts for what it is more similar than the first, times its BM25 for each word of the
question, with this weight: words in common tell only where the meaning agrees. Long accounts come near to
none of them, and lose nothing by them."""

NEAREST_ACCOUNTS, CLOSE_ACCOUNT, ACCOUNT_SPREAD = 40, 0.5, 0.05
"""Accounts that are looked at; from which similarity on one is close, and a reason to name; how much nearer
one has to be to count e times as much."""

DOUBT = 2.0
"""Close accounts in which nothing helped that are imagined beside those that are there: one alone, or many
from afar, are not yet to be believed."""

ACCOUNT_WEIGHT, ACCOUNT_WORDS, LEAST_SHARE = 1.2, 100, 0.5
"""Weight of what helped in accounts alike, for a question of so many words or more; for a shorter one it is
less in proportion, but not less than this share. Who tells much has several troubles, and what helps is
broad; who asks to the point wants the point."""

CERTAINTY_PASSAGES = 20
"""How many of the nearest passages are averaged for the confidence. One passage may be near by chance, many
are near only where the library speaks of the matter: AUROC .999 against .995 for the nearest alone."""

EVEN_AT_ONE_CHUNK, EVEN_PER_E_FOLD, CONFIDENCE_WIDTH = 0.022, 0.0295, 0.02
"""The mean similarity at which an answer is as likely to help as not, in a library of one chunk; what
an e-fold of its vectors adds to that; and how much more similarity makes the chance nearly three to one."""

Scored = Sequence[tuple[str, float]]
"""Ids with scores, best first."""

NearAccounts = Sequence[tuple[Account, float]]
"""Accounts with their cosine similarities to a question, best first."""

ByKind = Mapping[str, Scored]
"""Chunks of a document by `kind_of` chunk, those of each kind best first."""


class Rank(NamedTuple):
    """A retriever that found a document: at which rank, 1 being the best, and with which score."""

    retriever: Retriever
    rank: int
    score: float


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
    account
        The nearest account that it helped with, if one is near.
    """

    slug: str
    score: float
    chunk: str | None
    evidence: tuple[Rank, ...]
    account: Account | None = None


def candidates(
    dense: Scored, lexical: Mapping[str, float], named: Sequence[str] = (), aid: Iterable[str] = ()
) -> list[str]:
    """Return the slugs of the documents worth scoring.

    Those of the nearest chunks, the best by BM25, those that helped in accounts alike, and any named.
    """
    found = [slug_of(chunk) for chunk, _ in dense]
    found += islice(lexical, LEXICAL_CANDIDATES)
    return list(dict.fromkeys([*named, *found, *aid]))


def helped(accounts: NearAccounts, words: int) -> dict[str, float]:
    """Return by slug how much patterns helped in the accounts nearest to a question.

    The mean of their grades, from 0 for a pattern that no account names towards 1 for one that was just what
    each needed, weighted by how near the accounts are, and by how long the question is.

    Parameters
    ----------
    words
        Number of words of the question.
    """
    shares = [math.exp((similarity - CLOSE_ACCOUNT) / ACCOUNT_SPREAD) for _, similarity in accounts]
    weight = max(LEAST_SHARE, min(1.0, words / ACCOUNT_WORDS)) / ((sum(shares) + DOUBT) * gain(3))
    found: dict[str, float] = defaultdict(float)
    for (account, _), share in zip(accounts, shares, strict=True):
        for slug, grade in account.grades.items():
            found[slug] += weight * share * gain(grade)
    return dict(found)


def rank(
    chunks: Mapping[str, Scored],
    lexical: Mapping[str, float],
    situations: Mapping[str, float] = {},
    named: Sequence[str] = (),
    accounts: NearAccounts = (),
    aid: Mapping[str, float] = {},
    *,
    k: int,
) -> list[Hit]:
    """Order candidates by the sum of what speaks for them; at most ``k`` hits, best first.

    Parameters
    ----------
    chunks
        The chunks of each candidate with their cosine similarities to the question, best first.
    lexical
        BM25 for each word of the question, by slug; 0 for those that are not in it.
    situations
        The same of the situations, by chunk id.
    named
        Slugs of the documents that go by the very words of the question.
    accounts, aid
        The accounts nearest to the question, and how much patterns `helped` in them, by slug.
    """
    kinds = {slug: by_kind(scored) for slug, scored in chunks.items()}
    dense = {slug: pool(scored) for slug, scored in kinds.items()}
    spoken = {slug: lexical[slug] for slug in chunks if lexical.get(slug)}
    close = {slug: near for slug, scored in kinds.items() if (near := _situation(scored, situations))}
    aided = {slug: aid[slug] for slug in chunks if slug in aid}
    scores = {
        slug: similarity
        + LEXICAL_WEIGHT * spoken.get(slug, 0.0)
        + close.get(slug, 0.0)
        + ACCOUNT_WEIGHT * aided.get(slug, 0.0)
        for slug, similarity in dense.items()
    }
    order = sorted(scores, key=lambda slug: (slug not in named, -scores[slug], slug))[:k]
    found: Mapping[Retriever, Mapping[str, float]] = {
        "name": dict.fromkeys(named, 1.0),
        "dense": dense,
        "lexical": spoken,
        "situation": close,
        "account": aided,
    }
    evidence = _evidence(found, order)
    reasons = [account for account, similarity in accounts if similarity >= CLOSE_ACCOUNT]
    return [
        Hit(
            slug=slug,
            score=scores[slug],
            chunk=next((chunk for chunk, _ in chunks[slug] if kind_of(chunk) != "card"), None),
            evidence=evidence[slug],
            account=next((each for each in reasons if each.grades.get(slug, 0) >= HELPFUL), None),
        )
        for slug in order
    ]


def by_kind(scored: Scored) -> ByKind:
    """Return the chunks of a document, or of several, apart by their kind, each in the same order."""
    kinds: dict[str, list[tuple[str, float]]] = {"section": [], "card": [], "situation": []}
    for pair in scored:
        kinds[kind_of(pair[0])].append(pair)
    return kinds


def pool(scored: ByKind) -> float:
    """Return how similar a document is as a whole: its best three passages, and its card."""
    card = scored["card"][0][1] if scored["card"] else None
    best = [similarity for _, similarity in scored["section"][: len(PASSAGE_WEIGHTS)]] or [card or 0.0]
    best += best[-1:] * (len(PASSAGE_WEIGHTS) - len(best))
    mean = sum(weight * value for weight, value in zip(PASSAGE_WEIGHTS, best, strict=True))
    return (mean + CARD_WEIGHT * (mean if card is None else card)) / (1 + CARD_WEIGHT)


def _situation(scored: ByKind, lexical: Mapping[str, float]) -> float:
    """Return how near the nearest of a document's situations comes, 0 where none is near.

    Of many, one comes near by chance: it counts for less by the square root of their number.
    """
    near = (
        max(0.0, similarity - CLOSE_SITUATION) * lexical.get(chunk, 0.0)
        for chunk, similarity in scored["situation"]
    )
    return SITUATION_WEIGHT * max(near, default=0.0) / math.sqrt(len(scored["situation"]) or 1)


def _evidence(
    found: Mapping[Retriever, Mapping[str, float]], slugs: Sequence[str]
) -> dict[str, tuple[Rank, ...]]:
    """Return for each of the documents which retrievers found it."""
    evidence: dict[str, tuple[Rank, ...]] = dict.fromkeys(slugs, ())
    for retriever, scores in found.items():
        for place, slug in enumerate(sorted(scores, key=scores.__getitem__, reverse=True), start=1):
            if slug in evidence:
                evidence[slug] += (Rank(retriever, place, scores[slug]),)
    return evidence


def slug_of(chunk_id: str) -> str:
    """Return the document that a chunk belongs to."""
    return chunk_id.partition("#")[0]


def kind_of(chunk_id: str) -> str:
    """Return ``"card"``, ``"situation"`` or ``"section"``."""
    start = chunk_id.find("#") + 1
    if chunk_id.startswith("situation.", start):
        return "situation"
    return "card" if chunk_id.startswith("card.", start) else "section"


def confidence(dense: Iterable[tuple[str, float]], chunks: int) -> float:
    """Return the chance, 0 to 1, that the library has something to say to the question.

    A logistic curve over the mean similarity of the nearest passages, see `CERTAINTY_PASSAGES`;
    situations are left out, since they sound like any question. The more chunks a library has, the nearer
    the nearest lie by chance: the similarity at which the chance is even rises with the logarithm of their
    number, as measured on libraries of 960 and 33,678 vectors (``docs/decisions/0005-ranking.md``).

    Parameters
    ----------
    dense
        Chunk ids with cosine similarities, best first.
    chunks
        Number of chunks in the library that have a vector.
    """
    of_passages = (score for chunk, score in dense if kind_of(chunk) != "situation")
    passages = list(islice(of_passages, CERTAINTY_PASSAGES))
    if not passages:
        return 0.0
    even = EVEN_AT_ONE_CHUNK + EVEN_PER_E_FOLD * math.log(max(1, chunks))
    return 1 / (1 + math.exp((even - fmean(passages)) / CONFIDENCE_WIDTH))
