"""Contexts of a librarian's own, declared in a small YAML file.

::

    contexts:
      - name: healthcare
        synonyms: [hospital, clinic, nurse]       # what people call that world and those in it
        sample_words: [ward, patient, triage]     # words that place a story there
        near: [government]                        # whose passages to offer where it has none
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from navigator.corpus.audiences import Audience, singular_of, words
from navigator.corpus.boundedyaml import UnusableYamlError, load_mapping
from navigator.errors import SettingsError
from navigator.text import slugify


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1)
    synonyms: list[str] = []
    sample_words: list[str] = []
    near: list[str] = []


class _Declarations(BaseModel):
    model_config = ConfigDict(extra="forbid")

    contexts: list[_Declared]


_HINT = "docs/writing-patterns.md, “Contexts of your own”, has an example."


def read_contexts(path: Path) -> tuple[Audience, ...]:
    """Return the contexts that a file declares, in its order.

    Raises
    ------
    SettingsError
        The file cannot be read, or declares something that is no context; file and place are named.
    """
    try:
        declared = _Declarations.model_validate(load_mapping(path.read_text("utf-8")).data).contexts
    except OSError as error:
        raise SettingsError(f"{path}, with your contexts, cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not UTF-8; save it as that and try again.") from error
    except UnusableYamlError as error:
        raise SettingsError(f"{path}, line {error.line + 1}, is no valid YAML. {_HINT}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        place = " → ".join(str(key + 1 if isinstance(key, int) else key) for key in problem["loc"])
        raise SettingsError(f"{path} at {place}: {problem['msg']}. {_HINT}") from error
    names = [slugify(each.name) for each in declared]
    if "" in names or len(set(names)) < len(names):
        raise SettingsError(f"{path}: every context needs a name of its own, of letters and digits. {_HINT}")
    return tuple(_audience(name, each) for name, each in zip(names, declared, strict=True))


def _audience(name: str, declared: _Declared) -> Audience:
    return Audience(
        name=name,
        names=_terms([declared.name, *declared.synonyms]),
        marks=_terms(declared.sample_words),
        near=tuple(map(slugify, declared.near)),
    )


def _terms(written: list[str]) -> tuple[str, ...]:
    """Return terms as the vocabulary wants them: in lower case, also in the singular."""
    told = [words(term.replace("_", " ")) for term in written]
    forms = [form for term in told if term for form in (term, [*term[:-1], singular_of(term[-1])])]
    return tuple(dict.fromkeys(" ".join(form) for form in forms))
