"""The behaviour of *Library*, *Pattern* and *Map*, without a browser, and the way between the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df
from streamlit.testing.v1 import AppTest
from visiting import Opens, texts

from navigator.errors import IndexMismatchError
from navigator.navigator import Navigator
from navigator.pattern import Pattern
from navigator.web.conversation import Request
from navigator.web.map_chart import groups
from navigator.web.pages import library


def cards(visitor: AppTest) -> list[str]:
    """Return the labels of the links to patterns."""
    links = visitor.get("page_link")
    return [link.proto.label.replace("\\", "") for link in links if "pattern=" in link.proto.query_string]


def test_the_library_shows_a_card_for_each_document(opens: Opens, shelf: Navigator) -> None:
    visitor = opens("library")
    assert visitor.title[0].value == "Library"
    assert cards(visitor) == [entry.title for entry in shelf.catalogue()]
    assert f"{len(shelf.catalogue())} documents" in texts(visitor)


def test_typing_narrows_the_library(opens: Opens) -> None:
    visitor = opens("library")
    visitor.text_input(key="library-search").set_value("nobody lea").run()
    assert cards(visitor)[0] == "Rolling Handover"
    visitor.text_input(key="library-search").set_value("nobody leaves twi").run()
    assert cards(visitor) == ["Rolling Handover"]
    visitor.text_input(key="library-search").set_value("zxqv").run()
    assert cards(visitor) == []
    assert "Nothing here bears these words" in texts(visitor)


def test_a_facet_narrows_the_library(opens: Opens, shelf: Navigator) -> None:
    visitor = opens("library")
    visitor.multiselect(key="facet-confidence").set_value(["2"]).run()
    expected = [entry.title for entry in shelf.browse(narrowed={"confidence": ["2"]})]
    assert cards(visitor) == expected
    assert any(option.startswith("★★☆ (") for option in visitor.multiselect(key="facet-confidence").options)


def test_cards_speak_in_the_context_and_link_to_it(opens: Opens, shelf: Navigator) -> None:
    visitor = opens("library", context="tech")
    assert visitor.radio(key="context").value == "tech"
    assert "Bus Factor Pairing" in cards(visitor)
    assert "*Rolling Handover*" in texts(visitor)
    link = next(link for link in visitor.get("page_link") if link.proto.label == "Bus Factor Pairing")
    assert link.proto.query_string == "pattern=rolling-handover&context=tech"


def test_a_large_library_comes_page_by_page(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "CARDS", 3)
    titles = [entry.title for entry in shelf.catalogue()]
    visitor = opens("library")
    assert cards(visitor) == titles[:3]
    visitor.get("pagination")[0].set_value(2).run()
    assert cards(visitor) == titles[3:6]
    visitor.multiselect(key="facet-confidence").set_value(["2"]).run()
    assert cards(visitor) == [entry.title for entry in shelf.browse(narrowed={"confidence": ["2"]})][:3]


def test_the_table_holds_everything_found(opens: Opens, shelf: Navigator) -> None:
    visitor = opens("library")
    visitor.get("button_group")[0].set_value("Table").run()
    assert list(visitor.dataframe[0].value["Name"]) == [entry.title for entry in shelf.catalogue()]


def test_a_pattern_is_shown_whole(opens: Opens, shelf: Navigator) -> None:
    pattern = shelf.pattern("rolling-handover")
    assert isinstance(pattern, Pattern)
    visitor = opens("pattern", pattern="rolling-handover")
    assert not visitor.exception
    assert visitor.title[0].value == "Rolling Handover"
    headings = [heading.value for heading in visitor.subheader]
    assert headings[:8] == [section.role for section in pattern.sections]
    shown = " ".join(texts(visitor).split())
    for told in (
        "★★☆ confidence",
        pattern.usable_tension,
        pattern.summary,
        pattern.license,
        pattern.attribution,
        pattern.sources[0],
        pattern.ontology.commons_assessment.vitality_reasoning,
        "Nobody Leaves Twice",
        "Overall **3.7** of 5",
        "Weight 0.80, drawn by people",
    ):
        assert told in shown


def test_every_block_of_every_section_is_there(opens: Opens, shelf: Navigator) -> None:
    for entry in shelf.catalogue():
        visitor = opens("pattern", pattern=entry.slug)
        assert not visitor.exception, entry.slug
        assert not visitor.error, entry.slug
        shown = texts(visitor)
        for section in shelf.pattern(entry.slug).sections:
            for block in section.blocks:
                assert block.text.split()[-1].strip("*_`|>") in shown, (entry.slug, block.text)


def test_a_pattern_may_be_named_by_any_of_its_names(opens: Opens) -> None:
    visitor = opens("pattern", pattern="Bus Factor Pairing")
    assert visitor.title[0].value == "Rolling Handover"
    assert visitor.query_params["pattern"] == "rolling-handover"


def test_a_click_on_a_name_speaks_on_in_those_words(opens: Opens) -> None:
    visitor = opens("pattern", pattern="rolling-handover")
    visitor.button(key="name-tech").click().run()
    assert visitor.title[0].value == "Bus Factor Pairing"
    assert visitor.radio(key="context").value == "tech"


@pytest.mark.parametrize(
    ("name", "says"), [("rolling-hand", "Did you mean rolling-handover"), ("", "No pattern is open")]
)
def test_without_a_pattern_the_way_to_one_is_shown(opens: Opens, name: str, says: str) -> None:
    visitor = opens("pattern", pattern=name)
    assert not visitor.exception
    assert says in texts(visitor)
    assert visitor.get("page_link")


def test_ticking_signs_gives_a_reading(opens: Opens) -> None:
    visitor = opens("pattern", pattern="rolling-handover")
    assert "The reading comes with the first tick" in texts(visitor)
    boxes = [box.key for box in visitor.checkbox]
    life = [key for key in boxes if key.startswith("life-")]
    decay = [key for key in boxes if key.startswith("decay-")]
    for key in life:
        visitor.checkbox(key=key).check()
    assert "Alive:" in texts(visitor.run())
    for key in life:
        visitor.checkbox(key=key).uncheck()
    for key in decay:
        visitor.checkbox(key=key).check()
    assert "Replant:" in texts(visitor.run())


def test_ask_about_this_begins_a_conversation_in_the_context(opens: Opens) -> None:
    visitor = opens("pattern", pattern="rolling-handover")
    visitor.radio(key="context").set_value("tech").run()
    visitor.button(key="ask-about-this").click().run()
    assert visitor.title[0].value == "Pattern Navigator"
    assert [header.value for message in visitor.chat_message for header in message.header] == [
        "Bus Factor Pairing"
    ]


def test_an_error_that_nobody_foresaw_is_a_sentence_too(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("/secret/path exploded")

    monkeypatch.setattr(shelf, "facets", fail)
    visitor = opens("library")
    assert not visitor.exception
    assert "`navigator doctor`" in visitor.error[0].value
    assert "secret" not in visitor.error[0].value


def test_the_other_pages_know_only_a_context_that_was_chosen(opens: Opens) -> None:
    visitor = opens("pattern", pattern="rolling-handover")
    assert visitor.radio(key="context").value == ""
    assert visitor.title[0].value == "Rolling Handover"
    assert "context" not in visitor.query_params
    visitor.radio(key="context").set_value("tech").run()
    assert visitor.title[0].value == "Bus Factor Pairing"
    assert visitor.query_params["context"] == "tech"
    assert visitor.session_state["conversation"].context == "tech"
    visitor.radio(key="context").set_value("").run()
    assert visitor.title[0].value == "Rolling Handover"
    assert "context" not in visitor.query_params


def drawn(visitor: AppTest) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the map, by dataset."""
    chart = visitor.get("vega_lite_chart")[0].proto
    return {
        dataset.name: convert_arrow_bytes_to_pandas_df(dataset.data.data).to_dict("records")
        for dataset in chart.datasets
    }


