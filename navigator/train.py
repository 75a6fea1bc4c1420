"""Training an adapter: questions with the patterns that help, and the vectors of an index, frozen.

A question's vector is moved until the patterns that help it score highest among all patterns: a softmax
over the whole library, pooled from passages as in `navigator.retrieve.pool`. Where a question comes
with a rewriting (its core, what a fitting pattern would say, a librarian's terms), the ranking that the
rewriting finds is a second, softer teacher, and the rewriting is a question of its own, so that the
adapter serves both. Sentences are left out at random: a long account must not hang on one of them.

Only questions go through the model, so an epoch over 4,000 of them takes minutes on two cores.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from navigator.adapter import Adapter, save_adapter
from navigator.embedding import SentenceTransformerEmbedder, quick_products
from navigator.errors import EvaluationError, MissingDependencyError
from navigator.judged import TrainingQuestion
from navigator.library import Library
from navigator.measures import Judgement, ranking_scores
from navigator.retrieve import CARD_WEIGHT, PASSAGE_WEIGHTS, kind_of, slug_of
from navigator.text import sentence_spans

HELD_OUT = 10
"""One question in so many is kept to tell when to stop."""

BATCH = 32
RANK, SCALE, DROPOUT = 16, 2.0, 0.1
LAYERS = ("query", "key", "value", "dense")
"""Layers of each transformer block that are adapted: those of attention and of the feed-forward part."""

LEARNING_RATE, WEIGHT_DECAY, WARM_UP = 5e-4, 0.01, 0.1
"""The rate rises over the share `WARM_UP` of the steps, then falls to nothing along a cosine."""

TEMPERATURE, TEACHER_TEMPERATURE = 0.03, 0.02
"""Cosine similarities are divided by these before a softmax is taken."""

TEACHER_SHARE = 0.3
"""How much the ranking that a rewriting finds counts beside the judgement."""

REWRITTEN, SHORTENED = 0.5, 0.4
"""Chance that a rewriting is asked too in an epoch, and that a question loses some of its sentences."""

PASSAGES = 12
"""Passages of a pattern that are looked at, from its beginning: eight sections, and some more."""

OnProgress = Callable[[int, int], None]
"""Called with the number of training steps done, and of all."""


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """What training came to.

    Attributes
    ----------
    adapter
        The adapter of the best epoch, None where none was better than the model without.
    trained, held_out
        Numbers of questions.
    before, after
        Mean scores of the held-out questions by measure, see `ranking_scores`; passages alone, without
        the words.
    epochs
        Mean nDCG@10 of the held-out questions after each epoch.
    accounts
        How many accounts the index holds, whose vectors another adapter puts out of date.
    """

    adapter: Adapter | None
    trained: int
    held_out: int
    before: dict[str, float]
    after: dict[str, float]
    epochs: tuple[float, ...]
    accounts: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {
            "schema": "navigator.train/1",
            "adapter": str(self.adapter.folder) if self.adapter else None,
            "trained": self.trained,
            "held_out": self.held_out,
            "before": self.before,
            "after": self.after,
            "epochs": self.epochs,
            "accounts": self.accounts,
        }


def lessons_of(library: Library) -> list[TrainingQuestion]:
    """Return the situations and the accounts that an index holds as questions to train with."""
    situations = [TrainingQuestion(question=chunk.text, slug=chunk.slug) for chunk in library.situations()]
    return situations + [
        TrainingQuestion(question=account.text, core=account.core, grades=account.grades)
        for account in library.accounts()
    ]


def train(
    questions: Sequence[TrainingQuestion],
    library: Library,
    embedder: SentenceTransformerEmbedder,
    folder: Path,
    *,
    unseen: frozenset[str] = frozenset(),
    epochs: int = 3,
    seed: int = 0,
    on_progress: OnProgress = lambda done, total: None,
) -> TrainingReport:
    """Train an adapter and save the one of the best epoch in ``folder``, if it is better than none.

    Parameters
    ----------
    questions
        What people ask, each with the patterns that help; those whose patterns the library does not
        hold are passed over.
    unseen
        Slugs of patterns that training must not see, neither as right answers nor as wrong ones.

    Raises
    ------
    EvaluationError
        Too few of the questions can be used.
    MissingDependencyError
        The package peft is not installed.
    """
    try:
        from peft import LoraConfig
    except ImportError as error:
        raise MissingDependencyError(
            "Training needs the package peft: pip install 'pattern-navigator[train]'"
        ) from error
    patterns = _Patterns(library, unseen)
    usable = [question for question in questions if patterns.judgement(question).gains]
    if len(usable) < 2 * HELD_OUT:
        raise EvaluationError(
            f"{len(usable)} of {len(questions)} questions name a pattern that this index holds; training "
            f"takes {2 * HELD_OUT} or more."
        )
    chance = random.Random(seed)  # noqa: S311
    torch.manual_seed(seed)
    chance.shuffle(usable)
    held_out, seen = usable[::HELD_OUT], [q for number, q in enumerate(usable) if number % HELD_OUT]
    transformer = embedder.load()
    before = patterns.measure(_embedded(transformer, [q.question for q in held_out]), held_out)
    lessons = _lessons(seen, transformer, patterns)
    transformer.add_adapter(
        LoraConfig(
            r=RANK,
            lora_alpha=int(SCALE * RANK),
            lora_dropout=DROPOUT,
            target_modules=list(LAYERS),
            bias="none",
        )
    )
    plan = [_batches(lessons, chance) for _ in range(epochs)]
    total = sum(map(len, plan))
    optimizer, schedule = _optimizer(transformer, total)
    best, scores, after, done = None, [], before, 0
    for batches in plan:
        transformer.train()
        for batch in batches:
            logits = patterns.scores(_forward(transformer, [text for text, _ in batch])) / TEMPERATURE
            targets = torch.stack([target for _, target in batch])
            loss = functional.cross_entropy(logits, targets)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(_trainable(transformer), 1.0)
            optimizer.step()
            schedule.step()
            done += 1
            on_progress(done, total)
        measured = patterns.measure(_embedded(transformer, [q.question for q in held_out]), held_out)
        scores.append(measured["ndcg@10"])
        if measured["ndcg@10"] > after["ndcg@10"]:
            after = measured
            best = save_adapter(folder, transformer, base=embedder.fingerprint)
    accounts = library.generation.manifest.accounts
    return TrainingReport(best, len(seen), len(held_out), before, after, tuple(scores), accounts)


class _Patterns:
    """The patterns of a library as frozen vectors, to score questions against.

    Passages have the shape (n_patterns, `PASSAGES`, dimension), those that a pattern lacks are zero; cards
    the shape (n_patterns, dimension).
    """

    def __init__(self, library: Library, unseen: frozenset[str]) -> None:
        self.slugs = [
            slug for slug, entry in library.catalogue.items() if entry.is_pattern and slug not in unseen
        ]
        self.places = {slug: place for place, slug in enumerate(self.slugs)}
        ids, vectors = library.vectors()
        self.cards = torch.zeros(len(self.slugs), vectors.shape[1])
        passages: list[list[int]] = [[] for _ in self.slugs]
        for number, chunk in enumerate(ids):
            place = self.places.get(slug_of(chunk))
            if place is None:
                continue
            if kind_of(chunk) == "card":
                self.cards[place] = torch.tensor(vectors[number])
            elif kind_of(chunk) == "section":
                passages[place].append(number)
        # One row more than there are passages, zero: what a pattern has less than the most.
        self.passages = torch.from_numpy(np.vstack([vectors, np.zeros_like(vectors[:1])]))
        padding = [len(vectors)] * PASSAGES
        self.rows = torch.tensor([(numbers + padding)[:PASSAGES] for numbers in passages])

    def scores(self, vectors: torch.Tensor) -> torch.Tensor:
        """Return the pooled similarities of questions, shape (n_questions, n_patterns), to all patterns."""
        similarities = (vectors @ self.passages.T)[:, self.rows]
        weights = torch.tensor(PASSAGE_WEIGHTS)
        best = similarities.topk(len(weights), dim=2).values
        return (best @ weights + CARD_WEIGHT * (vectors @ self.cards.T)) / (1 + CARD_WEIGHT)

    def judgement(self, question: TrainingQuestion) -> Judgement:
        """Return what a question ought to find among these patterns; nothing, where they lack it."""
        judged = question.judgement or Judgement({}, frozenset())
        gains = {slug: gain for slug, gain in judged.gains.items() if slug in self.places}
        return Judgement(gains, judged.hits & gains.keys())

    def target(self, question: TrainingQuestion) -> torch.Tensor:
        """Return the gains of the patterns as shares of one, shape (n_patterns,)."""
        target = torch.zeros(len(self.slugs))
        for slug, gain in self.judgement(question).gains.items():
            target[self.places[slug]] = gain
        return target / target.sum()

    def measure(self, vectors: torch.Tensor, questions: Sequence[TrainingQuestion]) -> dict[str, float]:
        """Return the mean scores of questions by measure."""
        order = self.scores(vectors).topk(min(10, len(self.slugs))).indices.tolist()
        rankings = [[self.slugs[place] for place in row] for row in order]
        scores = ranking_scores(rankings, [self.judgement(question) for question in questions])
        return {name: float(values.mean()) for name, values in scores.items()}


@dataclass(frozen=True, slots=True)
class _Lesson:
    """A question, its rewriting in several wordings if it has one, and each pattern's share of the answer."""

    question: str
    rewritings: tuple[str, ...]
    target: torch.Tensor


