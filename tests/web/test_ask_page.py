"""The behaviour of *Ask*, without a browser: Streamlit's AppTest runs ``app.py`` as a session would."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_server import KEY, Script, Server, refuses, says
from streamlit.testing.v1 import AppTest

from navigator.answer import Answer
from navigator.conversation import State
from navigator.errors import LanguageModelError
from navigator.navigator import Navigator
from navigator.settings import load_settings
from navigator.web import rating, shell
from navigator.web.answers import with_reason
from navigator.web.conversation import Request

pytestmark = pytest.mark.model

APP = Path(shell.__file__).parents[2] / "app.py"
SITUATION = "Only one person knows how this works, and she has resigned"


@pytest.fixture
def open_page(
    navigator: Navigator, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], AppTest]:
    """Open the page on the index of the test documents, as a new visitor."""
    monkeypatch.setattr(shell, "open_navigator", lambda settings: navigator)
    monkeypatch.setattr(rating, "feedback_file", lambda: elsewhere / "feedback.jsonl")
    return lambda: AppTest.from_file(str(APP), default_timeout=60).run()


@pytest.fixture
def visitor(open_page: Callable[[], AppTest]) -> AppTest:
    return open_page()


def ask(visitor: AppTest, question: str) -> AppTest:
    return visitor.chat_input(key="question").set_value(question).run()


def labels(visitor: AppTest) -> list[str]:
    """Return what each answer is headed by, oldest first."""
    return [header.value for message in visitor.chat_message for header in message.header]


def texts(visitor: AppTest) -> str:
    return "\n".join(element.value for element in [*visitor.markdown, *visitor.caption])


def test_a_visitor_is_met_by_examples_and_what_the_library_holds(
    visitor: AppTest, navigator: Navigator
) -> None:
    assert visitor.title[0].value == "Pattern Navigator"
    examples = [button for button in visitor.button if button.key.startswith("example-")]
    assert len(examples) == len(navigator.examples())
    patterns = sum(entry.is_pattern for entry in navigator.catalogue())
    beside = "\n".join(caption.value for caption in visitor.sidebar.caption)
    assert f"{patterns} patterns" in beside
    assert "★★☆" in beside
    assert "Nothing you type leaves this machine" in beside


def test_an_example_is_asked_at_a_click(visitor: AppTest, navigator: Navigator) -> None:
    expected = navigator.ask(navigator.examples()[0])
    visitor.button(key="example-0").click().run()
    assert labels(visitor) == [expected.label]


def test_an_answer_has_every_part_in_the_words_of_the_context(visitor: AppTest, answer: Answer) -> None:
    visitor.radio(key="context").set_value("government").run()
    ask(visitor, SITUATION)
    assert labels(visitor) == [answer.label]
    visitor.button(key="more-0").click().run()
    headings = [heading.value for heading in visitor.subheader]
    assert headings[: len(answer.parts)] == [part.heading for part in answer.parts]
    shown = texts(visitor)
    assert f"*{answer.patterns[0].title}*" in shown
    assert ":violet-badge[Government]" in shown
    assert "**Therefore" in shown


def test_the_sources_name_passage_section_file_characters_and_licence(
    visitor: AppTest, answer: Answer
) -> None:
    visitor.radio(key="context").set_value("government").run()
    ask(visitor, SITUATION)
    passage, provenance = answer.patterns[0].passage, answer.provenance
    assert provenance is not None
    inside = texts(visitor.expander[0]).replace("\\", "")
    assert f"“{passage.section}”" in inside
    assert Path(passage.path).name in inside
    assert f"characters {passage.start:,} to {passage.end:,}" in inside
    assert provenance.license in inside
    assert provenance.attribution in inside


def test_what_has_streamed_is_what_stays(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    streamed = [element.value for element in visitor.markdown]
    visitor.run()
    assert [element.value for element in visitor.markdown] == streamed


def test_another_context_says_the_same_pattern_in_other_words(visitor: AppTest, navigator: Navigator) -> None:
    visitor.radio(key="context").set_value("government").run()
    ask(visitor, SITUATION)
    visitor.radio(key="context").set_value("tech").run()
    assert labels(visitor) == [navigator.ask(SITUATION, context="tech").label]
    assert len([message for message in visitor.chat_message if message.name == "user"]) == 1
    assert ":green-badge[Tech]" in texts(visitor)


def test_a_related_pattern_is_a_click_away(visitor: AppTest, answer: Answer) -> None:
    visitor.radio(key="context").set_value("government").run()
    ask(visitor, SITUATION)
    visitor.button(key="related-0-0").click().run()
    assert labels(visitor) == [answer.label, answer.related[0].label]


def test_another_pattern_that_may_fit_is_a_click_away(visitor: AppTest, answer: Answer) -> None:
    visitor.radio(key="context").set_value("government").run()
    ask(visitor, SITUATION)
    visitor.button(key="other-0-0").click().run()
    assert labels(visitor) == [answer.label, answer.patterns[1].label]


def test_a_context_that_was_heard_is_kept_on_the_way_to_another_pattern(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    ask(visitor, "We are a city department")
    visitor.button(key="related-1-0").click().run()
    assert texts(visitor).count(":violet-badge[Government]") == 2


def test_a_follow_up_is_about_the_pattern_in_focus(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    ask(visitor, "What could go wrong?")
    assert len(set(labels(visitor))) == 1
    assert "Consequences" in [heading.value for heading in visitor.subheader]


def test_where_nothing_fits_the_nearest_are_offered(visitor: AppTest) -> None:
    ask(visitor, "zxqv wvut 42")
    assert labels(visitor) == []
    assert "Nothing in this library fits" in texts(visitor)
    visitor.button(key="nearest-0-0").click().run()
    assert len(labels(visitor)) == 1


@pytest.mark.parametrize("question", ["🙂🙂🙂", "w " * 24_000, "¿Quién decide aquí?"])
def test_odd_questions_get_civil_answers(visitor: AppTest, question: str) -> None:
    ask(visitor, question)
    assert not visitor.exception
    assert not visitor.error
    assert len(visitor.chat_message) == 2


def test_a_new_conversation_starts_from_the_examples(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    visitor.button(key="new-conversation").click().run()
    assert labels(visitor) == []
    assert visitor.button(key="example-0")


def test_two_visitors_do_not_see_each_other(open_page: Callable[[], AppTest]) -> None:
    first, second = open_page(), open_page()
    ask(first, SITUATION)
    assert labels(second.run()) == []


def test_a_thumb_and_a_comment_are_kept_in_a_local_file_without_the_question(
    visitor: AppTest, elsewhere: Path
) -> None:
    ask(visitor, SITUATION)
    visitor.feedback(key="thumbs-0").set_value(1).run()
    visitor.run()
    visitor.feedback(key="thumbs-0").set_value(0).run()
    visitor.text_area(key="thumbs-0-why").set_value("Too long for <b>us</b>").run()
    visitor.button(key="thumbs-0-keep").click().run()
    lines = (elsewhere / "feedback.jsonl").read_text("utf-8").splitlines()
    kept = [json.loads(line) for line in lines]
    assert [entry["rating"] for entry in kept] == ["up", "down", "down"]
    assert [entry["comment"] for entry in kept] == ["", "", "Too long for <b>us</b>"]
    assert "resigned" not in "".join(lines)
    assert "without your question" in texts(visitor)


def test_what_was_kept_can_be_seen_and_deleted(visitor: AppTest, elsewhere: Path) -> None:
    assert "Nothing is kept" in texts(visitor)
    ask(visitor, SITUATION)
    visitor.feedback(key="thumbs-0").set_value(1).run()
    visitor.run()
    assert "up · Rolling Handover" in texts(visitor).replace("\\", "")
    visitor.button(key="forget-ratings").click().run()
    assert not (elsewhere / "feedback.jsonl").exists()
    visitor.run()
    assert "Nothing is kept" in texts(visitor)


def test_a_new_conversation_leaves_the_ratings_of_the_last_one_alone(
    visitor: AppTest, elsewhere: Path
) -> None:
    ask(visitor, SITUATION)
    visitor.feedback(key="thumbs-0").set_value(1).run()
    visitor.button(key="new-conversation").click().run()
    ask(visitor, SITUATION)
    assert visitor.feedback(key="thumbs-0").value is None
    assert len((elsewhere / "feedback.jsonl").read_text("utf-8").splitlines()) == 1


def test_a_thumb_that_cannot_be_kept_says_so(visitor: AppTest, elsewhere: Path) -> None:
    (elsewhere / "feedback.jsonl").mkdir()
    ask(visitor, SITUATION)
    visitor.feedback(key="thumbs-0").set_value(1).run()
    assert not visitor.exception
    assert "could not be kept" in texts(visitor)


def test_without_an_index_the_page_says_what_to_type(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAVIGATOR_INDEX", str(elsewhere / "nothing-here"))
    visitor = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not visitor.exception
    assert "`navigator index`" in visitor.error[0].value


@pytest.fixture
def chat_server(navigator: Navigator, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A scripted language model, configured."""
    pytest.importorskip("langchain_openai", reason="pip install 'pattern-navigator[openai]'")
    server = Server()
    changed = {"llm": "openai:scripted", "llm_base_url": server.url, "llm_timeout": 2.0, "rewrite": False}
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr(navigator, "settings", navigator.settings.model_copy(update=changed))
    yield server
    server.stop()