def test_sections_of_one_kind_go_by_their_own_names(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shelf.pattern("rolling-handover")
    first, second, *rest = found.sections
    again = second.model_copy(update={"role": first.role, "name": "Where it applies"})
    named = first.model_copy(update={"name": "Overview"})
    doubled = found.model_copy(update={"sections": (named, again, *rest)})
    monkeypatch.setattr(shelf, "pattern", lambda name: doubled)
    headings = [heading.value for heading in opens("pattern", pattern="rolling-handover").subheader]
    assert headings[:3] == ["Overview", "Where it applies", rest[0].role]


def test_cards_say_the_domain_where_there_are_several(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = f"{shelf.catalogue()[0].domain.replace('-', ' ')} ·"
    assert told in texts(opens("library"))
    one = {facet: values for facet, values in shelf.facets().items() if facet != "domain"}
    monkeypatch.setattr(shelf, "facets", lambda: one)
    visitor = opens("library")
    assert cards(visitor)
    assert told not in texts(visitor)


def test_the_map_holds_everything_and_says_it_in_words_too(opens: Opens, shelf: Navigator) -> None:
    visitor = opens("map", context="tech")
    assert not visitor.exception
    assert {row["slug"]: row["label"] for row in drawn(visitor)["points"]} == {
        point.slug: point.label for point in shelf.map(context="tech")
    }
    assert not drawn(visitor)["marked"]
    assert visitor.subheader[0].value == f"{len(shelf.map())} documents by domain"
    for name, count in groups(shelf.map()).items():
        assert f"- {name}: {count}" in texts(visitor)


def test_a_search_lights_up_and_lists_what_it_finds(opens: Opens, shelf: Navigator) -> None:
    visitor = opens("map", context="tech")
    before = visitor.get("vega_lite_chart")[0].proto.spec
    visitor.text_input(key="map-search").set_value("hand").run()
    found = [entry.slug for entry in shelf.browse("hand")]
    assert 1 < len(found) < len(shelf.map())
    assert [row["slug"] for row in drawn(visitor)["marked"]] == found[::-1]
    assert cards(visitor) == [entry.label("tech") for entry in shelf.browse("hand")]
    # Only rows have changed: the browser keeps the chart with its zoom and its legend.
    assert visitor.get("vega_lite_chart")[0].proto.spec == before
    visitor.text_input(key="map-search").set_value("zxqv").run()
    assert "Nothing here bears these words" in texts(visitor)
    assert drawn(visitor)["veil"]


def test_a_question_has_a_place_and_the_list_says_what_is_around_it(opens: Opens, shelf: Navigator) -> None:
    question = "Only one person knows how this works, and she has resigned"
    visitor = opens("map")
    visitor.text_input(key="map-question").set_value(question).run()
    placed = shelf.place(question)
    assert placed is not None
    numbered = {row["number"]: row["slug"] for row in drawn(visitor)["marked"]}
    assert numbered == {number: near.slug for number, near in enumerate(placed.neighbours, start=1)}
    assert drawn(visitor)["here"] == [{"x": placed.x, "y": placed.y}]
    assert len(drawn(visitor)["spokes"]) == len(placed.neighbours)
    assert cards(visitor) == [f"{number}. {near.label}" for number, near in enumerate(placed.neighbours, 1)]


def test_a_question_that_nothing_fits_is_told_so(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = shelf.place("calm through discretion")
    assert placed is not None
    monkeypatch.setattr(shelf, "place", lambda question, **_: replace(placed, confidence=0.1))
    visitor = opens("map")
    visitor.text_input(key="map-question").set_value("xyzzy").run()
    assert "Nothing in this library fits that" in texts(visitor)
    assert cards(visitor)


def test_the_map_shows_what_is_talked_of_until_another_question_is_put(
    opens: Opens, shelf: Navigator
) -> None:
    def say(words: str, slug: str | None = None) -> str | None:
        conversation = visitor.session_state["conversation"]
        conversation.want(Request(words, slug))
        conversation.answer(conversation.turns[-1], shelf)
        return visitor.run().text_input(key="map-question").value

    visitor = opens("map")
    assert visitor.text_input(key="map-question").value == ""
    told = "nobody leaves twice: a rolling handover of what only one person knows"
    assert say(told) == told
    assert drawn(visitor)["here"]
    assert say("What could go wrong?") == told
    visitor.text_input(key="map-question").set_value("").run()
    assert not drawn(visitor)["here"]
    visitor.session_state["conversation"].go_back_to(0)
    assert say("Bus Factor Pairing", "rolling-handover") == "Rolling Handover"


def test_an_index_without_a_map_is_a_sentence_with_the_command(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: object) -> None:
        raise IndexMismatchError("There is no map yet. `navigator index` draws it.")

    monkeypatch.setattr(shelf, "map", fail)
    visitor = opens("map")
    assert not visitor.exception
    assert "`navigator index`" in visitor.error[0].value
