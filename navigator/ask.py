"""From a question to an answer: retrieve for a new situation, drill down for a follow-up.

Pure over what it is given: a library, an embedder and what was understood of the message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from navigator import translate
from navigator.answer import (
    NEXT,
    Answer,
    Part,
    Passage,
    PatternHit,
    Provenance,
    RelatedPattern,
    SearchResult,
)
from navigator.chunking import Chunk
from navigator.embedding import Embedder, Vectors
from navigator.library import Library
from navigator.llm.rewriting import Rewriting
from navigator.pattern import Pattern
from navigator.reasons import closest_in_words, matched_sentences, matched_words
from navigator.retrieve import NEAREST_CHUNKS, Hit, Scored, candidates, confidence, rank, slug_of
from navigator.situation import CONTEXT_CHANGE, MAX_QUESTION_LENGTH, NEW, Situation
from navigator.store.records import CatalogueEntry
from navigator.text import plain

ANSWER_THRESHOLD = 0.5
"""Least confidence at which an answer is given; below it the nearest patterns are only named."""

SHOWN_PATTERNS = 5
NEAREST_PATTERNS = 3
SHOWN_READINGS = 2
SHOWN_RELATED = 8
SHOWN_OF_A_KIND = 2

_ALL_NEIGHBOURS = 50


Rewrite = Callable[[str], Rewriting | None]
"""Says a situation in other words for the search, or does not."""

_AS_TOLD: Rewrite = lambda question: None  # noqa: E731


def answer(
    situation: Situation,
    library: Library,
    embedder: Embedder,
    *,
    rewrite: Rewrite = _AS_TOLD,
    explain: bool = False,
) -> Answer:
    """Answer what was understood: a new situation, or a follow-up to the pattern in focus.

    The name of a document is never a follow-up, though it may sound like one: "Risk Register".

    Parameters
    ----------
    rewrite
        Called with a new situation, unless that is the name of a document.
    explain
        Whether to find out which sentence of a situation each passage matched. Every sentence is embedded
        for that.
    """
    if not situation.question:
        return _declined(situation, 0.0, "Tell me what is going on: a sentence or two about your situation.")
    focus = situation.focus
    is_follow_up = focus in library.catalogue and situation.wants != NEW
    if focus is not None and is_follow_up and not library.named(situation.question):
        return _follow_up(situation, library, focus)
    return _new(situation, library, embedder, rewrite, explain=explain)


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
    chunks = library.similarities(vector, candidates(nearest, lexical, named))
    if without:
        chunks = {
            slug: [pair for pair in scored if pair[0] not in without] for slug, scored in chunks.items()
        }
    hits = rank(chunks, lexical, situations, named, k=len(library.catalogue))
    return Found(
        patterns=[hit for hit in hits if library.catalogue[hit.slug].is_pattern],
        readings=[hit for hit in hits if not library.catalogue[hit.slug].is_pattern],
        confidence=_certainty(typed, named, library, of_patterns=True),
        reading_confidence=_certainty(typed, named, library, of_patterns=False),
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


def _new(
    situation: Situation, library: Library, embedder: Embedder, rewrite: Rewrite, *, explain: bool
) -> Answer:
    found = _found(situation, library, embedder, rewrite)
    explainer = embedder if explain else None
    patterns = _pattern_hits(found.patterns[:SHOWN_PATTERNS], situation, library, explainer)
    readings = _pattern_hits(found.readings[:SHOWN_READINGS], situation, library, explainer)
    certainty = found.confidence
    if not found.pattern_fits:
        nearest = patterns[:NEAREST_PATTERNS]
        fitting = readings if found.reading_confidence >= ANSWER_THRESHOLD else ()
        message = "No pattern in this library fits that, but an article does." if fitting else _NOTHING_FITS
        if nearest:
            message += f" The nearest are {_enumerated([hit.label for hit in nearest])}."
        return _declined(situation, certainty, message, nearest, fitting)
    best = patterns[0]
    pattern = library.pattern(best.slug)
    chunks = library.chunks_of(best.slug)
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
        answered=True,
        confidence=certainty,
        context=situation.context,
        message=" ".join([*_remarks(situation), *_unspoken(pattern, situation.context, parts)]),
        label=best.label,
        patterns=patterns,
        readings=readings,
        parts=parts,
        related=_next(_related(pattern, library, situation.context)),
        provenance=Provenance.of(pattern),
    )


def _follow_up(situation: Situation, library: Library, slug: str) -> Answer:
    """Answer about the pattern in focus, without a search."""
    pattern = library.pattern(slug)
    chunks = library.chunks_of(slug)
    context = situation.context
    parts: tuple[Part, ...] = ()
    related = list(_related(pattern, library, context))
    messages: list[str] = []
    if situation.wants == CONTEXT_CHANGE:
        parts = translate.compose(
            pattern, chunks, context=context, question="", matched=None, audiences=library.audiences
        )
        messages = _unspoken(pattern, context, parts)
    elif situation.wants.startswith("related:"):
        kind = situation.wants.removeprefix("related:")
        chosen = [neighbour for neighbour in related if neighbour.kind == kind]
        messages = [_RELATED_LINES[kind] if chosen else _NO_RELATED_LINES[kind]]
        related = chosen or related
    elif situation.wants in {"confidence", "provenance"}:
        messages = [_confidence_line(pattern) if situation.wants == "confidence" else _origin_line(pattern)]
    elif situation.wants == "export":
        command = f"navigator show {slug} --context {context or 'government'}"
        messages = [f"The page has a download button; in a terminal, `{command} > handout.md` writes it."]
    else:
        parts = translate.compose_section(pattern, chunks, context=context, role=situation.wants)
        if not parts:
            messages = [f"{pattern.title} says nothing under “{situation.wants}”."]
    return Answer(
        question=situation.question,
        answered=True,
        confidence=1.0,
        context=context,
        message=" ".join([*_remarks(situation), *messages]),
        label=pattern.label(context),
        patterns=(_in_focus(pattern, chunks, library.catalogue[slug], context),),
        parts=parts,
        related=_next(related),
        provenance=Provenance.of(pattern),
    )


_NOTHING_FITS = "Nothing in this library fits that."
_RELATED_LINES = {
    "requires": "It leans on these; have them in place first.",
    "enables": "These become possible once it is in place.",
    "alternatives": "These take on the same trouble another way.",
    "complementary": "These go well with it.",
}
_NO_RELATED_LINES = {
    "requires": "The authors name nothing that must come first. Its neighbours are below.",
    "enables": "The authors name nothing that follows from it. Its neighbours are below.",
    "alternatives": "The authors name no alternative. Its neighbours are below.",
    "complementary": "The authors name nothing that goes with it. Its neighbours are below.",
}


def _declined(
    situation: Situation,
    certainty: float,
    message: str,
    nearest: tuple[PatternHit, ...] = (),
    readings: tuple[PatternHit, ...] = (),
) -> Answer:
    return Answer(
        question=situation.question,
        answered=False,
        confidence=certainty,
        context=situation.context,
        message=" ".join([*_remarks(situation), message]),
        patterns=nearest,
        readings=readings,
    )


def _certainty(dense: Scored, named: Sequence[str], library: Library, *, of_patterns: bool) -> float:
    """Return the confidence in the patterns, or in the articles, alone; one that is named is certain."""
    if any(library.catalogue[slug].is_pattern == of_patterns for slug in named):
        return 1.0
    of_kind = [
        (chunk, score)
        for chunk, score in dense
        if library.catalogue[slug_of(chunk)].is_pattern == of_patterns
    ]
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
                label=_label(entry, situation.context),
                score=hit.score,
                form=entry.form,
                summary=entry.summary,
                tension=entry.tension,
                passage=_passage(passage, entry),
                matched_words=matched_words(question, passage.text),
                matched_sentence=sentence,
                matched_situation=said,
                matched_name=names.get(hit.slug, ""),
                evidence=hit.evidence,
            )
        )
    return tuple(shown)


def _matched(hit: Hit, question: str, library: Library) -> tuple[Chunk, str]:
    """Return the passage that matched, and the situation if one counted and came nearer.

    Where no passage came nearest, it is the one closest in words.
    """
    matched = library.chunk(hit.chunk) if hit.chunk else None
    if matched is not None and matched.kind == "section":
        return matched, ""
    passage = closest_in_words(question, library.chunks_of(hit.slug))
    counted = any(evidence.retriever == "situation" for evidence in hit.evidence)
    return passage, matched.text if matched is not None and counted else ""


def _in_focus(
    pattern: Pattern, chunks: list[Chunk], entry: CatalogueEntry, context: str | None
) -> PatternHit:
    first = next((chunk for chunk in chunks if chunk.kind == "section"), chunks[0])
    return PatternHit(
        slug=pattern.slug,
        title=pattern.title,
        label=pattern.label(context),
        score=1.0,
        form=pattern.form,
        summary=pattern.summary,
        tension=pattern.usable_tension,
        passage=_passage(first, entry),
    )


def _passage(chunk: Chunk, entry: CatalogueEntry) -> Passage:
    return Passage(
        section=chunk.section,
        text=plain(chunk.text),
        path=entry.path,
        start=chunk.start,
        end=chunk.end,
        chunk=chunk.id,
    )


def _label(entry: CatalogueEntry, context: str | None) -> str:
    labels: Mapping[str, str] = entry.labels or {}
    return labels.get(context or "") or entry.title


def _next(related: Iterable[RelatedPattern]) -> tuple[RelatedPattern, ...]:
    """Return what to offer of the neighbours: a few of each kind, or all that there is room for of one."""
    neighbours = list(related)
    kinds = Counter[str]()
    shown = []
    for neighbour in neighbours:
        kinds[neighbour.kind] += 1
        if kinds[neighbour.kind] <= SHOWN_OF_A_KIND or len({each.kind for each in neighbours}) == 1:
            shown.append(neighbour)
    return tuple(shown[:SHOWN_RELATED])


def _related(pattern: Pattern, library: Library, context: str | None) -> Iterator[RelatedPattern]:
    """Yield the curated neighbours that the library holds, each once, by kind and weight."""
    seen = {pattern.slug}
    for kind in NEXT:
        links = sorted(pattern.relationships.get(kind, ()), key=lambda link: -(link.weight or 0.0))
        for link in links[:_ALL_NEIGHBOURS]:
            entry = library.catalogue.get(link.slug or "")
            if entry is not None and entry.slug not in seen:
                seen.add(entry.slug)
                yield RelatedPattern(
                    slug=entry.slug, title=entry.title, label=_label(entry, context), kind=kind
                )


def _remarks(situation: Situation) -> list[str]:
    if not situation.shortened:
        return []
    return [f"Your message is long; its first {MAX_QUESTION_LENGTH:,} characters were read."]


def _unspoken(pattern: Pattern, context: str | None, parts: Sequence[Part]) -> list[str]:
    if context is None or translate.speaks_to(pattern, context):
        return []
    told = "these are its general passages"
    if any(part.kind.endswith("_elsewhere") for part in parts):
        told += ", and those for the nearest context, marked as such"
    return [f"Nothing in this pattern was written for {context}; {told}."]


def _confidence_line(pattern: Pattern) -> str:
    stars = Provenance.of(pattern).stars
    if not stars:
        return "The authors give no confidence rating for this pattern."
    uses = pattern.section("Known Uses")
    known = "with known uses to check it against" if uses else "without known uses"
    return f"Its authors rate it {stars} of three, {known}."


def _origin_line(pattern: Pattern) -> str:
    sources = f" It draws on {'; '.join(pattern.sources)}." if pattern.sources else ""
    licence = f" Licence: {pattern.license}." if pattern.license else ""
    return f"{pattern.attribution or 'Its author is not named'}.{sources}{licence}"


def _enumerated(names: list[str]) -> str:
    quoted = [f"“{name}”" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
