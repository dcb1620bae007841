"""Values as UTF-8 can hold them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")


def encodable(value: T) -> T:
    """The value with "?" for what cannot be encoded, in texts at any depth of tuples and dataclasses."""
    mended: Any = value
    if isinstance(value, str):
        mended = value.encode("utf-8", "replace").decode()
    elif isinstance(value, tuple):
        mended = tuple(map(encodable, value))
    elif is_dataclass(value) and not isinstance(value, type):
        mended = replace(value, **{field.name: encodable(getattr(value, field.name)) for field in fields(value)})
    return mended  # type: ignore[no-any-return]
