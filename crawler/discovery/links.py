"""From what a page or listing writes in place of an address to one that can be requested."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

from crawler.normalisation.text import clean_or_none
from crawler.normalisation.urls import host_of, wire_url

URL_LENGTH = 8000
"""Characters; RFC 9110 §4.1 asks for no more of anybody."""

TEXT_LENGTH = 5000
"""Characters kept of a title or summary that a listing claims."""

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")


def resolved(base: str, reference: str | None) -> str | None:
    """The web address that a reference leads to from ``base``, as it is requested; None if it leads elsewhere."""
    reference = (reference or "").strip()
    if not reference or len(reference) > URL_LENGTH:
        return None
    try:
        absolute = reference if reference.startswith(("http://", "https://")) else urljoin(base, reference)
        url = wire_url(absolute)
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and bool(host_of(url)) and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        return None
    return url if whole and url.isascii() and len(url) <= URL_LENGTH else None


def plain_text(markup: str | None) -> str | None:
    """What HTML in a listing's title or summary says, on one line, bounded; None where it says nothing."""
    if not markup:
        return None
    text = markup[: 4 * TEXT_LENGTH]
    if "<" in text or "&" in text:
        text = unescape(_TAG.sub(" ", unescape(text)))
    cleaned = clean_or_none(text)
    return cleaned[:TEXT_LENGTH] if cleaned else None
