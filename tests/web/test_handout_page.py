"""The behaviour of *Handout*, without a browser, and of the buttons that lead there."""

from __future__ import annotations

import base64

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block
from visiting import Opens, texts

from navigator.export import render
from navigator.navigator import Navigator
from navigator.web import choice, gathering
from navigator.web.pages import handout

STRING = ["open-till", "rolling-handover", "bad-news-first"]
TITLES = ["Open Till", "Rolling Handover", "Bad News First"]


def order(visitor: AppTest) -> list[str]:
    """Return the patterns as the page lists them."""
    links = [
        link.proto.label.replace("\\", "")
        for link in visitor.get("page_link")
        if "pattern=" in link.proto.query_string
    ]
    return [label.split(". ", 1)[-1] for label in links]


def preview(visitor: AppTest) -> bytes:
    (frame,) = visitor.get("iframe")
    kind, _, page = frame.proto.src.partition(",")
    assert kind == "data:text/html;charset=utf-8;base64"
    assert not frame.proto.srcdoc
    return base64.b64decode(page)


def place_of_preview(block: Block) -> tuple[int, ...] | None:
    """Return where the preview stands: its place in each block around it, outermost first."""
    for number, child in block.children.items():
        if child.type == "iframe":
            return (number,)
        if isinstance(child, Block) and (within := place_of_preview(child)):
            return (number, *within)
    return None


def test_an_empty_handout_says_how_to_begin(opens: Opens) -> None:
    visitor = opens("handout")
    assert visitor.title[0].value == "Handout"
    assert "Add to a handout" in texts(visitor)
    assert not visitor.get("iframe")
    assert not visitor.get("download_button")


def test_patterns_are_found_while_typing_and_added(opens: Opens) -> None:
    visitor = opens("handout")
    visitor.text_input(key="handout-search").set_value("nobody lea").run()
    assert visitor.button(key="add-found-0").label == "Rolling Handover"
    visitor.button(key="add-found-0").click().run()
    assert order(visitor) == ["Rolling Handover"]
    assert visitor.query_params["string"] == "rolling-handover"
    assert not [button for button in visitor.button if button.label == "Up"]
    visitor.text_input(key="handout-search").set_value("rolling handover").run()
    assert "Rolling Handover" not in [button.label for button in visitor.button]
    visitor.text_input(key="handout-search").set_value("why we closed on mondays").run()
    assert "Why We Closed on Mondays" not in [button.label for button in visitor.button]
    visitor.text_input(key="handout-search").set_value("zxqv").run()
    assert "Nothing else bears these words" in texts(visitor)


def test_the_preview_is_the_web_page_itself(opens: Opens, shelf: Navigator) -> None:
    visitor = opens("handout", string=",".join(STRING), context="government")
    composed = shelf.compose(STRING, context="government")
    assert preview(visitor) == render(composed, "html")
    for sheet in composed.sheets:
        assert sheet.transition in texts(visitor)
    assert composed.terms in texts(visitor)


def test_a_link_restores_everything_and_buttons_reorder(opens: Opens, shelf: Navigator) -> None:
    link = {"string": ",".join(STRING), "for": "all", "form": "brief", "paper": "letter", "title": "Monday"}
    visitor = opens("handout", **link)
    assert order(visitor) == TITLES
    assert visitor.toggle(key="handout-everyone").value is True
    assert visitor.text_input(key="handout-title").value == "Monday"
    made = shelf.handout(STRING, to="html", context="all", form="brief", paper="letter", title="Monday")
    assert preview(visitor) == made
    visitor.button(key="up-2").click().run()
    assert order(visitor) == ["Open Till", "Bad News First", "Rolling Handover"]
    visitor.button(key="down-0").click().run()
    assert order(visitor) == ["Bad News First", "Open Till", "Rolling Handover"]
    visitor.button(key="first-2").click().run()
    assert order(visitor) == ["Rolling Handover", "Bad News First", "Open Till"]
    visitor.button(key="take-out-1").click().run()
    assert order(visitor) == ["Rolling Handover", "Open Till"]
    assert visitor.query_params["string"] == "rolling-handover,open-till"
    assert visitor.query_params["title"] == "Monday"


def test_the_first_goes_no_higher_and_the_last_no_lower(opens: Opens) -> None:
    visitor = opens("handout", string=",".join(STRING))
    dead = {button.key for button in visitor.button if button.disabled}
    assert {"first-0", "up-0", "down-2"} <= dead
    assert not {"down-0", "first-2", "up-2"} & dead


