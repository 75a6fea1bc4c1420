"""For the librarian: ``index``, ``lint``, ``new``, ``enrich`` and ``doctor``."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from navigator.cli.options import Index, Json, Model, Paths, print_json, settings_of

app = typer.Typer()
_PANEL = "Keep a library"


class FindingsFormat(StrEnum):
    """How `navigator lint` prints findings."""

    TABLE = "table"
    JSON = "json"
    GITHUB = "github"


@app.command(
    rich_help_panel=_PANEL,
    epilog="Examples:  [bold]navigator index[/bold]  ·  [bold]navigator index ~/patterns notes.md[/bold]  ·  "
    "[bold]navigator index --force[/bold]",
)
def index(
    paths: Paths = None,
    index: Index = None,
    model: Model = None,
    force: Annotated[bool, typer.Option("--force", help="Build anew even if nothing has changed.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if a document has a finding of level error.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read pattern documents and build the index that answers questions.

    Only what is new or has changed is embedded. The old index goes on answering until the new one is
    whole; a build that was interrupted is taken up where it stopped.
    """
    from navigator import terminal
    from navigator.navigator import Navigator

    settings = settings_of(corpus=paths or None, index=index, model=model)
    with terminal.build_progress(quiet=as_json) as on_progress:
        report = Navigator.build(settings, on_progress=on_progress, force=force)
    if as_json:
        findings = [finding.model_dump() for finding in report.findings]
        print_json({"schema": "navigator.build/1", **asdict(report), "findings": findings})
    else:
        terminal.print_report(report)
    if strict and report.levels.get("error"):
        raise typer.Exit(1)


@app.command(
    rich_help_panel=_PANEL,
    epilog="Examples:  [bold]navigator lint[/bold]  ·  [bold]navigator lint ~/patterns --strict[/bold]  ·  "
    "[bold]navigator lint --json | jq .findings[/bold]",
)
def lint(
    paths: Paths = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if there is a finding of level error.")
    ] = False,
    output: Annotated[
        FindingsFormat, typer.Option("--format", help="github writes annotations for a workflow.")
    ] = FindingsFormat.TABLE,
    as_json: Json = False,
) -> None:
    """Read pattern documents and report what is wrong with them, with file and line."""
    from navigator import terminal
    from navigator.corpus import load_corpus
    from navigator.lint import lint_corpus
    from navigator.settings import data_folder

    settings = settings_of(corpus=paths or None)
    with terminal.reading_progress(quiet=as_json or output != FindingsFormat.TABLE) as on_progress:
        corpus = load_corpus(
            settings.corpus,
            shipped_situations=data_folder("situations"),
            progress=on_progress,
            own=settings.own_contexts,
        )
    corpus = corpus.model_copy(update={"findings": lint_corpus(corpus)})
    if as_json or output == FindingsFormat.JSON:
        print_json(
            {
                "schema": "navigator.lint/1",
                "documents": corpus.documents,
                "patterns": len(corpus.patterns),
                "readings": len(corpus.readings),
                "findings": [finding.model_dump() for finding in corpus.findings],
            }
        )
    elif output == FindingsFormat.GITHUB:
        terminal.print_annotations(corpus.findings)
    else:
        terminal.print_findings(corpus)
    nothing_read = not corpus.patterns and not corpus.readings
    if nothing_read or (strict and any(finding.level == "error" for finding in corpus.findings)):
        raise typer.Exit(1)


@app.command(
    rich_help_panel=_PANEL,
    epilog='Examples:  [bold]navigator new "Bad News First"[/bold]  ·  '
    '[bold]navigator new "Bad News First" --folder ~/patterns[/bold]',
)
def new(
    title: Annotated[str, typer.Argument(help="Title of the pattern.")],
    folder: Annotated[
        Path, typer.Option("--folder", metavar="FOLDER", help="Folder that the file goes into.")
    ] = Path(),
) -> None:
    """Write the scaffold of a new pattern, with the form's guidance in it as comments.

    The file is named after the title; one that exists is never overwritten. Its path goes to standard output.
    """
    from navigator.scaffold import write_scaffold

    path = write_scaffold(title, folder.expanduser())
    typer.echo(path)
    typer.echo(f"Write on; `navigator lint {shlex.quote(str(path))}` tells what is still missing.", err=True)


@app.command(
    rich_help_panel=_PANEL,
    epilog="Examples:  [bold]navigator enrich --dry-run[/bold]  ·  "
    "[bold]navigator enrich ~/patterns --count 2 --limit 50[/bold]",
)
def enrich(
    paths: Paths = None,
    count: Annotated[
        int, typer.Option("--count", min=1, max=20, help="Situations that each pattern is to have.")
    ] = 4,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, metavar="N", help="Write for N patterns at most.", show_default=False),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask nobody and write nothing; say what it would take.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Let a language model write what people say when they need a pattern.

    Each pattern that has fewer such situations than wanted is one call to the language model of the
    settings. What it writes is appended to situations/written-by-model.jsonl in the folder of the documents,
    pattern by pattern; nothing that is there is changed. A run that was stopped goes on where it was.
    """
    from navigator import terminal
    from navigator.navigator import Navigator

    settings = settings_of(corpus=paths or None)
    with terminal.build_progress(quiet=as_json) as on_progress:
        report = Navigator.enrich(
            settings, count=count, limit=limit, dry_run=dry_run, on_progress=on_progress
        )
    if as_json:
        print_json(
            {"schema": "navigator.enrichment/1", **asdict(report), "files": list(map(str, report.files))}
        )
    else:
        terminal.print_enrichment(report, wrote=not dry_run)


@app.command(
    rich_help_panel=_PANEL,
    epilog="Example:  [bold]navigator doctor --json[/bold]",
)
def doctor(index: Index = None, as_json: Json = False) -> None:
    """Print every setting with where it came from, and check the rest of the set-up."""
    from navigator import terminal
    from navigator.doctor import examine

    report = examine({"index": index})
    if as_json:
        print_json({"schema": "navigator.doctor/1", **report.model_dump(mode="json")})
    else:
        terminal.print_examination(report)
    if not report.healthy:
        raise typer.Exit(1)
