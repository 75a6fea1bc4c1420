"""A served page, a browser before it, and what a visitor does there."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
