"""Whom a passage speaks to, and which world a person speaks from.

Authors say whom they mean in few ways, and all of them are openings: a heading ("Government"), a lead-in
("**For activist movements:** …") that holds until the next one, a sentence that starts with the people it
is for ("In tech, …", "Public agencies …"). A story in Known Uses belongs to the context of its author's
tag, or else to the world that its words are from. What opens with none of these speaks to everyone: ``()``.

Nothing here knows a context by name: they and their words are rows of
:data:`navigator.corpus.audiences.AUDIENCES`. The thresholds were set on labelled blocks of real patterns.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from navigator.corpus.audiences import AUDIENCES, Audience, Tier, Vocabulary, vocabulary, words
from navigator.pattern import Block
from navigator.text import sentence_spans

SHARED = 0.29
"""Share of a block, in characters, that sentences to several contexts must take for it to be theirs."""

SINGLE = 0.5
"""The same, where all the sentences are to one context."""

ROUND = 4
"""So many contexts, each with an example, are a round through all of them; fewer illustrate one point."""

STORY_EVIDENCE = 5.0
"""Least evidence, see :func:`_weigh`, that places a story in a context."""

OPENING = 12
"""So many words stand for the title of a story that has none: they name who did it."""

STORY_RIVAL = 0.75
"""Share of the strongest context's evidence with which another context counts as well."""

STORY_WEIGHTS: dict[Tier, float] = {"names": 3.0, "marks": 2.0, "hints": 1.0, "settings": 0.0}
"""What finding one term tells about the world a story is from; twice that in its title."""

HEARD_WEIGHTS: dict[Tier, float] = {"names": 4.0, "settings": 2.0, "marks": 2.0, "hints": 1.0}
"""What a term tells about the person who says it of themselves."""

HEARD_EVIDENCE = 4.0
HEARD_LEAD = 1.5
"""What a message must tell about one context, and how many times more than about any other."""

SHORT_MESSAGE = 12
"""In so few words one hardly talks of anything but oneself and what one wants."""

