"""What the command line shows on a terminal: progress, tables and answers. Only `cli` uses it.

Text of documents goes through `_shown` before rich sees it, so that nothing in it is taken for markup
and nothing in it commands the terminal.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markdown import Markdown
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from navigator.answer import Answer, Comparison, Part, PatternHit, Provenance, aligned, is_shared
from navigator.llm.writing import Prose
from navigator.pattern import Corpus, Finding, Level
from navigator.text import visible

if TYPE_CHECKING:
    from navigator.build import BuildReport
    from navigator.doctor import Examination
    from navigator.enrich import EnrichmentReport
    from navigator.train import TrainingReport

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

_LEVEL_STYLES: dict[Level, str] = {"error": "red", "warning": "yellow", "info": "dim"}
_STAGES = {
    "reading": "Reading documents",
    "writing": "Cutting into chunks",
    "embedding": "Embedding chunks",
    "storing": "Storing vectors",
    "checking": "Checking the index",
    "drawing": "Drawing the map",
    "rewriting": "Rewriting questions",
    "asking": "Asking questions",
    "training": "Training",
    "enriching": "Writing situations",
}
_RETRIEVERS = {
    "name": "its name",
    "dense": "meaning",
    "lexical": "words",
    "situation": "situations",
    "account": "accounts",
}
_SHOWN_FINDINGS = 200
_SHOWN_PASSAGE = 400
"""Characters."""

_LIKE_YOURS = "a situation like yours"
"""Not what others said: most situations are imagined, by whoever wrote the pattern or by a model."""


def shown(text: str) -> str:
    """Return text of a document as rich may have it: no markup in it, and no command to the terminal."""
    return escape(visible(text))


class _Rate(ProgressColumn):
    """Steps a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.0f}/s" if task.speed else "", style="progress.data.speed")


