"""Who may come in where the app is shared: the login that ``secrets.toml`` sets up, and two roles.

::

    [auth]                                     # Streamlit's own, for any provider of OpenID Connect
    redirect_uri = "https://patterns.example.org/oauth2callback"
    cookie_secret = "…"                        # 32 characters or more, random
    client_id = "…"
    client_secret = "…"
    server_metadata_url = "https://id.example.org/.well-known/openid-configuration"

    [roles]
    librarians = ["ada@example.org"]           # may rebuild the index
    readers = ["@example.org"]                 # without it, everyone whom the provider lets in

Imports no Streamlit: the launcher asks before there is a server.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationError

from navigator.errors import SettingsError

Role = Literal["reader", "librarian"]

SHORTEST_SECRET = 32
"""Characters of ``cookie_secret``: whoever guesses it can write a cookie that is anybody's."""

_CALLBACK = "/oauth2callback"
_PROVIDER_KEYS = ("client_id", "client_secret", "server_metadata_url")
_HINT = "The README, “Sharing it”, has an example."


class _Roles(BaseModel):
    """Addresses, or ``@`` and a domain."""

    model_config = ConfigDict(extra="forbid")

    librarians: list[str] = []
    readers: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """How people come in, and as what.

    Attributes
    ----------
    origin
        Scheme, host and port under which browsers reach the app.
    providers
        Names of those to choose from; empty where there is one without a name.
    librarians, readers
        E-mail addresses, or ``@`` and a domain, in lower case; ``readers`` is None where everyone who
        can log in may read.
    """

    origin: str
    providers: tuple[str, ...] = ()
    librarians: tuple[str, ...] = ()
    readers: tuple[str, ...] | None = None

    @property
    def host(self) -> str:
        """The host of `origin`."""
        return urlsplit(self.origin).hostname or ""

    def role(self, claims: Mapping[str, Any]) -> Role | None:
        """Return the role of who logged in, by the claims of the provider; None where they may not read.

        An address that the provider says is not verified is nobody's: anyone can type one.
        """
        verified = str(claims.get("email_verified", True)).lower() != "false"
        email = str(claims.get("email") or "").strip().lower() if verified else ""
        if _is_among(email, self.librarians):
            return "librarian"
        return "reader" if self.readers is None or _is_among(email, self.readers) else None


def _is_among(email: str, listed: Iterable[str]) -> bool:
    name, at, domain = email.rpartition("@")
    return bool(name) and any(entry in (email, at + domain) for entry in listed)


def secrets_files() -> tuple[Path, ...]:
    """Return where secrets may stand, the later before the earlier: at home, and where one works."""
    return tuple(folder / ".streamlit" / "secrets.toml" for folder in (Path.home(), Path.cwd()))


def read_login(files: Iterable[Path]) -> Login | None:
    """Return the login that the files set up, None where they set up none.

    What is half set up is an error, never an open door.

    Raises
    ------
    SettingsError
        A file cannot be read, or the login in it would not work; file and key are named.
    """
    tables: dict[str, Any] = {}
    told: Path | None = None
    for file in files:
        read = _tables(file)
        tables |= read
        if read.keys() & {"auth", "roles"}:
            told = file
    if told is None:
        return None
    try:
        return _login(tables)
    except ValueError as error:
        raise SettingsError(f"The login in {told} cannot be used: {error}. {_HINT}") from error


def _tables(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
    except OSError as error:
        raise SettingsError(f"{file}, with the login, cannot be read: {error.strerror}.") from error
    except ValueError as error:  # of Unicode and of TOML
        raise SettingsError(f"{file}, with the login, is no valid TOML: {error}.") from error


def _login(tables: Mapping[str, Any]) -> Login:
    auth = tables.get("auth")
    if not isinstance(auth, dict):
        raise ValueError("[roles] says who may come in, and no [auth] says how")
    try:
        roles = _Roles.model_validate(tables.get("roles", {}))
    except ValidationError as error:
        problem = error.errors()[0]
        raise ValueError(f"[roles] {'.'.join(map(str, problem['loc']))}: {problem['msg']}") from error
    redirect = urlsplit(_text(auth, "auth", "redirect_uri"))
    if redirect.scheme not in {"http", "https"} or not redirect.hostname or redirect.path[-15:] != _CALLBACK:
        raise ValueError(f"redirect_uri is the address of the app followed by {_CALLBACK}")
    if len(_text(auth, "auth", "cookie_secret")) < SHORTEST_SECRET:
        raise ValueError(
            f"cookie_secret has fewer than {SHORTEST_SECRET} characters; "
            '`python -c "import secrets; print(secrets.token_hex(32))"` prints a good one'
        )
    named = {
        name: value for name, value in auth.items() if isinstance(value, dict) and name != "client_kwargs"
    }
    for name, provider in named.items() if named else [("", auth)]:
        if "_" in name:
            raise ValueError(f"the name of the provider {name} has an underscore")
        for key in _PROVIDER_KEYS:
            _text(provider, f"auth.{name}".rstrip("."), key)
    return Login(
        origin=f"{redirect.scheme}://{redirect.netloc}",
        providers=tuple(named),
        librarians=_lower(roles.librarians),
        readers=None if roles.readers is None else _lower(roles.readers),
    )


def _text(table: Mapping[str, Any], name: str, key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"[{name}] has no {key}")
    return value


def _lower(entries: Iterable[str]) -> tuple[str, ...]:
    return tuple(entry.strip().lower() for entry in entries)
