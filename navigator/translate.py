"""Saying a pattern in a context's words, with the author's own sentences.

The extractive writer: from one pattern, one context and the passage that matched it composes the parts
of an answer. It takes the passages written for that context before the general ones, and none that were
written for another, but where there is nothing else: then the nearest context's, marked as such. Every
sentence is the author's, with the place where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from navigator.answer import Part, PartKind, Sentence, Source
from navigator.chunking import Chunk
from navigator.corpus.audiences import AUDIENCES, Audience, nearest
from navigator.excerpts import (
    PROSE,
    Excerpt,
    closest,
    grounded,
    heard,
    is_name,
    is_title,
    marker,
    sections_of,
)
from navigator.leads import Lead, led, signs_under
from navigator.pattern import Block, Pattern, Section
from navigator.text import content_words, refers_back

HEADINGS: dict[PartKind, str] = {
    "tension": "What pulls apart",
    "why": "Why this one",
    "therefore": "Therefore",
    "actions": "What to do",
    "actions_elsewhere": "What to do, as written for {context}, the nearest",
    "also": "Also for {context}",
    "risks": "What can go wrong",
    "known_uses": "Who has done it",
    "known_uses_elsewhere": "Who has done it in {context}, the nearest",
    "signs_of_life": "Signs of life",
    "signs_of_decay": "Signs of decay",
    "replant": "When to replant",
}

OWN_SENTENCES = 24
"""So many sentences for the context are given whole; of more, each passage only opens."""

GENERAL_SENTENCES = 16
RISK_SENTENCES = 6
REPLANT_SENTENCES = 3
ALSO_SENTENCES = 8
ELSEWHERE_SENTENCES = 6
CASES = 3
CASE_SENTENCES = 5
OWN_CASE_SENTENCES = 12
SIGNS = 5

SAYS_SOMETHING = 8
"""Words that a step's opening has at least; below that the next sentence belongs to it."""

_CORE_CONFLICT = re.compile(r"core conflict is", re.IGNORECASE)
_TENSION = re.compile(
    r"\b(?:real|core|central|deeper|deepest|underlying|fundamental)\s+(?:tension|conflict|question|dilemma)\b"
    r"|\btension is\b",
    re.IGNORECASE,
)
_NO_REASON = re.compile(r"assessment|pillars|references|resources", re.IGNORECASE)
"""Names of sections, of the first spec, that say nothing about when a pattern fits."""

_SCORE = re.compile(r"\bscores?\b.{0,40}\d\.\d|\(\d\.\d\)")
_THEREFORE = re.compile(r"therefore\b", re.IGNORECASE)

Entry = tuple[str, Sequence[Excerpt]]
"""A paragraph or list item of a part: its marker, and the sentences it shows."""


def compose(
    pattern: Pattern,
    chunks: Sequence[Chunk],
    *,
    context: str | None,
    question: str,
    matched: Chunk | None,
    audiences: Sequence[Audience] = AUDIENCES,
) -> tuple[Part, ...]:
    """Return the parts of an answer in full; a part with nothing to say is left out.

    Parameters
    ----------
    chunks
        All chunks of the pattern, to name the one that each sentence stands in.
    context
        The context to write for; with ``None`` the passages for every context are taken.
    question
        What was asked: where a part must choose, it takes what is closest to it.
    matched
        The chunk that matched the question, as the reason why this pattern is offered.
    audiences
        The contexts of the library, to know which is nearest to one that nothing was written for.
    """
    asked = content_words(question)
    tension, therefore = _tension(pattern, context), _therefore(pattern)
    actions, uses = _actions(pattern, context, asked), _known_uses(pattern, context)
    chosen: dict[PartKind, Iterable[Entry]] = {
        "tension": _entries(tension),
        "why": _plain_entries(_why(pattern, matched, asked, context, besides=[*tension, *therefore])),
        "therefore": _entries(therefore),
        "actions": _entries(actions),
        "risks": _entries(_risks(pattern, context, asked)),
        "known_uses": _entries(uses),
        "signs_of_life": _signs(pattern, "signs_of_life", context, asked),
        "signs_of_decay": _signs(pattern, "signs_of_decay", context, asked),
        "replant": _entries(_replant(pattern, context)),
    }
    parts = [_part(pattern, chunks, kind, entries) for kind, entries in chosen.items()]
    if context is not None:
        shown = {sentence.source.start for part in parts for sentence in part.sentences}
        parts.append(_part(pattern, chunks, "also", _entries(_also(pattern, context, shown)), context))
        lacking: dict[PartKind, str] = {}
        if not any(context in excerpt.contexts for excerpt in actions):
            lacking["actions_elsewhere"] = "Implementation"
        if not uses:
            lacking["known_uses_elsewhere"] = "Known Uses"
        for kind, role in lacking.items():
            if (there := nearest(context, _addressed(pattern, role), audiences)) is not None:
                parts.append(_part(pattern, chunks, kind, _entries(_elsewhere(pattern, role, there)), there))
    order = list(HEADINGS)
    return tuple(sorted((part for part in parts if part.sentences), key=lambda part: order.index(part.kind)))


