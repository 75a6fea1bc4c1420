"""From a situation to an answer: the pattern that fits best, and the next ones as other readings of it.

Pure over what it is given: a library, an embedder and what was understood of the message.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import numpy as np

from navigator import translate
from navigator.answer import (
    Answer,
    Evidence,
    Part,
    Passage,
    PatternHit,
    Provenance,
    SearchResult,
)
from navigator.chunking import Chunk
from navigator.embedding import Embedder, Vectors
from navigator.library import Library
from navigator.llm.rewriting import Rewriting
from navigator.pattern import Pattern
from navigator.reasons import closest_in_words, matched_sentences, matched_words
from navigator.related import neighbours, worth_offering
from navigator.retrieve import (
    NEAREST_ACCOUNTS,
    NEAREST_CHUNKS,
    Hit,
    Scored,
    candidates,
    confidence,
    helped,
    rank,
    slug_of,
)
from navigator.situation import MAX_QUESTION_LENGTH, Situation
from navigator.store.records import CatalogueEntry
from navigator.text import content_words, plain, sentence_spans

ANSWER_THRESHOLD = 0.5
"""Least confidence at which an answer is given; below it the nearest patterns are only named."""

OTHER_READINGS = 3
"""Patterns that are offered beside the one that is answered with: the first is right in one case of three."""

NEAREST_PATTERNS = 3
SHOWN_READINGS = 2

MOST_HITS = 200
"""Patterns, and articles, that a search returns at most; nobody says "no, not that" so often."""

CANDIDATES = 12
"""Patterns that a conversation goes through, one after the other, before it asks for other words."""

EQUAL_MARGIN = 0.003
"""Two patterns whose fused scores are no further apart fit about equally: on 363 situations the
second was then the right one as often as the first. See ``docs/decisions/0007-conversation.md``."""

SAME_TENSION = 0.5
"""Share of common words from which on two tensions are one and the same."""


Rewrite = Callable[[str], Rewriting | None]
"""Says a situation in other words for the search, or does not."""

_AS_TOLD: Rewrite = lambda question: None  # noqa: E731


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, and what else might have been one.

    Attributes
    ----------
    answer
        What is said.
    candidates
        The patterns that were found, best first, the one of the answer among them.
    """

    answer: Answer
    candidates: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What the library holds on a situation, before anything is made of it.

    Attributes
    ----------
    patterns, readings
        What was found of either, best first.
    confidence, reading_confidence
        Chance, 0 to 1, that the patterns, or the readings, have something to say to it.
    """

    patterns: list[Hit]
    readings: list[Hit]
    confidence: float
    reading_confidence: float

    @property
    def pattern_fits(self) -> bool:
        """Whether the first pattern is the answer, not merely the nearest."""
        return bool(self.patterns) and self.confidence >= ANSWER_THRESHOLD


def search(
    question: str,
    library: Library,
    embedder: Embedder,
    *,
    rewriting: Rewriting | None = None,
    without: Collection[str] = frozenset(),
) -> Found:
    """Return what the library holds on a situation.

    Parameters
    ----------
    rewriting
        Its texts join the question in the dense search, its terms replace the question in the lexical one.
        The confidence comes from the question alone: said in the library's terms, anything sounds like it.
    without
        Ids of chunks that count as if they were not in the library.
    """
    vector = embedder.embed_query(question)
    typed = nearest = library.nearest(vector, NEAREST_CHUNKS)
    if rewriting:
        vector = _mean_vector([question, rewriting.core, rewriting.pattern_like], embedder)
        nearest = library.nearest(vector, NEAREST_CHUNKS)
    words = rewriting.terms if rewriting else question
    lexical, situations = library.search(words), library.search_situations(words)
    named = library.named(question)
    told = library.told(question)
    certain = (*named, told.slug) if told and told.id not in without else named
    same = library.generation.manifest.recipe.questions == embedder.question_fingerprint
    accounts = library.accounts_near(vector, NEAREST_ACCOUNTS) if same else []
    aid = helped(accounts, len(question.split()))
    chunks = library.similarities(vector, candidates(nearest, lexical, named, aid))
    if without:
        chunks = {
            slug: [pair for pair in scored if pair[0] not in without] for slug, scored in chunks.items()
        }

    def ranked(*, patterns: bool) -> list[Hit]:
        of_kind = {
            slug: near for slug, near in chunks.items() if library.catalogue[slug].is_pattern == patterns
        }
        return rank(of_kind, lexical, situations, named, accounts, aid, k=MOST_HITS)

    return Found(
        patterns=ranked(patterns=True),
        readings=ranked(patterns=False),
        confidence=_certainty(typed, certain, library, of_patterns=True),
        reading_confidence=_certainty(typed, certain, library, of_patterns=False),
    )


def _mean_vector(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Return the mean of the texts' vectors, shape (dimension,), unit length."""
    mean: Vectors = np.mean([embedder.embed_query(text) for text in texts], axis=0)
    return mean / np.float32(np.linalg.norm(mean))