def _lessons(questions: Sequence[TrainingQuestion], transformer: Any, patterns: _Patterns) -> list[_Lesson]:
    targets = [patterns.target(question) for question in questions]
    rewritings = [question.rewritings for question in questions]
    taught = [place for place, texts in enumerate(rewritings) if texts]
    if taught:
        wordings = [text for place in taught for text in rewritings[place]]
        vectors = iter(_embedded(transformer, wordings))
        means = torch.stack([sum(next(vectors) for _ in rewritings[place]) for place in taught])
        found = patterns.scores(functional.normalize(means)) / TEACHER_TEMPERATURE
        for place, row in zip(taught, functional.softmax(found, dim=1), strict=True):
            targets[place] = (1 - TEACHER_SHARE) * targets[place] + TEACHER_SHARE * row
    return [
        _Lesson(question.question, texts, target)
        for question, texts, target in zip(questions, rewritings, targets, strict=True)
    ]


def _batches(lessons: Sequence[_Lesson], chance: random.Random) -> list[list[tuple[str, torch.Tensor]]]:
    """Return an epoch: texts with their targets, in batches of about the same length, in random order."""
    asked = []
    for lesson in lessons:
        asked.append((_shortened(lesson.question, chance), lesson.target))
        if lesson.rewritings and chance.random() < REWRITTEN:
            asked.append((chance.choice(lesson.rewritings), lesson.target))
    # Only roughly by length, else the same questions would meet in every epoch.
    asked.sort(key=lambda pair: len(pair[0]) * chance.uniform(0.7, 1.4))
    batches = [asked[first : first + BATCH] for first in range(0, len(asked), BATCH)]
    chance.shuffle(batches)
    return batches


