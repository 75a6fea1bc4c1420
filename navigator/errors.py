"""Every error that Pattern Navigator raises on purpose.

::

    NavigatorError
    ├── SettingsError               a setting that cannot be used
    ├── CorpusError                 no document could be read at all
    ├── IndexStateError             the index cannot be used as it is
    │   ├── IndexMissingError       nothing was built yet
    │   ├── IndexMismatchError      built with another model or format
    │   ├── IndexLockedError        another build is running
    │   ├── IndexDamagedError       files of the index are missing or unreadable
    │   └── IndexServerError        the Chroma server that holds the vectors does not answer
    ├── PatternNotFoundError        no pattern goes by that name
    ├── EnrichmentError             situations cannot be written beside the corpus
    ├── ScaffoldError               a new pattern cannot be begun
    ├── HandoutError                a handout cannot be made or written
    │   └── LicenceError            its sources may not be handed on so
    ├── FeedbackError               ratings cannot be kept, read or deleted
    ├── EvaluationError             a file to measure with cannot be used
    ├── EmbeddingModelError         the embedding model cannot be loaded
    ├── AdapterError                an adapter of it cannot be used
    ├── LanguageModelError          the configured language model failed
    └── MissingDependencyError      an optional package is not installed

A message is one or two sentences for the person at the keyboard: what was wrong, with the file or
value named, and the command to type next. The command line turns any of these into that message and
exit code 1, once, in :mod:`navigator.cli`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NavigatorError(Exception):
    """Base class of all errors a user may be shown."""


class SettingsError(NavigatorError):
    """A flag, environment variable or line of ``navigator.toml`` cannot be used."""


class CorpusError(NavigatorError):
    """Not one document could be read from the given paths."""


class IndexStateError(NavigatorError):
    """The index cannot be used as it is."""


class IndexMissingError(IndexStateError):
    """No index has been built in the configured folder."""


class IndexMismatchError(IndexStateError):
    """The index was built with another embedding model, format or dimension."""


class IndexLockedError(IndexStateError):
    """Another process is building the same index."""


class IndexDamagedError(IndexStateError):
    """Files of the index are missing or cannot be read."""


@contextmanager
def damage_in(what: str, folder: Path) -> Iterator[None]:
    """Read files of an index: what is missing or unreadable becomes an IndexDamagedError.

    Parameters
    ----------
    what
        What the files hold, as in "The vectors in … cannot be read".
    """
    try:
        yield
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        raise IndexDamagedError(
            f"{what} in {folder} cannot be read: {error}. "
            "Run `navigator index --force` to build the index again."
        ) from error


class IndexServerError(IndexStateError):
    """The Chroma server that holds the vectors does not answer."""


class PatternNotFoundError(NavigatorError):
    """No pattern of the index goes by the given slug, title or label."""


class EnrichmentError(NavigatorError):
    """The file beside a corpus that takes new situations cannot be written."""


class ScaffoldError(NavigatorError):
    """The file of a new pattern exists already, or cannot be written."""


class HandoutError(NavigatorError):
    """A handout cannot be made, or not be written where it was wanted."""


class LicenceError(HandoutError):
    """The licences of the sources do not allow the handout."""


class FeedbackError(NavigatorError):
    """The file with what people think of answers cannot be written, read or deleted."""


class EvaluationError(NavigatorError):
    """A file of questions or labels to measure with cannot be read, or has nothing to measure."""


class EmbeddingModelError(NavigatorError):
    """The embedding model cannot be found or loaded."""


class AdapterError(NavigatorError):
    """An adapter of the embedding model is damaged, or made for another model."""


class LanguageModelError(NavigatorError):
    """The configured language model could not be reached or answered nonsense."""


class MissingDependencyError(NavigatorError):
    """An optional package is needed and not installed."""
