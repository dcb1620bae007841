"""An archived page as it was served, from its WARC record: what, when, where from; in a frame in which nothing runs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.collection.payloads import Brought, brought
from crawler.index.database import Connection
from crawler.index.snapshots import (
    CaptureFacts,
    Neighbours,
    capture_of_record,
    capture_with_id,
    neighbours,
    requisite_near,
)
from crawler.normalisation.urls import wire_url
from crawler.viewer.disarm import Addresses
from crawler.viewer.filters import snapshot_path
from crawler.viewer.pages import NotThere, Route, collection, part, read, render
from crawler.viewer.snapshot_answers import Answer, download, shown

MAX_REQUISITES = 500
"""Of one page that are looked for in the index."""


async def snapshot(datasette: Any, request: Request) -> Response:
    """The viewer's page about a capture, with the archived page in a frame."""
    folder, asked = collection(datasette), part(request, "id")

    def told(db: Connection) -> tuple[CaptureFacts, Brought, Neighbours]:
        capture = capture_named(db, asked)
        return capture, brought(folder, db, capture), neighbours(db, capture)

    capture, payload, around = await read(datasette, told)
    return await render(datasette, request, "snapshot.html", capture=capture, payload=payload, around=around)


async def page(datasette: Any, request: Request) -> Response:
    """The archived page itself, disarmed."""
    folder, asked = collection(datasette), part(request, "id")
    return _response(await read(datasette, lambda db: snapshot_of(folder, db, asked)))


async def raw(datasette: Any, request: Request) -> Response:
    """The payload as a file."""
    folder, asked = collection(datasette), part(request, "id")

    def file(db: Connection) -> Answer:
        capture = capture_named(db, asked)
        return download(capture, brought(folder, db, capture))

    return _response(await read(datasette, file))


def snapshot_of(folder: Path, db: Connection, reference: str) -> Answer:
    """What a browser is given of a capture: see ``capture_named``. Raises NotThere, BadRecord."""
    capture = capture_named(db, reference)
    return shown(capture, brought(folder, db, capture), _addresses(db, capture))


def capture_named(db: Connection, reference: str) -> CaptureFacts:
    """The capture with this WARC-Record-ID, or with this number in this index. Raises NotThere."""
    is_number = reference.isascii() and reference.isdigit() and len(reference) < len(str(2**63))
    found = capture_with_id(db, int(reference)) if is_number else capture_of_record(db, reference)
    if found is None:
        raise NotThere(f"there is no capture {reference}; it may have been forgotten, or the index made anew")
    return found


def _addresses(db: Connection, capture: CaptureFacts) -> Addresses:
    """Images and style sheets that are in the archive are shown from there, as near as can be to the page's moment."""
    looked_for: set[str] = set()

    @cache
    def requisite(url: str) -> str | None:
        looked_for.add(url)
        if len(looked_for) > MAX_REQUISITES or not url.startswith("http"):
            return None
        found = requisite_near(db, wire_url(url), capture.captured_at)
        return f"{snapshot_path(found)}/page" if found else None

    return Addresses(page=lambda url: None, requisite=requisite)


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), content_type=answer.content_type)


ROUTES: tuple[Route, ...] = (
    (r"^/snapshot/(?P<id>[^/]+)$", snapshot),
    (r"^/snapshot/(?P<id>[^/]+)/page$", page),
    (r"^/snapshot/(?P<id>[^/]+)/raw$", raw),
)
