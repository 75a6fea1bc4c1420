"""Files to measure with: judged questions, follow-ups and blocks, a JSON object a line.

They are written by hand or by other programs, so every line is checked; keys that its kind does not
know are ignored.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from navigator.errors import EvaluationError
from navigator.llm.rewriting import Rewriting
from navigator.measures import Judgement
from navigator.pattern import HELPFUL, gain

SLUG_GAIN, ALSO_GAIN = 2, 1
"""What the pattern that a question was written for is worth, and what its near-twins are."""


class Line(BaseModel):
    """What the lines of all files have in common."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Question(Line):
    """A situation, and what it ought to find: ``grades``, or ``slug`` with its near-twins, or unknown."""

    question: str = Field(min_length=1)
    context: str | None = None
    slug: str | None = None
    also: tuple[str, ...] = ()
    grades: Mapping[str, Annotated[int, Field(ge=0, le=3)]] = {}
    source: str | None = Field(
        default=None, description="where it was found; its recorded rewriting has the same"
    )

    @property
    def judgement(self) -> Judgement | None:
        """What it ought to find, None where nobody has judged that."""
        if self.grades:
            return Judgement(
                gains={slug: gain(grade) for slug, grade in self.grades.items()},
                hits=frozenset(slug for slug, grade in self.grades.items() if grade >= HELPFUL),
            )
        if self.slug:
            gains = {**dict.fromkeys(self.also, ALSO_GAIN), self.slug: SLUG_GAIN}
            return Judgement(gains=gains, hits=frozenset(gains))
        return None


class TrainingQuestion(Question):
    """A question to train with, and in other words if someone wrote those down, see `Rewriting`."""

    question: str = Field(min_length=1, validation_alias=AliasChoices("question", "situation"))
    core: str = ""
    pattern_like: str = ""
    terms: str = ""

    @property
    def rewritings(self) -> tuple[str, ...]:
        """The question in other words; none where there are none."""
        return tuple(filter(None, (self.core, self.pattern_like, self.terms)))


class RecordedRewriting(Line):
    """What a language model once made of the question with the same ``source``."""

    source: str
    core: str
    pattern_like: str
    terms: str


class FollowUp(Line):
    """What someone types while a pattern is in focus; ``wants`` as in `navigator.situation.Situation`.

    Where it wants another context, that is named: ``"context:government"``.
    """

    follow_up: str
    wants: str


class LabelledBlock(Line):
    """A block of a pattern's section, in reading order, with whom it speaks to; empty is everyone."""

    slug: str
    section: str
    text: str
    contexts: frozenset[str]


L = TypeVar("L", bound=Line)


def read_lines(file: Path, kind: type[L]) -> list[L]:
    """Return the lines of a JSON Lines file; blank ones are passed over.

    Raises
    ------
    EvaluationError
        Naming the file, and the line that is not of this kind.
    """
    try:
        content = file.read_bytes().removeprefix(BOM_UTF8)
    except OSError as error:
        raise EvaluationError(f"{file} cannot be read: {error.strerror}.") from error
    # Of str, splitlines() would cut at characters that JSON allows within a line.
    numbered = enumerate(content.splitlines(), start=1)
    lines = [_parsed(kind, line, f"{file}, line {number}") for number, line in numbered if line.strip()]
    if not lines:
        raise EvaluationError(f"{file} is empty: there is nothing to measure.")
    return lines


def _parsed(kind: type[L], line: bytes, place: str) -> L:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        problems = [
            ": ".join(filter(None, [".".join(map(str, problem["loc"])), problem["msg"]]))
            for problem in error.errors()
        ]
        raise EvaluationError(f"{place}: {'; '.join(problems)}.") from error


def read_rewritings(file: Path) -> dict[str, Rewriting]:
    """Return recorded rewritings by the ``source`` of their question."""
    return {
        line.source: Rewriting(core=line.core, pattern_like=line.pattern_like, terms=line.terms)
        for line in read_lines(file, RecordedRewriting)
    }