def test_the_suggested_order_is_taken_at_a_click(opens: Opens, shelf: Navigator) -> None:
    visitor = opens("handout", string=",".join(STRING))
    visitor.button(key="suggest").click().run()
    assert order(visitor) == [shelf.pattern(slug).title for slug in shelf.suggested_order(STRING)]
    assert order(visitor) != TITLES
    assert visitor.button(key="suggest").disabled


def test_what_is_chosen_is_kept_for_the_visit_and_the_address(opens: Opens) -> None:
    visitor = opens("handout", string=",".join(STRING))
    visitor.toggle(key="handout-everyone").set_value(True)
    visitor.text_input(key="handout-title").set_value("Monday evening").run()
    opens("library", visitor)
    assert "string" not in visitor.query_params
    opens("handout", visitor)
    assert order(visitor) == TITLES
    assert visitor.text_input(key="handout-title").value == "Monday evening"
    assert dict(visitor.query_params) == {
        "string": ",".join(STRING),
        "for": "all",
        "title": "Monday evening",
    }


def test_other_pages_add_and_take_out(opens: Opens) -> None:
    visitor = opens("pattern", pattern="rolling-handover")
    visitor.button(key="add-rolling-handover").click().run()
    assert visitor.button(key="add-rolling-handover").label == "Take it out"
    assert "Your handout: 1 pattern" in [link.proto.label for link in visitor.get("page_link")]
    opens("handout", visitor)
    assert order(visitor) == ["Rolling Handover"]
    opens("pattern", visitor, pattern="rolling-handover")
    visitor.button(key="add-rolling-handover").click().run()
    opens("handout", visitor)
    assert "string" not in visitor.query_params
    opens("pattern", visitor, pattern="why-we-closed-on-mondays")
    assert not [button for button in visitor.button if "handout" in button.label]


def test_an_answer_offers_its_pattern(opens: Opens) -> None:
    visitor = opens("pattern", pattern="rolling-handover")
    visitor.button(key="ask-about-this").click().run()
    visitor.button(key="add-0").click().run()
    opens("handout", visitor)
    assert order(visitor) == ["Rolling Handover"]


def test_names_that_a_link_gets_wrong_are_told_and_the_rest_is_there(opens: Opens) -> None:
    visitor = opens("handout", string="Open Till,rolling-hand,why-we-closed-on-mondays,bad-news-first")
    assert order(visitor) == ["Open Till", "Bad News First"]
    told = [warning.value.replace("\\", "") for warning in visitor.warning]
    assert ["Did you mean rolling-handover" in told[0], "is an article" in told[1]] == [True, True]
    assert visitor.query_params["string"] == "open-till,bad-news-first"
    assert not visitor.exception


def test_a_handout_holds_only_so_many(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (choice, gathering, handout):
        monkeypatch.setattr(module, "MOST", 2)
    visitor = opens("handout", string=",".join(STRING))
    assert order(visitor) == TITLES[:2]
    assert "the first 2 of the link are taken" in visitor.warning[0].value
    assert "as many as a handout holds" in texts(visitor)
    opens("pattern", visitor, pattern="bad-news-first")
    assert visitor.button(key="add-bad-news-first").disabled


def test_what_may_not_be_handed_on_is_a_sentence_and_can_be_taken_out(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = shelf.library.pattern

    def licensed(slug: str) -> object:
        return read(slug).model_copy(update={"license": "CC BY-ND 4.0"} if slug == "open-till" else {})

    monkeypatch.setattr(shelf.library, "pattern", licensed)
    visitor = opens("handout", string=",".join(STRING), title="Not to be made")
    assert "“Open Till” is under CC-BY-ND-4.0" in visitor.error[0].value.replace("\\", "")
    assert not visitor.get("iframe")
    assert not visitor.get("download_button")
    assert order(visitor) == TITLES
    visitor.button(key="take-out-0").click().run()
    assert not visitor.error
    assert preview(visitor)


def test_no_preview_takes_the_frame_of_another_and_leaves_a_step_to_go_back_to(opens: Opens) -> None:
    visitor = opens("handout", string="rolling-handover,open-till")
    places = [place_of_preview(visitor.main)]
    visitor.button(key="up-1").click().run()
    places.append(place_of_preview(visitor.main))
    visitor.run()
    places.append(place_of_preview(visitor.main))
    visitor.button(key="up-1").click().run()
    places.append(place_of_preview(visitor.main))
    assert places[0] == places[3] != places[1] == places[2]
