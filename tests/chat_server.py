"""A scripted server on loopback that speaks OpenAI's protocol, to drive the real client."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-very-secret-0123456789"
Script = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server on loopback that does what its script says and remembers what it was asked."""

    def __init__(self) -> None:
        self.script: Script = says("Nothing scripted [1].")
        self.requests: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                outer.requests.append(json.loads(self.rfile.read(length)))
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


def says(*pieces: str, finish: bool = True) -> Script:
    """Stream pieces as server-sent events; without ``finish`` the line goes dead after them."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        if not finish:
            handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        for piece in pieces:
            handler.wfile.write(f"data: {json.dumps(chunk(piece))}\n\n".encode())
            handler.wfile.flush()
        if finish:
            handler.wfile.write(f"data: {json.dumps(chunk('', 'stop'))}\n\ndata: [DONE]\n\n".encode())

    return script


def chunk(content: str, finish_reason: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": content}, "finish_reason": finish_reason}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def refuses(status: int) -> Script:
    def script(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"error": {"message": f"The key {KEY} is not known.", "type": "x", "code": "y"}})
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())

    return script