def compose_section(
    pattern: Pattern, chunks: Sequence[Chunk], *, context: str | None, role: str
) -> tuple[Part, ...]:
    """Return one section whole, less the sentences written for other contexts."""
    section = pattern.section(role)
    if section is None:
        return ()
    excerpts = [excerpt for block in section.blocks for excerpt in heard(section, block, context)]
    part = _part(pattern, chunks, "section", _entries(excerpts)).model_copy(update={"heading": role})
    return (part,) if part.sentences else ()


def speaks_to(pattern: Pattern, context: str) -> bool:
    """Return whether any passage of the pattern was written for ``context``."""
    return any(context in block.contexts for section in pattern.sections for block in section.blocks)


def _part(
    pattern: Pattern, chunks: Sequence[Chunk], kind: PartKind, entries: Iterable[Entry], context: str = ""
) -> Part:
    sentences = [
        Sentence(
            text=excerpt.text,
            source=_source(pattern, chunks, excerpt),
            contexts=excerpt.contexts,
            block=number,
            marker="" if place else mark,
        )
        for number, (mark, excerpts) in enumerate(entries)
        for place, excerpt in enumerate(excerpts)
    ]
    heading = HEADINGS.get(kind, "").format(context=context)
    return Part(kind=kind, heading=heading, sentences=tuple(sentences))


def _entries(excerpts: Iterable[Excerpt]) -> Iterator[Entry]:
    """Yield sentences by the block they stand in; a list item keeps its marker where it is whole enough."""
    for _, group in groupby(excerpts, key=lambda excerpt: excerpt.block.start):
        inside = list(group)
        yield (marker(inside[0].block) if inside[0].opens_block else ""), inside


def _plain_entries(excerpts: Iterable[Excerpt]) -> Iterator[Entry]:
    """Yield sentences by the block they stand in, a list item as a paragraph."""
    yield from (("", inside) for _, inside in _entries(excerpts))


def _source(pattern: Pattern, chunks: Sequence[Chunk], excerpt: Excerpt) -> Source:
    block = excerpt.block
    start, end = block.start, block.end
    if block.verbatim:
        start, end = block.start + excerpt.start, block.start + excerpt.end
    holder = next((c.id for c in chunks if c.kind == "section" and c.start <= start < c.end), "")
    return Source(
        slug=pattern.slug, section=excerpt.section.name, path=pattern.path, start=start, end=end, chunk=holder
    )


def _tension(pattern: Pattern, context: str | None) -> list[Excerpt]:
    """Return the core conflict, or what else the problem names as the tension where that says nothing."""
    section = pattern.section("Problem")
    if section is None:
        return []
    told = [heard(section, block, context) for block in section.blocks if block.kind in PROSE]
    conflicts = [each for block in told for each in block if _CORE_CONFLICT.search(each.text)]
    if conflicts and "primary_tension" not in pattern.junk:
        return conflicts[:1]
    named = {each.place for each in conflicts}
    rest = [[each for each in block if each.place not in named] for block in told]
    usable = [[each for each in block if not each.text.endswith(":")] for block in rest]
    called = [
        _opening(block[number:])  # "The tension is real." is said by what comes after it
        for block in usable
        for number, excerpt in enumerate(block)
        if _TENSION.search(excerpt.text) and not refers_back(excerpt.text)
    ]
    openings = [_opening(block) for block in usable if block][:2]
    return called[0] if called else grounded([each for opening in openings for each in opening], context)


