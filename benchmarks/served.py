"""A page served by a process of its own, and a browser to put before it; for benchmarks and browser tests."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
NAVIGATOR = [sys.executable, "-c", "from navigator.cli import main; main()"]
"""The command line of this very checkout, whatever is installed."""

HEALTH = "/_stcore/health"
PATIENCE = 300
"""Seconds that a server may take to be there, its index built: a busy machine takes its time."""


@dataclass(frozen=True)
class Served:
    """A page that is being served: where, by which process, and the file that its server writes to."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


@contextmanager
def chat(home: Path, settings: Mapping[str, str], *, port: int | None = None) -> Iterator[Served]:
    """Serve ``navigator chat`` in a home of its own, with these settings of the environment and no others."""
    port = port or free_port()
    command = [*NAVIGATOR, "chat", "--no-browser", "--port", str(port)]
    with serving(command, port, home, settings) as served:
        yield served


@contextmanager
def serving(command: Sequence[str], port: int, home: Path, settings: Mapping[str, str]) -> Iterator[Served]:
    """Run a Streamlit server until it is healthy, and stop it in the end.

    Raises
    ------
    RuntimeError
        It ended, or was not healthy within `PATIENCE`; the message holds what it wrote.
    """
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=home, env=environment(home, settings), stdout=output, stderr=output
        )
    try:
        served = Served(f"http://127.0.0.1:{port}", process, log)
        _await_health(served)
        yield served
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process at home in ``home``, to which nobody's own settings reach."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NAVIGATOR_")}
    own = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "PYTHONPATH": str(REPOSITORY)}
    return {**inherited, "HF_HUB_OFFLINE": "1", **own, **settings}


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _await_health(served: Served) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and served.process.poll() is None:
        try:
            with urllib.request.urlopen(served.url + HEALTH, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"The page was not served:\n{served.log.read_text('utf-8', errors='replace')}")
