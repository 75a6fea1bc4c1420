"""The command line. Every command imports what it needs when it runs, so that ``--help`` is instant."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from navigator import __version__
from navigator.errors import NavigatorError

if TYPE_CHECKING:
    from navigator.answer import Answer, Length
    from navigator.settings import Settings

app = typer.Typer(
    name="navigator",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From a situation to the pattern that helps, in the words of your world.",
    epilog="Start with [bold]navigator chat[/bold]. Nothing you type leaves this machine, unless you "
    "set a language model.",
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
Brief = Annotated[
    bool | None,
    typer.Option("--brief/--full", help="What can be read in a minute, or everything.", show_default=False),
]
Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATHS]...", help="Files and folders of pattern documents.", show_default=False),
]


class FindingsFormat(StrEnum):
    """How `navigator lint` prints findings."""

    TABLE = "table"
    JSON = "json"
    GITHUB = "github"


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


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; errors meant for people become a message and exit code 1."""
    try:
        app(args=arguments, prog_name="navigator")
    except NavigatorError as error:
        from navigator.text import visible

        typer.secho(f"Error: {visible(str(error))}", err=True, fg=typer.colors.RED)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pattern-navigator {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and exit.", is_eager=True, callback=_print_version),
    ] = False,
) -> None:
    pass


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
        findings = [finding.model_dump() for finding in report.findings]
        _print_json({"schema": "navigator.build/1", **asdict(report), "findings": findings})
    else:
        terminal.print_report(report)
    if strict and report.levels.get("error"):
        raise typer.Exit(1)