_MARKS = re.compile(r"^(?:[\s>#*_\[(\"“•+-]|\d{1,3}[.)](?=\s))+")
_ITEM = re.compile(r"[-*+•]\s|\d{1,3}[.)]\s")
_TITLE = re.compile(
    r"[\s>]*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?(\*\*|__|\*|_)(?=\S)(?P<title>[^\n]+?)\1"
    r"(?P<aside> *\([^()\n]*\))?(?P<colon>:?)"
)
_NUMBERING = re.compile(r"(?:case|example|use|story|known use)\b[^:]{0,12}:\s*", re.IGNORECASE)
_LABEL = re.compile(r"[^:.!?\n]{2,80}(?=:(?:[\s*_]|$))")
_CLAUSE = re.compile(r"[^,:;.!?()\[\]—\n]*")
_DASH = re.compile(r"\s*(?:[—–]|:\s|\s-\s)\s*")
_ASIDE = re.compile(r"[(\[]([^)\]]*)[)\]]")
_STORIES = re.compile(r"known uses|examples?\b|case stud|stories", re.IGNORECASE)
_EVERYONE = re.compile(
    r"(?:across|in|for|within|throughout)\s+(?:all|every|any|each|both|these)\s+(?:\w+\s+){0,2}?"
    r"(?:contexts?|settings?|sectors?|domains?|cases?|audiences?|environments?|four)\b"
    r"|(?:all|every|each)\s+(?:contexts?|settings?|sectors?|domains?)\b|everyone\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(
    r"\b(?:we(?:'re| are| run| work| make| build| sell)?|us|our|my"
    r"|i(?:'m| am| run| work| lead| manage)?|as an?|for an?|to an?)\b(?P<said>[^.,;:!?]*)",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset({"in", "for", "at", "within", "among", "across", "inside"})
_OPENERS = frozenset("the your our their many most some when if while as and but yet similarly".split())
_JOINTS = frozenset({"and", "or"})
_LABEL_NOUNS = frozenset(
    "context contexts setting settings environment environments team teams translation callout example case "
    "use practice version story implementation space spaces work network networks organization organizations "
    "group groups leader leaders application system systems service services product products the a".split()
)


@dataclass(frozen=True, slots=True)
class _Opening:
    """Whom the first words of a sentence name.

    Attributes
    ----------
    contexts
        Never empty.
    leads
        It is a label or names a setting, so what follows is meant too, not the sentence alone.
    example
        It is one of its kind ("A tech company …"): an illustration, unless every context has its own.
    common
        It is a word that everyone uses ("Organizations …", "In teams …"), and only counts beside others.
    """

    contexts: tuple[str, ...]
    leads: bool = False
    example: bool = False
    common: bool = False


def tag_blocks(
    section_name: str, blocks: Sequence[Block], audiences: tuple[Audience, ...] = AUDIENCES
) -> tuple[Block, ...]:
    """Return copies of a section's blocks with the contexts they speak to, in the table's order.

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
    if _STORIES.match(section_name):
        tags = _story_tags(blocks, terms)
    else:
        tags = _passage_tags(blocks, terms, instructs=section_name.lower() == "implementation")
    return tuple(
        block.model_copy(update={"contexts": contexts}) for block, contexts in zip(blocks, tags, strict=True)
    )


def sentence_contexts(sentence: str, audiences: tuple[Audience, ...] = AUDIENCES) -> tuple[str, ...]:
    """Return the contexts that one sentence is for by its own opening; ``()`` where it names none."""
    opening = _opening(sentence, vocabulary(audiences))
    if opening is None or (opening.common and not opening.leads):
        return ()
    return opening.contexts


def hear_context(message: str, audiences: tuple[Audience, ...] = AUDIENCES) -> str | None:
    """Return the context that a person's message says it is from, or None where that is not clear.

    What people say of themselves ("we're a city department", "my tenants' group") counts in full, what
    they otherwise mention for half.
    """
    terms = vocabulary(audiences)
    message = message.replace("’", "'")
    text = words(message)
    told = _weigh(
        words(" . ".join(match["said"] for match in _FIRST_PERSON.finditer(message))), terms, HEARD_WEIGHTS
    )
    share = 1.0 if len(text) <= SHORT_MESSAGE else 0.5
    for context, weight in _weigh(text, terms, HEARD_WEIGHTS).items():
        told[context] = told.get(context, 0.0) + share * weight
    if not told:
        return None
    best = max(told, key=told.__getitem__)
    rival = max((weight for context, weight in told.items() if context != best), default=0.0)
    return best if told[best] >= max(HEARD_EVIDENCE, HEARD_LEAD * rival) else None


def _passage_tags(
    blocks: Sequence[Block], terms: Vocabulary, *, instructs: bool
) -> Iterator[tuple[str, ...]]:
    """Yield the contexts of each block; in a section that ``instructs``, examples are advice too."""
    headed: tuple[str, ...] = ()
    led: tuple[str, ...] = ()
    carries = followed = True
    for block in blocks:
        if block.kind == "heading":
            headed, led, followed = _label(_bare(block.text), terms, slack=1), (), True
            yield headed
            continue
        lead = _lead_in(block.text, terms)
        if _ITEM.match(block.text):
            yield lead or led or _by_sentences(block.text, terms, instructs=instructs) or headed
            continue
        if lead is not None:
            # Where the last lead-in held for its own paragraph only, so does this one: after the fourth
            # of four such paragraphs the author speaks to everyone again.
            carries = followed or not led or _stands_alone(block.text)
            led, followed = lead, False
        elif led and carries:
            followed = True
        else:
            led = ()
        yield led or _by_sentences(block.text, terms, instructs=instructs) or headed


def _lead_in(text: str, terms: Vocabulary) -> tuple[str, ...] | None:
    """Return whom a block's title or label names, ``()`` for everyone, None where it has neither."""
    bare = _bare(text)
    if _EVERYONE.match(bare):
        return ()
    title = _TITLE.match(text)
    if title is not None:
        name = _bare(title["title"]).rstrip(": ]")
        label = _DASH.split(name, maxsplit=1)[0]
        is_label = bool(title["colon"] or title["aside"]) or title["title"][-1] in ":]" or label != name
        return _label(label, terms, slack=2 if is_label else 1) or _tag(name, terms)
    if (match := _LABEL.match(bare)) is not None:
        return _label(match[0], terms) or None
    return None


def _stands_alone(text: str) -> bool:
    """Tell whether a block is nothing but its title, as a heading is."""
    title = _TITLE.match(text)
    return title is not None and len(text.rstrip()) - title.end() <= len("**:")


def _by_sentences(text: str, terms: Vocabulary, *, instructs: bool) -> tuple[str, ...]:
    """Return the contexts that a block's own sentences are for, if these make up enough of it."""
    pieces = [(_opening(piece, terms), len(piece)) for piece in _pieces(text)]
    openings = [(opening, size) for opening, size in pieces if opening is not None]
    named = {context for opening, _ in openings for context in opening.contexts}
    firm = {context for opening, _ in openings if not opening.common for context in opening.contexts}
    examples = instructs or len(named) >= ROUND
    counted = [
        (opening, size)
        for opening, size in openings
        if (examples or not opening.example)
        and (not opening.common or len(firm) > 1 or (opening.leads and len(named) > 1))
    ]
    contexts = terms.ordered(context for opening, _ in counted for context in opening.contexts)
    if contexts and pieces[0][0] is not None and pieces[0][0].leads and len(counted) == len(openings):
        return contexts
    enough = SHARED if len(contexts) > 1 else SINGLE
    return contexts if sum(size for _, size in counted) >= enough * len(text) else ()


def _pieces(text: str) -> Iterator[str]:
    """Yield the sentences of ``text``, those that are lists of clauses clause by clause."""
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        yield from re.split(r"[;:] ", sentence) if "; " in sentence else [sentence]


def _opening(sentence: str, terms: Vocabulary) -> _Opening | None:
    text = _bare(sentence)
    label = _LABEL.match(text)
    if label is not None and (contexts := _label(label[0], terms)):
        return _Opening(contexts, leads=True)
    match = _CLAUSE.match(text.replace("*", "").replace("/", " and "))
    clause = words(match[0])[:10] if match else []
    if not clause:
        return None
    opening = _setting(clause, terms) if clause[0] in _PREPOSITIONS else _subject(clause, terms)
    if opening is None:
        return None
    # A sentence that goes on to name the other contexts too is a list of them, and speaks to everyone.
    named = {context for mention in terms.mentions(words(text)) for context in mention.contexts("names")}
    return opening if len(named) < 3 else None


def _setting(clause: Sequence[str], terms: Vocabulary) -> _Opening | None:
    """Read "in activist and community spaces": a preposition, at most two words, one or two contexts."""
    found: list[str] = []
    end, common = 0, True
    for mention in terms.mentions(clause):
        contexts = mention.contexts("names", "settings")
        if not contexts:
            continue
        gap = clause[end : mention.start]
        if len(gap) > (2 if found else 3) or (found and not _JOINTS & set(gap)):
            break
        found += contexts
        end, common = mention.end, common and not mention.contexts("names")
    named = terms.ordered(found)
    return _Opening(named, leads=True, common=common) if 0 < len(named) < 3 else None


def _subject(clause: Sequence[str], terms: Vocabulary) -> _Opening | None:
    """Read "Many government agencies …", "A tech company …": a context within the first words."""
    start = next((n for n, word in enumerate(clause) if word not in _OPENERS), len(clause))
    example = clause[start : start + 1] in (["a"], ["an"])
    for mention in terms.mentions(clause):
        if mention.start > start + 1 + example:
            return None
        names = mention.contexts("names")
        contexts = names or (mention.contexts("settings") if mention.start == start else [])
        if contexts:
            return _Opening(terms.ordered(contexts), example=example, common=not names)
    return None


def _label(label: str, terms: Vocabulary, slack: int = 2) -> tuple[str, ...]:
    """Return whom a label such as "Government & public service" or "For tech teams (beta)" names.

    At most ``slack`` further words make it a label still, and none where its names are common words:
    "Product teams" is one, "Product pricing" is a topic.
    """
    text = words(_ASIDE.sub(" ", label).replace("/", " and "))
    if text and text[0] in _PREPOSITIONS:
        opening = _setting(text, terms)
        return () if opening is None else opening.contexts
    mentions = [mention for mention in terms.mentions(text) if mention.contexts("names", "settings")]
    if not mentions or mentions[0].start > 1:
        return ()
    taken = {position for mention in mentions for position in range(mention.start, mention.end)}
    others = [
        word
        for position, word in enumerate(text)
        if position not in taken and word not in _LABEL_NOUNS and word not in _JOINTS
    ]
    if not any(mention.contexts("names") for mention in mentions):
        slack = 0
    if len(others) > slack:
        return ()
    return terms.ordered(c for mention in mentions for c in mention.contexts("names", "settings"))


def _tag(title: str, terms: Vocabulary) -> tuple[str, ...]:
    """Return whom an aside of a title names: "Step 3 (government context)"."""
    for aside in _ASIDE.findall(title):
        text = words(aside)
        contexts = terms.ordered(c for mention in terms.mentions(text) for c in mention.contexts("names"))
        if 0 < len(contexts) < 3 and not _LABEL_NOUNS.isdisjoint(text):
            return contexts
    return ()


def _story_tags(blocks: Sequence[Block], terms: Vocabulary) -> Iterator[tuple[str, ...]]:
    """Yield the contexts of each block, story by story."""
    for story in _stories(blocks):
        yield from [_story_contexts("\n".join(block.text for block in story), terms)] * len(story)


def _stories(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield the stories of a section: a block each, or a title that stands alone and what it heads."""
    story: list[Block] = []
    headed = False
    for block in blocks:
        titled = block.kind == "heading" or _TITLE.match(block.text) is not None
        if story and (titled or not headed):
            yield story
            story = []
        if not story:
            headed = block.kind == "heading" or _stands_alone(block.text)
        story.append(block)
    if story:
        yield story


def _story_contexts(story: str, terms: Vocabulary) -> tuple[str, ...]:
    if lead := _lead_in(_NUMBERING.sub("", story, count=1) if story[:2] == "**" else story, terms):
        return lead
    match = _TITLE.match(story)
    title = _NUMBERING.sub("", match["title"]) + (match["aside"] or "") if match else ""
    for aside in _ASIDE.findall(title):
        text = words(aside)
        tagged = terms.ordered(
            c for mention in terms.mentions(text) for c in mention.contexts("names", "settings")
        )
        if tagged and len(text) <= 8:
            return tagged
    evidence = _weigh(words(story), terms, STORY_WEIGHTS, title=len(words(title)) or OPENING)
    if not evidence:
        return ()
    enough = max(STORY_EVIDENCE, STORY_RIVAL * max(evidence.values()))
    return terms.ordered(context for context, weight in evidence.items() if weight >= enough)


def _weigh(
    text: Sequence[str], terms: Vocabulary, weights: Mapping[Tier, float], title: int = 0
) -> dict[str, float]:
    """Add up what the terms of a text tell about each context.

    A term counts by the weight of its tier, twice within the first ``title`` words, half when it is
    repeated and not at all from the third time on.
    """
    evidence: defaultdict[str, float] = defaultdict(float)
    seen: Counter[tuple[str, ...]] = Counter()
    for mention in terms.mentions(text):
        term = tuple(text[mention.start : mention.end])
        seen[term] += 1
        if seen[term] > 2:
            continue
        factor = (2.0 if mention.start < title else 1.0) / seen[term]
        strongest: dict[str, float] = {}
        for context, tier in mention.roles:
            strongest[context] = max(strongest.get(context, 0.0), weights[tier])
        for context, weight in strongest.items():
            evidence[context] += factor * weight
    return evidence


def _bare(text: str) -> str:
    """Return ``text`` without the marks, bullets and numbers it starts with."""
    return _MARKS.sub("", text)
