"""Whom a passage speaks to, sentence by sentence, and which world a person speaks from.

Authors say whom they mean in openings, see :mod:`navigator.corpus.openings`: a heading ("Government"), a
lead-in ("**For activist movements:** …") that holds until the next one, a sentence that starts with the
people it is for ("In tech, …", "Public agencies …"). A story in Known Uses belongs to one world as a whole,
see :mod:`navigator.corpus.stories`. What opens with none of these speaks to everyone: ``()``.

Nothing here knows a context by name: they and their words are rows of a table, see
:mod:`navigator.corpus.audiences`. The thresholds were set on labelled blocks of real patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from navigator.corpus.audiences import AUDIENCES, Audience, Tier, Vocabulary, vocabulary, words
from navigator.corpus.openings import (
    ITEM,
    Opening,
    bare,
    label_contexts,
    lead_in,
    opening_of,
    stands_alone,
    without_lead_in,
)
from navigator.corpus.stories import story_tags
from navigator.pattern import Block
from navigator.text import plain, refers_back, sentence_spans

Contexts = tuple[str, ...]
Told = tuple[Contexts, tuple[Contexts, ...]]
"""The contexts of a block, and those of each of its sentences where they are not all the same."""

SHARED = 0.29
"""Share of a block, in characters, that sentences to several contexts must take for it to be theirs."""

SINGLE = 0.5
"""The same, where all the sentences are to one context."""

ROUND = 4
"""So many contexts, each with an example, are a round through all of them; fewer illustrate one point."""

HEARD_WEIGHTS: dict[Tier, float] = {"names": 4.0, "settings": 2.0, "marks": 2.0, "hints": 1.0}
"""What a term tells about the person who says it of themselves."""

HEARD_EVIDENCE = 4.0
HEARD_LEAD = 1.5
"""What a message must tell about one context, and how many times more than about any other."""

SHORT_MESSAGE = 12
"""In so few words one hardly talks of anything but oneself and what one wants."""

_ELSEWHERE = re.compile(r"(?:in|for|across|within|among)\s[^,.;:]{3,60},", re.IGNORECASE)
_STORIES = re.compile(r"known uses|examples?\b|case stud|stories", re.IGNORECASE)
_FIRST_PERSON = re.compile(
    r"\b(?:we(?:'re| are| run| work| make| build| sell)?|us|our|my"
    r"|i(?:'m| am| run| work| lead| manage)?|as an?|for an?|to an?)\b(?P<said>[^.,;:!?]*)",
    re.IGNORECASE,
)


def tag_blocks(
    section_name: str, blocks: Sequence[Block], audiences: tuple[Audience, ...] = AUDIENCES
) -> tuple[Block, ...]:
    """Return copies of a section's blocks with the contexts that they and their sentences speak to.

    A block's contexts are the union of its sentences', in the table's order, unless the sentences that
    name someone are a small part of it: a general step with one example speaks to everyone, and its
    example still to the one.

    Parameters
    ----------
    section_name
        The section's heading; stories are told in "Known Uses" and in sections of examples.
    blocks
        The section's blocks in reading order: a block inherits from the lead-ins and headings before it.
    audiences
        The contexts to tell apart.
    """
    terms = vocabulary(audiences)
    tags: Iterator[Told]
    if _STORIES.match(section_name):
        tags = ((contexts, ()) for contexts in story_tags(blocks, terms))
    else:
        tags = _passage_tags(blocks, terms, instructs=section_name.lower() == "implementation")
    return tuple(
        block.model_copy(update={"contexts": contexts, "sentence_contexts": told})
        for block, (contexts, told) in zip(blocks, tags, strict=True)
    )


def hear_context(message: str, audiences: tuple[Audience, ...] = AUDIENCES) -> str | None:
    """Return the context that a person's message says it is from, or None where that is not clear.

    What people say of themselves ("we're a city department", "my tenants' group") counts in full, what
    they otherwise mention for half.
    """
    terms = vocabulary(audiences)
    message = message.replace("’", "'")
    text = words(message)
    said = words(" . ".join(match["said"] for match in _FIRST_PERSON.finditer(message)))
    told = terms.weigh(said, HEARD_WEIGHTS)
    share = 1.0 if len(text) <= SHORT_MESSAGE else 0.5
    for context, weight in terms.weigh(text, HEARD_WEIGHTS).items():
        told[context] = told.get(context, 0.0) + share * weight
    if not told:
        return None
    best = max(told, key=told.__getitem__)
    rival = max((weight for context, weight in told.items() if context != best), default=0.0)
    return best if told[best] >= max(HEARD_EVIDENCE, HEARD_LEAD * rival) else None


def _passage_tags(blocks: Sequence[Block], terms: Vocabulary, *, instructs: bool) -> Iterator[Told]:
    """Yield the contexts of each block; in a section that ``instructs``, examples are advice too."""
    headed: Contexts = ()
    led: Contexts = ()
    carries = followed = True
    for block in blocks:
        if block.kind == "heading":
            headed, led, followed = label_contexts(bare(block.text), terms, slack=1), (), True
            yield headed, ()
            continue
        lead = lead_in(block.text, terms)
        inherited = lead or led
        if not ITEM.match(block.text):
            if lead is not None:
                # Where the last lead-in held for its own paragraph only, so does this one: after the
                # fourth of four such paragraphs the author speaks to everyone again.
                carries = followed or not led or stands_alone(block.text)
                led, followed = lead, False
            elif led and carries:
                followed = True
            else:
                led = ()
            inherited = led
        yield _divided(block.text, inherited, terms) or _by_sentences(
            block.text, terms, instructs=instructs, otherwise=headed
        )


def _divided(text: str, contexts: Contexts, terms: Vocabulary) -> Told | None:
    """Return what a lead-in makes of a block; where it names several, each may have sentences of its own."""
    if not contexts:
        return None
    if len(contexts) == 1:
        return contexts, ()
    told: list[Contexts] = []
    for number, (start, end) in enumerate(sentence_spans(text)):
        sentence = text[start:end]
        opening = opening_of(sentence if number else without_lead_in(sentence), terms)
        named = opening.contexts if opening is not None and not opening.common else ()
        if not named and told and refers_back(plain(sentence)):
            named = told[-1]
        told.append(named if set(named) < set(contexts) and named else contexts)
    return contexts, _unless_alike(told)


def _by_sentences(text: str, terms: Vocabulary, *, instructs: bool, otherwise: Contexts) -> Told:
    """Return the contexts that a block's own sentences are for, if these make up enough of it.

    Parameters
    ----------
    otherwise
        The contexts of the heading above, where they do not.
    """
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    opened = [
        [(opening, len(piece)) for piece in _clauses(sentence) if (opening := opening_of(piece, terms))]
        for sentence in sentences
    ]
    openings = [opening for each in opened for opening, _ in each]
    named = {context for opening in openings for context in opening.contexts}
    firm = {context for opening in openings if not opening.common for context in opening.contexts}
    examples = instructs or len(named) >= ROUND

    def counts(opening: Opening) -> bool:
        beside_others = len(firm) > 1 or (opening.leads and len(named) > 1)
        return (examples or not opening.example) and (not opening.common or beside_others)

    contexts = terms.ordered(c for opening in openings if counts(opening) for c in opening.contexts)
    alone = all(counts(opening) for opening in openings if not opening.common)
    led = bool(contexts) and alone and _leads_off(sentences[0], terms)
    size = sum(size for each in opened for opening, size in each if counts(opening))
    if not led and size < (SHARED if len(contexts) > 1 else SINGLE) * len(text):
        contexts = ()
    if not contexts and otherwise:
        return otherwise, ()

    def names(opening: Opening) -> bool:
        return counts(opening) and (bool(contexts) or opening.leads)

    heads = [[opening for opening, _ in each if names(opening)] for each in opened]
    return contexts, _unless_alike(_runs(sentences, heads, terms, led=led))


def _leads_off(sentence: str, terms: Vocabulary) -> bool:
    """Whether a sentence, the first of a block, opens with a label or a setting."""
    opening = opening_of(_clauses(sentence)[0], terms)
    return opening is not None and opening.leads


def _clauses(sentence: str) -> list[str]:
    """Return a sentence that is a list of clauses clause by clause, any other whole."""
    return re.split(r"[;:] ", sentence) if "; " in sentence else [sentence]


def _runs(
    sentences: Sequence[str], heads: Sequence[Sequence[Opening]], terms: Vocabulary, *, led: bool
) -> Iterator[Contexts]:
    """Yield whom each sentence speaks to: the ones that its opening names, or those of the last that did.

    Between two sentences that each name a setting, everything belongs to the first of them. After the
    last of several, as much does as after each of the others; what follows then is for everyone again.

    Parameters
    ----------
    heads
        The openings in each sentence that count.
    led
        The first sentence is a lead-in, and the last one that names someone holds to the end.
    """
    places = [number for number, head in enumerate(heads) if head]
    last = places[-1] if places else 0
    until = last + min((after - before for before, after in pairwise(places)), default=1)
    current: Contexts = ()
    leads = False
    for number, (sentence, head) in enumerate(zip(sentences, heads, strict=True)):
        if head:
            current = terms.ordered(context for opening in head for context in opening.contexts)
            leads = any(opening.leads for opening in head)
        elif current:
            held = led or (leads and number < max(last, until) and not _ELSEWHERE.match(bare(sentence)))
            tail = len(places) > 1 and number > last
            if not held and (tail or not refers_back(plain(sentence))):
                current = ()
        yield current


def _unless_alike(told: Iterable[Contexts]) -> tuple[Contexts, ...]:
    """Return whom each sentence speaks to, nothing where all of them speak to the same."""
    each = tuple(told)
    return each if len(set(each)) > 1 else ()
