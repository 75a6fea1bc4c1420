"""No test reaches beyond this machine, see conftest."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import urllib.request

import pytest
from offline import attempts


@pytest.mark.parametrize(
    "reach_out",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
        lambda: socket.create_connection(("2001:db8::1", 80), timeout=1),
        lambda: socket.getaddrinfo("example.org", 443),
        lambda: urllib.request.urlopen("http://192.0.2.1/", timeout=1),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
    ],
)
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_reaching_out_fails_and_is_remembered(reach_out):
    with pytest.raises(OSError, match="Tests are offline"):
        reach_out()
    assert len(attempts) == 1
    attempts.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_loopback_is_open(host: str):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with contextlib.closing(socket.socket(family)) as server:
        try:
            server.bind((host, 0))
        except OSError:
            pytest.skip(f"this machine has no {host}")
        server.listen()
        answering = threading.Thread(target=lambda: server.accept()[0].close())
        answering.start()
        with socket.create_connection((host, server.getsockname()[1]), timeout=5):
            assert attempts == []
        answering.join()


def test_nobody_s_settings_are_in_force():
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert not [name for name in os.environ if name.startswith("NAVIGATOR_")]
