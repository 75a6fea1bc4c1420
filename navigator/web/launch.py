"""Starting the web app as a server on this machine. Imports no Streamlit: the command line imports it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from navigator.errors import SettingsError
from navigator.settings import Settings, data_folder

ADDRESS = "127.0.0.1"


def serve(settings: Settings, *, port: int = 8501, open_browser: bool = True) -> None:
    """Serve the web app on this machine until it is stopped.

    The server takes the place of this process where the system knows how to do that, so that whatever
    was loaded to build the index is let go of, and a signal reaches the server itself.

    Raises
    ------
    SettingsError
        The port is taken.
    """
    _check_port(port)
    command, environment = server_command(port, open_browser=open_browser), server_environment(settings)
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(sys.executable, command, environment)  # noqa: S606 - our own command
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603


def server_command(port: int, *, open_browser: bool) -> list[str]:
    """Return the command that runs the page; the theme lies beside ``app.py``, in ``.streamlit/``."""
    options = {
        "server.address": ADDRESS,
        "server.port": str(port),
        "server.headless": str(not open_browser).lower(),
        "server.showEmailPrompt": "false",
        # torch upsets the watcher (streamlit issue 10992), and there is nothing to watch.
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": ADDRESS,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
    }
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [sys.executable, "-m", "streamlit", "run", str(data_folder("app.py")), *flags]


def server_environment(settings: Settings, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which the page reads these very settings."""
    environment = dict(os.environ if inherited is None else inherited)
    for name, value in settings.model_dump().items():
        variable = f"NAVIGATOR_{name.upper()}"
        environment.pop(variable, None)
        if value is not None:
            environment[variable] = _as_text(value)
    return environment


def _as_text(value: str | float | Path | tuple[Path, ...]) -> str:
    if isinstance(value, tuple):
        return os.pathsep.join(_as_text(path) for path in value)
    return str(value.absolute()) if isinstance(value, Path) else str(value)


def _check_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {ADDRESS} cannot be used ({error.strerror}). "
                f"Try another one: `navigator chat --port {port + 1 if port < 65535 else 8501}`."
            ) from error
