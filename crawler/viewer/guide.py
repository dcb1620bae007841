"""The page that says how to search, and which keys do what."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.queries.fields import FIELDS
from crawler.viewer.pages import Route, render


async def explained(datasette: Any, request: Request) -> Response:
    """The query language with its fields."""
    return await render(datasette, request, "help.html", fields=FIELDS)


ROUTES: tuple[Route, ...] = ((r"^/help$", explained),)
