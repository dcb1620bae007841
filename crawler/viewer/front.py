"""The front page: what is new, what changed, how the archive is."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.index.database import Connection
from crawler.index.search import Hit, search
from crawler.queries.parser import parse
from crawler.viewer.pages import Route, read, render

NEWEST = 20
"""Articles shown."""


async def front(datasette: Any, request: Request) -> Response:
    """The newest articles."""
    return await render(datasette, request, "front.html", newest=await read(datasette, _newest))


def _newest(db: Connection) -> list[Hit]:
    return search(db, parse(""), order="newest", limit=NEWEST)


ROUTES: tuple[Route, ...] = ((r"^/$", front),)
