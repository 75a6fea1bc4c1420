"""The guard that keeps tests on this machine: an audit hook, which sees every socket of Python's."""

from __future__ import annotations

import ipaddress
from typing import Any

_REACHING_OUT = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOKING_UP = {"socket.getaddrinfo", "socket.gethostbyname"}
attempts: list[str] = []
"""What the test that is running tried to reach beyond this machine."""


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse whatever would leave this machine, and remember it: callers may swallow the refusal."""
    if event in _REACHING_OUT:
        host = arguments[1][0] if isinstance(arguments[1], tuple) else None
    elif event in _LOOKING_UP:
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        attempts.append(f"{event} {host!r}")
        raise OSError(f"Tests are offline, and this one tried {event} {host!r}.")


def _is_loopback(host: object) -> bool:
    name = host.decode("idna") if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False
