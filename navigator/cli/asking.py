"""For whoever asks and hands on: ``ask``, ``chat``, ``show`` and ``translate``."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from navigator.cli.options import Brief, Context, Index, Json, print_json, settings_of

if TYPE_CHECKING:
    from navigator.answer import Answer, Length

app = typer.Typer()
_PANEL = "Ask and hand on"


class HandoutFormat(StrEnum):
    """The forms in which `navigator translate` writes."""

    MD = "md"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    JSON = "json"


class PaperSize(StrEnum):
    """The sizes of paper that a handout is set for."""

    A4 = "a4"
    LETTER = "letter"


@app.command(
    rich_help_panel=_PANEL,
    epilog="Examples:  [bold]navigator chat[/bold]  ·  [bold]navigator chat -c government --port 8600[/bold]",
)
def chat(
    context: Context = None,
    index: Index = None,
    port: Annotated[int, typer.Option("--port", help="Port on this machine.")] = 8501,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in a browser.")
    ] = True,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help="Address to listen on; 0.0.0.0 is every one that this machine has, and needs a login in "
            ".streamlit/secrets.toml.",
        ),
    ] = "127.0.0.1",
    without_login: Annotated[
        bool,
        typer.Option(
            "--without-login", help="Where no login is set up, let everyone in who can reach --host."
        ),
    ] = False,
) -> None:
    """Open the web app on this machine; the index is built first where it is missing or stale.

    Nobody but this machine reaches it, unless --host says so. Where .streamlit/secrets.toml sets up a login,
    people have to log in first.
    """
    from navigator import terminal
    from navigator.navigator import Navigator
    from navigator.web.launch import check_entrance, serve

    settings = settings_of(context=context, index=index)
    login = check_entrance(host, without_login=without_login)
    with terminal.build_progress() as on_progress:
        report = Navigator.refresh(settings, on_progress=on_progress)
    terminal.print_report(report)
    serve(settings, port=port, open_browser=browser, host=host, login=login)


@app.command(
    rich_help_panel=_PANEL,
    epilog='Examples:  [bold]navigator ask "Every decision waits for me" --context tech[/bold]  ·  '
    '[bold]echo "Our chapters all say different things" | navigator ask - --json[/bold]  ·  '
    "[bold]navigator ask --interactive[/bold]",
)
def ask(
    question: Annotated[
        str | None,
        typer.Argument(help="Your situation in your own words; - reads standard input.", show_default=False),
    ] = None,
    context: Context = None,
    index: Index = None,
    brief: Brief = None,
    interactive: Annotated[
        bool, typer.Option("--interactive", "-i", help="Talk on, one message a line; /help says how.")
    ] = False,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Say of each pattern which passage fits which sentence, in which words, and what found it.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Answer a situation with the pattern that fits, in the words of a context.

    The answer is brief (at most 180 words), and with --json it is full; --full and --brief say otherwise.
    With --interactive you can ask on ("and the risks?", "no, not that", "the second one"), also over a
    pipe; with --json each answer is a line.
    """
    from navigator import terminal
    from navigator.conversation import State
    from navigator.navigator import Navigator

    if question is None and not interactive:
        raise typer.BadParameter("Say what is going on, or talk with --interactive.", param_hint="QUESTION")
    if question == "-" and not interactive:
        question = sys.stdin.buffer.read().decode("utf-8", "replace")
    settings = settings_of(index=index)
    navigator = Navigator.open(settings)
    form: Length = "brief" if (brief if brief is not None else not as_json) else "full"

    def show(answer: Answer) -> None:
        terminal.print_answer(answer, prose=navigator.prose(answer), explain=explain)

    if interactive:
        from navigator import talk

        talk.talk(
            navigator,
            State(context=context),
            form=form,
            as_json=as_json,
            first=None if question == "-" else question,
            show=(lambda answer: typer.echo(talk.json_line(answer))) if as_json else show,
            say=lambda line: typer.echo(line, err=as_json),
        )
        return
    assert question is not None  # noqa: S101 - for the type checker
    answer = navigator.ask(question, context=context, form=form, explain=explain)
    if as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        show(answer)


