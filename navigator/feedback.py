"""What people think of answers: kept in a file on this machine, sent nowhere, to be read and deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from navigator.answer import Answer
from navigator.errors import FeedbackError
from navigator.pattern import Record
from navigator.settings import user_folder

Thumb = Literal["up", "down", "withdrawn"]

LONGEST_COMMENT = 2_000
"""Characters of a comment that are kept."""


class Rating(Record):
    """What somebody thought of an answer; the question is left out, what people type is kept nowhere.

    Attributes
    ----------
    time
        When, in UTC, as ISO 8601.
    comment
        What they wrote about it, for others to read; empty where they wrote nothing.
    label
        What the answer was headed by.
    patterns
        Slugs of the patterns that it found.
    """

    time: str
    rating: Thumb
    comment: str = ""
    answered: bool = True
    confidence: float = 0.0
    context: str | None = None
    label: str = ""
    patterns: tuple[str, ...] = ()

    @classmethod
    def of(cls, answer: Answer, thumb: Thumb, comment: str = "") -> Rating:
        """Return the rating of an answer, given now."""
        return cls(
            time=datetime.now(UTC).isoformat(timespec="seconds"),
            rating=thumb,
            comment=" ".join(comment.split())[:LONGEST_COMMENT],
            answered=answer.answered,
            confidence=round(answer.confidence, 3),
            context=answer.context,
            label=answer.label,
            patterns=tuple(hit.slug for hit in answer.patterns),
        )


def feedback_file() -> Path:
    """Return the file of the user's data folder that holds the ratings, one JSON object a line."""
    return user_folder() / "feedback.jsonl"


def keep(file: Path, rating: Rating) -> None:
    """Append a rating.

    Raises
    ------
    FeedbackError
        The file cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(rating.model_dump(mode="json")) + "\n")
    except OSError as error:
        raise FeedbackError(f"This could not be kept: {error}.") from error


def kept(file: Path) -> list[Rating]:
    """Return the ratings in a file, the latest first; a line that is none is passed over.

    Raises
    ------
    FeedbackError
        The file cannot be read.
    """
    try:
        lines = file.read_text("utf-8", errors="replace").splitlines() if file.exists() else []
    except OSError as error:
        raise FeedbackError(f"{file} cannot be read: {error}.") from error
    ratings = []
    for line in reversed(lines):
        try:
            ratings.append(Rating.model_validate_json(line))
        except ValidationError:
            continue
    return ratings


def forget(file: Path) -> None:
    """Delete all ratings.

    Raises
    ------
    FeedbackError
        The file cannot be deleted.
    """
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise FeedbackError(f"{file} cannot be deleted: {error}.") from error
