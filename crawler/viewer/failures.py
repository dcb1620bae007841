"""The page that says what went wrong: what cannot be found or read, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils.asgi import Base400, NotFound, Request, Response
from datasette.views.base import DatasetteError

from crawler.errors import BadRecord, NotUsable, OfRecordError
from crawler.viewer.pages import NotThere, render

logger = logging.getLogger(__name__)

STATUSES: tuple[tuple[type[Exception], int], ...] = ((NotThere, 404), (NotUsable, 400), (BadRecord, 502))


def page_of(datasette: Any, request: Request, exception: Exception) -> Callable[[], Awaitable[Response]]:
    """The answer in an exception's stead; for programs, which ask for .json, as Datasette gives it.

    In place of Datasette's own, which prints a stack trace for each address that leads nowhere.
    """

    async def page() -> Response:
        status, message = _told(exception)
        if request.path.endswith(".json"):
            return Response.json({"ok": False, "error": message, "status": status, "title": None}, status=status)
        return await render(datasette, request, "failure.html", status, code=status, message=message)

    return page


def _told(exception: Exception) -> tuple[int, str]:
    if isinstance(exception, NotFound):
        # A path of one part is a database to Datasette.
        said = _of_datasette(exception)
        return 404, said if said != "Database not found" else "There is no such page."
    if isinstance(exception, Base400):
        return exception.status, _of_datasette(exception)
    if isinstance(exception, DatasetteError):
        return exception.status, str(exception.message)
    if isinstance(exception, OfRecordError):
        return next((status for kind, status in STATUSES if isinstance(exception, kind)), 500), str(exception)
    logger.error("a page could not be made: %s", exception, exc_info=exception)
    return 500, f"{type(exception).__name__}: {exception}. The terminal that scrapy serve runs in says more."


def _of_datasette(exception: Exception) -> str:
    return str(exception.args[0]) if exception.args else ""
