"""A served page, a browser before it, and what a visitor does there."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooSlow

from navigator.navigator import Navigator

expect.set_options(timeout=30_000)  # milliseconds; a machine that runs the gate is busy

SITUATION = "Only one person knows how this works, and she has resigned"
_TOO_WIDE = """[...document.querySelectorAll('[data-testid="stMain"] *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5
        && !element.closest('canvas, svg, [data-testid="stDataFrame"], [role="radiogroup"]'))
    .map((element) => element.tagName + "." + element.className).slice(0, 5)"""
"""Script that names what sticks out of the window, but for what can be moved sideways by itself."""

RING = """async (canvas) => {
    const {width, height} = canvas, ratio = width / canvas.clientWidth;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    let count = 0, x = 0, y = 0;
    for (let row = 0; row < height * 0.8; row++)
        for (let column = 0; column < width; column++) {
            const at = 4 * (row * width + column);
            if (pixels[at + 3] > 250 && pixels[at] < 50 && pixels[at + 1] < 46 && pixels[at + 2] < 42) {
                count++; x += column; y += row;
            }
        }
    return count < 10 ? null : [x / count / ratio, y / count / ratio];
}"""
"""Script that returns the middle of what is drawn in the colour of the rings, above the legend."""

HOSTILE = " ".join(
    [
        "Listen:",
        "<script>window.attacked = 1</script>",
        '<img src="https://attacker.example/a.png" onerror="window.attacked = 2">',
        "![home](https://attacker.example/b.png)",
        "[click](javascript:window.attacked=3)",
        '<iframe src="https://attacker.example/c"></iframe>',
        "https://attacker.example/d www.attacker.example",
        ":smile: $x^2$ :red[alarm] :material/home:",
        "`code` **bold** ~~gone~~ &lt;b&gt;",
    ]
)


@dataclass
class Site:
    """A served page.

    Attributes
    ----------
    url
        Where it is.
    navigator
        The façade over the same index, to compare with.
    data
        The user's data folder of the server.
    home
        The home of whoever runs the server, where it was started.
    process
        Its number.
    requests
        Address of every request that a browser made.
    """

    url: str
    navigator: Navigator
    data: Path
    home: Path
    process: int
    requests: list[str] = field(default_factory=list)


def hostile_document() -> str:
    return f"""---
slug: hostile
title: {json.dumps("Hostile " + HOSTILE)}
summary: {json.dumps(HOSTILE)}
context_labels: {{government: {json.dumps("Attack " + HOSTILE)}}}
lifecycle: {{confidence: 1}}
sources: [{json.dumps(HOSTILE)}]
license: {json.dumps(HOSTILE)}
attribution: {json.dumps(HOSTILE)}
---

### Section 1: Context

A xylophone quartet quarrels about quinces. {HOSTILE}

### Section 2: Problem

> **The core conflict is quinces vs. {HOSTILE}**

### Section 3: Solution

> **Therefore, {HOSTILE}**

### Section 4: Implementation

1. {HOSTILE}
2. Tune the xylophone.

### Section 8: Vitality

**Signs of life:**
- {HOSTILE}

**Signs of decay:**
- {HOSTILE}
"""


def visit(browser: Browser, site: Site, *, width: int, height: int) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    visitor = context.new_page()
    complaints: list[str] = []
    visitor.on("request", lambda request: site.requests.append(request.url))
    visitor.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.goto(site.url)
    expect(visitor.get_by_role("heading", name="Pattern Navigator")).to_be_visible(timeout=60_000)
    yield visitor
    context.close()
    assert not complaints


def ask(visitor: Page, question: str) -> None:
    visitor.get_by_placeholder("What is going on?").fill(question)
    visitor.get_by_placeholder("What is going on?").press("Enter")


def answer(visitor: Page, number: int) -> Locator:
    """Return an answer, from 0, once it has streamed to its end."""
    exchange = visitor.locator(f".st-key-exchange-{number}")
    expect(exchange.get_by_text("Did this help?")).to_be_visible(timeout=60_000)
    return exchange.get_by_label("Chat message from assistant")


def label(visitor: Page, number: int) -> Locator:
    return visitor.locator(f".st-key-exchange-{number}").get_by_role("heading", level=2)


def said(shown: Locator) -> str:
    """Return the text of a part of the page, without what keeps it from becoming a link or a symbol."""
    return " ".join(shown.inner_text().replace("\u2060", "").split())


def tab_to(visitor: Page, name: str) -> None:
    """Press Tab until the focus is on what bears this name or placeholder."""
    focused = "document.activeElement.placeholder || document.activeElement.innerText || ''"
    for _ in range(60):
        visitor.keyboard.press("Tab")
        if visitor.evaluate(focused).strip() == name.strip():
            return
    pytest.fail(f"Sixty presses of Tab did not reach {name!r}.")


def settled(visitor: Page) -> None:
    """Wait until the run of a page is over, and what the browser loads for it late is there."""
    expect(visitor.get_by_role("heading", level=1).first).to_be_visible(timeout=60_000)
    expect(visitor.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(visitor.get_by_test_id("stSkeleton")).to_have_count(0)


def too_wide(visitor: Page) -> list[str]:
    """Return what sticks out of the window once all has found its place; what moves by itself may."""
    with suppress(TooSlow):
        visitor.wait_for_function(f"{_TOO_WIDE}.length === 0", timeout=10_000)
    return list(visitor.evaluate(_TOO_WIDE))


def go(visitor: Page, site: Site, path: str) -> None:
    visitor.goto(f"{site.url}/{path}")
    settled(visitor)


def heading(visitor: Page) -> Locator:
    return visitor.get_by_role("heading", level=1)


def download(visitor: Page, button: str, folder: Path) -> Path:
    with visitor.expect_download() as taken:
        visitor.get_by_role("button", name=button, exact=True).click()
    file = folder / taken.value.suggested_filename
    taken.value.save_as(file)
    return file


def wait_until(holds: Callable[[], object]) -> None:
    """Wait for what happens elsewhere than on the page."""
    deadline = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < deadline, "It did not happen within two minutes."
        time.sleep(0.02)


def canvas(visitor: Page) -> Locator:
    return visitor.get_by_test_id("stVegaLiteChart").locator("canvas")


def ring(visitor: Page) -> tuple[float, float]:
    """Return where the one ring of the map is, in the window, once it is drawn."""
    canvas(visitor).scroll_into_view_if_needed()
    for _ in range(100):
        if found := canvas(visitor).evaluate(RING):
            box = canvas(visitor).bounding_box()
            assert box is not None
            return box["x"] + found[0], box["y"] + found[1]
        visitor.wait_for_timeout(100)
    pytest.fail("No ring was drawn.")


def open_map(visitor: Page) -> None:
    visitor.get_by_role("link", name="Map", exact=True).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Map")
    expect(canvas(visitor)).to_be_visible()
    settled(visitor)


def builder_of(site: Site) -> int:
    """Return the process that is at work on the index, once it has begun."""
    holder = site.navigator.settings.index / "build.holder"
    found: list[int] = []

    def began() -> bool:
        with suppress(OSError):
            found[:] = map(int, re.findall(r"\Aprocess (\d+)", holder.read_text("utf-8")))
        return bool(found)

    wait_until(began)
    return found[0]
