"""Who may come in, and as what, by what stands in the secrets and what a provider says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from secrets_files import SECRETS, write_login

from navigator.errors import SettingsError
from navigator.web.login import Login, read_login


def test_a_login_is_read(tmp_path: Path) -> None:
    assert read_login([tmp_path / "none.toml", write_login(tmp_path)]) == Login(
        "https://patterns.example.org", librarians=("ada@example.org",)
    )


def test_without_secrets_or_with_others_there_is_none(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    assert read_login([file]) is None
    file.write_text("OPENAI_API_KEY = 'x'", "utf-8")
    assert read_login([file]) is None


def test_a_later_file_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    first = write_login(tmp_path)
    later = tmp_path / "later.toml"
    later.write_text("[roles]\nreaders = ['@Example.org']", "utf-8")
    read = read_login([first, later])
    assert read is not None
    assert read.librarians == ()
    assert read.readers == ("@example.org",)


def test_providers_may_have_names(tmp_path: Path) -> None:
    given = "client_id =", "[auth.okta]\nclient_id ="
    read = read_login([write_login(tmp_path, *given)])
    assert read is not None
    assert read.providers == ("okta",)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[auth]", "[other]", r"\[roles\] says who may come in, and no \[auth\] says how"),
        ('redirect_uri = "https://patterns.example.org/oauth2callback"', "", "has no redirect_uri"),
        ("/oauth2callback", "/callback", "followed by /oauth2callback"),
        ("https://patterns", "javascript://patterns", "followed by /oauth2callback"),
        ('"0123456789abcdef0123456789abcdef"', '"xxx"', "fewer than 32 characters.*token_hex"),
        ('client_secret = "secret"', "client_secret = 7", "has no client_secret"),
        ("client_id =", "[auth.my_own]\nclient_id =", "my_own has an underscore"),
        ("librarians = [", "librarian = [", r"\[roles\] librarian: "),
        ('librarians = ["Ada@example.org"]', 'readers = "@example.org"', r"\[roles\] readers: "),
        ("[auth]", "[auth", "no valid TOML"),
        ("[auth]", "auth = 3\n[more]", "no .auth. says how"),
    ],
)
def test_what_would_not_work_is_an_error_that_names_file_and_key(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    file = write_login(tmp_path, old, new)
    with pytest.raises(SettingsError, match=f"secrets.*{says}"):
        read_login([file])


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_bytes(SECRETS.encode() + b"# \xff")
    with pytest.raises(SettingsError, match="no valid TOML"):
        read_login([file])


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"email": "ada@example.org"}, "librarian"),
        ({"email": " ADA@Example.org ", "email_verified": True}, "librarian"),
        ({"email": "ada@example.org", "email_verified": False}, None),
        ({"email": "ada@example.org", "email_verified": "false"}, None),
        ({"email": "bo@example.org"}, "reader"),
        ({"email": "cy@guest.example.org"}, None),
        ({"email": "eve@notexample.org"}, None),
        ({"email": "@example.org"}, None),
        ({"email": "guest@elsewhere.net"}, "reader"),
        ({"email": None}, None),
        ({"email": ["ada@example.org"]}, None),
        ({"sub": "ada@example.org"}, None),
    ],
)
def test_the_address_that_the_provider_vouches_for_decides(claims: dict[str, Any], role: str | None) -> None:
    readers = ("@example.org", "guest@elsewhere.net")
    assert Login("https://x", librarians=("ada@example.org",), readers=readers).role(claims) == role


def test_without_a_list_of_readers_everyone_who_can_log_in_reads() -> None:
    assert Login("https://x").role({"sub": "1"}) == "reader"
    assert Login("https://x", readers=()).role({"email": "a@b.c"}) is None