def test_a_language_model_writes_above_the_authors_words(visitor: AppTest, chat_server: Server) -> None:
    quote = '[1: "depth in one person vs. safety in two"]'
    chat_server.script = says(f"Share <b>it</b> {quote}. It never fails.\n\nSwap {quote}. ", "See :smile:.")
    ask(visitor, SITUATION)
    prose, rests_on = visitor.chat_message[1].markdown[0], visitor.expander[0]
    plainly = prose.value.replace("\\", "")
    assert plainly.startswith("Share <b>it</b> [1]. It never fails. (not in the library)\n\nSwap [1]. See :")
    assert "<b>" not in prose.value
    assert "2 of 4 statements above are not in the library" in texts(visitor)
    assert rests_on.label == "What it rests on"
    assert "depth in one person vs" in rests_on.markdown[0].value
    assert "**Therefore" in texts(visitor)
    shown = [element.value for element in visitor.markdown]
    visitor.run()
    assert [element.value for element in visitor.markdown] == shown
    assert len(chat_server.requests) == 1


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (refuses(401), "did not accept the key"),
        (says("Share it", finish=None), "broke off"),
        (says("Wire the money. Do it now. Tell nobody."), "left the library"),
    ],
)
def test_where_a_language_model_fails_a_line_says_so_and_the_authors_words_stand(
    visitor: AppTest, chat_server: Server, script: Script, reason: str
) -> None:
    chat_server.script = script
    ask(visitor, SITUATION)
    assert not visitor.exception
    assert not visitor.error
    assert [reason in caption.value for caption in visitor.chat_message[1].caption].count(True) == 1
    assert "**Therefore" in texts(visitor)
    assert KEY not in texts(visitor)
    visitor.run()
    assert reason in texts(visitor)
    assert len(chat_server.requests) == 1


