"""Understanding what someone typed: a new situation, or a word about what was answered before.

What has few forms is told by its wording: greetings, a change of topic, "the second one", "how do these
differ?". What people ask of the pattern in focus has countless ones and is told by likeness to examples, see
:mod:`navigator.phrases`. What is like none of them is taken as a new situation, since answering afresh is
the cheaper mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from navigator.corpus.audiences import AUDIENCES, Audience, vocabulary
from navigator.corpus.audiences import words as audience_words
from navigator.corpus.contexts import hear_context
from navigator.text import content_words, words

MAX_QUESTION_LENGTH = 4_000
"""Characters of a question that are read; what goes beyond is left out, and the answer says so."""

MAX_FOLLOW_UP_WORDS = 20
"""A longer message is a situation of its own."""

MAX_ASIDE_WORDS = 12
"""So is a longer one that names a context."""

MAX_CHOICE_WORDS = 12
"""So is a longer one that names a place in a list."""

MAX_COURTESY_WORDS = 8

NEW = "new"
CONTEXT_CHANGE = "context"
ANOTHER = "another"
PICK = "pick"
COMPARE = "compare"
COURTESY = "courtesy"

LAST = -1
"""The place of "the last one"."""

Ranking = list[tuple[str, float]]
"""What a message may want, best first, with scores; see `navigator.phrases.Phrasebook.ranked`."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_NUMBERS = ("one", "two", "three", "four", "five")
_NAMES = rf"(?:{'|'.join((*_ORDINALS, 'last', '1st', '2nd', '3rd', '4th', '5th'))})"
_DIGITS = rf"(?:[1-5]|{'|'.join(_NUMBERS)})"
_PLACE = re.compile(
    rf"\b(?:the|that|this|of|and|or|vs\.?|with|to)\s+(?P<the>{_NAMES})\b"
    r"(?!\s+(?:two|three|four|few|step|thing)s?\b)"
    rf"|\b(?P<one>{_NAMES})(?=\s+(?:one|pattern|reading|option)\b)"
    rf"|(?:\b(?:number|option|no\.?|nr\.?|pattern)|\#)\s*(?P<number>{_DIGITS})\b"
    rf"|\A\W*(?P<alone>{_NAMES}|{_DIGITS})(?:[\s,.!]+please)?\W*\Z"
    r"|(?<!\w)(?P<digit>[1-5])(?=\s*(?:and|or|vs\.?|versus|with|to|from|,|\Z|\?))",
    re.IGNORECASE,
)
_CHOOSING = content_words(
    """rather more like let's lets fit fits better best nearer closer near tell show see look take choose pick
    prefer give open try think sound sounds right case situation pattern reading option number mean meant
    please yes okay ok hmm actually describes bit back would go going detail read hear know well match
    matches than is two three four five nr"""
)
"""What one says around a place, and nothing that would be a question of its own."""