@contextmanager
def build_progress(*, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a callback ``(stage, done, total)`` that draws a progress bar for each stage."""
    with _progress(quiet) as progress:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(_STAGES.get(stage, stage), total=total or None)
            progress.update(tasks[stage], completed=done, total=total or None)

        yield show


@contextmanager
def reading_progress(*, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback ``(done, total)`` that draws one progress bar."""
    with build_progress(quiet=quiet) as show:
        yield lambda done, total: show("reading", done, total)


@contextmanager
def asking_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a callback ``(done, total)`` that draws one progress bar."""
    with build_progress() as show:
        yield lambda done, total: show("asking", done, total)


@contextmanager
def training_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a callback ``(done, total)`` that draws one progress bar."""
    with build_progress() as show:
        yield lambda done, total: show("training", done, total)


@contextmanager
def rewriting_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a callback ``(done, total)`` that draws one progress bar."""
    with build_progress() as show:
        yield lambda done, total: show("rewriting", done, total)


def _progress(quiet: bool) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=quiet or not err.is_terminal,
    )


def print_report(report: BuildReport) -> None:
    """Print what a build did as a table."""
    if report.unchanged:
        out.print(
            f"[green]Up to date.[/green] {report.patterns:,} patterns and {report.readings:,} readings in "
            f"{report.chunks:,} chunks; nothing has changed ({report.seconds:.1f} s)."
        )
        return
    table = Table(box=box.SIMPLE, show_header=False, title=f"Index, generation {report.generation}")
    table.add_column(style="dim")
    table.add_column(justify="right")
    for name, number in (
        ("patterns", report.patterns),
        ("readings", report.readings),
        ("chunks", report.chunks),
        *([("accounts", report.accounts)] if report.accounts else ()),
        ("embedded", report.embedded),
        ("reused", report.reused),
        ("removed", report.removed),
    ):
        table.add_row(name, f"{number:,}")
    for level, style in _LEVEL_STYLES.items():
        table.add_row(f"findings: {level}", f"[{style}]{report.levels.get(level, 0):,}[/{style}]")
    table.add_row("seconds", f"{report.seconds:,.1f}")
    out.print(table)
    if any(report.levels.values()):
        out.print("[dim]`navigator lint` lists the findings.[/dim]")


def print_findings(corpus: Corpus) -> None:
    """Print findings file by file, and a line that counts them."""
    listed = corpus.findings[:_SHOWN_FINDINGS]
    path = ""
    for finding in listed:
        if finding.path != path:
            path = finding.path
            out.print(f"\n[bold]{shown(path)}[/bold]", soft_wrap=True)
        style = _LEVEL_STYLES[finding.level]
        out.print(
            f"  {finding.line:>5}  [{style}]{finding.level:<7}[/{style}]  {shown(finding.message)}"
            f"  [dim]{finding.code}[/dim]",
            soft_wrap=True,
        )
    hidden = len(corpus.findings) - len(listed)
    if hidden:
        out.print(f"\n[dim]… and {hidden:,} more; --json lists them all.[/dim]")
    if corpus.findings:
        out.print()
        out.print(_counted_by_code(corpus.findings))
    out.print(
        f"{corpus.documents:,} documents: {len(corpus.patterns):,} patterns, "
        f"{len(corpus.readings):,} readings, {len(corpus.findings):,} findings."
    )


def _counted_by_code(findings: Sequence[Finding]) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column("finding")
    table.add_column("level")
    table.add_column("times", justify="right")
    for (code, level), number in Counter((f.code, f.level) for f in findings).most_common():
        table.add_row(code, f"[{_LEVEL_STYLES[level]}]{level}[/]", f"{number:,}")
    return table


def print_annotations(findings: Sequence[Finding]) -> None:
    """Print findings as workflow annotations of GitHub Actions."""
    commands: dict[Level, str] = {"error": "error", "warning": "warning", "info": "notice"}
    for finding in findings:
        path = _annotated(finding.path).replace(":", "%3A").replace(",", "%2C")
        place = f"file={path},line={finding.line},title={finding.code}"
        out.out(f"::{commands[finding.level]} {place}::{_annotated(finding.message)}", highlight=False)


def _annotated(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\n", "%0A")


def print_answer(answer: Answer, *, prose: Prose | None = None, explain: bool = False) -> None:
    """Print an answer for reading.

    Parameters
    ----------
    prose
        The answer as a language model puts it, printed as it comes and before the authors' own words.
    explain
        Whether to add how each pattern was found.
    """
    if answer.label:
        title = answer.patterns[0].title
        out.print(f"\n[bold]{shown(answer.label)}[/bold]" + _beside(title, answer.label))
    if answer.context and answer.label:
        heard = ", heard in what you say" if answer.context_heard else ""
        out.print(f"[dim]for {shown(answer.context)}{heard} · confidence {answer.confidence:.0%}[/dim]")
    if answer.label_note:
        out.print(f"[dim]{shown(answer.label_note)}[/dim]")
    if answer.message:
        out.print(f"\n{shown(answer.message)}")
    if answer.clarify:
        first, second = (shown(hit.label) for hit in answer.patterns[:2])
        out.print(f"\n[yellow]{shown(answer.clarify)}[/yellow]\n  1. {first}, said below\n  2. {second}")
    if answer.comparison:
        _print_comparison(answer.comparison)
    if prose is not None:
        _print_prose(prose)
    for part in answer.parts:
        _print_part(part)
    if answer.related:
        out.print("\n[bold]Read next[/bold]")
        for heading, neighbours in answer.next:
            for neighbour in neighbours:
                out.print(
                    f"  [dim]{heading}:[/dim] {shown(neighbour.label)} [dim]{shown(neighbour.slug)}[/dim]"
                )
    if answer.answered:
        _print_hits("Or is it rather", answer.patterns[1:], number=2)
    else:
        _print_hits("Nearest", answer.patterns, number=1)
    if answer.readings:
        out.print("\n[bold]Articles[/bold]")
        for hit in answer.readings:
            out.print(f"  {shown(hit.title)} [dim]{shown(hit.passage.path)}[/dim]")
    if explain:
        _print_explanation([*answer.patterns, *answer.readings])
    if answer.provenance is not None:
        _print_rights(answer.provenance)
    if answer.form == "brief" and answer.parts:
        out.print("[dim]In brief; --full says the rest.[/dim]")


def _print_prose(prose: Prose) -> None:
    """Print prose claim by claim, and below it the note to it and what it rests on."""
    for number, claim in enumerate(prose):
        out.print(("\n" if not number else claim.lead) + shown(claim.text), end="", soft_wrap=True)
    if prose.claims:
        out.print()
    if prose.note:
        out.print(f"\n[yellow]{shown(prose.note)}[/yellow]")
    for citation in prose.citations:
        source = citation.source
        place = f"{source.section}, {Path(source.path).name}, characters {source.start:,} to {source.end:,}"
        out.print(f"  [dim]{shown(f'[{citation.number}] “{citation.quote}” {place}')}[/dim]", soft_wrap=True)


def _print_hits(heading: str, hits: Sequence[PatternHit], *, number: int) -> None:
    """Print patterns that may be meant, numbered as a conversation counts them."""
    if hits:
        out.print(f"\n[bold]{heading}[/bold]")
    for place, hit in enumerate(hits, start=number):
        name = f"{shown(hit.label)}{_beside(hit.title, hit.label)} [dim]{shown(hit.slug)}[/dim]"
        out.print(f"  {place}. {name}")
        pointed = f"your words: {', '.join(hit.matched_words)}" if hit.matched_words else ""
        if why := " · ".join(filter(None, [hit.tension or hit.summary, pointed])):
            out.print(Padding(f"[dim]{shown(why)}[/dim]", (0, 0, 0, 5)))


def _print_comparison(comparison: Comparison) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_lines=True)
    table.add_column()
    for number, pattern in enumerate(comparison.patterns, start=1):
        table.add_column(f"{number}. {shown(pattern.label)}{_beside(pattern.title, pattern.label)}", ratio=1)
    for row in comparison.rows:
        cells = (shown(" ".join(sentence.text for sentence in cell)) or "—" for cell in row.cells)
        table.add_row(f"[bold]{shown(row.heading)}[/bold]", *cells)
    out.print(table)


def _beside(title: str, label: str) -> str:
    return f" [dim]· {shown(title)}[/dim]" if title != label else ""


def print_side_by_side(answers: Sequence[Answer]) -> None:
    """Print answers about one pattern in several contexts: what they share, then a table of the rest."""
    first = answers[0]
    out.print(f"\n[bold]{shown(first.patterns[0].title if first.patterns else first.label)}[/bold]")
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True)
    for answer in answers:
        table.add_column(shown(answer.context or ""), ratio=1)
    table.add_row(*(f"[bold]{shown(answer.label)}[/bold]" for answer in answers))
    for _, cells in aligned(answers):
        if is_shared(cells):
            for part in cells[0]:
                _print_part(part)
        else:
            table.add_row(*("\n\n".join(_shown_cell(cell)) for cell in cells))
    out.print(table)
    if first.provenance is not None:
        _print_rights(first.provenance)


def _shown_cell(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        yield f"[dim]{shown(part.heading)}[/dim]"
        for sentences in part.blocks:
            yield shown(f"{sentences[0].marker} {' '.join(each.text for each in sentences)}".strip())


def _print_rights(provenance: Provenance) -> None:
    rights = [provenance.stars, provenance.attribution, provenance.license]
    out.print(f"\n[dim]{' · '.join(shown(right) for right in rights if right)}[/dim]")


def _print_part(part: Part) -> None:
    body = Table.grid(padding=(0, 1))
    body.add_column(no_wrap=True)
    body.add_column()
    for sentences in part.blocks:
        body.add_row(sentences[0].marker, shown(" ".join(sentence.text for sentence in sentences)))
    if part.kind == "therefore":
        out.print()
        out.print(Panel(body, box=box.HEAVY, border_style="green", title="Therefore", title_align="left"))
    else:
        out.print(f"\n[bold]{shown(part.heading)}[/bold]")
        out.print(Padding(body, (0, 0, 0, 2)))


def _print_explanation(hits: Sequence[PatternHit]) -> None:
    out.print("\n[bold]Why these[/bold]")
    for place, hit in enumerate(hits, start=1):
        table = Table(box=box.SIMPLE_HEAD, show_header=False, pad_edge=False, title_justify="left")
        table.title = f"{place}. [bold]{shown(hit.label)}[/bold] [dim]{shown(hit.slug)}[/dim]"
        table.add_column(style="dim", no_wrap=True, min_width=len(_LIKE_YOURS))
        table.add_column()
        for heading, text in _reasons(hit):
            if text:
                table.add_row(heading, shown(text))
        out.print(table)


def _reasons(hit: PatternHit) -> Iterator[tuple[str, str]]:
    """Yield why a pattern was found: headings with what there is to say, perhaps nothing."""
    found = [f"{_RETRIEVERS[evidence.retriever]}, rank {evidence.rank:,}" for evidence in hit.evidence]
    passage = hit.passage
    yield "found by", " · ".join(found)
    yield "name", hit.matched_name
    yield "you said", hit.matched_sentence
    yield _LIKE_YOURS, hit.matched_situation
    yield f"it says in {passage.section}", textwrap.shorten(passage.text, _SHOWN_PASSAGE, placeholder=" …")
    yield "", f"{Path(passage.path).name}, characters {passage.start:,} to {passage.end:,}"
    yield "words in common", ", ".join(hit.matched_words)
    yield "score", f"{hit.score:.2f}"


def print_markdown(markdown: str) -> None:
    """Print Markdown rendered on a terminal, and as it is where the output goes elsewhere."""
    text = visible(markdown)
    if out.is_terminal:
        out.print(Markdown(text))
    else:
        out.out(text, end="", highlight=False)


def print_examination(examination: Examination) -> None:
    """Print the settings with their origins, and each check with what to do where it failed."""
    table = Table(title="Settings", box=box.SIMPLE, title_justify="left")
    for heading in ("setting", "value", "from"):
        table.add_column(heading, overflow="fold")
    for setting in examination.settings:
        table.add_row(setting.name, shown(setting.value), setting.origin)
    out.print(table)
    for check in examination.checks:
        sign = "[green]✓[/green]" if check.passed else "[red]✗[/red]"
        out.print(f"{sign} {shown(check.what)}: {shown(check.detail)}", soft_wrap=True)


def print_enrichment(report: EnrichmentReport, *, wrote: bool) -> None:
    """Print what a language model wrote for patterns without situations, or what that would take."""
    lacking = f"{report.lacking:,} of {report.patterns:,} patterns have too few situations"
    if not report.estimate.calls:
        out.print(f"{lacking}; there is nothing to write.")
        return
    files = " and ".join(shown(str(file)) for file in report.files)
    if not wrote:
        cost = report.estimate
        tokens = f"{cost.tokens_read:,} tokens to read and {cost.tokens_written:,} to write"
        out.print(
            f"{lacking}. {cost.calls:,} calls, with about {tokens}, would be for {files}.", soft_wrap=True
        )
        return
    out.print(
        f"{report.situations:,} situations for {report.filled:,} patterns were written into {files}.",
        soft_wrap=True,
    )
    for slug, reason in report.failures:
        out.print(f"[yellow]{shown(slug)}: {shown(reason)}[/yellow]", soft_wrap=True)
    if report.situations:
        out.print("Read them over; `navigator index` then makes them count.")


def print_training(report: TrainingReport) -> None:
    """Print what the held-out questions find with and without the adapter."""
    table = Table("", "before", "after", box=box.SIMPLE_HEAD)
    for name, value in report.before.items():
        table.add_row(name, f"{value:.3f}", f"{report.after[name]:.3f}")
    out.print(f"{report.trained:,} questions trained with, {report.held_out:,} held out; what these find:")
    out.print(table)
    if report.adapter is None:
        out.print("No round did better on them than the model as it is; nothing was saved.")
    else:
        out.print(f"The adapter is in {shown(str(report.adapter.folder))}.")
        if report.accounts:
            out.print(
                f"Run `navigator index` once more: it embeds the {report.accounts:,} accounts with it, and "
                "until then they are left out of the search."
            )
