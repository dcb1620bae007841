"""The archive of one collection as a web application: Datasette with our pages before its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

from crawler.index.database import read_index
from crawler.viewer import plugin

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

HERE = Path(__file__).parent
SETTINGS = {
    "default_page_size": 50,
    "sql_time_limit_ms": 5000,
    "allow_download": False,  # of a file that is being written: sqlite-utils and cp do that better
    "cache_size_kb": 64 * 1024,
    "suggest_facets": False,  # a table of a hundred thousand rows is looked through for each column
}


def application(folder: Path, *, hosts: frozenset[str] | None) -> Asgi:
    """What answers a browser's requests about a collection; nothing is written.

    ``hosts`` are the names by which it may be asked, without ports; None: by any. Raises FolderNotUsable, IndexTooNew.
    """
    index = folder / "index.db"
    read_index(index).close()  # says what cannot be read before a browser is told
    if not pm.is_registered(plugin):
        pm.unregister(name="datasette.handle_exception")
        pm.register(plugin, name="ofrecord")
    datasette = Datasette(
        files=[str(index)],
        metadata=_metadata(folder),
        template_dir=str(HERE / "templates"),
        static_mounts=[("static", str(HERE / "static"))],
        settings=SETTINGS,
    )
    app: Asgi = datasette.app()
    return app if hosts is None else only_for(hosts, app)


def only_for(hosts: frozenset[str], app: Asgi) -> Asgi:
    """Answers requests to these names only.

    A page elsewhere whose name is made to lead to this machine (DNS rebinding) could read the archive otherwise.
    """

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (asked := _host(dict(scope["headers"]))) not in hosts:
            await _refuse(send, f"this archive is not at {asked}; open it at the address that scrapy serve printed")
            return
        await app(scope, receive, send)

    return answer


def _host(headers: Mapping[bytes, bytes]) -> str:
    host = headers.get(b"host", b"").decode("latin-1").lower()
    name, _, port = host.rpartition(":")
    return name if port.isdecimal() else host


async def _refuse(send: Send, why: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": f"{why}\n".encode()})


def _metadata(folder: Path) -> dict[str, Any]:
    """What Datasette's own pages say, and what our plugin reads: which collection this is."""
    return {
        "title": f"ofrecord: {folder.name}",
        "description": "Every table, with facets, SQL, JSON and CSV. archives/README.md says what is where.",
        "plugins": {"ofrecord": {"folder": str(folder)}},
    }
