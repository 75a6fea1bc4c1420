"""What `navigator eval` shows on a terminal: figures as tables, with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Table

from navigator.comparison import Comparison
from navigator.evaluate import (
    BlocksReport,
    DecliningReport,
    FollowUpsReport,
    QuestionsReport,
    SituationsReport,
)
from navigator.figures import Figures
from navigator.labels import LabelsReport
from navigator.terminal import out, shown

Report = (
    QuestionsReport
    | DecliningReport
    | SituationsReport
    | FollowUpsReport
    | BlocksReport
    | LabelsReport
    | Comparison
)

SHOWN_MISSES = 10


def print_report(report: Report) -> None:
    """Print how good answers were, and what else is to be known of how that was measured."""
    match report:
        case QuestionsReport():
            _print_questions_report(report)
        case SituationsReport():
            out.print("Situations of the index, each left out of its own card.")
            _print_figures(
                {
                    "others count": report.with_situations.overall,
                    "none counts": report.without_situations.overall,
                }
            )
        case DecliningReport():
            out.print(
                f"AUROC of the confidence {report.auroc:.3f}: {report.n:,} questions against "
                f"{report.n_out_of_scope:,} out of scope.\nOf those {report.declined:.1%} were declined, of "
                f"the questions {report.wrongly_declined:.1%}."
            )
        case FollowUpsReport():
            _print_follow_ups_report(report)
        case BlocksReport():
            scores = ", ".join(f"{name} {score:.3f}" for name, score in report.scores.items())
            out.print(f"Over {report.n:,} blocks: {scores}.")
        case LabelsReport():
            _print_labels_report(report)
        case Comparison():
            _print_comparison(report)


def _print_questions_report(report: QuestionsReport) -> None:
    ranking = report.ranking
    _print_figures({"all": ranking.overall}, ranking.by_context, ranking.by_form)
    notes = {
        "Asked with a rewriting": report.rewritten,
        "Skipped, without a judgement": report.skipped,
        "Judged patterns that this index does not hold": report.unknown,
    }
    for note, number in notes.items():
        if number:
            out.print(f"{note}: {number:,}")


def _print_figures(*groups: Mapping[str, Figures]) -> None:
    """Print a row of figures for each name, groups of them apart."""
    table = Table(box=box.SIMPLE, caption="with 95 % bootstrap intervals", caption_justify="left")
    table.add_column()
    for heading in ("n", *next(iter(groups[0].values())).means):
        table.add_column(heading, justify="right")
    for group in groups:
        for name, figures in group.items():
            cells = (
                f"{_share(mean, 3)} [dim]({_interval(figures.intervals[measure])})[/dim]"
                for measure, mean in figures.means.items()
            )
            table.add_row(shown(name), f"{figures.n:,}", *cells)
        table.add_section()
    out.print(table)


def _interval(ends: tuple[float, float]) -> str:
    return "–".join(_share(end, 2) for end in ends)


def _share(value: float, places: int) -> str:
    """Return a number of 0 to 1 without the zero before its point, so that a row fits a terminal."""
    return f"{value:.{places}f}".removeprefix("0")


def _print_follow_ups_report(report: FollowUpsReport) -> None:
    out.print(f"Accuracy {report.accuracy:.3f} over {report.n:,} follow-ups.")
    if report.confusions:
        rows = [(each.follow_up, each.wants, each.understood) for each in report.confusions]
        _print_rows(("follow-up", "wants", "understood as"), rows)


def _print_labels_report(report: LabelsReport) -> None:
    kinds = sorted({kind for spelling in report.spellings.values() for kind in spelling.by_kind})
    table = Table(box=box.SIMPLE, title="Names whose pattern came first", title_justify="left")
    table.add_column("typed")
    for heading in ("n", "all", *kinds):
        table.add_column(heading, justify="right")
    for name, spelling in report.spellings.items():
        shares = [spelling.by_kind.get(kind) for kind in kinds]
        cells = ["" if share is None else _share(share, 3) for share in (spelling.hit, *shares)]
        table.add_row(name, f"{spelling.n:,}", *cells)
    out.print(table)
    if report.missed:
        shown_misses = report.missed[:SHOWN_MISSES]
        _print_rows(("name", "typed", "found"), [(m.name, m.typed, m.found or "") for m in shown_misses])
        hidden = len(report.missed) - len(shown_misses)
        if hidden:
            out.print(f"[dim]… and {hidden:,} more that were missed; --json lists them all.[/dim]")


def _print_comparison(report: Comparison) -> None:
    table = Table(
        box=box.SIMPLE,
        title=f"B against A over {report.n:,} questions",
        title_justify="left",
        caption="with 95 % paired bootstrap intervals; better and worse are shares of the questions",
        caption_justify="left",
    )
    table.add_column()
    for heading in ("A", "B", "B - A", "B better", "B worse"):
        table.add_column(heading, justify="right")
    for measure, change in report.differences.items():
        low, high = change.interval
        table.add_row(
            measure,
            _share(change.a, 3),
            _share(change.b, 3),
            f"{change.difference:+.3f} [dim]({low:+.3f} to {high:+.3f})[/dim]",
            f"{change.wins:.0%}",
            f"{change.losses:.0%}",
        )
    out.print(table)


def _print_rows(headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(box=box.SIMPLE)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(shown, row))
    out.print(table)