@app.command(
    epilog='Examples:  [bold]navigator ask "Every decision waits for me" --context tech[/bold]  ·  '
    '[bold]echo "Our chapters all say different things" | navigator ask - --json[/bold]  ·  '
    "[bold]navigator ask --interactive[/bold]"
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
    settings = _settings(index=index)
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
        _print_json(answer.model_dump(mode="json"))
    else:
        show(answer)


@app.command(
    epilog="Examples:  [bold]navigator show decision-log[/bold]  ·  "
    "[bold]navigator show decision-log -c government > handout.md[/bold]  ·  "
    "[bold]navigator show decision-log -c all[/bold]"
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
    settings = _settings(index=index, context=context)
    document = Library.open(settings.index).find(name)
    if as_json:
        _print_json(document_json(document))
    else:
        terminal.print_markdown(document_markdown(document, context=settings.context))


def _show_answers(name: str, context: str | None, index: Path | None, *, brief: bool, as_json: bool) -> None:
    from navigator import terminal
    from navigator.export import answer_markdown, side_by_side_markdown
    from navigator.navigator import Navigator

    navigator = Navigator.open(_settings(index=index, context=None if context == "all" else context))
    form: Length = "brief" if brief else "full"
    if context == "all":
        answers = navigator.side_by_side(name, contexts=navigator.contexts, form=form)
        if as_json:
            dumped = [answer.model_dump(mode="json") for answer in answers]
            _print_json({"schema": "navigator.side-by-side/1", "answers": dumped})
        elif terminal.out.is_terminal:
            terminal.print_side_by_side(answers)
        else:
            terminal.print_markdown(side_by_side_markdown(answers))
        return
    answer = navigator.translate(name, form=form)
    if as_json:
        _print_json(answer.model_dump(mode="json"))
    else:
        terminal.print_markdown(answer_markdown(answer))


@app.command(
    epilog="Examples:  [bold]navigator translate decision-log -c government -o handout.pdf[/bold]  ·  "
    "[bold]navigator translate decision-zones advice-process decision-log -c tech -o evening.docx[/bold]  ·  "
    "[bold]navigator translate pre-mortem --context all --brief[/bold]"
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
    navigator = Navigator.open(_settings(index=index))
    content = navigator.handout(
        names, to=form, context=context, form="brief" if brief else "full", paper=paper.value, title=title
    )
    write_file(content, output and output.expanduser())


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
        FindingsFormat, typer.Option("--format", help="github writes annotations for a workflow.")
    ] = FindingsFormat.TABLE,
    as_json: Json = False,
) -> None:
    """Read pattern documents and report what is wrong with them, with file and line."""
    from navigator import terminal
    from navigator.corpus import load_corpus
    from navigator.lint import lint_corpus
    from navigator.settings import data_folder

    settings = _settings(corpus=paths or None)
    with terminal.reading_progress(quiet=as_json or output != FindingsFormat.TABLE) as on_progress:
        corpus = load_corpus(
            settings.corpus,
            shipped_situations=data_folder("situations"),
            progress=on_progress,
            own=settings.own_contexts,
        )
    corpus = corpus.model_copy(update={"findings": lint_corpus(corpus)})
    if as_json or output == FindingsFormat.JSON:
        _print_json(
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
    name="eval",
    epilog="Examples:  [bold]navigator eval questions.jsonl[/bold]  ·  "
    "[bold]navigator eval questions.jsonl --out-of-scope others.jsonl --json[/bold]  ·  "
    "[bold]navigator eval --situations[/bold]  ·  [bold]navigator eval --labels[/bold]  ·  "
    "[bold]navigator eval questions.jsonl --json > a.json[/bold]  ·  "
    "[bold]navigator eval --compare a.json b.json[/bold]",
)
def measure(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="Questions as JSON Lines, each with 'slug' and 'also', or with 'grades' of 1 to 3.",
            show_default=False,
        ),
    ] = None,
    index: Index = None,
    k: Annotated[int, typer.Option("--k", min=1, help="Ranks that count for MRR and nDCG.")] = 10,
    rewrites: Annotated[
        Path | None,
        typer.Option("--rewrites", metavar="FILE", help="Ask with these recorded rewritings of FILE too."),
    ] = None,
    llm: Annotated[
        bool,
        typer.Option("--llm", help="Have the configured language model rewrite each question of FILE first."),
    ] = False,
    out_of_scope: Annotated[
        Path | None,
        typer.Option(
            "--out-of-scope",
            metavar="FILE",
            help="Measure instead how well FILE is told from these questions, which no pattern answers.",
        ),
    ] = None,
    situations: Annotated[
        bool, typer.Option("--situations", help="Measure with the situations that the index itself holds.")
    ] = False,
    follow_ups: Annotated[
        Path | None,
        typer.Option("--follow-ups", metavar="FILE", help="Measure how follow-ups are understood."),
    ] = None,
    blocks: Annotated[
        Path | None,
        typer.Option("--blocks", metavar="FILE", help="Measure how the contexts of passages are told."),
    ] = None,
    labels: Annotated[
        bool,
        typer.Option("--labels", help="Measure whether patterns are found by their names, also misspelled."),
    ] = False,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--compare",
            metavar="A B",
            help="Compare two saved runs question by question; --json over a FILE prints what to save.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure how good the answers are, on questions whose answers are known.

    hit@1 and hit@5 are the shares of questions with a fitting pattern among the first, MRR the mean of
    1 / rank of the first one, nDCG the gain of the ranking as a share of the best one possible.
    """
    from navigator import evaluate, scoreboard, terminal
    from navigator.comparison import compare as compare_runs
    from navigator.embedding import SentenceTransformerEmbedder
    from navigator.judged import FollowUp, LabelledBlock, Question, read_lines, read_rewritings
    from navigator.labels import measure_labels
    from navigator.navigator import Navigator

    if sum(map(bool, (file, situations, labels, compare, follow_ups, blocks))) != 1:
        raise typer.BadParameter(
            "Give one of FILE, --situations, --labels, --compare, --follow-ups and --blocks."
        )
    if not file and (rewrites or llm or out_of_scope):
        raise typer.BadParameter("--rewrites, --llm and --out-of-scope go with a FILE of questions.")
    if rewrites and llm:
        raise typer.BadParameter("Give one of --rewrites and --llm.")
    report: scoreboard.Report
    if compare:
        report = compare_runs(*compare)
    elif follow_ups:
        embedder = SentenceTransformerEmbedder(_settings(index=index).model)
        report = evaluate.measure_follow_ups(read_lines(follow_ups, FollowUp), embedder)
    elif blocks:
        report = evaluate.measure_blocks(read_lines(blocks, LabelledBlock))
    else:
        questions = read_lines(file, Question) if file else []
        others = read_lines(out_of_scope, Question) if out_of_scope else []
        rewritings = read_rewritings(rewrites) if rewrites else {}
        navigator = Navigator.open(_settings(index=index))
        index_to_ask = navigator.library, navigator.embedder
        if llm:
            with terminal.rewriting_progress() as on_progress:
                rewritings = evaluate.rewritten(
                    [*questions, *others], navigator.rewrite, on_progress=on_progress
                )
        with terminal.asking_progress() as on_progress:
            if situations:
                report = evaluate.measure_situations(*index_to_ask, k=k, on_progress=on_progress)
            elif labels:
                report = measure_labels(*index_to_ask, on_progress=on_progress)
            elif others:
                report = evaluate.measure_declining(
                    questions, others, *index_to_ask, rewritings=rewritings, on_progress=on_progress
                )
            else:
                report = evaluate.measure_questions(
                    questions, *index_to_ask, k=k, rewritings=rewritings, on_progress=on_progress
                )
    if as_json:
        _print_json(report.as_json())
    else:
        scoreboard.print_report(report)


@app.command(
    epilog="Examples:  [bold]navigator train[/bold]  ·  [bold]navigator train asked.jsonl --epochs 4[/bold]"
)
def train(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILES]...",
            help="Questions as JSON Lines, each with 'slug' and 'also', or with 'grades' of 1 to 3. Without "
            "files: the situations that the index holds.",
            show_default=False,
        ),
    ] = None,
    index: Index = None,
    model: Model = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--to", metavar="FOLDER", help="Where the adapter goes; by default beside the index, to be used."
        ),
    ] = None,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Rounds through all questions.")] = 3,
    unseen: Annotated[
        Path | None,
        typer.Option(
            "--unseen", metavar="FILE", help="Questions whose patterns must not be learned, to measure with."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Teach the questions of your people the language of your library.

    Trains an adapter of the embedding model on the question side; the index stays as it is. A tenth of the
    questions is held out: the adapter of the round that does best on them is kept, if it beats none.
    """
    from navigator import terminal
    from navigator.judged import TrainingQuestion, read_lines
    from navigator.navigator import Navigator

    questions = [question for file in files or () for question in read_lines(file, TrainingQuestion)]
    hidden = read_lines(unseen, TrainingQuestion) if unseen else []
    with terminal.training_progress() as on_progress:
        report = Navigator.train(
            questions,
            _settings(index=index, model=model),
            folder=folder,
            unseen={slug for question in hidden if question.judgement for slug in question.judgement.gains},
            epochs=epochs,
            on_progress=on_progress,
        )
    if as_json:
        _print_json(report.as_json())
    else:
        terminal.print_training(report)


