"""Every page that the app offers, by day, by night and on a phone: accessible, in the window, and on record.

The app stands on the bundled corpus. What each page looks like stays in ``build/screenshots``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Site, answer, ask, settled, too_wide
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect
from served import REPOSITORY

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

SHOTS = REPOSITORY / "build" / "screenshots"
SITUATION = "We've tripled in a year and every decision waits for me"
GRAVE = {"serious", "critical"}
TABS = 80
FOCUS_MARGIN = 24
"""Pixels around an element in which its focus may show."""

CHARTS_DRAWN = """() => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
    .every(chart => chart.querySelector('canvas, svg'))"""

PROBE = """() => {
    const box = document.activeElement.getBoundingClientRect();
    window.probed = document.activeElement;
    return {x: box.x, y: box.y, width: box.width, height: box.height};
}"""


def find(visitor: Page) -> None:
    visitor.get_by_placeholder("Search the library").press_sequentially("decision", delay=20)
    expect(visitor.locator(".st-key-cards").get_by_role("link").first).to_contain_text("Decision")


def converse(visitor: Page) -> None:
    ask(visitor, SITUATION)
    answer(visitor, 0)


def preview(visitor: Page) -> None:
    expect(visitor.frame_locator(".st-key-preview iframe").get_by_role("heading", level=1)).to_be_visible()


def locate(visitor: Page) -> None:
    visitor.get_by_label("Where does this fall?").fill(SITUATION)
    visitor.get_by_label("Where does this fall?").press("Enter")
    expect(visitor.locator(".st-key-on-map-near-1")).to_be_visible()


@dataclass(frozen=True)
class Stop:
    """What one sees of the app: at which address, after doing what there."""

    name: str
    address: str
    do: Callable[[Page], None] = lambda visitor: None


STOPS = (
    Stop("ask", ""),
    Stop("answer", "?context=tech", converse),
    Stop("library", "library", find),
    Stop("pattern", "pattern?pattern=decision-log&context=government"),
    Stop("handout", "handout?string=decision-log,decision-zones,advice-process&context=government", preview),
    Stop("map", "map", locate),
)
"""Pages that have more to show than when one comes to them first; of the others, that is what is shown."""


@dataclass(frozen=True)
class Look:
    name: str
    scheme: Literal["light", "dark"]
    width: int
    height: int


LOOKS = (
    Look("light", "light", 1280, 900),
    Look("dark", "dark", 1280, 900),
    Look("phone", "light", 390, 844),
    Look("phone-dark", "dark", 390, 844),
)


@pytest.fixture(scope="module")
def stops(bundled: Site, browser: Browser) -> tuple[Stop, ...]:
    """All stops, with those pages that only the app itself knows of."""
    visitor = browser.new_page()
    visitor.goto(bundled.url)
    settled(visitor)
    links = visitor.get_by_test_id("stTopNavLinkContainer").get_by_role("link")
    expect(links.first).to_be_visible()
    offered = [Path(link.get_attribute("href") or "").name for link in links.all()]
    visitor.close()
    known = {stop.name for stop in STOPS}
    pages = [path for path in offered[1:] if path not in known]
    assert known - {"ask", "answer"} <= set(offered)
    return (*STOPS, *(Stop(path, path) for path in pages))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_every_page_is_accessible_and_fits_the_window(
    bundled: Site, browser: Browser, stops: tuple[Stop, ...], look: Look
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(
        viewport={"width": look.width, "height": look.height},
        color_scheme=look.scheme,
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)
    visitor = context.new_page()
    wrong: list[str] = []
    for stop in stops:
        visitor.goto(f"{bundled.url}/{stop.address}")
        settled(visitor)
        stop.do(visitor)
        drawn(visitor)
        visitor.screenshot(path=SHOTS / f"{stop.name}-{look.name}.png", animations="disabled")
        wrong += [f"{stop.name}: {name} sticks out" for name in too_wide(visitor)]
        wrong += [f"{stop.name}: {violation}" for violation in violations(visitor)]
    context.close()
    assert not wrong


def drawn(visitor: Page) -> None:
    """Wait until nothing is a placeholder any more: widgets and charts come after the run that names them."""
    settled(visitor)
    expect(visitor.get_by_test_id("stSkeleton")).to_have_count(0)
    visitor.wait_for_function(CHARTS_DRAWN)
    visitor.wait_for_load_state("networkidle")


def violations(visitor: Page) -> Iterator[str]:
    """Yield what axe-core finds serious or critical, with the first elements that are meant."""
    found: list[dict[str, Any]] = Axe().run(visitor).response["violations"]
    for violation in found:
        if violation["impact"] in GRAVE:
            places = [node["target"] for node in violation["nodes"][:3]]
            yield f"{violation['id']} ({violation['impact']}), {violation['help']}: {places}"


def test_axe_would_tell(bundled: Site, browser: Browser) -> None:
    visitor = browser.new_page()
    visitor.goto(bundled.url)
    settled(visitor)
    assert not list(violations(visitor))
    visitor.evaluate("document.querySelector('h1').style.color = '#e5e0d5'")
    visitor.evaluate("document.querySelector('textarea').removeAttribute('aria-label')")
    visitor.evaluate("document.querySelector('textarea').removeAttribute('placeholder')")
    assert {found.split()[0] for found in violations(visitor)} >= {"color-contrast", "label"}
    visitor.close()


def test_ask_open_a_source_and_read_a_pattern_by_keyboard_alone(bundled: Site, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    visitor = context.new_page()
    visitor.goto(bundled.url)
    settled(visitor)
    keys = visitor.keyboard

    def reach(target: Locator) -> None:
        for _ in range(TABS):
            keys.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                assert shows_focus(visitor), target
                return
        pytest.fail(f"{TABS} presses of Tab did not reach {target}.")

    reach(visitor.get_by_placeholder("What is going on?"))
    keys.type(SITUATION)
    keys.press("Enter")
    first = answer(visitor, 0)
    settled(visitor)
    reach(first.locator("summary").filter(has_text="Sources and licence"))
    keys.press("Enter")
    expect(first.get_by_text("The passage that matched")).to_be_visible()
    reach(visitor.get_by_role("link", name="Library"))
    keys.press("Enter")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Library")
    settled(visitor)
    reach(visitor.get_by_placeholder("Search the library"))
    keys.type("weak signals")
    card = visitor.locator(".st-key-card-0").get_by_role("link")
    expect(card).to_have_accessible_name("Weak Signals Board")
    settled(visitor)
    reach(card)
    keys.press("Enter")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Weak Signals Board")
    context.close()


def shows_focus(visitor: Page) -> bool:
    """Tell whether one sees where the focus is: the place looks different once it is gone."""
    box = visitor.evaluate(PROBE)
    clip: FloatRect = {
        "x": max(0, box["x"] - FOCUS_MARGIN),
        "y": max(0, box["y"] - FOCUS_MARGIN),
        "width": box["width"] + 2 * FOCUS_MARGIN,
        "height": box["height"] + 2 * FOCUS_MARGIN,
    }
    focused = visitor.screenshot(clip=clip, animations="disabled")
    visitor.evaluate("window.probed.blur()")
    blurred = visitor.screenshot(clip=clip, animations="disabled")
    visitor.evaluate("window.probed.focus({focusVisible: true, preventScroll: true})")
    return focused != blurred
