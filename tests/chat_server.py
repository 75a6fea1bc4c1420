"""A scripted server on loopback that speaks OpenAI's protocol, to drive the real client."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-very-secret-0123456789"
Script = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server on loopback that does what its script says and remembers what it was asked."""

    def __init__(self) -> None:
        self.script: Script = says("Nothing scripted [1].")
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                self.request_body = json.loads(self.rfile.read(length))
                outer.requests.append(self.request_body)
                outer.keys.append(self.headers["Authorization"])
                outer.script(self)
                self.close_connection = True

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def says(*pieces: str, finish: str | None = "stop") -> Script:
    """Stream pieces as server-sent events; without ``finish`` the line goes dead after them."""
    events = [json.dumps(chunk(piece)) for piece in pieces]
    return streams(
        *events, *([json.dumps(chunk("", finish)), "[DONE]"] if finish else []), whole=bool(finish)
    )


def streams(*events: str, whole: bool = True, pause: float = 0.0) -> Script:
    """Stream the data of server-sent events as they are; unless ``whole``, more is promised than comes."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        if not whole:
            handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        with suppress(OSError):  # whoever asked may have hung up
            for event in events:
                handler.wfile.write(f"data: {event}\n\n".encode())
                handler.wfile.flush()
                time.sleep(pause)

    return script


def sends_body(body: bytes, kind: str) -> Script:
    """Answer with these very bytes."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.end_headers()
        handler.wfile.write(body)

    return script


def chunk(content: str, finish_reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": finish_reason}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def refuses(status: int, *, code: str = "y", headers: Mapping[str, str] = {}) -> Script:
    """Refuse with an error that repeats the key, as some providers do."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"error": {"message": f"The key {KEY} is not known.", "type": "x", "code": code}})
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body.encode())

    return script


def is_silent(until: threading.Event) -> Script:
    """Say nothing, for a minute at most."""
    return lambda handler: (until.wait(60), None)[1]


def drops_the_line(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def by_task(*, rewriting: Script, prose: Script) -> Script:
    """Follow one script where a rewriting is asked for, and another one elsewhere."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        task = handler.request_body["messages"][-1]["content"]  # type: ignore[attr-defined]
        (rewriting if "Prepare the search" in task else prose)(handler)

    return script
