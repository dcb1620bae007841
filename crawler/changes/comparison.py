"""Which fields differ between two readings of one article."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from crawler.changes.content import without_hosts
from crawler.items import Block, Image


class Reading(Protocol):
    """What is compared: an Article has it, and so has a row of the index."""

    @property
    def headline(self) -> str | None: ...
    @property
    def kicker(self) -> str | None: ...
    @property
    def summary(self) -> str | None: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def published(self) -> datetime | None: ...
    @property
    def modified(self) -> datetime | None: ...
    @property
    def section_path(self) -> tuple[str, ...]: ...
    @property
    def topics(self) -> tuple[str, ...]: ...
    @property
    def language(self) -> str | None: ...
    @property
    def access(self) -> str | None: ...
    @property
    def whole_blocks(self) -> tuple[Block, ...]: ...
    @property
    def images(self) -> tuple[Image, ...]: ...


_PLAIN = ("authors", "section_path", "topics", "language", "access")


def changed_fields(old: Reading, new: Reading) -> tuple[str, ...]:
    """Names of the fields that differ, in the order of ``Article``; host names in texts do not count."""
    return tuple(name for name, (before, after) in _pairs(old, new).items() if before != after)


def _pairs(old: Reading, new: Reading) -> dict[str, tuple[object, object]]:
    before, after = _comparable(old), _comparable(new)
    return {name: (before[name], after[name]) for name in before}


def _comparable(reading: Reading) -> dict[str, object]:
    texts = {name: without_hosts(getattr(reading, name) or "") for name in ("headline", "kicker", "summary")}
    moments = {name: _moment(getattr(reading, name)) for name in ("published", "modified")}
    plain = {name: getattr(reading, name) for name in _PLAIN}
    blocks = [(block.kind, without_hosts(block.text)) for block in reading.whole_blocks]
    captions = [(without_hosts(image.caption or ""), image.credit) for image in reading.images]
    return texts | moments | plain | {"blocks": blocks, "captions": captions}


def _moment(moment: datetime | None) -> datetime | None:
    """In UTC where a zone is known, so that one instant in two zones is one."""
    return moment.astimezone(UTC) if moment and moment.tzinfo else moment
