"""What the pages of the viewer have in common: how one reads the index and how it is rendered."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from datasette.utils.asgi import Request, Response

from crawler.errors import OfRecordError
from crawler.index.database import Connection

Route = tuple[str, Callable[..., Any]]
"""A regular expression of paths, and the function that answers; Datasette gives it what its parameters name."""

T = TypeVar("T")

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
"""Of our own pages: nothing comes from elsewhere, and what an article says cannot run."""

HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}


class NotThere(OfRecordError):
    """What an address asks for is not in the archive.

    Not Datasette's NotFound, in whose place another spelling of the address is tried.
    """


def collection(datasette: Any) -> Path:
    """The folder of the collection that is served."""
    return Path(datasette.folder)


async def read(datasette: Any, query: Callable[[Connection], T]) -> T:
    """What a named query of the index gives, read in a thread, with rows that know their columns."""
    found: T = await datasette.get_database("index").execute_fn(query)
    return found


async def render(datasette: Any, request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A page of ours: a template of templates/ofrecord with what it shows."""
    name = collection(datasette).name
    given = {
        "collection": name,
        "of_collection": f"-s {shlex.quote(f'COLLECTION={name}')}",  # of commands that a page shows
        "query": request.args.get("q") or "",
        **shown,
    }
    html = await datasette.render_template(f"ofrecord/{template}", given, request=request)
    return Response.html(html, status=status, headers=HEADERS)


def part(request: Request, name: str) -> str:
    """What stands in the path at a named place of the route, as it was before it was encoded."""
    return unquote(request.url_vars[name], errors="replace")
