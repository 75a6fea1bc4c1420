"""The behaviour of *Ask*, without a browser: Streamlit's AppTest runs ``app.py`` as a session would."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chat_server import KEY, Script, Server, refuses, says
from streamlit.testing.v1 import AppTest

from navigator.answer import Answer
from navigator.errors import LanguageModelError
from navigator.navigator import Navigator
from navigator.settings import load_settings
from navigator.web import feedback, shell

pytestmark = pytest.mark.model

APP = Path(shell.__file__).parents[2] / "app.py"
SITUATION = "Only one person knows how this works, and she has resigned"


@pytest.fixture
def open_page(
    navigator: Navigator, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], AppTest]:
    """Open the page on the index of the test documents, as a new visitor."""
    monkeypatch.setattr(shell, "open_navigator", lambda settings: navigator)
    monkeypatch.setattr(feedback, "feedback_file", lambda: elsewhere / "feedback.jsonl")
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
    inside = "\n".join(element.value for element in visitor.expander[0].markdown).replace("\\", "")
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


def test_a_thumb_is_kept_in_a_local_file_without_the_question(visitor: AppTest, elsewhere: Path) -> None:
    ask(visitor, SITUATION)
    visitor.feedback(key="thumbs-0").set_value(1).run()
    visitor.run()
    visitor.feedback(key="thumbs-0").set_value(0).run()
    lines = (elsewhere / "feedback.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["rating"] for line in lines] == ["up", "down"]
    assert "resigned" not in "".join(lines)
    assert "without your question" in texts(visitor)


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
