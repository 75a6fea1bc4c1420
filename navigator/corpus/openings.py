"""Whom the first words of a passage name: its lead-in, its label, the opening of a sentence.

Authors say whom they mean in few ways, and all of them are openings: a label ("Government"), a title
("**For activist movements:** …"), a sentence that starts with the people it is for ("In tech, …", "Public
agencies …").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from navigator.corpus.audiences import Vocabulary, words

_MARKS = re.compile(r"^(?:[\s>#*_\[(\"“•+-]|\d{1,3}[.)](?=\s))+")
ITEM = re.compile(r"[-*+•]\s|\d{1,3}[.)]\s")
TITLE = re.compile(
    r"[\s>]*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?(\*\*|__|\*|_)(?=\S)(?P<title>[^\n]+?)\1"
    r"(?P<aside> *\([^()\n]*\))?(?P<colon>:?)"
)
_LABEL = re.compile(r"[^:.!?\n]{2,80}(?=:(?:[\s*_]|$))")
_CLAUSE = re.compile(r"[^,:;.!?()\[\]—\n]*")
_DASH = re.compile(r"\s*(?:[—–]|:\s|\s-\s)\s*")
ASIDE = re.compile(r"[(\[]([^)\]]*)[)\]]")
_EVERYONE = re.compile(
    r"(?:across|in|for|within|throughout)\s+(?:all|every|any|each|both|these)\s+(?:\w+\s+){0,2}?"
    r"(?:contexts?|settings?|sectors?|domains?|cases?|audiences?|environments?|four)\b"
    r"|(?:all|every|each)\s+(?:contexts?|settings?|sectors?|domains?)\b|everyone\b",
    re.IGNORECASE,
)
_PREPOSITIONS = frozenset({"in", "for", "at", "within", "among", "across", "inside"})
_OPENERS = frozenset("the your our their many most some when if while as and but yet similarly".split())
_JOINTS = frozenset({"and", "or"})
_CONTEXT_NOUNS = frozenset("context contexts setting settings translation".split())
_LABEL_NOUNS = frozenset(
    "context contexts setting settings environment environments team teams translation callout example case "
    "use practice version story implementation space spaces work network networks organization organizations "
    "group groups leader leaders application system systems service services product products the a".split()
)


@dataclass(frozen=True, slots=True)
class Opening:
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


def lead_in(text: str, terms: Vocabulary) -> tuple[str, ...] | None:
    """Return whom a block's title or label names, ``()`` for everyone, None where it has neither."""
    opened = bare(text)
    if _EVERYONE.match(opened):
        return ()
    title = TITLE.match(text)
    if title is not None:
        name = bare(title["title"]).rstrip(": ]")
        label = _DASH.split(name, maxsplit=1)[0]
        is_label = bool(title["colon"] or title["aside"]) or title["title"][-1] in ":]" or label != name
        return label_contexts(label, terms, slack=2 if is_label else 1) or _tag(name, terms)
    if (match := _LABEL.match(opened)) is not None:
        return label_contexts(match[0], terms) or None
    return None


def stands_alone(text: str) -> bool:
    """Tell whether a block is nothing but its title, as a heading is."""
    title = TITLE.match(text)
    return title is not None and len(text.rstrip()) - title.end() <= len("**:")


def without_lead_in(sentence: str) -> str:
    """Return a sentence without the title or label that it starts with."""
    title = TITLE.match(sentence)
    return sentence[title.end() :] if title else _LABEL.sub("", bare(sentence), count=1).lstrip(": ")


def opening_of(sentence: str, terms: Vocabulary) -> Opening | None:
    """Return whom the first words of a sentence name, None where they name nobody."""
    text = bare(sentence)
    label = _LABEL.match(text)
    if label is not None and (contexts := label_contexts(label[0], terms)):
        return Opening(contexts, leads=True)
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


def _setting(clause: Sequence[str], terms: Vocabulary) -> Opening | None:
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
    return Opening(named, leads=True, common=common) if 0 < len(named) < 3 else None


def _subject(clause: Sequence[str], terms: Vocabulary) -> Opening | None:
    """Read "Many government agencies …", "The tech context …": a context within the first words."""
    start = next((n for n, word in enumerate(clause) if word not in _OPENERS), len(clause))
    example = clause[start : start + 1] in (["a"], ["an"])
    for mention in terms.mentions(clause):
        if mention.start > start + 1 + example:
            return None
        names = mention.contexts("names")
        contexts = names or (mention.contexts("settings") if mention.start == start else [])
        if contexts:
            leads = not _CONTEXT_NOUNS.isdisjoint(clause[mention.end : mention.end + 1])
            return Opening(terms.ordered(contexts), leads=leads, example=example, common=not names)
    return None


def label_contexts(label: str, terms: Vocabulary, slack: int = 2) -> tuple[str, ...]:
    """Return whom a label such as "Government & public service" or "For tech teams (beta)" names.

    At most ``slack`` further words make it a label still, and none where its names are common words:
    "Product teams" is one, "Product pricing" is a topic.
    """
    text = words(ASIDE.sub(" ", label).replace("/", " and "))
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
    for aside in ASIDE.findall(title):
        text = words(aside)
        contexts = terms.ordered(c for mention in terms.mentions(text) for c in mention.contexts("names"))
        if 0 < len(contexts) < 3 and not _LABEL_NOUNS.isdisjoint(text):
            return contexts
    return ()


def bare(text: str) -> str:
    """Return ``text`` without the marks, bullets and numbers it starts with."""
    return _MARKS.sub("", text)
