"""The data types of an answer: typed inside, and JSON that other programs may lean on outside.

``Answer.model_dump(mode="json")`` is the documented form, versioned by its ``schema`` key. Offsets
count characters of the source file, see :mod:`navigator.pattern`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal, Self, get_args

from pydantic import ConfigDict, Field

from navigator.pattern import Pattern, Record

Schema = Literal["navigator.answer/1"]
SCHEMA: Schema = "navigator.answer/1"

PartKind = Literal[
    "tension",
    "why",
    "therefore",
    "actions",
    "actions_elsewhere",
    "also",
    "risks",
    "known_uses",
    "known_uses_elsewhere",
    "signs_of_life",
    "signs_of_decay",
    "replant",
    "section",
    "generated",
]
"""What a part of an answer tells.

"also" is what else was written for the context; those "elsewhere" were written for another context and are
shown because nothing was for this one; "section" is a drill-down, "generated" a language model's prose.
"""

Length = Literal["brief", "full"]
"""How much an answer says: what can be read in a minute, or everything."""

NEXT: dict[str, str] = {
    "requires": "Needs first",
    "enables": "Opens up",
    "complementary": "Goes with",
    "alternatives": "Instead",
    "generalizes_from": "Wider",
    "specializes_to": "Narrower",
    "tools": "A tool for it",
    "manifests_as": "Seen as",
    "related": "Related",
}
"""Kinds of relationship in the order in which they are offered, with what a reader calls them."""


class Source(Record):
    """Where a sentence stands: the characters ``start`` to ``end`` of the file at ``path``."""

    slug: str
    section: str
    path: str
    start: int
    end: int
    chunk: str = Field(description="id of the chunk that holds it")


class Sentence(Record):
    """A sentence of the library, verbatim up to Markdown marks.

    ``block`` numbers the paragraphs and list items of the part, so that a face can lay them out;
    ``marker`` is ``"-"`` or ``"1."`` on the first sentence of a list item and empty elsewhere.
    """

    text: str
    source: Source
    contexts: tuple[str, ...] = ()
    block: int = 0
    marker: str = ""


class Part(Record):
    """One headed part of an answer, sentence by sentence."""

    kind: PartKind
    heading: str
    sentences: tuple[Sentence, ...]

    @property
    def blocks(self) -> list[tuple[Sentence, ...]]:
        """The sentences by the paragraph or list item they stand in."""
        return [tuple(group) for _, group in groupby(self.sentences, key=lambda sentence: sentence.block)]


class Passage(Record):
    """The passage of a pattern that matched best, as the author wrote it, marks removed."""

    section: str
    text: str
    path: str
    start: int
    end: int
    chunk: str


Retriever = Literal["name", "dense", "lexical", "situation", "account"]


class Evidence(Record):
    """Which retriever found the pattern: its 1-based rank there and its raw score."""

    retriever: Retriever
    rank: int
    score: float


class PatternHit(Record):
    """A pattern that was found, with the reason."""

    slug: str
    title: str
    label: str = Field(description="the name in the answer's context, the title where there is none")
    score: float = Field(description="fused score, comparable within one answer only")
    form: str
    summary: str = ""
    tension: str = ""
    passage: Passage
    matched_words: tuple[str, ...] = Field(default=(), description="words of the question in the passage")
    matched_sentence: str = Field(
        default="",
        description="sentence of the question nearest to the passage, if an explanation was wanted",
    )
    matched_situation: str = Field(
        default="",
        description="a trouble like the question that the pattern is for, if one came near",
    )
    matched_name: str = Field(
        default="", description="the name that the question is, as its author spells it"
    )
    evidence: tuple[Evidence, ...] = ()


class SearchResult(Record):
    """What `Navigator.search` returns: the patterns nearest to a question, best first, fitting or not."""

    context: str | None = Field(description="the context that they are named in; None is everyone")
    confidence: float = Field(
        ge=0, le=1, description="chance that the library has something to say to the question at all"
    )
    patterns: tuple[PatternHit, ...]


class RelatedPattern(Record):
    """A neighbour worth reading next; ``kind`` is the kind of relationship."""

    slug: str
    title: str
    label: str
    kind: str


class Provenance(Record):
    """What must travel with every passage that leaves the house."""

    slug: str
    sources: tuple[str, ...] = ()
    license: str = ""
    attribution: str = ""
    confidence: int | None = Field(default=None, ge=1, le=3, description="1 to 3, shown as stars")

    @classmethod
    def of(cls, pattern: Pattern) -> Self:
        """Return the provenance of a pattern."""
        return cls(
            slug=pattern.slug,
            sources=pattern.sources,
            license=pattern.license,
            attribution=pattern.attribution,
            confidence=pattern.lifecycle.confidence,
        )

    @property
    def stars(self) -> str:
        """The confidence as three stars, empty where there is none."""
        return "" if self.confidence is None else stars(self.confidence)


def stars(confidence: int) -> str:
    """Return a confidence of 1 to 3 as three stars."""
    return "★" * confidence + "☆" * (3 - confidence)


class Named(Record):
    """A pattern by its names."""

    slug: str
    title: str
    label: str


class ComparisonRow(Record):
    """What each of the patterns says to one question; an empty cell where its authors say nothing."""

    heading: str
    cells: tuple[tuple[Sentence, ...], ...]


class Comparison(Record):
    """Patterns side by side: a column for each of ``patterns``, in the authors' own sentences."""

    patterns: tuple[Named, ...]
    rows: tuple[ComparisonRow, ...]


