"""The data types of the corpus: what a document *is* once it has been read.

A :class:`Pattern` mirrors its document: the field names and their nesting are those of the front
matter (spec v7.1), so that whoever knows the form finds everything where it stands in the file.
Offsets (``start``, ``end``) count characters of the file decoded as UTF-8 with universal newlines,
that is, of what ``open(path, encoding="utf-8", errors="replace").read()`` returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from navigator.text import sentence_spans

CONTEXTS: tuple[str, ...] = ("corporate", "government", "activist", "tech")
"""The four audiences that spec v7.1 names; a library may use further labels of its own."""

SECTION_NAMES: tuple[str, ...] = (
    "Context",
    "Problem",
    "Solution",
    "Implementation",
    "Consequences",
    "Known Uses",
    "Cognitive Era",
    "Vitality",
)
"""The eight sections of a pattern, in their order."""

RELATIONSHIP_KINDS: tuple[str, ...] = (
    "generalizes_from",
    "specializes_to",
    "enables",
    "requires",
    "alternatives",
    "complementary",
    "tools",
    "manifests_as",
    "related",
)
"""Kinds of edge; ``manifests_as`` is of spec v8.2, ``related`` of the first spec."""

Form = Literal["v7.1", "v8.2", "first", "page", "article"]
Level = Literal["error", "warning", "info"]
SituationAuthor = Literal["person", "model"]
BlockKind = Literal["heading", "paragraph", "item", "quote", "table", "code"]


class Record(BaseModel):
    """Base of all records: immutable, and strict about the names of its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Finding(Record):
    """One thing that is wrong with one document."""

    path: str
    line: int = Field(ge=1, description="1-based line in the file; 1 where the whole file is meant")
    code: str = Field(description="kebab-case name of the kind of finding, see navigator.corpus.findings")
    level: Level
    message: str


class Utterance(NamedTuple):
    """One sentence of a block, the characters ``start`` to ``end`` of its text, and whom it speaks to."""

    start: int
    end: int
    contexts: tuple[str, ...]

    def speaks_to(self, context: str | None) -> bool:
        """Whether it is for a context or for everyone; None takes in every context."""
        return context is None or not self.contexts or context in self.contexts


class Block(Record):
    """A paragraph, list item, table … of a section, in the author's words.

    ``text`` keeps the author's Markdown marks. Where it had to be cleaned (padding collapsed, HTML
    tags dropped) it is shorter than ``end - start``, and a citation can then only name the whole block.
    """

    kind: BlockKind
    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    contexts: tuple[str, ...] = Field(default=(), description="whom it speaks to; empty is everyone")
    sentence_contexts: tuple[tuple[str, ...], ...] = Field(
        default=(),
        description="whom each sentence speaks to, in the order of navigator.text.sentence_spans; "
        "empty where all of them speak to whom the block does",
    )

    @property
    def sentences(self) -> list[Utterance]:
        """The sentences of ``text`` in order, each with whom it speaks to."""
        spans = list(sentence_spans(self.text))
        told = self.sentence_contexts
        each = told if len(told) == len(spans) else (self.contexts,) * len(spans)
        return [Utterance(*span, contexts) for span, contexts in zip(spans, each, strict=True)]

    @property
    def verbatim(self) -> bool:
        """Whether ``text`` is the file's own characters from ``start`` to ``end``."""
        return self.end - self.start == len(self.text)


class Section(Record):
    """One headed part of a document."""

    name: str = Field(description="heading without number, marks and template hints")
    role: str | None = Field(description="the one of SECTION_NAMES it plays the part of, if any")
    line: int = Field(ge=1, description="1-based line of the heading")
    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The author's text of the section, blocks separated by blank lines."""
        return "\n\n".join(block.text for block in self.blocks)


class Situation(Record):
    """What someone says when they need the pattern."""

    text: str
    context: str | None = None
    author: SituationAuthor | None = Field(default=None, description="who wrote it; None where nobody says")
    path: str = Field(default="", description="the sidecar it is from; empty where the document holds it")


HELPFUL = 2
"""Least grade of a pattern that helps; one that is merely related does not."""


class Account(Record):
    """Trouble as somebody told it, and the patterns that help with it."""

    text: str
    core: str = Field(default="", description="the trouble in one sentence")
    grades: Mapping[str, int] = Field(
        description="3 just what is needed, 2 clearly helpful, 1 related, by the slug of the pattern"
    )
    path: str = Field(default="", description="the sidecar it is from")


def gain(grade: int) -> int:
    """Return what a grade is worth: the step to the next is as large as all before it."""
    return int(2**grade - 1)


class SearchHints(Record):
    """What the author gave the search to hold on to."""

    primary_tension: str = ""
    vector_keywords: tuple[str, ...] = ()
    situations: tuple[Situation, ...] = ()


class CommonsAssessment(Record):
    """Seven scores of 1 to 5 and vitality of 0 to 5, ``None`` where the document gives none."""

    stakeholder_architecture: float | None = None
    value_creation: float | None = None
    resilience: float | None = None
    ownership: float | None = None
    autonomy: float | None = None
    composability: float | None = None
    fractal_value: float | None = None
    vitality: float | None = None
    vitality_reasoning: str = ""
    overall_score: float | None = None