def _therefore(pattern: Pattern) -> list[Excerpt]:
    """Return the sentence that the pattern stands on, said to everyone."""
    section = pattern.section("Solution")
    if section is None:
        return []
    told = [
        each for block in section.blocks if block.kind != "heading" for each in heard(section, block, None)
    ]
    return [each for each in told if _THEREFORE.match(each.text)][:1] or told[:1]


def _why(
    pattern: Pattern,
    matched: Chunk | None,
    asked: frozenset[str],
    context: str | None,
    *,
    besides: Sequence[Excerpt],
) -> list[Excerpt]:
    """Pick the two sentences of the matched chunk that are closest to the question, in order."""
    if matched is None or matched.kind != "section" or _NO_REASON.search(matched.section):
        section = pattern.section("Context")
        blocks = section.blocks[:1] if section else ()
    else:
        section = next((s for s in pattern.sections if s.name == matched.section), None)
        inside = section.blocks if section else ()
        blocks = tuple(b for b in inside if b.start < matched.end and b.end > matched.start)
    if section is None:
        return []
    said = {excerpt.place for excerpt in besides}
    told = [each for block in blocks if block.kind in PROSE for each in heard(section, block, context)]
    usable = [e for e in told if e.place not in said and not e.text.endswith(":") and not is_name(e)]
    return grounded(closest(usable, asked, 2), context)


def _actions(pattern: Pattern, context: str | None, asked: frozenset[str]) -> list[Excerpt]:
    """Return what was written for the context, then the steps for everyone, in the author's order.

    A step that is for everyone and then says something to the context is the context's as a whole, and a
    passage that opens with "this means …" comes with the step that it is about.
    """
    own: list[list[Excerpt]] = []
    steps: list[list[Excerpt]] = []
    for section in sections_of(pattern, "Implementation"):
        title: list[Excerpt] = []
        for block in section.blocks:
            told = heard(section, block, context) if block.kind in {*PROSE, "heading"} else []
            if context is not None and any(context in each.contexts for each in told):
                spoken = _spoken_by(told, context)
                if refers_back(spoken[0].text) and steps:
                    spoken = [*steps[-1], *spoken]
                elif context not in spoken[0].contexts:
                    spoken = [*title, *spoken]
                own.append(spoken)
            elif told and is_title(block):
                title = told
                steps.append(told)
            elif told and title:
                steps[-1] += told[:2]
            elif told:
                steps.append(told[:2])
    passages = [each for block in own for each in block]
    if len(passages) > OWN_SENTENCES:
        passages = _spread(own, asked, OWN_SENTENCES)
    return grounded([*passages, *_spread(steps, asked, GENERAL_SENTENCES)], context, keep=True)


def _spoken_by(told: Sequence[Excerpt], context: str) -> list[Excerpt]:
    """Return a passage for a context: its own sentences, and how it opens where that is for everyone."""
    first = next(number for number, each in enumerate(told) if context in each.contexts)
    opening = [each for each in told[:first] if not each.contexts][:2]
    return [*opening, *(each for each in told[first:] if context in each.contexts)]


def _spread(groups: Sequence[Sequence[Excerpt]], asked: frozenset[str], limit: int) -> list[Excerpt]:
    """Return at most ``limit`` sentences, in order: how each group opens, then what is closest to a question.

    Where there are too many groups for that, those that are closest to it.
    """
    openings = [_opening(group) for group in groups]
    while sum(map(len, openings)) > limit:
        closeness = [len(asked & content_words(" ".join(e.text for e in group))) for group in openings]
        del openings[len(openings) - 1 - closeness[::-1].index(min(closeness))]
    taken = {each.place for opening in openings for each in opening}
    kept = {group[0].place for group in openings}
    rest = [each for group in groups if group[0].place in kept for each in group if each.place not in taken]
    taken |= {each.place for each in closest(rest, asked, limit - len(taken))}
    return [each for group in groups for each in group if each.place in taken]