@app.command(
    rich_help_panel=_PANEL,
    epilog="Examples:  [bold]navigator show decision-log[/bold]  ·  "
    "[bold]navigator show decision-log -c government > handout.md[/bold]  ·  "
    "[bold]navigator show decision-log -c all[/bold]",
)
def show(
    name: Annotated[str, typer.Argument(help="Slug, title, alias or context label of a pattern.")],
    context: Annotated[
        str | None,
        typer.Option(
            "--context",
            "-c",
            metavar="NAME",
            help="corporate, government, activist, tech, or your own; all for a table of them side by side.",
        ),
    ] = None,
    index: Index = None,
    brief: Brief = None,
    as_json: Json = False,
) -> None:
    """Show one pattern: its document whole, what it says to one context, or to all of them in a table.

    With a context, passages that were written for other contexts are left out. --brief says it in at most
    180 words. The table is brief unless --full is given. With --json it is the record, or the answers.
    """
    from navigator import terminal
    from navigator.export import document_json, document_markdown
    from navigator.library import Library

    if context == "all" or brief:
        _show_answers(name, context, index, brief=brief is not False, as_json=as_json)
        return
    settings = settings_of(index=index, context=context)
    document = Library.open(settings.index).find(name)
    if as_json:
        print_json(document_json(document))
    else:
        terminal.print_markdown(document_markdown(document, context=settings.context))


def _show_answers(name: str, context: str | None, index: Path | None, *, brief: bool, as_json: bool) -> None:
    from navigator import terminal
    from navigator.export import answer_markdown, side_by_side_markdown
    from navigator.navigator import Navigator

    navigator = Navigator.open(settings_of(index=index, context=None if context == "all" else context))
    form: Length = "brief" if brief else "full"
    if context == "all":
        answers = navigator.side_by_side(name, contexts=navigator.contexts, form=form)
        if as_json:
            dumped = [answer.model_dump(mode="json") for answer in answers]
            print_json({"schema": "navigator.side-by-side/1", "answers": dumped})
        elif terminal.out.is_terminal:
            terminal.print_side_by_side(answers)
        else:
            terminal.print_markdown(side_by_side_markdown(answers))
        return
    answer = navigator.translate(name, form=form)
    if as_json:
        print_json(answer.model_dump(mode="json"))
    else:
        terminal.print_markdown(answer_markdown(answer))


@app.command(
    rich_help_panel=_PANEL,
    epilog="Examples:  [bold]navigator translate decision-log -c government -o handout.pdf[/bold]  ·  "
    "[bold]navigator translate decision-zones advice-process decision-log -c tech -o evening.docx[/bold]  ·  "
    "[bold]navigator translate pre-mortem --context all --brief[/bold]",
)
def translate(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME",
            help="Slug, title, alias or context label of a pattern; several make a string, in this order.",
        ),
    ],
    context: Annotated[
        str | None,
        typer.Option(
            "--context", "-c", metavar="NAME", help="corporate, government, activist, tech, your own, or all."
        ),
    ] = None,
    brief: Brief = None,
    to: Annotated[
        HandoutFormat | None,
        typer.Option("--to", help="Form of the handout; without it, the ending of --output decides."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="File to write; without it, standard output."),
    ] = None,
    paper: Annotated[PaperSize, typer.Option("--paper", help="Size of the pages.")] = PaperSize.A4,
    title: Annotated[str, typer.Option("--title", help="What stands on the title page of a string.")] = "",
    index: Index = None,
) -> None:
    """Write a handout: one pattern, or a string of them, in the words of a context.

    Every sentence is the author's own, and source, licence and attribution are on every page. A string has a
    title page, with one line on why each pattern follows.
    """
    from navigator.export.files import chosen_format, write_file
    from navigator.navigator import Navigator

    form = chosen_format(to, output)
    navigator = Navigator.open(settings_of(index=index))
    content = navigator.handout(
        names, to=form, context=context, form="brief" if brief else "full", paper=paper.value, title=title
    )
    write_file(content, output and output.expanduser())