_DIFFERENCE = re.compile(
    r"""\b(?:compar(?:e|ed|ison)|differ(?:s|ence|ences|ent)?|vs\.?|versus|distinguish(?:es)?|apart)\b
    | side\ by\ side | beside\ each\ other | \bin\ common\b | \A\W*both\W*\Z
    | \bwhich\ (?:one\ )?(?:of\ (?:the|these|those|them)\ (?:two|three)\ |is\ (?:the\ )?bett?er\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_SEVERAL = re.compile(
    r"""\b(?:these|those|them|they|both|each\ other)\b | \b(?:the|those|these|first)\ (?:two|three)\b
    | \bthe\ (?:others?|alternatives?)\b | \A\W*the\ differences?\W*\Z""",
    re.IGNORECASE | re.VERBOSE,
)

_OTHER_TOPIC = re.compile(
    r"""\A\W*(?:(?:and|now|ok|okay|so|but|well|actually|hm+)\b\W*)*
    (?:(?:i(?:'d|\ would)\ like\ to|i\ want\ to|i(?:'ve|\ have)(?:\ got)?|let'?s|can\ we|turn|move\ on
        |can\ you\ help\ (?:me\ )?with|i\ need\ help\ with|here(?:'s|\ is)|talk|about|on|to|now\ for)\s+)*
    (?:an?\s+)?(?:(?:totally|completely|very|quite|entirely|whole|wholly)\s+)*
    (?:(?:different|new|unrelated|separate)\s+(?:topic|subject|matter|question|problem|situation|issue|thing)
      |(?:another|other)\s+(?:topic|subject|matter|problem|situation|issue)
      |(?:something|anything)\s+(?:else|(?:\w+\s+)?different)(?=\s+now|\s*[:,.–—-]\s*\w)(?:\s+now)?
      |change\ of\ (?:topic|subject)|unrelated(?:ly)?(?=\W*[:,.])|moving\ on(?=\W*[:,.])
      |forget\ (?:that|this|it|about\ (?:that|this|it))(?=\W*(?:[:,.]|\Z)))
    (?=\W|\Z)\W*""",
    re.IGNORECASE | re.VERBOSE,
)
"""What announces that something else follows."""

_ONE_MORE = re.compile(
    r"\A\W*(?:and\s+)?(?:another|one more|a further|other)\s+(?:question|thing)\b\W*(?=\w)", re.IGNORECASE
)
"""What may announce either."""

_COURTESY = re.compile(
    r"""\b(?:thanks|thank\ you|thankyou|thx|cheers|ta|hello|hi|hey
    |good\ (?:morning|afternoon|evening|day|night)|bye|goodbye|see\ you|farewell|welcome|greetings)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_POLITE = content_words(
    """thanks thank thankyou thx cheers ta hello hi hey good morning afternoon evening day night bye goodbye
    see farewell welcome greetings lot much many kindly great nice very helpful useful really help appreciated
    ok okay perfect wonderful brilliant lovely there everyone all team dear friend bunch million again later
    time tomorrow oh ah well great"""
)

_REQUEST = re.compile(
    r"\b(?:say|put|phrase|word|translate|rewrite|rephrase) (?:it|that|this)\b"
    r"|\b(?:would|does|will|could|might|can) (?:it|that|this) (?:look|sound|read|work|mean|apply)\b"
    r"|\bsame (?:thing |again )?(?:for|in)\b|\bversion for\b|\b(?:what|how) about\b",
    re.IGNORECASE,
)
_SELF_DESCRIPTION = re.compile(
    r"(?:\w+,? ){0,2}?(?:we|i)(?:['’]re|['’]m| are| am| work| run| lead| manage| organi[sz]e) "
    r"(?:an?|the|in|for|with|from|at|part of)\b"
    r"(?!.*\b(?:and|but|because|that|who|which|whose|where|when|nobody|nothing|no)\b)[^,.;:!?]*[.!]?$",
    re.IGNORECASE,
)
"""The two ways to ask for another context: "say it for a council", "we're a software shop actually"."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What was understood.

    Attributes
    ----------
    question
        The message, cleaned of control characters, cut to `MAX_QUESTION_LENGTH`, and without what announces a
        change of topic ("Something else: …").
    wants
        ``"new"``, a section role, ``"related:<kind>"``, ``"context"``, ``"confidence"``, ``"provenance"``,
        ``"export"``, ``"another"``, ``"pick"``, ``"compare"`` or ``"courtesy"``.
    context
        The context that the message speaks of, if any.
    places
        What a pick or a comparison names of the list before it, counted from 0; `LAST` is the last one.
    afresh
        Whether the message says that it turns to something else.
    shortened
        Whether the message was longer than is read.
    """

    question: str
    wants: str = NEW
    context: str | None = None
    places: tuple[int, ...] = ()
    afresh: bool = False
    shortened: bool = False

    def in_context(self, context: str | None) -> Situation:
        """Return the same in another context."""
        return replace(self, context=context)


def read(message: str, audiences: tuple[Audience, ...] = AUDIENCES) -> Situation:
    """Return a message as it is read, as a situation of its own."""
    cleaned = clean(message)
    text = cleaned[:MAX_QUESTION_LENGTH]
    return Situation(text, context=hear_context(text, audiences), shortened=len(text) < len(cleaned))


def understand(
    message: str,
    *,
    focused: bool,
    listed: int,
    likeness: Callable[[str], Ranking],
    audiences: tuple[Audience, ...] = AUDIENCES,
) -> Situation:
    """Work out what a message wants.

    Parameters
    ----------
    focused
        Whether there is a pattern in focus.
    listed
        How many patterns the answer before has listed.
    likeness
        Ranks what a short message may want by examples; called only where wording does not tell.
    audiences
        The contexts of the library.
    """
    heard = read(message, audiences)
    if _is_courtesy(heard.question):
        return replace(heard, wants=COURTESY)
    if (announced := _OTHER_TOPIC.match(heard.question)) is not None:
        return replace(heard, question=heard.question[announced.end() :], afresh=True)
    if listed or focused:
        if (pointed := _pointed_at(heard.question, listed)) is not None:
            wants, places = pointed
            return replace(heard, wants=wants, places=places)
        if len(words(heard.question)) <= MAX_FOLLOW_UP_WORDS:
            told = _ONE_MORE.sub("", heard.question)
            if focused and heard.context is not None and _is_aside(told, audiences):
                return replace(heard, wants=CONTEXT_CHANGE)
            likely = likeness(told)[0][0] if words(told) else NEW
            return replace(heard, wants=likely if focused or likely in {ANOTHER, COURTESY} else NEW)
    return heard


def is_comparing(message: str) -> bool:
    """Return whether a message speaks of a difference, whatever between."""
    return len(words(message)) <= MAX_CHOICE_WORDS and _DIFFERENCE.search(message) is not None


def clean(question: str) -> str:
    """Return the question without control characters, white space collapsed."""
    return " ".join("".join(c if c.isprintable() else " " for c in question).split())


def _is_courtesy(text: str) -> bool:
    if len(words(text)) > MAX_COURTESY_WORDS:
        return False
    return bool(_COURTESY.search(text)) and not content_words(text) - _POLITE


def _pointed_at(text: str, listed: int) -> tuple[str, tuple[int, ...]] | None:
    """Return what a message does with the list before it, by the places that it names."""
    if len(words(text)) > MAX_CHOICE_WORDS:
        return None
    named = [_place(next(filter(None, match.groups()))) for match in _PLACE.finditer(text)]
    places = tuple(dict.fromkeys(place for place in named if place == LAST or place < listed))
    if is_comparing(text) and (named or _SEVERAL.search(text)):
        return COMPARE, places
    if len(places) == 1 and not content_words(_PLACE.sub(" ", text)) - _CHOOSING:
        return PICK, places
    return None


def _place(name: str) -> int:
    name = name.lower()
    if name == "last":
        return LAST
    if name[0].isdigit():
        return int(name[0]) - 1
    return (_ORDINALS if name in _ORDINALS else _NUMBERS).index(name)


def _is_aside(text: str, audiences: tuple[Audience, ...]) -> bool:
    """Return whether a message that names a context is no more than that."""
    if len(words(text)) > MAX_ASIDE_WORDS:
        return False
    return bool(_REQUEST.search(text) or _SELF_DESCRIPTION.match(text)) or not _told_besides(text, audiences)


def _told_besides(text: str, audiences: tuple[Audience, ...]) -> frozenset[str]:
    """Return the words that say something and don't belong to the world of a context."""
    spoken = audience_words(text)
    named = {
        n for mention in vocabulary(audiences).mentions(spoken) for n in range(mention.start, mention.end)
    }
    return content_words(" ".join(word for n, word in enumerate(spoken) if n not in named))
