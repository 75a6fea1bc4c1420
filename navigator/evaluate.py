"""Measuring on files of judged questions how well an index answers, one kind of file a function.

======================  ====================================================================
`measure_questions`     situations with the patterns they ought to find
`measure_declining`     the same beside questions that no pattern answers
`measure_situations`    the index's own situations, no file needed
`measure_follow_ups`    what is typed while a pattern is in focus, with what it wants
`measure_blocks`        paragraphs with the contexts that they speak to
======================  ====================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any, Literal

from navigator.ask import Found, search
from navigator.corpus.blocks import scan
from navigator.corpus.contexts import tag_blocks
from navigator.embedding import Embedder
from navigator.errors import EvaluationError, LanguageModelError
from navigator.figures import Ranked, RankingReport, ranking_report
from navigator.judged import SLUG_GAIN, FollowUp, LabelledBlock, Question
from navigator.library import Library
from navigator.llm.rewriting import Rewriting
from navigator.measures import Judgement, area_under_roc, label_scores
from navigator.pattern import Block
from navigator.phrases import phrasebook
from navigator.situation import CONTEXT_CHANGE, read, understand

SCHEMA: Literal["navigator.eval/1"] = "navigator.eval/1"

OnProgress = Callable[[int, int], None]
"""Called with the number of questions done, and of all."""

FIRST_TRIES = 5
"""Questions after which a language model that has rewritten none is given up."""

_SILENT: OnProgress = lambda done, total: None  # noqa: E731


@dataclass(frozen=True, slots=True)
class QuestionsReport:
    """How well questions find what they ought to.

    Attributes
    ----------
    ranking
        The figures.
    skipped
        Questions without a judgement.
    rewritten
        Questions that were asked with a rewriting.
    unknown
        Patterns that were judged and are not in the index; no ranking can hold them.
    """

    ranking: RankingReport
    skipped: int
    rewritten: int
    unknown: int

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it, the figures at the top level."""
        counts = {"skipped": self.skipped, "rewritten": self.rewritten, "unknown": self.unknown}
        return {"schema": SCHEMA, **counts, **self.ranking.as_json()}


def measure_questions(
    questions: Sequence[Question],
    library: Library,
    embedder: Embedder,
    *,
    k: int = 10,
    rewritings: Mapping[str, Rewriting] = {},
    on_progress: OnProgress = _SILENT,
) -> QuestionsReport:
    """Measure how well questions find the patterns that they ought to.

    Parameters
    ----------
    k
        Ranks that count for mrr@k and ndcg@k.
    rewritings
        What to ask with besides, by the question or its source.

    Raises
    ------
    EvaluationError
        None of the questions has a judgement.
    """
    judged = [(question, question.judgement) for question in questions]
    asked = [(question, judgement) for question, judgement in judged if judgement is not None]
    if not asked:
        raise EvaluationError("None of the questions says what it ought to find: add 'slug' or 'grades'.")
    found = _find([question for question, _ in asked], library, embedder, rewritings, on_progress)
    return QuestionsReport(
        ranking=ranking_report(
            [
                Ranked(question.question, _slugs(each), judgement, question.context)
                for (question, judgement), each in zip(asked, found, strict=True)
            ],
            _forms(library),
            k=k,
        ),
        skipped=len(questions) - len(asked),
        rewritten=sum(_rewriting_of(question, rewritings) is not None for question, _ in asked),
        unknown=len({slug for _, judgement in asked for slug in judgement.gains} - library.catalogue.keys()),
    )


@dataclass(frozen=True, slots=True)
class DecliningReport:
    """How well the confidence tells questions that the library can answer from those it cannot.

    Attributes
    ----------
    n, n_out_of_scope
        Questions of either kind.
    auroc
        Chance that a question of the library has more confidence than one out of its scope.
    declined
        Share of the questions out of scope that are declined.
    wrongly_declined
        Share of the library's questions that are.
    """

    n: int
    n_out_of_scope: int
    auroc: float
    declined: float
    wrongly_declined: float

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {"schema": SCHEMA, **asdict(self)}


def measure_declining(
    questions: Sequence[Question],
    out_of_scope: Sequence[Question],
    library: Library,
    embedder: Embedder,
    *,
    rewritings: Mapping[str, Rewriting] = {},
    on_progress: OnProgress = _SILENT,
) -> DecliningReport:
    """Measure how well it is known which questions the library can answer, judged or not."""
    found = _find([*questions, *out_of_scope], library, embedder, rewritings, on_progress)
    inside, outside = found[: len(questions)], found[len(questions) :]
    return DecliningReport(
        n=len(inside),
        n_out_of_scope=len(outside),
        auroc=area_under_roc([each.confidence for each in inside], [each.confidence for each in outside]),
        declined=_share_declined(outside),
        wrongly_declined=_share_declined(inside),
    )


def rewritten(
    questions: Sequence[Question],
    rewrite: Callable[[str], Rewriting],
    *,
    on_progress: OnProgress = _SILENT,
) -> dict[str, Rewriting]:
    """Return rewritings by the question, each written once; those that fail are left out.

    Raises
    ------
    EvaluationError
        The first of them all failed, with the last reason.
    """
    rewritings: dict[str, Rewriting] = {}
    failure = ""
    for done, question in enumerate(questions, start=1):
        if question.question not in rewritings:
            try:
                rewritings[question.question] = rewrite(_typed(question.question))
            except LanguageModelError as error:
                failure = str(error)
            if not rewritings and done == FIRST_TRIES:
                break
        on_progress(done, len(questions))
    if not rewritings:
        raise EvaluationError(f"Not one of the first {done:,} questions could be rewritten. {failure}")
    return rewritings