def nearest(
    situation: Situation, library: Library, embedder: Embedder, rewrite: Rewrite = _AS_TOLD, *, k: int
) -> SearchResult:
    """Return the ``k`` patterns nearest to a situation, fitting or not; none where nothing was said."""
    if not situation.question:
        return SearchResult(context=situation.context, confidence=0.0, patterns=())
    found = _found(situation, library, embedder, rewrite)
    return SearchResult(
        context=situation.context,
        confidence=found.confidence,
        patterns=_pattern_hits(found.patterns[:k], situation, library, None),
    )


def _found(situation: Situation, library: Library, embedder: Embedder, rewrite: Rewrite) -> Found:
    rewriting = None if library.named(situation.question) else rewrite(situation.question)
    return search(situation.question, library, embedder, rewriting=rewriting)


def read_situation(
    situation: Situation,
    library: Library,
    embedder: Embedder,
    *,
    rewrite: Rewrite = _AS_TOLD,
    refused: Collection[str] = (),
    explain: bool = False,
) -> Reading:
    """Answer a new situation.

    Parameters
    ----------
    rewrite
        Called with the situation, unless that is the name of a document.
    refused
        Slugs of patterns that were set aside before; naming one brings it back.
    explain
        Whether to find out which sentence of the situation each passage matched. Every sentence is embedded
        for that.
    """
    named = library.named(situation.question)
    found = _found(situation, library, embedder, rewrite)
    explainer = embedder if explain else None
    hits = [hit for hit in found.patterns if hit.slug in named or hit.slug not in refused][:CANDIDATES]
    readings = _pattern_hits(found.readings[:SHOWN_READINGS], situation, library, explainer)
    if not found.pattern_fits or not hits:
        nearest = _pattern_hits(hits[:NEAREST_PATTERNS], situation, library, explainer)
        fits = found.reading_confidence >= ANSWER_THRESHOLD
        return Reading(_declined(situation, found.confidence, nearest, readings if fits else ()), tuple(hits))
    answer = present(
        hits, situation, library, certainty=found.confidence, readings=readings, explainer=explainer
    )
    update = {"clarify": "" if named else _question_between(answer.patterns[:2])}
    if found.patterns[0].slug != hits[0].slug:
        label = library.catalogue[found.patterns[0].slug].label(situation.context)
        aside = f"“{label}” would come first, but you set it aside; say its name to have it back."
        update["message"] = " ".join(filter(None, [answer.message, aside]))
    return Reading(answer.model_copy(update=update), tuple(hits))


def turn_to(
    slug: str, situation: Situation, library: Library, embedder: Embedder, *, refused: Collection[str] = ()
) -> Reading:
    """Answer a situation with the pattern that was picked, and offer what else is near to both.

    The search goes half by the situation, half by what the picked pattern says of itself.
    """
    entry = library.catalogue[slug]
    itself = Rewriting(
        core=entry.tension or entry.title,
        pattern_like=entry.summary or entry.title,
        terms=f"{situation.question} {entry.title}",
    )
    found = search(situation.question or entry.title, library, embedder, rewriting=itself)
    picked = next((hit for hit in found.patterns if hit.slug == slug), Hit(slug, 0.0, None, ()))
    others = [hit for hit in found.patterns if hit.slug != slug and hit.slug not in refused]
    hits = [picked, *others][:CANDIDATES]
    return Reading(present(hits, situation, library, certainty=1.0), tuple(hits))


def present(
    hits: Sequence[Hit],
    situation: Situation,
    library: Library,
    *,
    certainty: float,
    readings: Sequence[PatternHit] = (),
    explainer: Embedder | None = None,
) -> Answer:
    """Return the answer with the first of the hits; the next ones are other readings of the situation."""
    patterns = _pattern_hits(hits[: 1 + OTHER_READINGS], situation, library, explainer)
    best = patterns[0]
    pattern, chunks = library.pattern(best.slug), library.chunks_of(best.slug)
    parts = translate.compose(
        pattern,
        chunks,
        context=situation.context,
        question=situation.question,
        matched=next((chunk for chunk in chunks if chunk.id == best.passage.chunk), None),
        audiences=library.audiences,
    )
    return Answer(
        question=situation.question,
        wants=situation.wants,
        answered=True,
        confidence=certainty,
        context=situation.context,
        message=" ".join([*remarks(situation), *unspoken(pattern, situation.context, parts)]),
        label=best.label,
        patterns=patterns,
        readings=tuple(readings),
        parts=parts,
        related=worth_offering(neighbours(pattern, library, situation.context)),
        provenance=Provenance.of(pattern),
    )


def said(situation: Situation, message: str) -> Answer:
    """Return an answer that is one line and rests on no pattern."""
    return Answer(
        question=situation.question,
        wants=situation.wants,
        answered=False,
        confidence=0.0,
        context=situation.context,
        message=" ".join([*remarks(situation), message]),
    )


