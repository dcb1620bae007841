"""What the collection holds already, as the WARC writer asks for it: the index, and what is not in it yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crawler.index.database import Connection, read_index
from crawler.index.originals import Held, newest_of, original_of
from crawler.items import Capture
from crawler.warc.groups import Original

REMEMBERED = 20_000
"""Captures of this session that the index may not have yet; the oldest are forgotten first."""


class CollectionOriginals:
    """Implements warc.groups.Originals. For the writer's thread alone, which also opens the connection."""

    def __init__(self, index: Path) -> None:
        self._path = index
        self._index: Connection | None = None
        self._recent: dict[str, Original] = {}

    def unmodified(self, url: str, until: datetime) -> Original | None:
        return _original(newest_of(self._connected(), url, until))

    def identical(self, payload_digest: str, until: datetime) -> Original | None:
        recent = self._recent.get(payload_digest)
        if recent is not None and recent.captured_at <= until:
            return recent
        return _original(original_of(self._connected(), payload_digest, until))

    def written(self, capture: Capture) -> None:
        if capture.kind != "response" or capture.status != 200 or capture.truncated or capture.payload_digest is None:
            return
        self._recent.setdefault(
            capture.payload_digest,
            Original(capture.record_id, capture.url, capture.captured_at, capture.payload_digest),
        )
        if len(self._recent) > REMEMBERED:
            del self._recent[next(iter(self._recent))]

    def close(self) -> None:
        if self._index is not None:
            self._index.close()

    def _connected(self) -> Connection:
        if self._index is None:
            self._index = read_index(self._path)
        return self._index


def _original(held: Held | None) -> Original | None:
    return Original(held.record_id, held.url, held.captured_at, held.payload_digest) if held else None