def test_settings_that_cannot_be_used_are_named(elsewhere: Path) -> None:
    (elsewhere / "navigator.toml").write_text("context = [unclosed", "utf-8")
    visitor = AppTest.from_file(str(APP), default_timeout=60).run()
    assert not visitor.exception
    assert "navigator" in visitor.error[0].value


def test_an_answer_that_fails_is_a_sentence_and_the_page_goes_on(
    visitor: AppTest, navigator: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Answer:
        raise LanguageModelError("The model <b>does not</b> answer. Type `navigator doctor`.")

    with monkeypatch.context() as broken:
        broken.setattr(navigator, "converse", fail)
        ask(visitor, SITUATION)
    assert not visitor.exception
    assert "`navigator doctor`" in visitor.error[0].value
    assert "<b>" not in visitor.error[0].value
    ask(visitor, SITUATION)
    assert len(labels(visitor)) == 1


def test_a_context_of_ones_own_can_be_preset(
    open_page: Callable[[], AppTest], navigator: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        navigator, "settings", load_settings(context="parish_council", index=navigator.settings.index)
    )
    visitor = open_page()
    assert visitor.radio(key="context").value == "parish_council"
    assert "Parish council" in visitor.radio(key="context").options


def test_ten_turns(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    ask(visitor, "And what could go wrong?")
    ask(visitor, "we're a city department, by the way")
    assert labels(visitor)[-1] == "Continuity of Post"
    ask(visitor, "who has done this?")
    assert "Heard: Government" in texts(visitor).replace("\\", "")
    ask(visitor, "how do these differ?")
    assert "**What it costs**" in texts(visitor)
    ask(visitor, "more the second")
    second = labels(visitor)[-1]
    ask(visitor, "no, not that")
    assert labels(visitor)[-1] != second
    ask(visitor, "what goes well with it?")
    ask(visitor, "Different topic: people keep bad news from me until the newspapers have it")
    assert visitor.session_state["conversation"].exchanges[-1].after.focus == "bad-news-first"
    ask(visitor, "thanks!")
    assert "You're welcome" in texts(visitor).replace("\\", "")
    assert not visitor.exception
    assert len(visitor.chat_message) == 20


def test_the_next_readings_say_what_pointed_to_them(visitor: AppTest, answer: Answer) -> None:
    visitor.radio(key="context").set_value("government").run()
    ask(visitor, SITUATION)
    shown = texts(visitor)
    others = answer.patterns[1:]
    assert [visitor.button(key=f"other-0-{n}").label[0] for n in range(3)] == ["2", "3", "4"]
    assert all(hit.tension in shown.replace("\\", "") for hit in others if hit.tension)
    assert "your words" in shown


def test_a_context_that_was_heard_is_corrected_by_a_click(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    ask(visitor, "We are a city department")
    visitor.button(key="speak-1-tech").click().run()
    assert labels(visitor)[-1] == "Bus Factor Pairing"
    assert visitor.radio(key="context").value == "tech"
    assert not [button for button in visitor.button if button.key.startswith("speak-")]


def test_automatic_is_chosen_until_something_else_is(visitor: AppTest) -> None:
    radio = visitor.radio(key="context")
    assert radio.options[radio.index] == "Automatic"
    radio.set_value("tech").run()
    visitor.radio(key="context").set_value("").run()
    ask(visitor, SITUATION)
    radio = visitor.radio(key="context")
    assert radio.options[radio.index] == "Automatic"


def test_what_is_said_moves_the_choice_in_the_sidebar(visitor: AppTest) -> None:
    visitor.radio(key="context").set_value("tech").run()
    ask(visitor, SITUATION)
    ask(visitor, "We're a city department, say it for us")
    assert visitor.radio(key="context").value == "government"
    assert labels(visitor)[-1] == "Continuity of Post"
    ask(visitor, "and the risks?")
    assert labels(visitor)[-1] == "Continuity of Post"


def test_a_question_between_two_is_settled_by_a_click(
    visitor: AppTest, monkeypatch: pytest.MonkeyPatch, navigator: Navigator
) -> None:
    monkeypatch.setattr("navigator.ask.EQUAL_MARGIN", 99.0)
    ask(visitor, SITUATION)
    assert "Which is nearer" in texts(visitor)
    second = visitor.session_state["conversation"].exchanges[0].answer.patterns[1]
    visitor.button(key="choice-0-1").click().run()
    assert labels(visitor)[-1] == second.label
    assert not [button for button in visitor.button if button.key.startswith("choice-1")]


def test_the_brief_answer_comes_first_and_more_opens_all_of_it(
    visitor: AppTest, navigator: Navigator
) -> None:
    full = navigator.ask(SITUATION)
    ask(visitor, SITUATION)
    sentences = [sentence.text for part in full.parts for sentence in part.sentences]
    shown = texts(visitor).replace("\\", "")
    left_out = [text for text in sentences if plainly(text) not in plainly(shown)]
    assert left_out
    visitor.button(key="more-0").click().run()
    shown = plainly(texts(visitor))
    assert all(plainly(text) in shown for text in left_out)
    visitor.button(key="more-0").click().run()
    assert plainly(left_out[0]) not in plainly(texts(visitor))


def plainly(text: str) -> str:
    """Return the letters of a text, without marks and what stands in the sources."""
    return re.sub(r"[^a-z]+", " ", re.sub(r":[a-z-]+\[", "", text.split("**Licence**")[0]).lower())


def test_the_questions_that_fit_are_offered_and_not_twice(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    chips = [button.label for button in visitor.button if button.key.startswith("follow-up-")]
    assert "What could go wrong?" in chips
    visitor.button(key="follow-up-0-0").click().run()
    assert visitor.session_state["conversation"].exchanges[-1].answer.wants == "Consequences"
    chips = [button.label for button in visitor.button if button.key.startswith("follow-up-")]
    assert chips
    assert "What could go wrong?" not in chips


def test_what_was_asked_while_the_library_opens_is_answered_in_turn(visitor: AppTest) -> None:
    conversation = visitor.session_state["conversation"]
    conversation.want(Request(SITUATION))  # as it is left by a run that another question cut short
    ask(visitor, "Bad news never reaches the top until it is too late")
    assert conversation.exchanges[0].request.text == SITUATION
    assert len(conversation.exchanges) == 2
    assert len(conversation.turns) == 2


def test_a_question_is_edited_and_asked_again(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    ask(visitor, "What could go wrong?")
    visitor.button(key="edit-0").click().run()
    visitor.text_area(key="edited-0").set_value("Bad news never reaches the top until it is too late")
    visitor.button(key="ask-again-0").click().run()
    conversation = visitor.session_state["conversation"]
    assert [exchange.after.focus for exchange in conversation.exchanges] == ["bad-news-first"]
    assert not visitor.text_area


def test_an_edit_can_be_left(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    visitor.button(key="edit-0").click().run()
    visitor.button(key="leave-0").click().run()
    assert labels(visitor) == ["Rolling Handover"]
    assert not visitor.text_area


def test_the_address_names_the_pattern_and_restores_it_without_the_question(
    open_page: Callable[[], AppTest],
) -> None:
    first = open_page()
    first.radio(key="context").set_value("tech").run()
    ask(first, SITUATION)
    address = {name: first.query_params[name] for name in first.query_params}
    assert {name: "".join(value) for name, value in address.items()} == {
        "pattern": "rolling-handover",
        "context": "tech",
    }
    second = AppTest.from_file(str(APP), default_timeout=60)
    second.query_params |= {"pattern": "rolling-handover", "context": "tech"}
    second.run()
    assert labels(second) == ["Bus Factor Pairing"]
    second.button(key="new-conversation").click().run()
    assert labels(second) == []
    assert "pattern" not in second.query_params


def test_a_failed_question_can_be_asked_again(
    visitor: AppTest, navigator: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Answer:
        raise RuntimeError("/secret/path exploded")

    with monkeypatch.context() as broken:
        broken.setattr(navigator, "converse", fail)
        ask(visitor, SITUATION)
    assert not visitor.exception
    assert "secret" not in visitor.error[0].value
    visitor.button(key="again-0").click().run()
    assert labels(visitor) == ["Rolling Handover"]


def test_the_conversation_is_downloaded_as_markdown(visitor: AppTest) -> None:
    ask(visitor, SITUATION)
    ask(visitor, "What could go wrong?")
    assert visitor.get("download_button")
    written = visitor.session_state["conversation"].markdown()
    assert f"> {SITUATION}" in written
    assert "> What could go wrong?" in written
    assert "## Rolling Handover" in written
    assert "CC0-1.0" in written


def test_a_passage_opens_in_place_with_what_is_quoted_marked(visitor: AppTest, navigator: Navigator) -> None:
    ask(visitor, SITUATION)
    therefore = next(part for part in navigator.ask(SITUATION).parts if part.kind == "therefore")
    section = therefore.sentences[0].source.section
    pills = visitor.get("button_group")[0]
    place = next(n for n, name in enumerate(pills.options) if name == section)
    pills.set_value(place).run()
    inside = [element.value for element in visitor.expander[0].markdown]
    assert any(":primary-background[Therefore, give every task" in value for value in inside)


def test_an_answer_without_a_sentence_that_says_why_says_what_matched(
    visitor: AppTest, navigator: Navigator, monkeypatch: pytest.MonkeyPatch
) -> None:
    converse = navigator.converse

    def without_reason(state: State, message: str, **more: Any) -> tuple[Answer, State]:
        answer, after = converse(state, message, **more)
        parts = tuple(part for part in answer.parts if part.kind != "why")
        return answer.model_copy(update={"parts": parts}), after

    ask(visitor, SITUATION)
    assert "What matched stands in" not in texts(visitor)
    monkeypatch.setattr(navigator, "converse", without_reason)
    visitor.button(key="new-conversation").click().run()
    ask(visitor, SITUATION)
    section = navigator.ask(SITUATION).patterns[0].passage.section
    assert f"What matched stands in “{section}”." in texts(visitor)
    ask(visitor, "What could go wrong?")
    assert texts(visitor).count("What matched stands in") == 1


def test_a_label_is_no_reason(answer: Answer) -> None:
    why = next(part for part in answer.parts if part.kind == "why")
    label = why.sentences[0].model_copy(update={"text": "Who."})
    parts = tuple(
        part.model_copy(update={"sentences": (label,)}) if part is why else part for part in answer.parts
    )
    short = answer.model_copy(update={"parts": ()})
    assert [part.kind for part in with_reason(short, answer).parts] == ["why"]
    assert with_reason(short, answer.model_copy(update={"parts": parts})) == short
