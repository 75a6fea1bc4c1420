"""Looking up in the library what a language model says it has from there.

A claim stands when every quote behind it is found, word for word, in a passage that the model was given.
Case and punctuation may differ, words may not. No judgement is asked of any model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field

from navigator.answer import Answer, Sentence, Source
from navigator.llm.statements import Statement
from navigator.pattern import Record
from navigator.text import one_line, plain, words

NOT_IN_LIBRARY = "(not in the library)"
"""Put behind a claim that has no quote from the library to stand on."""

SHORTEST_QUOTE = 3
"""Words of a quote; fewer are found anywhere, unless they are a whole sentence."""

LONGEST_PASSAGES = 24_000
"""Characters of all passages that a model is given; what goes beyond is left out."""

_LEFT_OUT = re.compile(r"\[?(?:…|\.{3})\]?")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_FIGURES_IN_WORDS = dict(
    zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True)
)
_ADDRESS = re.compile(r"\w+://\S+|\S+@\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b[^\s,;]*", re.IGNORECASE)


class Citation(Record):
    """What a claim rests on."""

    number: int = Field(description="1-based, as in the claim's text; the same place has the same number")
    quote: str = Field(description="the words quoted, as the model wrote them")
    source: Source = Field(description="the sentences that hold them, and the chunk")


class Claim(Record):
    """A sentence of a language model, or the part of one up to its citations, as the reader sees it.

    ``text`` bears the numbers of the citations, or the mark `NOT_IN_LIBRARY`; ``lead`` is what goes between
    it and the claim before: nothing, a space, or the line ends of a new paragraph.
    """

    lead: str = ""
    text: str
    citations: tuple[Citation, ...] = ()
    marked: bool = Field(default=False, description="it states something that the library does not")


@dataclass(frozen=True)
class Passage:
    """A paragraph or list item of an answer, as a language model is given it."""

    heading: str
    sentences: tuple[Sentence, ...]

    @cached_property
    def text(self) -> str:
        """The passage on one line, without what cannot be seen."""
        return one_line(" ".join(sentence.text for sentence in self.sentences))

    @cached_property
    def words(self) -> list[tuple[str, int]]:
        """Its words in lower case, each with the place of its sentence."""
        return [
            (word, place) for place, sentence in enumerate(self.sentences) for word in _words(sentence.text)
        ]

    def find(self, quote: str) -> Source | None:
        """Return where a quote stands: the sentences that hold its words, in this order and without a gap.

        A quote may leave something out, marked by an ellipsis, between two pieces of its own.
        """
        wanted = [piece for part in _LEFT_OUT.split(quote) if (piece := _words(part))]
        spoken = [word for word, _ in self.words]
        first, at = None, 0
        for piece in wanted:
            found = next(
                (n for n in range(at, len(spoken) - len(piece) + 1) if spoken[n : n + len(piece)] == piece),
                None,
            )
            if found is None:
                return None
            first = found if first is None else first
            at = found + len(piece)
        if first is None:
            return None
        quoted = self.sentences[self.words[first][1] : self.words[at - 1][1] + 1]
        if sum(map(len, wanted)) < SHORTEST_QUOTE and _words(quote) != _words(quoted[0].text):
            return None
        sources = [sentence.source for sentence in quoted]
        return sources[0].model_copy(
            update={"start": min(s.start for s in sources), "end": max(s.end for s in sources)}
        )


def passages(answer: Answer) -> list[Passage]:
    """Return what an answer is made of, a paragraph or list item a passage, as far as a model is given it."""
    found: list[Passage] = []
    length = 0
    for part in answer.parts:
        for block in part.blocks:
            passage = Passage(part.heading, block)
            length += len(passage.text)
            if length > LONGEST_PASSAGES:
                return found
            found.append(passage)
    return found


class Checker:
    """Holds statements against the passages that they were to be made from.

    Parameters
    ----------
    passages
        Those that the model was given; ``[1]`` is the first.
    told
        What else it was given. A figure or an address of a claim must be in its passages, or in there.
    """

    def __init__(self, passages: Sequence[Passage], *, told: str) -> None:
        self._passages = passages
        self._told = told
        self._numbers: dict[Source, int] = {}

    def claim(self, statement: Statement) -> Claim:
        """Return a statement as a claim, with its citations if all of them hold."""
        text = plain(statement.text)
        found = [(quote, self._find(number, quote)) for number, quote in statement.quotes]
        places = [place for _, place in found if place is not None]
        held = " ".join([self._told, *(passage.text for passage, _ in places)])
        if not found or len(places) < len(found) or _invented(text, held):
            return Claim(lead=statement.lead, text=f"{text}{statement.end} {NOT_IN_LIBRARY}", marked=True)
        citations = [
            Citation(number=self._number(place[1]), quote=one_line(quote), source=place[1])
            for quote, place in found
            if place is not None
        ]
        numbers = "".join(f"[{number}]" for number in dict.fromkeys(c.number for c in citations))
        return Claim(lead=statement.lead, text=f"{text} {numbers}{statement.end}", citations=tuple(citations))

    def _find(self, number: int, quote: str) -> tuple[Passage, Source] | None:
        """Find a quote in the passage that was named, else in any: models miscount, words are words."""
        named = self._passages[number - 1 : number] if number else []
        for passage in [*named, *self._passages]:
            source = passage.find(quote)
            if source is not None:
                return passage, source
        return None

    def _number(self, source: Source) -> int:
        return self._numbers.setdefault(source, len(self._numbers) + 1)


def _invented(text: str, held: str) -> bool:
    """Return whether a text has a figure or an address that is not in what it rests on."""
    addresses = {address.lower().rstrip(".") for address in _ADDRESS.findall(text)}
    return not _figures(text) <= _figures(held) | _figures_in_words(held) or any(
        address not in held.lower() for address in addresses
    )


def _figures(text: str) -> set[str]:
    return set(_FIGURE.findall(text))


def _figures_in_words(text: str) -> set[str]:
    return {str(_FIGURES_IN_WORDS[word]) for word in words(text) if word in _FIGURES_IN_WORDS}


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in words(text)]
