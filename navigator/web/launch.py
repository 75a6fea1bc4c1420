"""Starting the web app as a server, for this machine or for a network.

Imports no Streamlit: the command line imports it.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from navigator.errors import MissingDependencyError, SettingsError
from navigator.settings import Settings, data_folder
from navigator.web.login import Login, read_login, secrets_files

HOST = "127.0.0.1"
"""This machine and no other."""

_OWN_NAMES = ("127.0.0.1", "localhost", "::1")
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - what may be asked for, not what is done


def is_private(host: str) -> bool:
    """Whether nobody but this machine reaches a server that listens on ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_entrance(host: str, *, without_login: bool = False) -> Login | None:
    """Return the login that people go through, None where they go through none.

    Raises
    ------
    SettingsError
        The app would be open to a network with no login, and it was not said twice; or the login
        cannot be used.
    MissingDependencyError
        A login is set up, and the package for it is missing.
    """
    login = read_login(secrets_files())
    if login is not None:
        if any(importlib.util.find_spec(package) is None for package in ("authlib", "httpx")):
            raise MissingDependencyError(
                "A login is set up, and it needs a package: run `pip install 'pattern-navigator[login]'`."
            )
    elif not is_private(host) and not without_login:
        raise SettingsError(
            f"On {host} everyone on the network could read and ask this library without a login. Set one up "
            "in .streamlit/secrets.toml (the README, “Sharing it”, says how), or say that you want this: "
            f"`navigator chat --host {host} --without-login`."
        )
    return login


def serve(
    settings: Settings,
    *,
    port: int = 8501,
    open_browser: bool = True,
    host: str = HOST,
    login: Login | None = None,
) -> None:
    """Serve the web app until it is stopped.

    The server takes the place of this process where the system knows how to do that, so that whatever
    was loaded to build the index is let go of, and a signal reaches the server itself.

    Parameters
    ----------
    login
        What `check_entrance` says for this ``host``.

    Raises
    ------
    SettingsError
        The port is taken, or the host is not this machine's.
    """
    _check_port(host, port)
    command = server_command(port, open_browser=open_browser, host=host, login=login)
    environment = server_environment(settings)
    if login is not None:
        print(f"Open {login.origin} to log in. Ctrl-C stops the server.")
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(sys.executable, command, environment)  # noqa: S606 - our own command
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)  # noqa: S603


def server_command(
    port: int, *, open_browser: bool, host: str = HOST, login: Login | None = None
) -> list[str]:
    """Return the command that runs the page; the theme lies beside ``app.py``, in ``.streamlit/``."""
    options = {
        "server.address": host,
        "server.port": str(port),
        # A login begins and ends at one address, which may be another than this one.
        "server.headless": str(login is not None or not open_browser).lower(),
        "server.showEmailPrompt": "false",
        # torch upsets the watcher (streamlit issue 10992), and there is nothing to watch.
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "browser.serverAddress": _shown_host(host, login),
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "logger.hideWelcomeMessage": str(login is not None).lower(),
    }
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    flags += [word for name in _known_names(host, login) for word in ("--server.allowedHosts", name)]
    flags += [word for file in secrets_files() for word in ("--secrets.files", str(file))]
    return [sys.executable, "-m", "navigator.web.server", "run", str(data_folder("app.py")), *flags]


def _shown_host(host: str, login: Login | None) -> str:
    if login is not None:
        return login.host
    return "localhost" if host in _EVERY_ADDRESS else host


def _known_names(host: str, login: Login | None) -> tuple[str, ...]:
    """Return the names under which browsers may come; none where any will do.

    A page of another site can give this machine a name of its own (DNS rebinding) and would then be let in.
    """
    if login is not None:
        return (*_OWN_NAMES, login.host)
    return _OWN_NAMES if is_private(host) else ()


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


def _check_port(host: str, port: int) -> None:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise SettingsError(
            f"Port {port} on {host} cannot be used ({error.strerror}). "
            f"Try another one: `navigator chat --port {port + 1 if port < 65535 else 8501}`."
        ) from error
