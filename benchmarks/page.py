"""Measure the page against a minimal chat of Streamlit, LangChain and Chroma: same documents, model, browser.

    pip install -e '.[test,peers]'
    python benchmarks/page.py                               # both, on the bundled corpus, from nothing
    python benchmarks/page.py --whole LIBRARY --index DIR   # … and ours on an index of a whole library

From the start of the command on an empty folder to a page that has answered its first question; the same
once the index is there; then visit after visit, each in a browser that has seen nothing: first contentful
paint, the input ready, and from the press of Enter to the first words of a warm answer and to its last.
Both are asked the same, and take turns. Prints a Markdown table for benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright
from served import ARGUMENTS, CHROMIUM, REPOSITORY, Served, chat, free_port, serving

from navigator.settings import load_settings
from navigator.web.launch import server_command, server_environment

QUESTIONS = (
    "Only one person knows how this works, and she has resigned",
    "Bad news never reaches the top until it is too late",
    "We have tripled in a year and every decision waits for me",
    "Two teams keep building the same thing without knowing of each other",
    "People agree in the meeting and then do as they like",
)
PATIENCE = 1_800_000
"""Milliseconds that a page may take for its first answer, its index built."""

WATCH = """() => {
    const seen = window.seen = {ready: null, asked: null, first: null, last: null, before: 0};
    const answers = () => document.querySelectorAll('[aria-label="Chat message from assistant"]');
    const words = answer => [...answer.querySelectorAll('h2, p, li')]
        .filter(line => !line.closest('[data-testid="stSpinner"], small, button'))
        .map(line => line.textContent).join(' ');
    let shown = '';
    addEventListener('keydown', event => {
        if (event.key !== 'Enter') return;
        Object.assign(seen, {asked: performance.now(), first: null, last: null, before: answers().length});
        shown = '';
    }, true);
    const look = now => {
        if (seen.ready === null && document.querySelector('textarea')) seen.ready = performance.now();
        const all = answers();
        if (seen.asked !== null && all.length > seen.before) {
            const text = words(all[all.length - 1]);
            if (text.trim() && text !== shown) {
                shown = text;
                seen.last = performance.now();
                seen.first ??= seen.last;
            }
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
"""Script that notes, frame by frame, when the input is there and when the words of an answer change."""

Start = Callable[[], AbstractContextManager[Served]]


@dataclass
class Figures:
    """What was measured of one app: seconds to a first answer, and milliseconds of each visit."""

    fresh: float | None = None
    again: float | None = None
    paint: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--visits", type=int, default=20, help="visits to each (default: 20)")
    parser.add_argument("--corpus", type=Path, default=REPOSITORY / "corpus", help="folder of documents")
    parser.add_argument("--whole", type=Path, metavar="LIBRARY", help="folder of the whole library")
    parser.add_argument("--index", type=Path, metavar="DIR", help="index of it; it is only read")
    arguments = parser.parse_args()
    if (arguments.whole is None) != (arguments.index is None):
        parser.error("--whole and --index go together: a library, and an index of it.")
    if CHROMIUM is None:
        sys.exit("There is no chromium on this machine; `apt-get install chromium` brings one.")
    if importlib.util.find_spec("langchain_chroma") is None:
        sys.exit("The minimal chat is not installed. Run `pip install -e '.[peers]'`.")
    with tempfile.TemporaryDirectory(prefix="navigator-page-") as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        corpus = arguments.corpus.absolute()
        apps = {
            "navigator chat": ours(Path(scratch, "ours"), corpus),
            "minimal chat": minimal(Path(scratch, "minimal"), corpus),
        }
        results = {name: Figures() for name in apps}
        for name, start in apps.items():
            print(f"{name}: starting from nothing, and again", file=sys.stderr, flush=True)
            results[name].fresh = seconds_to_answer(start, browser)
            results[name].again = seconds_to_answer(start, browser)
        if arguments.whole:
            apps["navigator chat, whole library"] = whole(
                Path(scratch, "whole"), arguments.whole, arguments.index
            )
            results["navigator chat, whole library"] = Figures()
        with ExitStack() as stack:
            served = {name: stack.enter_context(start()) for name, start in apps.items()}
            print(f"{arguments.visits} visits to each", file=sys.stderr, flush=True)
            for number in range(-1, arguments.visits):
                for name, app in served.items():
                    # The first visit loads the model, and does not count.
                    visit(
                        browser,
                        app,
                        QUESTIONS[number % len(QUESTIONS)],
                        results[name] if number >= 0 else Figures(),
                    )
        browser.close()
    print(table(results, arguments.visits))


def ours(home: Path, corpus: Path) -> Start:
    """Return how ``navigator chat`` is started."""
    home.mkdir()
    return lambda: chat(home, {"NAVIGATOR_CORPUS": str(corpus), "NAVIGATOR_INDEX": str(home / "index")})


def whole(home: Path, library: Path, index: Path) -> Start:
    """Return how the app is started on an index that is there, without bringing it up to date."""
    home.mkdir()
    settings = server_environment(load_settings(corpus=(library,), index=index), {})

    @contextmanager
    def start() -> Iterator[Served]:
        port = free_port()
        with serving(server_command(port, open_browser=False), port, home, settings) as served:
            yield served

    return start


def minimal(home: Path, corpus: Path) -> Start:
    """Return how the minimal chat is started."""
    home.mkdir()
    settings = {
        "MINIMAL_CORPUS": str(corpus),
        "MINIMAL_INDEX": str(home / "index"),
        "ANONYMIZED_TELEMETRY": "False",
    }
    app = str(REPOSITORY / "benchmarks" / "minimal_chat.py")

    @contextmanager
    def start() -> Iterator[Served]:
        port = free_port()
        # The options of our own command, for another app.
        command = [
            app if word.endswith("app.py") else word for word in server_command(port, open_browser=False)
        ]
        with serving(command, port, home, settings) as served:
            yield served

    return start


def seconds_to_answer(start: Start, browser: Browser) -> float:
    """Return the seconds from the start of a command until a visitor has a whole answer."""
    begun = time.perf_counter()
    with start() as served:
        page = arrive(browser, served)
        ask(page, QUESTIONS[0])
        seconds = time.perf_counter() - begun
        page.context.close()
    return seconds


def visit(browser: Browser, served: Served, question: str, figures: Figures) -> None:
    """Come for the first time, ask, and note how long everything took."""
    page = arrive(browser, served)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    seen = ask(page, question)
    figures.paint.append(paint)
    figures.ready.append(seen["ready"])
    figures.first.append(seen["first"] - seen["asked"])
    figures.last.append(seen["last"] - seen["asked"])
    page.context.close()


def arrive(browser: Browser, served: Served) -> Page:
    """Open the page in a browser that has seen nothing, and wait for its input."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    page.add_init_script(f"({WATCH})()")
    page.goto(served.url)
    page.get_by_placeholder("What is going on?").wait_for()
    idle(page)
    return page


def ask(page: Page, question: str) -> dict[str, float]:
    """Ask, wait for the whole answer, and return what the page noted."""
    page.get_by_placeholder("What is going on?").fill(question)
    page.get_by_placeholder("What is going on?").press("Enter")
    page.wait_for_function("window.seen.first !== null")
    idle(page)
    return dict(page.evaluate("window.seen"))


def idle(page: Page) -> None:
    """Wait until the script of the page has run to its end."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE)


def table(results: dict[str, Figures], visits: int) -> str:
    """Return the figures as a Markdown table."""

    def row(name: str, figure: Callable[[Figures], str]) -> str:
        return f"| {name} | {' | '.join(map(figure, results.values()))} |"

    def seconds(taken: float | None) -> str:
        return "" if taken is None else f"{taken:.1f} s"

    def milliseconds(taken: list[float]) -> str:
        return f"{statistics.median(taken):,.0f} ms ({max(taken):,.0f})"

    return "\n".join(
        [
            f"Median (longest) of {visits} visits",
            "",
            f"| | {' | '.join(results)} |",
            "|---" * (len(results) + 1) + "|",
            row("command to first answer, nothing there yet", lambda app: seconds(app.fresh)),
            row("… index there", lambda app: seconds(app.again)),
            row("first contentful paint", lambda app: milliseconds(app.paint)),
            row("input ready", lambda app: milliseconds(app.ready)),
            row("question to first words, warm", lambda app: milliseconds(app.first)),
            row("question to complete answer, warm", lambda app: milliseconds(app.last)),
        ]
    )


if __name__ == "__main__":
    main()