def _share_declined(found: Sequence[Found]) -> float:
    return sum(not each.pattern_fits for each in found) / len(found)


def _find(
    questions: Sequence[Question],
    library: Library,
    embedder: Embedder,
    rewritings: Mapping[str, Rewriting],
    on_progress: OnProgress,
) -> list[Found]:
    """Search for each question as if someone had typed it."""
    found = []
    for done, question in enumerate(questions, start=1):
        rewriting = _rewriting_of(question, rewritings)
        found.append(search(_typed(question.question), library, embedder, rewriting=rewriting))
        on_progress(done, len(questions))
    return found


def _rewriting_of(question: Question, rewritings: Mapping[str, Rewriting]) -> Rewriting | None:
    return rewritings.get(question.question) or rewritings.get(question.source or "")


@dataclass(frozen=True, slots=True)
class SituationsReport:
    """How well an index's own situations find their pattern, each one left out of its own card.

    Attributes
    ----------
    with_situations
        All other situations count.
    without_situations
        None of them does.
    """

    with_situations: RankingReport
    without_situations: RankingReport

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {
            "schema": SCHEMA,
            "n": self.with_situations.overall.n,
            "with_situations": self.with_situations.as_json(),
            "without_situations": self.without_situations.as_json(),
        }


def measure_situations(
    library: Library, embedder: Embedder, *, k: int = 10, on_progress: OnProgress = _SILENT
) -> SituationsReport:
    """Measure how well each situation that the authors wrote down finds the pattern it was written for.

    Raises
    ------
    EvaluationError
        The index holds no situations.
    """
    situations = library.situations()
    if not situations:
        raise EvaluationError("This index holds no situations: no pattern has 'search_hints.situations'.")
    every = frozenset(situation.id for situation in situations)
    with_others, without_any = [], []
    for done, situation in enumerate(situations, start=1):
        typed = _typed(situation.text)
        with_others.append(_slugs(search(typed, library, embedder, without={situation.id})))
        without_any.append(_slugs(search(typed, library, embedder, without=every)))
        on_progress(done, len(situations))
    with_situations, without_situations = (
        [
            Ranked(
                question=situation.text,
                ranking=ranking,
                judgement=Judgement({situation.slug: SLUG_GAIN}, frozenset({situation.slug})),
                context=next(iter(situation.contexts), None),
            )
            for situation, ranking in zip(situations, rankings, strict=True)
        ]
        for rankings in (with_others, without_any)
    )
    return SituationsReport(
        with_situations=ranking_report(with_situations, _forms(library), k=k),
        without_situations=ranking_report(without_situations, _forms(library), k=k),
    )


def _forms(library: Library) -> dict[str, str]:
    return {slug: entry.form for slug, entry in library.catalogue.items()}


def _typed(question: str) -> str:
    """Return what is read of a question that someone types."""
    return read(question).question


def _slugs(found: Found) -> list[str]:
    return [hit.slug for hit in found.patterns]


@dataclass(frozen=True, slots=True)
class Confusion:
    """A follow-up that was misunderstood: what it wants, and what it was taken for."""

    follow_up: str
    wants: str
    understood: str


@dataclass(frozen=True, slots=True)
class FollowUpsReport:
    """Share of ``n`` follow-ups that were understood, and those that were not."""

    n: int
    accuracy: float
    confusions: tuple[Confusion, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {"schema": SCHEMA, **asdict(self)}


def measure_follow_ups(follow_ups: Sequence[FollowUp], embedder: Embedder) -> FollowUpsReport:
    """Measure how well is understood what people type while a pattern is in focus."""
    pairs = [(line, _understood(line.follow_up, embedder)) for line in follow_ups]
    return FollowUpsReport(
        n=len(pairs),
        accuracy=sum(got == line.wants for line, got in pairs) / len(pairs),
        confusions=tuple(
            Confusion(line.follow_up, line.wants, got) for line, got in pairs if got != line.wants
        ),
    )


def _understood(follow_up: str, embedder: Embedder) -> str:
    """Return what a message is taken for below an answer that lists four patterns."""
    book = phrasebook(embedder)
    situation = understand(
        follow_up, focused=True, listed=4, likeness=lambda text: book.ranked(text, embedder)
    )
    return f"context:{situation.context}" if situation.wants == CONTEXT_CHANGE else situation.wants


@dataclass(frozen=True, slots=True)
class BlocksReport:
    """How well is told whom ``n`` blocks speak to, see `label_scores`."""

    n: int
    scores: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it, the scores at the top level."""
        return {"schema": SCHEMA, "n": self.n, **self.scores}


def measure_blocks(lines: Sequence[LabelledBlock]) -> BlocksReport:
    """Measure how well is told whom blocks speak to; they are tagged section by section, as when read."""
    found: list[frozenset[str]] = []
    for (_, section), group in groupby(lines, key=lambda line: (line.slug, line.section)):
        blocks = [_block(line.text) for line in group]
        found += [frozenset(block.contexts) for block in tag_blocks(section, blocks)]
    return BlocksReport(n=len(lines), scores=label_scores(found, [line.contexts for line in lines]))


def _block(text: str) -> Block:
    kind = next((block.kind for block in scan(text)), "paragraph")
    return Block(kind=kind, text=text, start=0, end=len(text))
