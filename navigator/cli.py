"""The command line. Every command imports what it needs when it runs, so that ``--help`` is instant."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from navigator import __version__
from navigator.errors import NavigatorError

if TYPE_CHECKING:
    from navigator.settings import Settings

app = typer.Typer(
    name="navigator",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From a situation to the pattern that helps, in the words of your world.",
    epilog="Start with [bold]navigator chat[/bold]. Nothing you type leaves this machine.",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for other programs instead of text.")]
Index = Annotated[Path | None, typer.Option("--index", metavar="FOLDER", help="Folder that holds the index.")]
Model = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Name or folder of a sentence-transformers model."),
]
Context = Annotated[
    str | None,
    typer.Option(
        "--context", "-c", metavar="NAME", help="corporate, government, activist, tech, or your own."
    ),
]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATHS]...", help="Files and folders of pattern documents.", show_default=False),
]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; errors meant for people become a message and exit code 1."""
    try:
        app(args=arguments)
    except NavigatorError as error:
        typer.secho(f"Error: {error}", err=True, fg=typer.colors.RED)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)
    ] = False,
) -> None:
    if version:
        typer.echo(f"pattern-navigator {__version__}")
        raise typer.Exit


@app.command(
    epilog="Examples:  [bold]navigator index[/bold]  ·  [bold]navigator index ~/patterns notes.md[/bold]  ·  "
    "[bold]navigator index --force[/bold]"
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

    settings = _settings(corpus=paths or None, index=index, model=model)
    with terminal.build_progress(quiet=as_json) as on_progress:
        report = Navigator.build(settings, on_progress=on_progress, force=force)
    if as_json:
        _print_json({"schema": "navigator.build/1", **asdict(report)})
    else:
        terminal.print_report(report)
    if strict and report.levels.get("error"):
        raise typer.Exit(1)


@app.command(
    epilog='Examples:  [bold]navigator ask "Every decision waits for me" --context tech[/bold]  ·  '
    '[bold]echo "Our chapters all say different things" | navigator ask - --json[/bold]'
)
def ask(
    question: Annotated[
        str, typer.Argument(help="Your situation in your own words; - reads standard input.")
    ],
    context: Context = None,
    index: Index = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which retriever found each pattern, and on which words.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer a situation with the pattern that fits, in the words of a context."""
    from navigator import terminal
    from navigator.navigator import Navigator

    if question == "-":
        question = sys.stdin.read()
    answer = Navigator.open(_settings(index=index)).ask(question, context=context)
    if as_json:
        _print_json(answer.model_dump(mode="json", by_alias=True))
    else:
        terminal.print_answer(answer, explain=explain)


@app.command(
    epilog="Examples:  [bold]navigator show decision-log[/bold]  ·  "
    "[bold]navigator show decision-log -c government > handout.md[/bold]"
)
def show(
    name: Annotated[str, typer.Argument(help="Slug, title, alias or context label of a pattern.")],
    context: Context = None,
    index: Index = None,
    as_json: Json = False,
) -> None:
    """Show one pattern whole, or its record as JSON.

    With a context, passages that were written for other contexts are left out.
    """
    from navigator import terminal
    from navigator.export import document_json, document_markdown
    from navigator.library import Library

    settings = _settings(index=index, context=context)
    document = Library.open(settings.index).find(name)
    if as_json:
        _print_json(document_json(document))
    else:
        terminal.print_markdown(document_markdown(document, context=settings.context))


@app.command(
    epilog="Examples:  [bold]navigator lint[/bold]  ·  [bold]navigator lint ~/patterns --strict[/bold]  ·  "
    "[bold]navigator lint --json | jq .findings[/bold]"
)
def lint(
    paths: Paths = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if there is a finding of level error.")
    ] = False,
    output: Annotated[
        str, typer.Option("--format", help="table, json or github (annotations for a workflow).")
    ] = "table",
    as_json: Json = False,
) -> None:
    """Read pattern documents and report what is wrong with them, with file and line."""
    from navigator import terminal
    from navigator.corpus import load_corpus
    from navigator.lint import lint_corpus

    settings = _settings(corpus=paths or None)
    with terminal.reading_progress(quiet=as_json or output != "table") as on_progress:
        corpus = load_corpus(settings.corpus, progress=on_progress)
    corpus = corpus.model_copy(update={"findings": lint_corpus(corpus)})
    if as_json or output == "json":
        _print_json(
            {
                "schema": "navigator.lint/1",
                "documents": corpus.documents,
                "patterns": len(corpus.patterns),
                "readings": len(corpus.readings),
                "findings": [finding.model_dump() for finding in corpus.findings],
            }
        )
    elif output == "github":
        terminal.print_annotations(corpus.findings)
    else:
        terminal.print_findings(corpus)
    nothing_read = not corpus.patterns and not corpus.readings
    if nothing_read or (strict and any(finding.level == "error" for finding in corpus.findings)):
        raise typer.Exit(1)


@app.command(
    epilog="Examples:  [bold]navigator chat[/bold]  ·  [bold]navigator chat -c government --port 8600[/bold]"
)
def chat(
    context: Context = None,
    index: Index = None,
    port: Annotated[int, typer.Option("--port", help="Port on this machine.")] = 8501,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
) -> None:
    """Open the chat page on this machine; the index is built first where it is missing or stale."""
    from navigator import terminal
    from navigator.navigator import Navigator
    from navigator.web.launch import serve

    settings = _settings(context=context, index=index)
    with terminal.build_progress() as on_progress:
        report = Navigator.refresh(settings, on_progress=on_progress)
    terminal.print_report(report)
    serve(settings, port=port, open_browser=browser)


@app.command(epilog="Example:  [bold]navigator doctor --json[/bold]")
def doctor(index: Index = None, as_json: Json = False) -> None:
    """Print every setting with where it came from, and check the rest of the set-up."""
    from navigator import terminal
    from navigator.doctor import examine

    report = examine({"index": index})
    if as_json:
        _print_json(report.model_dump(mode="json"))
    else:
        terminal.print_examination(report)
    if not report.healthy:
        raise typer.Exit(1)


def _settings(**flags: Any) -> Settings:
    from navigator.settings import load_settings

    return load_settings(**flags)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
