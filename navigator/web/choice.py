"""What somebody chose for a handout, and its form as an address. Knows nothing of Streamlit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Self, get_args

from navigator.answer import Length
from navigator.export import Paper
from navigator.handout import ALL_CONTEXTS

MOST = 24
"""Patterns of a handout: more are a book, and a link must not make the server write one."""

LONGEST_TITLE = 120

PARAMETERS = ("string", "for", "form", "paper", "title")
"""Names of the query parameters; the first holds the patterns, between commas."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be handed out.

    Attributes
    ----------
    slugs
        The patterns in their order, each once.
    everyone
        Whether each context has its say, and not only the one that all pages speak in.
    title
        What stands on the title page; empty for what is made of the patterns.
    """

    slugs: tuple[str, ...] = ()
    everyone: bool = False
    form: Length = "full"
    paper: Paper = "a4"
    title: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> Self:
        """Return the choice that an address names; a value that it cannot have counts as none."""
        named = dict.fromkeys(name.strip() for name in parameters.get("string", "").split(","))
        form, paper = parameters.get("form"), parameters.get("paper")
        return cls(
            tuple(name for name in named if name),
            parameters.get("for") == ALL_CONTEXTS,
            next((each for each in get_args(Length) if each == form), cls().form),
            next((each for each in get_args(Paper) if each == paper), cls().paper),
            parameters.get("title", "")[:LONGEST_TITLE],
        )

    @property
    def parameters(self) -> dict[str, str]:
        """The query parameters that restore it."""
        usual = Choice()
        named = {
            "string": ",".join(self.slugs),
            "for": ALL_CONTEXTS if self.everyone else "",
            "form": self.form if self.form != usual.form else "",
            "paper": self.paper if self.paper != usual.paper else "",
            "title": self.title,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def is_full(self) -> bool:
        """Whether no other pattern fits in."""
        return len(self.slugs) >= MOST

    def toggled(self, slug: str) -> Self:
        """Return it with a pattern at its end, or without it where it was in."""
        if slug in self.slugs:
            return self.ordered(each for each in self.slugs if each != slug)
        return self if self.is_full else self.ordered((*self.slugs, slug))

    def moved(self, slug: str, place: int) -> Self:
        """Return it with a pattern of it at another place, from 0."""
        others = [each for each in self.slugs if each != slug]
        return self.ordered((*others[:place], slug, *others[place:]))

    def ordered(self, slugs: Iterable[str]) -> Self:
        """Return it with these patterns in this order."""
        return replace(self, slugs=tuple(slugs))