@app.command(
    epilog="Examples:  [bold]navigator enrich --dry-run[/bold]  ·  "
    "[bold]navigator enrich ~/patterns --count 2 --limit 50[/bold]"
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

    settings = _settings(corpus=paths or None)
    with terminal.build_progress(quiet=as_json) as on_progress:
        report = Navigator.enrich(
            settings, count=count, limit=limit, dry_run=dry_run, on_progress=on_progress
        )
    if as_json:
        _print_json(
            {"schema": "navigator.enrichment/1", **asdict(report), "files": list(map(str, report.files))}
        )
    else:
        terminal.print_enrichment(report, wrote=not dry_run)


@app.command(
    epilog='Examples:  [bold]navigator new "Bad News First"[/bold]  ·  '
    '[bold]navigator new "Bad News First" --folder ~/patterns[/bold]'
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
    epilog="Examples:  [bold]navigator chat[/bold]  ·  [bold]navigator chat -c government --port 8600[/bold]"
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

    settings = _settings(context=context, index=index)
    login = check_entrance(host, without_login=without_login)
    with terminal.build_progress() as on_progress:
        report = Navigator.refresh(settings, on_progress=on_progress)
    terminal.print_report(report)
    serve(settings, port=port, open_browser=browser, host=host, login=login)


@app.command(epilog="Example:  [bold]navigator doctor --json[/bold]")
def doctor(index: Index = None, as_json: Json = False) -> None:
    """Print every setting with where it came from, and check the rest of the set-up."""
    from navigator import terminal
    from navigator.doctor import examine

    report = examine({"index": index})
    if as_json:
        _print_json({"schema": "navigator.doctor/1", **report.model_dump(mode="json")})
    else:
        terminal.print_examination(report)
    if not report.healthy:
        raise typer.Exit(1)


def _settings(**flags: Any) -> Settings:
    from navigator.settings import load_settings

    return load_settings(**flags)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
