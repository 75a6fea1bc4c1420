"""Whatever is wrong, a page says it in a sentence with a next step. Without a browser."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from navigator.errors import SettingsError
from navigator.navigator import Navigator
from navigator.web import roles, shell
from navigator.web.login import Login

APP = Path(shell.__file__).parents[2] / "app.py"
PAGES = [page.name for page in shell.PAGES]
HOSTILE = "<script>window.attacked=1</script> [x](javascript:y) \u202e \x00 `navigator` ' \" %"

Opens = Callable[..., AppTest]


@pytest.fixture
def opens(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Open a page as a new visitor, with nothing loaded before it is needed."""
    done: Future[None] = Future()
    done.set_result(None)
    monkeypatch.setattr(shell, "warm_up", lambda navigator, settings: done)

    def open_page(name: str, **parameters: str) -> AppTest:
        visitor = AppTest.from_file(str(APP), default_timeout=60)
        visitor.query_params |= parameters
        visitor.run()
        address = "" if name == PAGES[0] else name
        visitor._page_hash = next(
            page for page, about in visitor._registered_pages.items() if about["url_pathname"] == address
        )
        return visitor.run()

    return open_page


def said(visitor: AppTest) -> str:
    assert not visitor.exception
    shown = [*visitor.markdown, *visitor.caption, *visitor.error, *visitor.title]
    text = "\n".join(element.value for element in shown)
    assert "Traceback" not in text
    return text.replace("\\", "")


def no_pointer(index: Path) -> None:
    (index / "CURRENT").unlink()


def pointer_to_nothing(index: Path) -> None:
    (index / "CURRENT").write_text("../../nowhere", "utf-8")


def manifest_of_garbage(index: Path) -> None:
    next(index.glob("generations/*/manifest.json")).write_bytes(b"\x00\xff{")


def records_of_garbage(index: Path) -> None:
    next(index.glob("generations/*/records.sqlite")).write_bytes(b"\x00\xff" * 5000)


def records_without_tables(index: Path) -> None:
    file = next(index.glob("generations/*/records.sqlite"))
    with sqlite3.connect(file) as records:
        for (name,) in records.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            records.execute(f'DROP TABLE "{name}"')
    records.close()


def no_words(index: Path) -> None:
    shutil.rmtree(next(index.glob("generations/*/lexical")))


@pytest.mark.model
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "damage",
    [
        no_pointer,
        pointer_to_nothing,
        manifest_of_garbage,
        records_of_garbage,
        records_without_tables,
        no_words,
    ],
)
def test_a_damaged_index_is_a_sentence_with_the_command_that_mends_it(
    opens: Opens,
    index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], None],
    name: str,
) -> None:
    broken = Path(shutil.copytree(index, tmp_path / "index"))
    damage(broken)
    monkeypatch.setenv("NAVIGATOR_INDEX", str(broken))
    shell.open_navigator.clear()
    visitor = opens(name, pattern="rolling-handover")
    assert not visitor.exception
    assert "`navigator index" in visitor.error[0].value


def test_settings_that_cannot_be_used_are_a_sentence(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAVIGATOR_LLM_TIMEOUT", "<b>soon</b>")
    visitor = opens("ask")
    assert not visitor.exception
    assert "llm_timeout (from environment)" in said(visitor)
    assert "`navigator doctor`" in visitor.error[0].value


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("value", [HOSTILE, "x" * 100_000, "../../etc/passwd", "-1", ""])
def test_a_hostile_address_is_a_sentence_at_most(
    opens: Opens, shelf: Navigator, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setattr(shell, "open_navigator", lambda settings: shelf)
    visitor = opens(name, **dict.fromkeys(["pattern", "context", "page", HOSTILE], value))
    assert not visitor.exception
    assert not visitor.error
    assert "\u202e" not in said(visitor)


class TestTheWayIn:
    """Where a login is set up."""

    @pytest.fixture(autouse=True)
    def login(self, monkeypatch: pytest.MonkeyPatch, shelf: Navigator) -> None:
        monkeypatch.setattr(shell, "open_navigator", lambda settings: shelf)
        monkeypatch.setattr(roles, "login", lambda: Login("https://x", providers=("okta", "my<b>")))

    @pytest.mark.parametrize("name", PAGES)
    def test_who_is_not_logged_in_finds_a_door_for_each_provider(
        self, opens: Opens, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.setattr("navigator.web.entrance.login", roles.login)
        monkeypatch.setattr("streamlit.user_info._get_user_info", lambda: {"is_logged_in": False})
        visitor = opens(name)
        assert "Log in to ask and to read." in said(visitor)
        assert [button.label for button in visitor.button] == ["Log in with Okta", r"Log in with My\<b\>"]
        assert not visitor.get("page_link")

    def test_a_login_that_breaks_lets_nobody_in(self, opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail() -> Login:
            raise SettingsError("The login in x cannot be used.")

        monkeypatch.setattr(roles, "login", fail)
        visitor = opens("library")
        assert [error.value for error in visitor.error] == ["The login in x cannot be used."]
        assert not visitor.title
        assert not visitor.get("page_link")


@pytest.mark.parametrize(
    ("address", "role"),
    [(None, "librarian"), ("127.0.0.1", "librarian"), ("localhost", "librarian"), ("0.0.0.0", "reader")],
)
def test_without_a_login_only_this_machine_may_rebuild(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, address: str | None, role: str
) -> None:
    options = {"server.address": address, "secrets.files": [str(elsewhere / "none.toml")]}
    monkeypatch.setattr("streamlit.get_option", options.__getitem__)
    assert roles.role() == role
    assert roles.may_rebuild() is (role == "librarian")
    assert roles.is_shared() is (role == "reader")
