"""Values as UTF-8 can hold them."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def encodable(value: T) -> T | str:
    """The value; "?" in a text for each half of a surrogate pair, which JSON can spell and SQLite cannot store."""
    if not isinstance(value, str) or value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    return value
