"""The launcher starts the page privately, and with the very settings it was given."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from navigator.errors import SettingsError
from navigator.settings import data_folder, load_settings
from navigator.web.launch import ADDRESS, serve, server_command, server_environment


def options(command: list[str]) -> dict[str, str]:
    flags = command[5:]
    return dict(zip(flags[::2], flags[1::2], strict=True))


def test_the_page_is_served_on_this_machine_only_and_tells_nobody() -> None:
    command = server_command(8600, open_browser=True)
    assert command[:5] == [sys.executable, "-m", "streamlit", "run", str(data_folder("app.py"))]
    chosen = options(command)
    assert chosen["--server.address"] == "127.0.0.1"
    assert chosen["--server.port"] == "8600"
    assert chosen["--browser.gatherUsageStats"] == "false"
    assert chosen["--server.showEmailPrompt"] == "false"
    assert chosen["--server.fileWatcherType"] == "none"
    assert chosen["--client.showErrorDetails"] == "none"


@pytest.mark.parametrize(("open_browser", "headless"), [(True, "false"), (False, "true")])
def test_a_browser_opens_only_where_it_is_wanted(open_browser: bool, headless: str) -> None:
    assert options(server_command(8600, open_browser=open_browser))["--server.headless"] == headless


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
    with socket.create_server((ADDRESS, 0)) as taken:
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
