"""The site's server: http, https with good and bad certificates, a forward and a CONNECT proxy, all on loopback."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

from tests.site.certificates import Authority
from tests.site.parts import Interim, Part, Pause, Request, Reset, Route, Unasked, Vanish
from tests.site.routes import ROUTES, not_found

TDMREP = "/.well-known/tdmrep.json"

Scheme = Literal["http", "https", "untrusted", "misnamed", "malformed"]
"""https with a certificate: good; of an unknown authority; for another host; whose host name cannot be read."""


@dataclass
class Logged:
    """One exchange as the site saw it."""

    url: str
    request: bytes
    response: bytearray = field(default_factory=bytearray)
    """The final response, as far as it was sent."""
    interim: bytearray = field(default_factory=bytearray)
    connection: int = 0
    """Exchanges with equal numbers shared a connection."""
    received_at: float = field(default_factory=time.monotonic)
    """In seconds; when the header of the request was there."""


class Site:
    """Serves while the ``with`` block lasts.

    >>> with Site() as site:
    ...     site.url("/gone")
    'http://127.0.0.1:…/gone'
    """

    def __init__(self, routes: Mapping[str, Route] | None = None, *, fallback: Route = not_found) -> None:
        """Routes by path, in addition to those of ``tests/site/routes.py``; ``fallback`` answers all other paths."""
        self._routes = {**ROUTES, **(routes or {})}
        self._fallback = fallback
        self.exchanges: list[Logged] = []
        self.log: list[Logged] = []
        """The same without requests for a tdmrep.json that there is no route for: each host is asked for one."""
        self.tunnels: list[str] = []
        """host:port of each CONNECT."""
        self._asked: Counter[str] = Counter()
        self._connections = 0
        self._servers: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="site", daemon=True)
        self._folder = tempfile.TemporaryDirectory()
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        authority = Authority(Path(self._folder.name))
        stranger = Authority(Path(self._folder.name), "unknown authority")
        self.ca_file = str(authority.ca_file)
        contexts = {
            "http": None,
            "https": authority.context("127.0.0.1", "localhost", "*.site.example"),
            "untrusted": stranger.context("127.0.0.1", "localhost"),
            "misnamed": authority.context("elsewhere.example"),
            "malformed": authority.context("*.example"),  # a wildcard over a whole top-level domain
        }
        self._thread.start()
        for scheme, context in contexts.items():
            self._ports[scheme] = asyncio.run_coroutine_threadsafe(self._listen(scheme, context), self._loop).result(5)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        self._folder.cleanup()

    def url(self, path: str, scheme: Scheme = "http") -> str:
        return f"{'http' if scheme == 'http' else 'https'}://127.0.0.1:{self._ports[scheme]}{path}"

    @property
    def proxy(self) -> str:
        """Address of the proxy: the same server, which takes absolute targets and CONNECT as well."""
        return f"http://127.0.0.1:{self._ports['http']}"

    def logged(self, url: str) -> list[Logged]:
        """The exchanges of one address, in order."""
        return [entry for entry in self.log if entry.url == url]

    async def _listen(self, scheme: str, context: ssl.SSLContext | None) -> int:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                    await self._serve(scheme, reader, writer)
                writer.close()
            except asyncio.CancelledError:
                writer.transport.abort()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _stop(self) -> None:
        for server in self._servers:
            server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # lets the transports close

    async def _serve(self, scheme: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(1)  # drain() then waits until all is sent
        self._connections += 1
        connection = self._connections
        while True:
            raw = await reader.readuntil(b"\r\n\r\n")
            method, target, headers = _parsed(raw)
            if method == "CONNECT":
                self.tunnels.append(target)
                await self._tunnel(reader, writer)
                return
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            origin = (
                "" if target.startswith("http") else f"{'http' if scheme == 'http' else 'https'}://{headers['host']}"
            )
            entry = Logged(origin + target, raw + body, connection=connection)
            self.exchanges.append(entry)
            if TDMREP in self._routes or not target.endswith(TDMREP):
                self.log.append(entry)
            self._asked[entry.url] += 1
            request = Request(method, _relative(target), tuple(headers.items()), body, self._asked[entry.url])
            if not await self._answer(request, entry, writer):
                return

    async def _answer(self, request: Request, entry: Logged, writer: asyncio.StreamWriter) -> bool:
        """Sends the parts; False when the connection has ended."""
        for part in self._routes.get(request.path, self._fallback)(request):
            if isinstance(part, bytes):
                _note(part, entry)
                writer.write(part)
            elif isinstance(part, Pause):
                await writer.drain()
                await asyncio.sleep(part.seconds)
            else:
                await writer.drain()
                _end(part, writer)
                return False
        await writer.drain()
        return True

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Joins the client with our own https server, whatever host it asked for."""
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", self._ports["https"])
        writer.write(b"HTTP/1.1 200 Connection established\r\nX-Tunnel: part of no exchange\r\n\r\n")
        await asyncio.gather(_pipe(reader, upstream_writer), _pipe(upstream_reader, writer))


def _parsed(raw: bytes) -> tuple[str, str, dict[str, str]]:
    first, *lines = raw.decode("latin-1").split("\r\n")[:-2]
    method, target, _ = first.split(" ", 2)
    headers = (line.partition(":") for line in lines)
    return method, target, {name.lower(): value.strip() for name, _, value in headers}


def _relative(target: str) -> str:
    parts = urlsplit(target)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _note(part: bytes, entry: Logged) -> None:
    if isinstance(part, Interim):
        entry.interim += part
    elif not isinstance(part, Unasked):
        entry.response += part


def _end(part: Part, writer: asyncio.StreamWriter) -> None:
    if part is Reset:
        # Lingering for no time makes close() send a reset.
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    elif part is Vanish:
        writer.transport.abort()
    else:
        writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    writer.close()
