"""What the flows of all pages share: a talk on *Ask*, and words of the corpus that is served."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Site, answer, ask, label
from playwright.sync_api import Locator, Page, expect

from navigator.conversation import State
from navigator.pattern import Pattern
from navigator.store.records import CatalogueEntry

BUILDING = 1_800
"""Seconds that a test may take for which the real library is indexed first."""

FLOW = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow, pytest.mark.timeout(BUILDING)]

DEPARTMENT = "We are a city department."


class Talk:
    """What a visitor says on *Ask*, beside what the library says to it."""

    def __init__(self, visitor: Page, site: Site) -> None:
        self.visitor, self.navigator = visitor, site.navigator
        self.number = -1
        self.before = self.after = State()

    def say(self, message: str, by: Locator | None = None) -> Locator:
        """Say something, by a click where there is a button; return the answer, which is the library's."""
        self.before = self.after
        if by is None:
            ask(self.visitor, message)
        else:
            by.click()
        self.number += 1
        return self._answered(message)

    def speak(self, context: str, message: str, by: Locator) -> Locator:
        """Have the last answer to ``message`` said in another context."""
        self.before = self.before.speaking(context)
        by.click()
        return self._answered(message)

    def _answered(self, message: str) -> Locator:
        self.expected, self.after = self.navigator.converse(self.before, message)
        shown = answer(self.visitor, self.number)
        if self.expected.label:
            expect(label(self.visitor, self.number)).to_have_text(self.expected.label)
        return shown


def question(site: Site) -> str:
    return site.navigator.examples()[0]


def entry_with(site: Site, fits: Callable[[CatalogueEntry], object]) -> CatalogueEntry:
    return next(entry for entry in site.navigator.catalogue() if fits(entry))


def pattern_with(site: Site, fits: Callable[[Pattern], object]) -> Pattern:
    patterns = map(site.navigator.pattern, [e.slug for e in site.navigator.catalogue() if e.is_pattern])
    return next(found for found in patterns if isinstance(found, Pattern) and fits(found))
