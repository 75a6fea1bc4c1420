"""A login as a librarian would set it up."""

from __future__ import annotations

from pathlib import Path

SECRETS = """
[auth]
redirect_uri = "https://patterns.example.org/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "navigator"
client_secret = "secret"
server_metadata_url = "https://id.example.org/.well-known/openid-configuration"

[roles]
librarians = ["Ada@example.org"]
"""


def write_login(home: Path, old: str = "", new: str = "") -> Path:
    """Write ``secrets.toml`` into a folder, ``old`` replaced by ``new``."""
    assert old in SECRETS
    file = home / ".streamlit" / "secrets.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(SECRETS.replace(old, new), "utf-8")
    return file
