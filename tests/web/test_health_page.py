"""The behaviour of *Health*, without a browser."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

import pytest
from places import DOCUMENTS
from streamlit.testing.v1 import AppTest
from visiting import Opens, texts

from navigator.corpus import load_corpus
from navigator.health import Twins
from navigator.lint import lint_corpus
from navigator.navigator import Navigator
from navigator.pattern import Finding
from navigator.rebuild import Rebuild
from navigator.web.pages import health
from navigator.web.rebuilding import about


@pytest.fixture
def opens(opens: Opens, shelf: Navigator) -> Iterator[Opens]:
    """Open a page; what was rebuilt there is forgotten afterwards."""
    yield lambda name="health": opens(name)
    shelf._rebuild = None


@pytest.fixture
def sick(shelf: Navigator, monkeypatch: pytest.MonkeyPatch) -> Navigator:
    """The library with thousands of findings and a pair of twins."""
    findings = tuple(
        Finding(
            path=f"/docs/{n % 3}/{n}.md", line=n + 1, code="few-links", level="warning", message=f"No {n}."
        )
        for n in range(20_000)
    )
    twins = (Twins(first="open-till", second="kept-promises", similarity=0.93),)
    changed = shelf.health().model_copy(update={"findings": findings, "twins": twins})
    monkeypatch.setattr(shelf, "health", lambda: changed)
    return shelf


def paths(visitor: AppTest) -> list[str]:
    return [element.value for element in visitor.code]


def links(visitor: AppTest) -> list[str]:
    return [link.proto.query_string for link in visitor.get("page_link")]


def test_each_finding_names_file_and_line_and_leads_to_its_pattern(opens: Opens) -> None:
    visitor = opens()
    findings = lint_corpus(load_corpus([DOCUMENTS]))
    assert not visitor.exception
    assert paths(visitor) == [f"{found.path}:{found.line}" for found in findings[: health.FINDINGS]]
    assert findings[0].message[:20] in texts(visitor)
    assert any("pattern=" in query for query in links(visitor))


def test_the_index_its_links_and_labels_are_told(opens: Opens, shelf: Navigator) -> None:
    told = texts(opens())
    assert shelf.library.generation.name in told
    assert "hashing-0" in told
    assert f"Gini **{shelf.health().skews[0].gini:.2f}**" in told
    assert "| Government |" in told
    assert "ago." in told


def test_filters_narrow_the_findings(opens: Opens) -> None:
    visitor = opens()
    findings = lint_corpus(load_corpus([DOCUMENTS]))
    code = findings[0].code
    visitor.multiselect(key="findings-rule").set_value([code]).run()
    expected = [f"{found.path}:{found.line}" for found in findings if found.code == code]
    assert paths(visitor) == expected[: health.FINDINGS]
    visitor.text_input(key="findings-search").set_value("no such words").run()
    assert paths(visitor) == []
    assert "No finding is like this" in texts(visitor)


def test_a_reader_sees_no_folder_of_the_server(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = paths(opens())
    monkeypatch.setattr("navigator.web.roles.role", lambda: "reader")
    visitor = opens()
    above = f"{DOCUMENTS.parent}/"
    assert all(path.startswith(above) for path in full)
    assert paths(visitor) == [path.removeprefix(above) for path in full]
    assert str(DOCUMENTS.parent) not in texts(visitor) + str([each.options for each in visitor.multiselect])
    assert str(shelf.library.folder.parent) not in texts(visitor)
    assert f"**From** {DOCUMENTS.name}" in texts(visitor)
    assert any("pattern=" in query for query in links(visitor))


def test_twenty_thousand_findings_come_in_pages(opens: Opens, sick: Navigator) -> None:
    visitor = opens()
    assert paths(visitor) == [f"/docs/{n % 3}/{n}.md:{n + 1}" for n in range(health.FINDINGS)]
    assert "20,000 warnings" in texts(visitor)
    visitor.multiselect(key="findings-folder").set_value(["/docs/1"]).run()
    assert paths(visitor)[:2] == ["/docs/1/1.md:2", "/docs/1/4.md:5"]
    assert "6,667 warnings, of 20,000 findings" in texts(visitor)


def test_twins_open_beside_each_other(opens: Opens, sick: Navigator) -> None:
    visitor = opens()
    assert "0.93" in texts(visitor)
    assert {"pattern=open-till", "pattern=kept-promises"} <= set(links(visitor))
    visitor.button(key="beside-open-till-kept-promises").click().run()
    assert not visitor.exception
    for slug in ("open-till", "kept-promises"):
        assert sick.pattern(slug).summary[:40] in texts(visitor)


def working(*lines: dict[str, object]) -> Rebuild:
    """Return a rebuild that says these things and then goes on for long."""
    said = "\n".join(map(json.dumps, lines))
    script = f"import sys, time; print({said!r}, flush=True); sys.stdin.read(); time.sleep(20)"
    rebuild = Rebuild([sys.executable, "-c", script], "{}")
    while rebuild.progress.stage is None and rebuild.progress.running:
        rebuild.wait(0.02)
    return rebuild


def test_a_rebuild_is_seen_on_every_page(opens: Opens, shelf: Navigator) -> None:
    shelf._rebuild = working({"stage": "embedding", "done": 30, "total": 120})
    visitor = opens()
    assert "30 of 120" in visitor.get("progress")[0].proto.text
    # Two steps of six, and a quarter of the third.
    assert visitor.get("progress")[0].proto.value == 37
    assert visitor.button(key="rebuild-button").disabled
    for page in ("library", "pattern"):
        assert "The index is being rebuilt. Step 3 of 6" in texts(opens(page))


def test_the_end_of_a_rebuild_is_a_sentence(opens: Opens, shelf: Navigator) -> None:
    shelf._rebuild = Rebuild(["/no/such/program"], "{}")
    shelf._rebuild.wait(60)
    visitor = opens()
    assert "still answers" in visitor.error[0].value
    report = {"generation": "g", "unchanged": True, "patterns": 1, "readings": 0, "chunks": 2, "vectors": 2}
    line = json.dumps({"report": {**report, "levels": {}, "seconds": 2.0}})
    shelf._rebuild = Rebuild([sys.executable, "-c", f"print({line!r})"], "{}")
    shelf._rebuild.wait(60)
    assert "No document has changed" in opens().success[0].value


def test_the_button_begins_a_rebuild(opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    monkeypatch.setattr(shelf, "rebuild", lambda: begun.append(shelf))
    opens().button(key="rebuild-button").click().run()
    assert begun == [shelf]


def test_who_may_not_rebuild_sees_no_button(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("navigator.web.rebuilding.may_rebuild", lambda: False)
    assert "rebuild-button" not in {button.key for button in opens().button}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "a few seconds"),
        (31, "about 30 seconds"),
        (50, "about a minute"),
        (89, "about a minute"),
        (150, "about 2 minutes"),
        (7300, "about 2 hours"),
        (200_000, "about 2 days"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert about(seconds) == words
