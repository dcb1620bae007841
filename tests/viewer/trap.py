"""A server that nobody should call: it notes every connection, also those over which nothing is sent."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "html": "text/html", "vtt": "text/vtt"}
BODIES = {
    "js": "document.title = window.name = 'ran';",
    "css": "body { background: url(/from-a-style-sheet) }",
    "svg": "<svg xmlns='http://www.w3.org/2000/svg'><symbol id='x'/></svg>",
    "html": "<title>trap</title>",
    "vtt": "WEBVTT",
}
SILENCE = ""
"""What stands for a connection without a request."""


class Trap:
    """Listens on loopback while the ``with`` block lasts."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections: list[str] = []
        """The path asked for on each; SILENCE until one is, and for good where none is."""
        threading.Thread(target=self._accept, name="trap", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Ends the accept() that the thread is in.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections.append(SILENCE)
                number = len(self.connections) - 1
                threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection, suppress(OSError):
            connection.settimeout(30)
            request = connection.recv(1 << 16)
            path = request.decode("latin-1").partition(" ")[2].partition(" ")[0]
            self.connections[number] = path
            ending = "".join(re.findall(r"\.(\w+)$", path.partition("?")[0]))
            body = BODIES.get(ending, "x").encode()
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: {TYPES.get(ending, 'text/plain')}\r\nContent-Length: {len(body)}\r\n"
                "Access-Control-Allow-Origin: *\r\nService-Worker-Allowed: /\r\nConnection: close\r\n\r\n"
            )
            connection.sendall(head.encode() + body)
