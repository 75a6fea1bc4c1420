"""How good the answers are, and how they get better: ``eval`` and ``train``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from navigator.cli.options import Index, Json, Model, print_json, settings_of

app = typer.Typer()
_PANEL = "Measure and improve"


@app.command(
    rich_help_panel=_PANEL,
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
        embedder = SentenceTransformerEmbedder(settings_of(index=index).model)
        report = evaluate.measure_follow_ups(read_lines(follow_ups, FollowUp), embedder)
    elif blocks:
        report = evaluate.measure_blocks(read_lines(blocks, LabelledBlock))
    else:
        questions = read_lines(file, Question) if file else []
        others = read_lines(out_of_scope, Question) if out_of_scope else []
        rewritings = read_rewritings(rewrites) if rewrites else {}
        navigator = Navigator.open(settings_of(index=index))
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
        print_json(report.as_json())
    else:
        scoreboard.print_report(report)


@app.command(
    rich_help_panel=_PANEL,
    epilog="Examples:  [bold]navigator train[/bold]  ·  [bold]navigator train asked.jsonl --epochs 4[/bold]",
)
def train(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILES]...",
            help="Questions as JSON Lines, each with 'slug' and 'also', or with 'grades' of 1 to 3. Without "
            "files: the situations and accounts that the index holds.",
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

    Trains an adapter of the embedding model on the question side; patterns keep their vectors. A tenth of the
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
            settings_of(index=index, model=model),
            folder=folder,
            unseen={slug for question in hidden if question.judgement for slug in question.judgement.gains},
            epochs=epochs,
            on_progress=on_progress,
        )
    if as_json:
        print_json(report.as_json())
    else:
        terminal.print_training(report)