def _opening(group: Sequence[Excerpt]) -> list[Excerpt]:
    """Return the first sentences of a group, until they say something: a title alone does not."""
    said = 0
    for number, excerpt in enumerate(group, start=1):
        said += 0 if is_title(excerpt.block) else len(excerpt.text.split())
        if said >= SAYS_SOMETHING:
            return list(group[:number])
    return list(group)


def _risks(pattern: Pattern, context: str | None, asked: frozenset[str]) -> list[Excerpt]:
    """Return the risks, without what is said about the pattern's scores."""
    told = [[e for e in group if not _SCORE.search(e.text)] for group in led(pattern, "risks", context)]
    groups = [group[:2] if group[0].block.kind == "item" else group for group in told if group]
    return grounded(_spread(groups, asked, RISK_SENTENCES), context)


def _replant(pattern: Pattern, context: str | None) -> list[Excerpt]:
    told = [each for group in led(pattern, "replant", context) for each in group]
    return grounded(told[:REPLANT_SENTENCES], context)


def _signs(pattern: Pattern, lead: Lead, context: str | None, asked: frozenset[str]) -> list[Entry]:
    """Return signs as a short list, also where the author tells them in one paragraph."""
    signs = signs_under(pattern, lead, context)
    kept = {excerpt.place for excerpt in closest([sign[0] for sign in signs], asked, SIGNS)}
    return [(marker(sign[0].block) or "-", sign) for sign in signs if sign[0].place in kept]


def _known_uses(pattern: Pattern, context: str | None) -> list[Excerpt]:
    """Return the openings of the cases, those of the context's own world before those of no one's."""
    cases: list[list[Excerpt]] = []
    for section in sections_of(pattern, "Known Uses"):
        for case in _cases(section):
            told = [each for block in case for each in heard(section, block, context)]
            if any(not is_title(each.block) for each in told):
                cases.append(told)
    cases.sort(key=lambda told: all(context not in each.contexts for each in told))
    return grounded([each for told in cases[:CASES] for each in _case(told, context)], context)


def _cases(section: Section) -> list[list[Block]]:
    """Group blocks into cases: a title opens one; without titles every block is one."""
    titled = any(is_title(block) for block in section.blocks)
    cases: list[list[Block]] = []
    for block in section.blocks:
        if not titled or is_title(block) or not cases:
            cases.append([])
        cases[-1].append(block)
    return cases


def _case(told: Sequence[Excerpt], context: str | None) -> Sequence[Excerpt]:
    """Return how a case begins; one of the context's own world as good as whole."""
    own = any(context in each.contexts for each in told)
    return told[: (OWN_CASE_SENTENCES if own else CASE_SENTENCES) + is_title(told[0].block)]


def _also(pattern: Pattern, context: str, shown: Collection[int]) -> list[Excerpt]:
    """Return what was written for a context in the sections that no other part draws on."""
    told = [
        each
        for section in pattern.sections
        if section.role not in {"Implementation", "Known Uses"}
        for block in section.blocks
        if block.kind in PROSE
        for each in heard(section, block, context)
        if context in each.contexts and len(each.contexts) < 3 and block.start + each.start not in shown
    ]
    return grounded(told[:ALSO_SENTENCES], context)


def _addressed(pattern: Pattern, role: str) -> frozenset[str]:
    """Return the contexts that a section has passages for."""
    blocks = (block for section in sections_of(pattern, role) for block in section.blocks)
    return frozenset(context for block in blocks for context in block.contexts)


def _elsewhere(pattern: Pattern, role: str, context: str) -> list[Excerpt]:
    """Return the first passage that a section has for another context, or its first case there."""
    if role == "Known Uses":
        told = _known_uses(pattern, context)
        first = [each for each in told if context in each.contexts]
        return first[: CASE_SENTENCES + 1]
    told = [
        each
        for section in sections_of(pattern, role)
        for block in section.blocks
        if block.kind in PROSE and context in block.contexts
        for each in heard(section, block, context)
        if context in each.contexts
    ]
    return grounded(told[:ELSEWHERE_SENTENCES], context)
