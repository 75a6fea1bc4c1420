"""Giving the patterns of a library the situations that they lack, written by a language model.

What is written goes into a sidecar beside the corpus, pattern by pattern as it comes, and is only ever
appended: nothing of a person's is touched, and a run that was stopped is taken up where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from navigator.corpus.sidecars import append_situations, sidecar_folder
from navigator.errors import LanguageModelError
from navigator.llm.situations import situations_request, write_situations
from navigator.pattern import Corpus, Pattern
from navigator.prompts import Prompts

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

FILE = "written-by-model.jsonl"
"""Name of the sidecar that takes what a model writes."""

MOST_FAILURES = 3
"""Patterns in a row that a model may fail at; at one more there is something wrong with it."""

CHARACTERS_PER_TOKEN = 4
"""Of English text, as a rule of thumb of all providers."""

TOKENS_PER_SITUATION = 80


@dataclass(frozen=True, slots=True)
class Gap:
    """A pattern with too few situations: how many it lacks, and the sidecar that they go into."""

    pattern: Pattern
    missing: int
    file: Path


@dataclass(frozen=True, slots=True)
class Estimate:
    """What filling gaps would take: calls of a language model, and about how many tokens of either kind."""

    calls: int
    tokens_read: int
    tokens_written: int


@dataclass(frozen=True, slots=True)
class EnrichmentReport:
    """What was, or would be, written.

    Attributes
    ----------
    patterns
        Patterns of the corpus.
    lacking
        Those of them that had too few situations.
    estimate
        What it would take to fill the gaps that were to be filled.
    filled, situations
        Patterns that were written for, and the situations written; 0 where it was only to be told.
    files
        The sidecars that they go into.
    failures
        Patterns that the model failed at, by slug, with the reason.
    """

    patterns: int
    lacking: int
    estimate: Estimate
    files: tuple[Path, ...]
    filled: int = 0
    situations: int = 0
    failures: tuple[tuple[str, str], ...] = ()


def find_gaps(corpus: Corpus, paths: Sequence[Path], *, count: int) -> list[Gap]:
    """Return the patterns of a corpus with fewer than ``count`` situations, in its order.

    Parameters
    ----------
    paths
        Those that the corpus was read from; a sidecar goes beside the one that holds the pattern.
    """
    gaps = []
    for pattern in corpus.patterns:
        missing = count - len(pattern.ontology.search_hints.situations)
        if missing > 0:
            home = next(path for path in paths if Path(pattern.path).is_relative_to(path))
            gaps.append(Gap(pattern, missing, sidecar_folder(home) / FILE))
    return gaps


def estimate(gaps: Sequence[Gap], prompts: Prompts) -> Estimate:
    """Return what it would take to fill gaps."""
    asked = (situations_request(gap.pattern, gap.missing, prompts) for gap in gaps)
    characters = sum(len(text) for messages in asked for _, text in messages)
    return Estimate(
        calls=len(gaps),
        tokens_read=characters // CHARACTERS_PER_TOKEN,
        tokens_written=TOKENS_PER_SITUATION * sum(gap.missing for gap in gaps),
    )


def fill(
    gaps: Sequence[Gap],
    model: BaseChatModel,
    prompts: Prompts,
    *,
    on_progress: Callable[[int, int], None],
) -> tuple[int, list[tuple[str, str]]]:
    """Have a language model write what is missing, each pattern's to its sidecar before the next is begun.

    Returns
    -------
    tuple
        Number of situations written, and the patterns that the model failed at, by slug, with the reason.

    Raises
    ------
    LanguageModelError
        It failed at several patterns in a row; what was written before is kept.
    EnrichmentError
        A sidecar cannot be written.
    """
    written, in_a_row = 0, 0
    failures: list[tuple[str, str]] = []
    for done, gap in enumerate(gaps, start=1):
        try:
            situations = write_situations(gap.pattern, gap.missing, model, prompts)
        except LanguageModelError as error:
            in_a_row += 1
            failures.append((gap.pattern.slug, str(error)))
            if in_a_row > MOST_FAILURES:
                raise LanguageModelError(
                    f"{error} So it went for {in_a_row} patterns in a row. The {written:,} situations that "
                    "were written before are kept; `navigator enrich` goes on from there."
                ) from None
        else:
            append_situations(gap.file, gap.pattern, situations)
            written, in_a_row = written + len(situations), 0
        on_progress(done, len(gaps))
    return written, failures
