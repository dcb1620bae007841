"""What a browser is given of an archived payload: nothing that runs, fetches, or can be taken for a page of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote, urlsplit

from crawler.collection.payloads import Brought
from crawler.extraction.page import in_utf8
from crawler.index.snapshots import CaptureFacts
from crawler.viewer.disarm import NOWHERE, Addresses, disarmed
from crawler.viewer.disarm_styles import disarmed_sheet

MAX_SHOWN = 2_000_000
"""Bytes of a text that are shown; the download has all of it."""

POLICY = (
    "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
"""Of all answers. ``sandbox`` gives the page an origin of its own, in which nothing runs and nothing is opened."""

_FEATURES = (
    "accelerometer autoplay camera clipboard-read clipboard-write display-capture encrypted-media fullscreen "
    "gamepad geolocation gyroscope hid idle-detection local-fonts magnetometer microphone midi payment "
    "picture-in-picture publickey-credentials-get screen-wake-lock serial storage-access usb "
    "window-management xr-spatial-tracking"
).split()

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-DNS-Prefetch-Control": "off",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

REQUISITE_HEADERS: Mapping[str, str] = {**HEADERS, "Cross-Origin-Resource-Policy": "cross-origin"}
"""Of what a snapshot shows in itself: to the browser, its sandbox is another origin than the viewer's."""

HTML = frozenset(("text/html", "application/xhtml+xml"))
IMAGES = frozenset(
    ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/x-icon")
) | {"image/vnd.microsoft.icon"}
"""Pixels only: an SVG is a document, and shown as text."""
_TEXTS = re.compile(r"text/.*|image/svg\+xml|application/(?:.*\+)?(?:json|xml|javascript|x-javascript|ecmascript)")
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|title|meta|div|p)\b", re.I | re.S)
"""How pages begin that no header calls so."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, of no framework."""

    body: bytes
    content_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: HEADERS)


def shown(capture: CaptureFacts, payload: Brought, addresses: Addresses = NOWHERE) -> Answer:
    """What an archived payload looks like, whatever it is."""
    mime = payload.mime or ("text/html" if _HTML.match(payload.data[:4096]) else None)
    if not payload.data:
        return _note(_empty(capture, payload))
    if mime in HTML:
        page = disarmed(payload.data, capture.url, payload.content_type, addresses)
        return Answer(page, "text/html; charset=utf-8")
    if mime in IMAGES:
        return Answer(payload.data, str(mime), headers=REQUISITE_HEADERS)
    if mime == "text/css":
        sheet = disarmed_sheet(in_utf8(payload.data, payload.content_type).decode("utf-8", "replace"))
        return Answer(sheet.encode(), "text/css; charset=utf-8", headers=REQUISITE_HEADERS)
    if mime is not None and _TEXTS.fullmatch(mime):
        return _text(payload)
    return _note(f"This is {mime or 'of no stated type'}, {len(payload.data)} bytes. It is not shown; download it.")


def download(capture: CaptureFacts, payload: Brought) -> Answer:
    """The payload as a file, content codings removed."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{filename(capture, payload)}"'}
    return Answer(payload.data, "application/octet-stream", headers=headers)


def filename(capture: CaptureFacts, payload: Brought) -> str:
    """A name for the file, of letters and digits: when it was captured, and as what."""
    path = unquote(urlsplit(capture.url).path) if "[" not in capture.url else ""
    last = re.sub(r"[^A-Za-z0-9._-]+", "-", path.rstrip("/").rpartition("/")[2])[-60:].strip("-.")
    moment = re.sub(r"\D", "", capture.captured_at)[:14]
    ending = ".html" if payload.mime in HTML and not last.endswith((".html", ".htm")) else ""
    return f"{moment}-{last or 'page'}{ending}"


def _empty(capture: CaptureFacts, payload: Brought) -> str:
    leads = f" It leads to {payload.location}" if payload.location else ""
    return f"The answer, with status {capture.status}, had no content.{leads}"


def _text(payload: Brought) -> Answer:
    text = in_utf8(payload.data[:MAX_SHOWN], payload.content_type).decode("utf-8", "replace")
    cut = "<p>It goes on; the download has all of it.</p>" if len(payload.data) > MAX_SHOWN else ""
    return _document(f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere">{escape(text)}</pre>{cut}')


def _note(text: str) -> Answer:
    return _document(f'<p style="font-family:sans-serif;overflow-wrap:anywhere">{escape(text)}</p>')


def _document(body: str) -> Answer:
    page = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>Snapshot</title></head><body>{body}</body></html>'
    return Answer(page.encode("utf-8", "replace"), "text/html; charset=utf-8")
