"""Which extraction made a revision: two captures are compared only under one generation."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from hashlib import sha256

from crawler.publishers.base import Layout, Publisher

GENERATION = 9
"""Counts up with every change that can alter a field of an unchanged page."""

EXTRACTOR = f"ofrecord {GENERATION}"

_READ_BY = ("languages", "timezone", "layouts", "boilerplate", "join_pages")
"""What of a definition decides how a page is read."""


@lru_cache(maxsize=64)
def extractor_of(publisher: Publisher) -> str:
    """Names the extraction with a publisher's definition: "ofrecord 9", or "ofrecord 9, gazette 1f0c33ab"."""
    if not any(getattr(publisher, name) for name in _READ_BY):
        return EXTRACTOR
    said = repr([_said(getattr(publisher, name)) for name in _READ_BY])
    return f"{EXTRACTOR}, {publisher.id} {sha256(said.encode()).hexdigest()[:8]}"


def _said(value: object) -> object:
    """What of a definition is the same in every process: of a function its name."""
    if isinstance(value, tuple):
        return [_said(each) for each in value]
    if isinstance(value, Layout):
        return [_said(getattr(value, each.name)) for each in fields(value)]
    return value.__qualname__ if callable(value) else str(value)  # type: ignore[attr-defined]
