"""The brief form of an answer: what can be read in a minute, out of what the full one says."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence

from navigator.answer import Answer, Part, PartKind, Sentence
from navigator.text import content_words, refers_back, words

BRIEF_WORDS = 180
"""Words of a brief answer, its names, headings, neighbours and licence counted."""

COLUMN_WORDS = 400
"""Words of one of several answers side by side: so many that what all of them say is the same in each."""

LONGEST_SENTENCE = 40
"""Words of a sentence that a brief answer has room for; only the Therefore may be longer."""

NEIGHBOURS = 3

PASSED_OVER = 2
"""So many sentences that there is no room for give way to a shorter one behind them."""

SAYS_SOMETHING = 8
"""Words of a sentence that says something, and may say why a pattern fits."""

LONGEST_LABEL = 3
"""Words of a sentence that may be nothing but the label of what comes after it ("Who.")."""

_OPENED: Collection[PartKind] = ("known_uses", "known_uses_elsewhere", "section", "tension")
"""Where a paragraph may open with what says nothing yet: a name and its years, "The tension is real."."""

Saying = tuple[Sentence, ...]
"""Sentences that are told together or not at all."""

_TURNS: tuple[PartKind, ...] = (
    "therefore",
    "generated",
    "section",
    "actions",
    "actions",
    "actions_elsewhere",
    "risks",
    "tension",
    "tension",
    "why",
    "signs_of_decay",
    "known_uses",
    "known_uses_elsewhere",
    "signs_of_life",
    *("actions", "actions", "section", "section", "section", "section", "section", "section"),
)
"""In which order the parts have their say, a sentence at a time, as long as there is room."""


def brief(answer: Answer, *, limit: int = BRIEF_WORDS) -> Answer:
    """Return an answer in at most ``limit`` words: of each part what it opens with, the longer ones left.

    What it says and where that stands is as in the full answer; only less of it.
    """
    related = answer.related[:NEIGHBOURS]
    told = {part.kind: deque(_candidates(part, answer)) for part in answer.parts}
    headings = {part.kind: part.heading for part in answer.parts}
    chosen: dict[PartKind, list[Sentence]] = {}
    shown: set[int] = set()
    room = limit - _spent(answer) - sum(_length(each.label) + 3 for each in related)
    for kind in _TURNS:
        beyond = room - (0 if kind in chosen else _length(headings.get(kind, "")))
        saying = _next(told.get(kind, deque()), beyond, shown)
        if saying is not None:
            room = beyond - _cost(saying)
            chosen.setdefault(kind, []).extend(saying)
            shown.update(sentence.source.start for sentence in saying)
    parts = tuple(_shortened(part, chosen[part.kind]) for part in answer.parts if part.kind in chosen)
    return answer.model_copy(update={"form": "brief", "parts": parts, "related": related})


def _next(told: deque[Saying], room: int, shown: Collection[int]) -> Saying | None:
    """Take the next saying that there is room for, passing over few of them and no numbered step."""
    for _ in range(PASSED_OVER + 1):
        if not told:
            return None
        saying = told[0]
        is_new = saying[0].source.start not in shown
        if is_new and _cost(saying) > room and saying[0].marker[:-1]:
            return None
        told.popleft()
        if is_new and _cost(saying) <= room:
            return saying
    return None


def _spent(answer: Answer) -> int:
    """Return the words that a brief answer has whatever its parts are."""
    told = [answer.message, answer.label, answer.label_note, "read next", "confidence"]
    if answer.patterns and answer.patterns[0].title != answer.label:
        told.append(answer.patterns[0].title)
    if answer.provenance is not None:
        told += [answer.provenance.attribution, answer.provenance.license]
    return sum(map(_length, told))


def _candidates(part: Part, answer: Answer) -> list[Saying]:
    """Return what may stand for a part, the best first, each sentence once.

    Only what says something without the sentences around it, and first what opens a paragraph or list item;
    of a passage for the context, the first two.
    """
    openings: list[Saying] = []
    others: list[Saying] = []
    for block in part.blocks:
        own = answer.context in block[0].contexts
        for place, saying in enumerate(_sayings(block, part.kind)):
            first, last = saying[0].text, saying[-1].text
            too_long = part.kind != "therefore" and any(
                _length(sentence.text) > LONGEST_SENTENCE for sentence in saying
            )
            leads_on = last.endswith((":", "?") if part.kind == "actions" else ":")
            if not (too_long or leads_on or refers_back(first)):
                (openings if place <= own else others).append(saying)
    if part.kind == "why":
        told = [each for each in (*openings, *others) if says_why(each[0], answer.question)[0]]
        told.sort(key=lambda each: says_why(each[0], answer.question), reverse=True)
        return told
    return openings or others


def says_why(sentence: Sentence, question: str) -> tuple[bool, int]:
    """Return how well a sentence says why a pattern fits a question, to compare: the most is the best."""
    shared = content_words(question) & content_words(sentence.text)
    return _length(sentence.text) >= SAYS_SOMETHING, len(shared)


def _sayings(block: Sequence[Sentence], kind: PartKind) -> list[Saying]:
    """Return the sentences of a paragraph or list item one by one, but a name or label with what it is of."""
    least = SAYS_SOMETHING if kind in _OPENED else LONGEST_LABEL + 1
    labelled = kind != "why" and len(block) > 1 and _length(block[0].text) < least
    opening = tuple(block[: 1 + labelled])
    return [opening, *((sentence,) for sentence in block[len(opening) :])]


def _shortened(part: Part, chosen: list[Sentence]) -> Part:
    """Return a part with only the chosen sentences, its paragraphs and list items numbered anew."""
    places = {sentence.source.start for sentence in chosen}
    kept = [sentence for sentence in part.sentences if sentence.source.start in places and sentence in chosen]
    blocks = list(dict.fromkeys(sentence.block for sentence in kept))
    numbered = (each.model_copy(update={"block": blocks.index(each.block)}) for each in kept)
    return part.model_copy(update={"sentences": tuple(numbered)})


def _cost(saying: Saying) -> int:
    """Return the words of sentences, the number of a step among them."""
    return sum(_length(f"{sentence.marker} {sentence.text}") for sentence in saying)


def _length(text: str) -> int:
    return len(words(text))
