"""application/warc-fields blocks (ISO 28500:2017 §4): what a warcinfo or metadata record says, as names and values."""

from __future__ import annotations

import json
from collections.abc import Iterable

CONTENT_TYPE = "application/warc-fields"


def fields_block(fields: Iterable[tuple[str, str | None]]) -> bytes:
    """One line a field; None is left out."""
    lines = [f"{name}: {_written(value)}\r\n" for name, value in fields if value is not None]
    return "".join(lines).encode()


def parse_fields(block: bytes) -> dict[str, str]:
    """The fields by name; the first of a name counts, lines that are no fields are passed over."""
    fields: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").split("\n"):
        name, colon, value = line.partition(":")
        if colon and not line[:1].isspace():
            fields.setdefault(name.strip(), _read(value.strip()))
    return fields


def _written(value: str) -> str:
    """As it is where it stands in one line; else as a JSON string, which is ASCII without line breaks."""
    plain = value.isprintable() and value == value.strip() and not value.startswith('"')
    return value if plain else json.dumps(value)


def _read(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