class Answer(Record):
    """What `Navigator.ask` and `Navigator.converse` return."""

    model_config = ConfigDict(serialize_by_alias=True)

    schema_: Literal["navigator.answer/1"] = Field(
        default=SCHEMA, alias="schema", serialization_alias="schema"
    )
    question: str = Field(description="the situation, or the follow-up, that this is the answer to")
    wants: str = Field(default="new", description="what the message was taken for, see `Situation.wants`")
    answered: bool
    confidence: float = Field(
        ge=0, le=1, description="chance that the library has something to say to the question at all"
    )
    context: str | None = Field(description="the context it is written for; None is everyone")
    context_heard: bool = Field(
        default=False, description="the context was heard in what was said, and not chosen"
    )
    message: str = Field(default="", description="a line to the reader, such as why nothing was found")
    label: str = Field(default="", description="name of the pattern in focus, in the context's words")
    clarify: str = Field(
        default="", description="a question between the first two of `patterns`, which fit about equally"
    )
    patterns: tuple[PatternHit, ...] = Field(
        default=(), description="the pattern of the answer, then other readings of the situation"
    )
    comparison: Comparison | None = None
    readings: tuple[PatternHit, ...] = ()
    parts: tuple[Part, ...] = ()
    related: tuple[RelatedPattern, ...] = ()
    provenance: Provenance | None = None
    form: Length = "full"
    writer: str = Field(default="extractive", description="'extractive' or the name of the language model")

    @property
    def focus(self) -> str | None:
        """Slug of the pattern that the parts are about."""
        return self.patterns[0].slug if self.answered and self.patterns else None

    @property
    def label_note(self) -> str:
        """What to say where the pattern goes by its title for want of a usable name in the context."""
        if not self.context or self.focus is None or self.label != self.patterns[0].title:
            return ""
        return f"It has no name of its own for {self.context}; this is its title."

    @property
    def next(self) -> list[tuple[str, list[RelatedPattern]]]:
        """The related patterns by kind, each kind with what a reader calls it."""
        kinds = dict.fromkeys([*NEXT, *(neighbour.kind for neighbour in self.related)])
        grouped = ((NEXT.get(kind, kind), [n for n in self.related if n.kind == kind]) for kind in kinds)
        return [(heading, neighbours) for heading, neighbours in grouped if neighbours]


def aligned(answers: Sequence[Answer]) -> list[tuple[str, list[list[Part]]]]:
    """Lay answers about one pattern out as the rows of a table: a heading, and what each says under it.

    What was written elsewhere stands in the row of what it is shown for want of.
    """
    rows = []
    for kind in get_args(PartKind):
        kinds = (kind, f"{kind}_elsewhere")
        cells = [[part for part in answer.parts if part.kind in kinds] for answer in answers]
        headings = [
            part.heading for wanted in kinds for cell in cells for part in cell if part.kind == wanted
        ]
        if headings and not kind.endswith("_elsewhere"):
            rows.append(("Also" if kind == "also" else headings[0], cells))
    return rows


def is_shared(cells: Sequence[Sequence[Part]]) -> bool:
    """Whether all answers say the same in a row of `aligned`."""
    told = [[sentence.text for part in cell for sentence in part.sentences] for cell in cells]
    return all(each == told[0] for each in told)
