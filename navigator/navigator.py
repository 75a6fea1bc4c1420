"""The façade: everything that the command line, the web page and a Python user do with patterns.

>>> navigator = Navigator.open()  # doctest: +SKIP
>>> answer = navigator.ask("Everything waits for headquarters", context="government")  # doctest: +SKIP

>>> answer, state = navigator.converse(State(), "Everything waits for headquarters")  # doctest: +SKIP
>>> answer, state = navigator.converse(state, "What could go wrong?")  # doctest: +SKIP
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from navigator import ask, conversation, rebuild, situation
from navigator.answer import Answer, Length, SearchResult
from navigator.brief import COLUMN_WORDS, brief
from navigator.browse import Facet, FacetValue, Narrowed, browse, facets
from navigator.build import BuildReport, IndexState, OnProgress, index_state
from navigator.conversation import State
from navigator.corpus import load_corpus
from navigator.embedding import Embedder, SentenceTransformerEmbedder
from navigator.enrich import EnrichmentReport, estimate, fill, find_gaps
from navigator.errors import IndexStateError, NavigatorError, SettingsError
from navigator.export import Format, Paper, render
from navigator.followups import fitting_questions, follow_up
from navigator.handout import ALL_CONTEXTS, Handout, compose
from navigator.health import Health, IndexFacts, find_twins, read_survey
from navigator.judged import TrainingQuestion
from navigator.library import Library
from navigator.llm.citations import Claim
from navigator.llm.models import Limits, chat_model
from navigator.llm.rewriting import REWRITING, Rewriting, rewrite
from navigator.llm.situations import WRITING_SITUATIONS
from navigator.llm.writing import WRITING_TOKENS, Prose, worth_writing, write
from navigator.map import MapPoint, Placement, place
from navigator.map import points as map_points
from navigator.neighbours import Neighbour, neighbours
from navigator.ordering import suggested_order, ties
from navigator.pattern import CONTEXTS, Document, Pattern
from navigator.prompts import Prompts, load_prompts
from navigator.rebuild import Rebuild
from navigator.settings import TRAINED_ADAPTER, Settings, chosen_adapter, data_folder, load_settings
from navigator.store.generations import current
from navigator.store.records import CatalogueEntry

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from navigator.train import TrainingReport

HOW_THEY_DIFFER = "How do these differ?"

_SILENT: OnProgress = lambda stage, done, total: None  # noqa: E731


class Navigator:
    """An index that is open for questions.

    Safe to share between threads. When a build has switched to a new generation of the index, the
    next question is answered from it.
    """

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        self.settings = settings
        self.embedder = embedder
        self._lock = threading.Lock()
        self._library = self._open_library()
        self._facets: tuple[Library, Mapping[Facet, list[FacetValue]]] | None = None
        self._health: tuple[Library, Health] | None = None
        self._health_lock = threading.Lock()
        self._rebuild: Rebuild | None = None

    @classmethod
    def open(cls, settings: Settings | None = None) -> Self:
        """Open the index that the settings name; without settings, those in force.

        Raises
        ------
        IndexStateError
            No index was built yet, or it cannot be used; the message names the command to type.
        EmbeddingModelError
            The embedding model is not on this machine.
        """
        settings = settings or load_settings()
        return cls(settings, SentenceTransformerEmbedder(settings.model, adapter=chosen_adapter(settings)))

    @staticmethod
    def build(
        settings: Settings | None = None, *, on_progress: OnProgress = _SILENT, force: bool = False
    ) -> BuildReport:
        """Bring the index up to date with the corpus that the settings name, see `build_index`."""
        return rebuild.build(settings or load_settings(), on_progress=on_progress, force=force)

    @classmethod
    def refresh(cls, settings: Settings | None = None, *, on_progress: OnProgress = _SILENT) -> BuildReport:
        """Bring the index up to date with what it was built from, or build it where there is none.

        A corpus that is named in the settings comes before the one that the index was built from.
        """
        return cls.build(_as_built(settings or load_settings()), on_progress=on_progress)

    def rebuild(self) -> Rebuild:
        """Begin to do so in a process of its own, while this one answers; join in where one is at it.

        When it is done, the next question is answered from the new index.
        """
        with self._lock:
            if self._rebuild is None or not self._rebuild.progress.running:
                self._rebuild = rebuild.begin(_as_built(self.settings))
            return self._rebuild

    @property
    def rebuilding(self) -> Rebuild | None:
        """The rebuild that was begun last, running or over; None where there was none."""
        return self._rebuild

    @staticmethod
    def train(
        questions: Sequence[TrainingQuestion] = (),
        settings: Settings | None = None,
        *,
        folder: Path | None = None,
        unseen: Collection[str] = (),
        epochs: int = 3,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> TrainingReport:
        """Train an adapter for the index that the settings name, see `navigator.train.train`.

        Parameters
        ----------
        questions
            What to train with; none for the situations and accounts that the index holds.
        folder
            Where the adapter goes; None for the place beside the index where it is found and used.
        """
        from navigator.train import lessons_of, train

        settings = settings or load_settings()
        embedder = SentenceTransformerEmbedder(settings.model)
        library = Library.open(settings.index)
        library.generation.manifest.check(embedder.fingerprint)
        return train(
            questions or lessons_of(library),
            library,
            embedder,
            folder or settings.index / TRAINED_ADAPTER,
            unseen=frozenset(unseen),
            epochs=epochs,
            on_progress=on_progress,
        )

    @staticmethod
    def enrich(
        settings: Settings | None = None,
        *,
        count: int = 4,
        limit: int | None = None,
        dry_run: bool = False,
        on_progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    ) -> EnrichmentReport:
        """Have the configured language model write situations for patterns of the corpus that have too few.

        They go into a sidecar beside the corpus, and count from the next build on.

        Parameters
        ----------
        count
            Situations that each pattern is to have, whoever wrote them.
        limit
            Patterns that are written for at most; None for all that lack situations.
        dry_run
            Write nothing, ask nobody, and only say what it would take.
        on_progress
            Called with ``"reading"`` or ``"enriching"``, the number of things done and their total.

        Raises
        ------
        SettingsError
            No language model is configured, or it cannot be used.
        LanguageModelError
            It failed again and again; what it had written is kept.
        EnrichmentError
            The sidecar cannot be written.
        """
        settings = settings or load_settings()
        prompts = _prompts(settings)
        model = None if dry_run else _chat_model(settings, WRITING_SITUATIONS)
        paths = [path.absolute() for path in settings.corpus]
        corpus = load_corpus(
            paths, shipped_situations=data_folder("situations"), progress=partial(on_progress, "reading")
        )
        gaps = find_gaps(corpus, paths, count=count)
        chosen = gaps[:limit]
        report = EnrichmentReport(
            patterns=len(corpus.patterns),
            lacking=len(gaps),
            estimate=estimate(chosen, prompts),
            files=tuple(dict.fromkeys(gap.file for gap in chosen)),
        )
        if model is None:
            return report
        written, failures = fill(chosen, model, prompts, on_progress=partial(on_progress, "enriching"))
        return replace(
            report, filled=len(chosen) - len(failures), situations=written, failures=tuple(failures)
        )

    @property
    def library(self) -> Library:
        """The current generation of the index."""
        with self._lock:
            if not self._library.is_current:
                self._library = self._open_library()
            return self._library

    @property
    def contexts(self) -> tuple[str, ...]:
        """The contexts that the library is written for: those of the form, its own, the librarian's."""
        return tuple(audience.name for audience in self.library.audiences)

    def ask(
        self, question: str, *, context: str | None = None, form: Length = "full", explain: bool = False
    ) -> Answer:
        """Answer one question, without a conversation around it.

        Parameters
        ----------
        question
            Anything a person may type, of any length.
        context
            The context to answer in. Without it, the one that the question speaks of, or the one in the
            settings.
        form
            "brief" for what can be read in a minute, "full" for everything.
        explain
            Whether to find out which sentence of the question each passage matched, see
            `PatternHit.matched_sentence`; it takes about as long again for every sentence.
        """
        return self.converse(State(context=context), question, form=form, explain=explain)[0]

    def converse(
        self, state: State, message: str, *, form: Length = "full", explain: bool = False
    ) -> tuple[Answer, State]:
        """Answer a message of a conversation, and return the state to go on from.

        Parameters
        ----------
        state
            What is remembered of the conversation; `State()` begins one. It is never changed, and can be
            kept as JSON.
        message
            Anything a person may type: a situation, a word about the pattern in focus, "no, not that",
            "the second one", "how do these differ?"; or the slug of a pattern, to turn to it.
        form
            "brief" for what can be read in a minute, "full" for everything.
        explain
            As for `ask`; it says something of new situations only.
        """
        answer, state = conversation.converse(
            state,
            message,
            self.library,
            self.embedder,
            default=self.settings.context,
            rewrite=self._rewriting,
            explain=explain,
        )
        return (brief(answer) if form == "brief" else answer), state

    def follow_ups(self, state: State, *, asked: Collection[str] = ()) -> tuple[str, ...]:
        """Return messages that fit next: what the pattern in focus has an answer to, then the comparison.

        Parameters
        ----------
        asked
            What was wanted already, see `Answer.wants`, and is not offered again.
        """
        library = self.library
        if state.focus is None or state.focus not in library.catalogue:
            return ()
        questions = fitting_questions(library.pattern(state.focus), library, asked=asked)
        several = len(state.listed) > 1 and situation.COMPARE not in asked
        return (*questions, HOW_THEY_DIFFER) if several else questions

    def search(self, question: str, *, context: str | None = None, k: int = 10) -> SearchResult:
        """Find the ``k`` patterns nearest to a situation, without making an answer of them.

        Whether any of them fits is for the caller to tell from the result's ``confidence``.

        Parameters
        ----------
        context
            The context to name the patterns in, as for `ask`.

        Raises
        ------
        ValueError
            ``k`` is less than 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}, and must be at least 1.")
        library = self.library
        told = situation.read(question, library.audiences)
        spoken = context or told.context or self.settings.context
        return ask.nearest(told.in_context(spoken), library, self.embedder, self._rewriting, k=k)

    def translate(self, name: str, *, context: str | None = None, form: Length = "full") -> Answer:
        """Say one pattern in a context's words, without a search.

        Parameters
        ----------
        name
            Its slug, title, an alias or a context label.
        form
            "brief" for what can be read in a minute, "full" for everything.

        Raises
        ------
        PatternNotFoundError
            Naming the nearest names.
        """
        library = self.library
        document = library.find(name)
        chosen = situation.Situation(
            document.title, situation.CONTEXT_CHANGE, context or self.settings.context
        )
        answer = follow_up(chosen, library, document.slug)
        return brief(answer) if form == "brief" else answer

    def side_by_side(
        self, name: str, *, contexts: Sequence[str] = CONTEXTS, form: Length = "brief"
    ) -> tuple[Answer, ...]:
        """Say one pattern in the words of several contexts, an answer for each, in their order.

        `navigator.export.side_by_side_markdown` lays them out as one table.

        Raises
        ------
        PatternNotFoundError
            Naming the nearest names.
        """
        answers = [self.translate(name, context=context) for context in contexts]
        if form == "brief":
            answers = [brief(answer, limit=COLUMN_WORDS) for answer in answers]
        return tuple(answers)

    def handout(
        self,
        names: Sequence[str],
        *,
        to: Format,
        context: str | None = None,
        form: Length = "full",
        paper: Paper = "a4",
        title: str = "",
    ) -> bytes:
        """Return the content of a file to hand out: one pattern, or an ordered string of them.

        Parameters
        ----------
        names, context, form, title
            As for `compose`.
        to
            "md", "html", "docx", "pdf" or "json".
        paper
            Size of the pages, "a4" or "letter".

        Raises
        ------
        PatternNotFoundError
            Naming the nearest names.
        LicenceError
            A pattern may not be handed on so, or not together with another.
        """
        composed = self.compose(names, context=context, form=form, title=title)
        return render(composed, to, paper=paper)

    def compose(
        self, names: Sequence[str], *, context: str | None = None, form: Length = "full", title: str = ""
    ) -> Handout:
        """Return what stands in a handout; `navigator.export.render` makes files of it.

        Parameters
        ----------
        names
            Slugs, titles, aliases or context labels, in the order in which they are to be read.
        context
            Whom it is for; "all" gives each context its say.
        form
            "brief" for what can be read in a minute, "full" for everything.
        title
            What stands on the title page of a string.

        Raises
        ------
        PatternNotFoundError
            Naming the nearest names.
        LicenceError
            A pattern may not be handed on so, or not together with another.
        """
        patterns = self._patterns(names)
        answers = (
            [self.side_by_side(p.slug, contexts=self.contexts, form=form) for p in patterns]
            if context == ALL_CONTEXTS
            else [[self.translate(p.slug, context=context, form=form)] for p in patterns]
        )
        return compose(patterns, answers, title=title, form=form)

    def suggested_order(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the slugs of patterns in a good order to read: what is required comes first.

        Whatever nothing is said of stays where it is; see `navigator.ordering.suggested_order`.

        Raises
        ------
        PatternNotFoundError
            Naming the nearest names.
        """
        patterns = self._patterns(names)
        return suggested_order([pattern.slug for pattern in patterns], ties(patterns))

    def prose(self, answer: Answer) -> Prose:
        """Return an answer as the configured language model puts it: iterate to see it written.

        Nothing where none is configured, or where there is nothing to say. Where the model fails, in
        whatever way, the prose ends, its `Prose.failure` is a line that says why, and the answer stands.
        """
        if self.settings.llm is None or not worth_writing(answer):
            return Prose()
        return Prose(self._written(answer), authors_follow=bool(answer.parts))

    def rewrite(self, question: str) -> Rewriting:
        """Have the configured language model say a situation in other words for the search.

        `ask` does so by itself, and asks in the plain words where this fails.

        Raises
        ------
        SettingsError
            No language model is configured, or it cannot be used.
        LanguageModelError
            It failed, or wrote something else.
        """
        return rewrite(question, _chat_model(self.settings, REWRITING), _prompts(self.settings))

    def warm_up(self) -> None:
        """Load the models now, so that the first question need not wait for them."""
        self.embedder.embed_query("warm-up")
        if self.settings.llm is not None:
            with suppress(NavigatorError):
                _chat_model(self.settings, REWRITING)

    def pattern(self, name: str) -> Document:
        """Return the record that goes by a slug, title, alias or context label.

        Raises
        ------
        PatternNotFoundError
            Naming the nearest names.
        """
        return self.library.find(name)

    def catalogue(self) -> list[CatalogueEntry]:
        """Return what there is, sorted by title."""
        return list(self.library.by_title)

    def browse(self, typed: str = "", narrowed: Narrowed | None = None) -> list[CatalogueEntry]:
        """Return what fits the words typed so far and the values chosen, see `navigator.browse.browse`.

        Where nothing is typed the order is that of the titles.
        """
        library = self.library
        return browse(library.by_title, typed, library.containing(typed), narrowed or {})

    def facets(self) -> Mapping[Facet, list[FacetValue]]:
        """Return what the library can be narrowed by, with the number of documents for each value."""
        library = self.library
        with self._lock:
            if self._facets is None or self._facets[0] is not library:
                self._facets = library, facets(library.by_title)
            return self._facets[1]

    def neighbours(self, pattern: Pattern, *, context: str | None = None) -> list[Neighbour]:
        """Return what a pattern links to, with names in a context's words; see `navigator.neighbours`."""
        return neighbours(pattern, self.library.catalogue, context)

    def map(self, *, context: str | None = None) -> list[MapPoint]:
        """Return where every document lies on the map of the library, named in a context's words.

        Raises
        ------
        IndexStateError
            The index was built by a version that drew no map; the message names the command to type.
        """
        return map_points(self.library, context)

    def place(self, question: str, *, context: str | None = None, k: int = 10) -> Placement | None:
        """Return where a question falls on the map, with the ``k`` documents around it.

        None where nothing was said. Whether any of them fits is for the caller to tell from ``confidence``.
        """
        found = self.search(question, context=context, k=k)
        return place(found.patterns, found.confidence, self.library, found.context)

    def health(self) -> Health:
        """Return how the library is: findings, twins, links, labels and what the index is.

        Told anew for each generation of the index, by the first who asks.

        Raises
        ------
        IndexDamagedError
            A file of the index is missing or cannot be read.
        """
        library = self.library
        with self._health_lock:
            if self._health is None or self._health[0] is not library:
                self._health = library, _health(library)
            return self._health[1]

    def index_state(self) -> IndexState:
        """Return whether the documents, as they are now, are those that the index was built from.

        Every file is read for it.

        Raises
        ------
        CorpusError
            A path that the index was built from does not exist any more.
        """
        settings = _as_built(self.settings)
        return index_state(
            [path.absolute() for path in settings.corpus],
            settings.index,
            self.embedder,
            server=settings.chroma_url,
            contexts=settings.own_contexts,
            shipped_situations=data_folder("situations"),
        )

    def examples(self, context: str | None = None, *, count: int = 4) -> list[str]:
        """Return situations that the authors wrote down, to start from, each of another pattern."""
        return self.library.examples(context, count)

    def _patterns(self, names: Sequence[str]) -> list[Pattern]:
        """Return the patterns that go by some names, in their order, each once."""
        library = self.library
        return [library.pattern(slug) for slug in dict.fromkeys(library.find(name).slug for name in names)]

    def _open_library(self) -> Library:
        library = Library.open(self.settings.index)
        library.generation.manifest.check(self.embedder.fingerprint)
        return library

    def _written(self, answer: Answer) -> Iterator[Claim]:
        seconds = self.settings.llm_timeout
        model = _chat_model(self.settings, Limits(seconds, WRITING_TOKENS))
        yield from write(answer, model, _prompts(self.settings), seconds=seconds)

    def _rewriting(self, question: str) -> Rewriting | None:
        """Return a situation in other words; None, and no word of it, where that fails or is not wanted."""
        if self.settings.llm is None or not self.settings.rewrite:
            return None
        try:
            return self.rewrite(question)
        except NavigatorError:
            return None


def _as_built(settings: Settings) -> Settings:
    """Return settings that name what the index was built from, where no corpus was set."""
    if "corpus" not in settings.model_fields_set:
        with suppress(IndexStateError):
            built_from = current(settings.index).manifest.paths
            return settings.model_copy(update={"corpus": tuple(map(Path, built_from))})
    return settings


def _health(library: Library) -> Health:
    surveyed = read_survey(library.generation.survey_file)
    slugs, cards = library.cards()
    spoken = {audience.name for audience in library.audiences}
    return Health(
        facts=IndexFacts.of(library.generation.manifest),
        findings=surveyed.findings,
        skews=surveyed.skews,
        labels=tuple(quality for quality in surveyed.labels if quality.context in spoken),
        twins=find_twins(slugs, cards),
    )


def _prompts(settings: Settings) -> Prompts:
    return load_prompts(data_folder("prompts"), settings.prompts)


def _chat_model(settings: Settings, limits: Limits) -> BaseChatModel:
    if settings.llm is None:
        raise SettingsError("No language model is configured: set NAVIGATOR_LLM, such as openai:gpt-4o-mini.")
    return chat_model(settings.llm, base_url=settings.llm_base_url, limits=limits)
