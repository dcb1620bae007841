"""Fields that make no revision by themselves, and are told where they changed with one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Facts(Protocol):
    """What is compared: a revision of the index has it."""

    @property
    def kicker(self) -> str | None: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def section_path(self) -> tuple[str, ...]: ...
    @property
    def topics(self) -> tuple[str, ...]: ...
    @property
    def published_at(self) -> str | None: ...
    @property
    def modified_at(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...


FURTHER = ("kicker", "authors", "section_path", "topics", "published_at", "modified_at", "language")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that is not as it was; what is a list is joined by commas."""

    field: str
    old: str | None
    """None: the page did not say."""
    new: str | None


def changed_fields(old: Facts, new: Facts) -> tuple[FieldChange, ...]:
    """Those that differ, in the order of ``FURTHER``."""
    pairs = (FieldChange(name, _plain(getattr(old, name)), _plain(getattr(new, name))) for name in FURTHER)
    return tuple(pair for pair in pairs if pair.old != pair.new)


def _plain(value: str | tuple[str, ...] | None) -> str | None:
    return ", ".join(value) or None if isinstance(value, tuple) else value