class Ontology(Record):
    """Group 3 of the front matter."""

    domain: str = ""
    cross_domains: tuple[str, ...] = ()
    commons_domain: tuple[str, ...] = ()
    search_hints: SearchHints = SearchHints()
    commons_assessment: CommonsAssessment = CommonsAssessment()


class Lifecycle(Record):
    """Group 4 of the front matter; ``confidence`` is 1 to 3, shown as stars."""

    usage_stage: str = ""
    adoption_stage: str = ""
    status: str = ""
    version: str = ""
    confidence: int | None = None


class Link(Record):
    """An edge to another pattern, as a person curated it."""

    slug: str | None = Field(description="slug of the target; None where the link could not be resolved")
    weight: float | None = Field(default=None, description="0 to 1, None where none was given")
    target: str = Field(description="the link as it was written: a slug, an id or a TypeID")
    reason: str = Field(default="", description="why the two belong together, in the author's words")


class Entity(Record):
    """A person, framework or concept that the garden found in the pattern."""

    id: str = ""
    type: str = ""
    label: str = ""
    relevance: float | None = None


class Community(Record):
    """A cluster that the garden put the pattern into."""

    id: str = ""
    label: str = ""
    source: str = ""
    confidence: float | None = None


class InferredLink(Record):
    """An edge that a machine proposed."""

    target: str
    slug: str | None = None
    type: str = ""
    confidence: float | None = None
    strength: float | None = Field(default=None, description="number of shared entities, of spec v8.2")
    reason: str = ""


class GraphGarden(Record):
    """Group 6 of the front matter, written by machines."""

    last_pruned: str | None = None
    entities: tuple[Entity, ...] = ()
    communities: tuple[Community, ...] = ()
    inferred_links: tuple[InferredLink, ...] = ()


class GravitationalHub(Record):
    """A principle that a pattern of spec v8.2 orbits; ``influence`` is 0 to 1."""

    hub_id: str
    principle: str = ""
    force: str = ""
    influence: float | None = None


class Document(Record):
    """What patterns and readings have in common."""

    slug: str
    title: str
    summary: str = ""
    form: Form
    path: str
    sections: tuple[Section, ...] = ()
    contributors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    license: str = ""
    attribution: str = ""
    extra: Mapping[str, Any] = Field(
        default_factory=dict, description="front matter that no field holds, as parsed"
    )

    def section(self, role: str) -> Section | None:
        """Return the first section that plays ``role``, one of ``SECTION_NAMES``."""
        return next((section for section in self.sections if section.role == role), None)


class Reading(Document):
    """An article: worth reading and quoting, but not in the pattern form."""

    published: str = Field(default="", description="date of publication as the page gives it")


class Pattern(Document):
    """One pattern document, whatever its spec; missing groups hold their empty defaults."""

    id: str = ""
    aliases: tuple[str, ...] = ()
    context_labels: Mapping[str, str] = Field(default_factory=dict)
    ontology: Ontology = Ontology()
    lifecycle: Lifecycle = Lifecycle()
    relationships: Mapping[str, tuple[Link, ...]] = Field(default_factory=dict)
    graph_garden: GraphGarden = GraphGarden()
    orbital_layer: int | None = None
    sector: str = ""
    gravitational_hubs: tuple[GravitationalHub, ...] = ()
    junk: tuple[str, ...] = Field(
        default=(),
        description="hints that the reader judged useless for retrieval: 'primary_tension', "
        "'vector_keywords', 'context_labels.<context>'; kept in the record, ignored by search",
    )
    filler_labels: tuple[str, ...] = Field(
        default=(),
        description="contexts whose label is only the title with filler; it is found by, and not shown",
    )

    def label(self, context: str | None) -> str:
        """Return the pattern's name in a context's words, the title where there is none worth showing."""
        return self.shown_labels.get(context or "") or self.title

    @property
    def shown_labels(self) -> dict[str, str]:
        """Usable labels that say more than the title does."""
        return {c: label for c, label in self.usable_labels.items() if c not in self.filler_labels}

    @property
    def usable_labels(self) -> dict[str, str]:
        """Context labels without the junk ones, as search knows them."""
        return {
            c: label for c, label in self.context_labels.items() if f"context_labels.{c}" not in self.junk
        }

    @property
    def contexts(self) -> tuple[str, ...]:
        """The contexts that it has a usable name or a passage for, those of the form first."""
        spoken = {c for section in self.sections for block in section.blocks for c in block.contexts}
        spoken |= self.usable_labels.keys()
        return (*(c for c in CONTEXTS if c in spoken), *sorted(spoken - set(CONTEXTS)))

    @property
    def usable_tension(self) -> str:
        """The primary tension, or nothing where it was judged junk."""
        return "" if "primary_tension" in self.junk else self.ontology.search_hints.primary_tension

    @property
    def usable_keywords(self) -> tuple[str, ...]:
        """The vector keywords, or none where they were judged junk."""
        return () if "vector_keywords" in self.junk else self.ontology.search_hints.vector_keywords


class Corpus(Record):
    """Everything that was read from a set of paths, in order of path."""

    patterns: tuple[Pattern, ...] = ()
    readings: tuple[Reading, ...] = ()
    accounts: tuple[Account, ...] = ()
    findings: tuple[Finding, ...] = ()
    documents: int = Field(default=0, description="files that were looked at, readable or not")
