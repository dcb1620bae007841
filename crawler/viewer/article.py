"""The page of an article: its fields, its text, its pictures, and what became of it."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.index.lookup import stored_article
from crawler.viewer.pages import NotThere, Route, part, read, render


async def article(datasette: Any, request: Request) -> Response:
    """An article at its newest revision."""
    asked = part(request, "id")
    found = await read(datasette, lambda db: stored_article(db, asked))
    if found is None:
        raise NotThere(f"there is no article {asked}; search finds those there are")
    return await render(datasette, request, "article.html", article=found)


ROUTES: tuple[Route, ...] = ((r"^/article/(?P<id>[^/]+/[^/]+)$", article),)
