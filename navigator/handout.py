"""What a facilitator hands out: one pattern, or an ordered string of them, in a context's words.

Pure: it is made of answers and of the records they came from; how it looks is the business of
:mod:`navigator.export`. ``Handout.model_dump(mode="json")`` is the documented form, versioned by its
``schema`` key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import ConfigDict, Field

from navigator.answer import NEXT, Answer, Length, Provenance
from navigator.licences import Licence, joint_licence, licence
from navigator.pattern import Pattern, Record
from navigator.text import sentence_spans

Schema = Literal["navigator.handout/1"]
SCHEMA: Schema = "navigator.handout/1"

ALL_CONTEXTS = "all"
"""Stands for every context, where one may be named."""

SITUATION = "The situation"
"""Heads the passage that in an answer to a question says why this pattern."""

_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()

_FOLLOWS: dict[str, tuple[str, str]] = {
    "requires": ("{} needs it.", "It needs {} first."),
    "enables": ("{} opens the way to it.", "It opens the way to {}."),
    "complementary": ("It goes with {}.", "It goes with {}."),
    "alternatives": (
        "It takes on the same trouble as {}, in another way.",
        "It takes on the same trouble as {}, in another way.",
    ),
    "generalizes_from": ("It is the wider pattern behind {}.", "It is a narrower form of {}."),
    "specializes_to": ("It is a narrower form of {}.", "It is the wider pattern behind {}."),
    "tools": ("It is a tool for {}.", "{} is a tool for it."),
    "manifests_as": ("{} shows itself in it.", "It shows itself in {}."),
    "related": ("Its authors relate it to {}.", "Its authors relate it to {}."),
}
"""By kind of relationship: why a pattern follows one that links to it, and one that it links to."""


class Sheet(Record):
    """One pattern of a handout."""

    slug: str
    title: str = Field(description="the pattern's own name")
    label: str = Field(description="its name in the context of the handout; its own where there are several")
    transition: str = Field(description="one line on why it stands here")
    path: str = Field(description="the file it comes from")
    provenance: Provenance
    answers: tuple[Answer, ...] = Field(description="what is said of it, an answer for each context")


class Handout(Record):
    """What is handed out: sheets in their order, and on which terms."""

    model_config = ConfigDict(serialize_by_alias=True)

    schema_: Schema = Field(default=SCHEMA, alias="schema", serialization_alias="schema")
    title: str
    contexts: tuple[str, ...] = Field(description="whom it is written for; empty is everyone")
    form: Length
    licence: str = Field(description="licence of the whole; empty where its sheets have none, or several")
    terms: str = Field(description="what a reader has to know before handing it on")
    sheets: tuple[Sheet, ...]

    @property
    def is_string(self) -> bool:
        """Whether it holds several patterns."""
        return len(self.sheets) > 1


def compose(
    patterns: Sequence[Pattern],
    answers: Sequence[Sequence[Answer]],
    *,
    title: str = "",
    form: Length = "full",
) -> Handout:
    """Return the handout of patterns, in their order.

    Parameters
    ----------
    answers
        For each pattern what is said of it: one answer for each context, the same contexts for all.
    title
        What stands on the title page of a string; made of what it holds where it is empty.

    Raises
    ------
    LicenceError
        The licence of a pattern allows no adaptation, or those of two do not go together.
    """
    contexts = tuple(answer.context for answer in answers[0] if answer.context)
    sheets: list[Sheet] = []
    for place, (pattern, told) in enumerate(zip(patterns, answers, strict=True)):
        label = told[0].label if len(told) == 1 else pattern.title
        sheets.append(
            Sheet(
                slug=pattern.slug,
                title=pattern.title,
                label=label,
                transition=_transition(patterns[:place], sheets, pattern),
                path=pattern.path,
                provenance=Provenance.of(pattern),
                answers=tuple(map(_for_nobody_who_asked, told)),
            )
        )
    works = {f"“{pattern.title}”": licence(pattern.license) for pattern in patterns}
    joint = joint_licence(works)
    count = _NUMBERS[len(sheets)] if len(sheets) < len(_NUMBERS) else str(len(sheets))
    return Handout(
        title=title or (sheets[0].label if len(sheets) == 1 else f"A string of {count} patterns"),
        contexts=contexts,
        form=form,
        licence=joint.name if joint else "",
        terms=_terms(works, joint),
        sheets=tuple(sheets),
    )


def _for_nobody_who_asked(answer: Answer) -> Answer:
    """Return an answer in which the passage that a question would have matched stands for itself."""
    parts = (p.model_copy(update={"heading": SITUATION}) if p.kind == "why" else p for p in answer.parts)
    return answer.model_copy(update={"parts": tuple(parts)})


def _transition(earlier: Sequence[Pattern], sheets: Sequence[Sheet], pattern: Pattern) -> str:
    """Say why a pattern follows: its tie to the nearest one before it, or else what it is."""
    for before, sheet in zip(reversed(earlier), reversed(sheets), strict=True):
        name = f"“{sheet.label}”"
        for kind in NEXT:
            from_before, from_it = _FOLLOWS[kind]
            for source, target, line in ((before, pattern, from_before), (pattern, before, from_it)):
                link = next((k for k in source.relationships.get(kind, ()) if k.slug == target.slug), None)
                if link is not None:
                    return " ".join(filter(None, [line.format(name), link.reason]))
    return next((pattern.summary[start:end] for start, end in sentence_spans(pattern.summary)), "")


def _terms(works: Mapping[str, Licence], joint: Licence | None) -> str:
    """Return what the licences of the works ask for, in words."""
    if joint is None:
        lines = ["Its patterns are under different licences; the one named with each holds for it."]
        lines += [
            f"Share what you make of {work} under {its.name}."
            for work, its in works.items()
            if its.shares_alike
        ]
        return " ".join(lines)
    one = len(works) == 1
    if not joint.name:
        unnamed = "Its source names" if one else "Its sources name"
        return f"{unnamed} no licence: ask the authors before you hand it on."
    reason = "as its source is" if one else "as its sources are"
    if len(set(works.values())) > 1:
        reason = (
            f"as {next(work for work, its in works.items() if its == joint)} is; each pattern names its own"
        )
    lines = [f"This handout is under {joint.name}, {reason}."]
    if joint.shares_alike:
        lines.append("Share what you make of it under the same licence.")
    if joint.terms and "nc" in joint.terms:
        lines.append("It is not for commercial use.")
    return " ".join(lines)
