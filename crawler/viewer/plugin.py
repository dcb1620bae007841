"""Our plugin of Datasette: the pages, what they need of the database, and the headers of every answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from jinja2 import Environment
from markupsafe import Markup

from crawler.viewer import article, diff, failures, front, guide, ledger, publishers, replay, search, snapshots
from crawler.viewer.cells import linked
from crawler.viewer.filters import FILTERS
from crawler.viewer.pages import Route

ROUTES: tuple[Route, ...] = (
    *front.ROUTES,
    *search.ROUTES,
    *diff.ROUTES,
    *article.ROUTES,
    *snapshots.ROUTES,
    *ledger.ROUTES,
    *publishers.ROUTES,
    *replay.ROUTES,
    *guide.ROUTES,
)

HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"x-dns-prefetch-control": b"off",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
"""Of every answer; and who follows a link to the live web does not tell it from where."""

POLICY = b"frame-ancestors 'self'; base-uri 'none'; object-src 'none'"
"""Of answers that have no policy of their own, as Datasette's pages have none: they need scripts in the page."""


@hookimpl  # type: ignore[untyped-decorator]  # pluggy's marker has no type
def register_routes() -> tuple[Route, ...]:
    """Ours come before Datasette's own."""
    return ROUTES


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment) -> None:
    """What our templates call."""
    env.filters.update(FILTERS)
    env.trim_blocks = env.lstrip_blocks = True


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(table: str | None, column: str, value: object) -> Markup | None:
    """A cell of Datasette's tables with the way to our page of it."""
    return linked(table, column, value)


@hookimpl  # type: ignore[untyped-decorator]
def menu_links() -> list[dict[str, str]]:
    """The way back from Datasette's pages."""
    return [{"href": "/", "label": "The archive"}, {"href": "/search", "label": "Search"}]


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Awaitable[Any]]:
    """Our page for what went wrong."""
    return failures.page_of(datasette, request, exception)


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[Any], Any]:
    """Puts the headers on every answer."""
    return _with_headers


def _with_headers(app: Any) -> Any:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _headers(message.get("headers", []))}
            await send(message)

        await app(scope, receive, sending)

    return answer


def _headers(given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    known = {name.lower() for name, _ in given}
    added = {**HEADERS, b"content-security-policy": POLICY}
    return [*given, *((name, value) for name, value in added.items() if name not in known)]
