"""The launcher starts the page privately, and with the very settings it was given."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from secrets_files import write_login
from typer.testing import CliRunner

from navigator.cli import app
from navigator.errors import MissingDependencyError, SettingsError
from navigator.settings import data_folder, load_settings
from navigator.web.launch import (
    HOST,
    check_entrance,
    is_private,
    serve,
    server_command,
    server_environment,
)
from navigator.web.login import Login

LOGIN = Login("https://patterns.example.org", librarians=("ada@example.org",))


@pytest.fixture
def home(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that is the home of a new user, without secrets."""
    monkeypatch.setenv("HOME", str(elsewhere))
    return elsewhere


def options(command: list[str]) -> dict[str, str]:
    """Return the options with a value each; of one given several times, the values joined by commas."""
    flags: dict[str, str] = {}
    for name, value in zip(command[5::2], command[6::2], strict=True):
        flags[name] = f"{flags[name]},{value}" if name in flags else value
    return flags


def test_the_page_is_served_on_this_machine_only_and_tells_nobody() -> None:
    command = server_command(8600, open_browser=True)
    assert command[:5] == [sys.executable, "-m", "navigator.web.server", "run", str(data_folder("app.py"))]
    chosen = options(command)
    assert chosen["--server.address"] == "127.0.0.1"
    assert chosen["--server.port"] == "8600"
    assert chosen["--browser.gatherUsageStats"] == "false"
    assert chosen["--server.showEmailPrompt"] == "false"
    assert chosen["--server.fileWatcherType"] == "none"
    assert chosen["--client.showErrorDetails"] == "none"
    assert chosen["--server.allowedHosts"] == "127.0.0.1,localhost,::1"


@pytest.mark.parametrize(("open_browser", "headless"), [(True, "false"), (False, "true")])
def test_a_browser_opens_only_where_it_is_wanted(open_browser: bool, headless: str) -> None:
    assert options(server_command(8600, open_browser=open_browser))["--server.headless"] == headless


def test_streamlit_run_is_as_private_as_the_command() -> None:
    told = tomllib.loads(
        data_folder("app.py").with_name(".streamlit").joinpath("config.toml").read_text("utf-8")
    )
    chosen = options(server_command(8600, open_browser=True))
    for section in ("server", "browser", "client"):
        for name, value in told[section].items():
            assert chosen[f"--{section}.{name}"] == str(value).lower()


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_only_this_machine_is_private(host: str, private: bool) -> None:
    assert is_private(host) is private


def test_a_network_is_refused_without_a_login_unless_told_twice(home: Path) -> None:
    with pytest.raises(SettingsError, match=r"without a login.*--host 0\.0\.0\.0 --without-login`"):
        check_entrance("0.0.0.0")
    assert check_entrance("0.0.0.0", without_login=True) is None
    assert check_entrance(HOST) is None


def test_the_command_refuses_before_it_builds(home: Path) -> None:
    ran = CliRunner().invoke(app, ["chat", "--host", "0.0.0.0", "--index", str(home / "index")])
    assert isinstance(ran.exception, SettingsError)
    assert not (home / "index").exists()


def test_with_a_login_a_network_is_served(home: Path) -> None:
    write_login(home)
    assert check_entrance("0.0.0.0") == check_entrance(HOST) == LOGIN
    chosen = options(server_command(8600, open_browser=True, host="0.0.0.0", login=LOGIN))
    assert chosen["--server.address"] == "0.0.0.0"
    assert chosen["--browser.serverAddress"] == "patterns.example.org"
    assert chosen["--server.allowedHosts"] == "127.0.0.1,localhost,::1,patterns.example.org"
    assert str(home / ".streamlit" / "secrets.toml") in chosen["--secrets.files"].split(",")


def test_a_login_that_is_half_set_up_opens_no_door(home: Path) -> None:
    write_login(home, 'client_id = "navigator"', "")
    for told in (False, True):
        with pytest.raises(SettingsError, match=r"secrets\.toml .*\[auth\] has no client_id"):
            check_entrance("0.0.0.0", without_login=told)


def test_a_login_names_the_package_that_it_needs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_login(home)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"`pip install 'pattern-navigator\[login\]'`"):
        check_entrance(HOST)


def test_told_twice_any_name_will_do() -> None:
    chosen = options(server_command(8600, open_browser=True, host="0.0.0.0"))
    assert "--server.allowedHosts" not in chosen
    assert chosen["--browser.serverAddress"] == "localhost"


def test_the_page_reads_the_settings_it_was_given(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(
        corpus=(elsewhere / "a", elsewhere / "b"),
        index=elsewhere / "index",
        context="tech",
        rewrite=False,
        llm_timeout=7.5,
        prompts=elsewhere / "prompts",
    )
    environment = server_environment(settings, {"PATH": "/bin", "NAVIGATOR_LLM": "stale"})
    assert environment["PATH"] == "/bin"
    assert "NAVIGATOR_LLM" not in environment
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings


def test_relative_paths_reach_the_page_whole(elsewhere: Path) -> None:
    environment = server_environment(load_settings(corpus=(Path("notes"),), index=Path("index")), {})
    assert environment["NAVIGATOR_CORPUS"] == str(elsewhere / "notes")
    assert environment["NAVIGATOR_INDEX"] == str(elsewhere / "index")


def test_a_taken_port_is_named_with_another_to_try(elsewhere: Path) -> None:
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"Port {port} .*--port {port + 1}`"):
            serve(load_settings(index=elsewhere), port=port, open_browser=False)


def test_the_command_line_can_import_the_launcher_without_streamlit() -> None:
    code = "import sys, navigator.web.launch; print(sorted(sys.modules))"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    ).stdout
    assert "'navigator.web.launch'" in modules
    assert "'streamlit" not in modules
    assert "'torch" not in modules


def test_the_theme_lies_beside_the_app_and_fetches_nothing() -> None:
    file = data_folder("app.py").with_name(".streamlit") / "config.toml"
    theme = tomllib.loads(file.read_text("utf-8"))["theme"]
    assert {"light", "dark"} <= theme.keys()
    assert theme["light"].keys() == theme["dark"].keys()
    assert "://" not in file.read_text("utf-8")
