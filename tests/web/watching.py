"""The app as a process of its own that may reach this machine and no other, and what it tried to reach."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from browsing import Site
from served import REPOSITORY, chat

from navigator.navigator import Navigator
from navigator.settings import load_settings

_TESTS = REPOSITORY / "tests"


@contextmanager
def watched(
    home: Path,
    documents: Path | None = None,
    *,
    index: Path | None = None,
    port: int | None = None,
    **settings: str,
) -> Iterator[Site]:
    """Serve ``documents`` in a ``home`` of the server's own.

    Parameters
    ----------
    documents
        The corpus; None is the one that ships.
    index
        Where the index lies or is to lie; None is in ``home``.
    """
    index = index or home / "index"
    corpus = {"NAVIGATOR_CORPUS": str(documents)} if documents else {}
    given = {
        **corpus,
        "NAVIGATOR_INDEX": str(index),
        "PYTHONPATH": os.pathsep.join(map(str, [_TESTS / "web" / "watched", _TESTS, REPOSITORY])),
        "ATTEMPTS": str(home / "attempts"),
        **settings,
    }
    with chat(home, given, port=port) as served:
        opened = Navigator.open(load_settings(corpus=documents and (documents,), index=index))
        yield Site(served.url, opened, home / "data" / "pattern-navigator", home, served.process.pid)
        opened.library.close()


def reached(site: Site) -> list[str]:
    """Return what the server tried to reach beyond this machine, and where its connections lead now."""
    written = site.home / "attempts"
    attempts = written.read_text("utf-8").splitlines() if written.exists() else []
    server = psutil.Process(site.process)
    ends = [
        connection.raddr
        for process in [server, *server.children(recursive=True)]
        for connection in process.net_connections("inet")
        if connection.raddr
    ]
    near = ("127.", "::1", "::ffff:127.")
    return [*attempts, *(f"{ip}:{port}" for ip, port in ends if not ip.startswith(near))]
