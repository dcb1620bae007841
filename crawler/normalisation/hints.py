"""Hints as JSON and back: they travel in the frontier, in WARC metadata and between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from crawler.items import Hints

_MOMENTS = ("published", "modified")
_LISTS = ("authors", "images")


def hints_as_json(hints: Hints) -> dict[str, Any]:
    """Only what is known; times as ISO 8601."""
    known = {field.name: getattr(hints, field.name) for field in fields(hints)}
    return {name: _plain(value) for name, value in known.items() if value not in (None, ())}


def hints_from_json(known: Mapping[str, Any]) -> Hints:
    """The reverse of ``hints_as_json``; names of a later version are passed over."""
    names = {field.name for field in fields(Hints)}
    return Hints(**{name: _read(name, value) for name, value in known.items() if name in names})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _read(name: str, value: Any) -> Any:
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name in _LISTS:
        return tuple(value)
    if name == "alternates":
        return tuple((language, url) for language, url in value)
    return value