def _declined(
    situation: Situation, certainty: float, nearest: Sequence[PatternHit], readings: Sequence[PatternHit]
) -> Answer:
    message = (
        "No pattern in this library fits that, but an article does."
        if readings
        else "Nothing in this library fits that."
    )
    if nearest:
        message += f" The nearest are {_enumerated([hit.label for hit in nearest])}."
    return said(situation, message).model_copy(
        update={"confidence": certainty, "patterns": tuple(nearest), "readings": tuple(readings)}
    )


def _question_between(hits: Sequence[PatternHit]) -> str:
    """Return the question that tells two patterns apart which fit about equally; empty where they don't."""
    if len(hits) < 2 or hits[0].score - hits[1].score > EQUAL_MARGIN:
        return ""
    first, second = map(_matter, hits)
    ours, theirs = content_words(first), content_words(second)
    if not ours or not theirs or len(ours & theirs) >= SAME_TENSION * len(ours | theirs):
        return ""
    return f"Two patterns fit about equally. Which is nearer: “{first}”, or “{second}”?"


def _matter(hit: PatternHit) -> str:
    """Return what a pattern is about: its tension, or what its summary opens with where there is none."""
    span = next(sentence_spans(hit.summary), None)
    return (hit.tension or (hit.summary[slice(*span)] if span else "")).rstrip(".")


def _certainty(dense: Scored, certain: Sequence[str], library: Library, *, of_patterns: bool) -> float:
    """Return the confidence in the patterns, or in the articles, alone; 1 where any of ``certain`` is one.

    That is a document which is named, or whose author wrote this very account.
    """
    if any(library.catalogue[slug].is_pattern == of_patterns for slug in certain):
        return 1.0
    of_kind = (
        (chunk, score)
        for chunk, score in dense
        if library.catalogue[slug_of(chunk)].is_pattern == of_patterns
    )
    return confidence(of_kind, library.generation.manifest.vectors)


def _pattern_hits(
    hits: Sequence[Hit], situation: Situation, library: Library, explainer: Embedder | None
) -> tuple[PatternHit, ...]:
    """Return hits with what there is to show of each; with an embedder, also the sentence it matched."""
    question = situation.question
    reasons = [_matched(hit, question, library) for hit in hits]
    passages = [passage for passage, _ in reasons]
    sentences = [""] * len(hits)
    if explainer is not None:
        slugs = [hit.slug for hit in hits]

        def nearness(sentence: str) -> dict[str, float]:
            near = library.similarities(explainer.embed_query(sentence), slugs)
            return {chunk: similarity for scored in near.values() for chunk, similarity in scored}

        sentences = matched_sentences(question, passages, nearness)
    names = {name.slug: name.text for name in library.names.find(question)}
    shown = []
    for hit, (passage, said), sentence in zip(hits, reasons, sentences, strict=True):
        entry = library.catalogue[hit.slug]
        shown.append(
            PatternHit(
                slug=hit.slug,
                title=entry.title,
                label=entry.label(situation.context),
                score=hit.score,
                form=entry.form,
                summary=entry.summary,
                tension=entry.tension,
                passage=passage_of(passage, entry),
                matched_words=matched_words(question, passage.text),
                matched_sentence=sentence,
                matched_situation=said,
                matched_name=names.get(hit.slug, ""),
                evidence=tuple(Evidence(**rank._asdict()) for rank in hit.evidence),
            )
        )
    return tuple(shown)


def _matched(hit: Hit, question: str, library: Library) -> tuple[Chunk, str]:
    """Return the passage that matched, and the situation or else the account that speaks for the pattern.

    A situation does if it counted and came nearer than any passage, and then the passage is the one closest
    in words.
    """
    matched = library.chunk(hit.chunk) if hit.chunk else None
    account = (hit.account.core or hit.account.text) if hit.account else ""
    if matched is not None and matched.kind == "section":
        return matched, account
    passage = closest_in_words(question, library.chunks_of(hit.slug))
    counted = any(evidence.retriever == "situation" for evidence in hit.evidence)
    return passage, matched.text if matched is not None and counted else account


def passage_of(chunk: Chunk, entry: CatalogueEntry) -> Passage:
    """Return a chunk as the passage that matched."""
    return Passage(
        section=chunk.section,
        text=plain(chunk.text),
        path=entry.path,
        start=chunk.start,
        end=chunk.end,
        chunk=chunk.id,
    )


def remarks(situation: Situation) -> list[str]:
    """Return what is to be said of how a message was read."""
    if not situation.shortened:
        return []
    return [f"Your message is long; its first {MAX_QUESTION_LENGTH:,} characters were read."]


def unspoken(pattern: Pattern, context: str | None, parts: Sequence[Part]) -> list[str]:
    """Return what is to be said where a pattern has no word for the context."""
    if context is None or translate.speaks_to(pattern, context):
        return []
    told = "these are its general passages"
    if any(part.kind.endswith("_elsewhere") for part in parts):
        told += ", and those for the nearest context, marked as such"
    return [f"Nothing in this pattern was written for {context}; {told}."]


def _enumerated(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