def _shortened(question: str, chance: random.Random) -> str:
    """Leave out up to half of the sentences, now and then."""
    spans = list(sentence_spans(question))
    if len(spans) < 3 or chance.random() >= SHORTENED:
        return question
    kept = sorted(chance.sample(spans, chance.randint((len(spans) + 1) // 2, len(spans) - 1)))
    return " ".join(question[start:end] for start, end in kept)


def _optimizer(transformer: Any, steps: int) -> tuple[torch.optim.Optimizer, Any]:
    optimizer = torch.optim.AdamW(_trainable(transformer), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=LEARNING_RATE, total_steps=steps + 1, pct_start=WARM_UP
    )
    return optimizer, schedule


def _trainable(transformer: Any) -> list[torch.nn.Parameter]:
    return [weight for weight in transformer.parameters() if weight.requires_grad]


def _embedded(transformer: Any, texts: Sequence[str]) -> torch.Tensor:
    """Return the vectors of texts, shape (n_texts, dimension), without a thought of gradients."""
    transformer.eval()
    with quick_products():
        vectors: torch.Tensor = transformer.encode(
            list(texts),
            batch_size=BATCH,
            normalize_embeddings=True,
            convert_to_tensor=True,
            show_progress_bar=False,
        )
    return vectors.clone()


def _forward(transformer: Any, texts: Sequence[str]) -> torch.Tensor:
    """Return the vectors of texts, shape (n_texts, dimension), for training."""
    features = transformer.preprocess(list(texts))
    with quick_products():
        vectors: torch.Tensor = transformer(features)["sentence_embedding"]
    return functional.normalize(vectors, dim=1)
