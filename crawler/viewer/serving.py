"""Serves an application at one address of this machine until it is told to end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from crawler.errors import BadArgument
from crawler.viewer.origins import Asgi


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 is any that is free. Raises BadArgument."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:  # the latter for what cannot be a name
        raise BadArgument(f"--host {host}: no address of this machine ({error})") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise BadArgument(
            f"cannot listen at {host} port {port} ({error.strerror}); give another with --port, or 0 for any free one"
        ) from error
    return listener


def address(listener: socket.socket, host: str) -> str:
    """Where a browser on this machine finds it."""
    port = listener.getsockname()[1]
    if host in ("0.0.0.0", "::"):  # all of this machine's: no address to open
        host = socket.gethostname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def serve(app: Asgi, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Answers until Ctrl-C or SIGTERM; ``on_ready`` is called as soon as requests are answered."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=3,
        proxy_headers=False,
    )
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):  # either signal comes once more when all is answered
        _Server(config, on_ready).run(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()
