"""What the collection holds already, as the WARC writer asks for it: the index, and what is not in it yet."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from crawler.errors import BadRecord
from crawler.index.database import Connection, read_index
from crawler.index.originals import Held, newest_of, originals_of, place_of
from crawler.items import Capture, Place
from crawler.warc.groups import Original
from crawler.warc.messages import is_chunked
from crawler.warc.reader import read

logger = logging.getLogger(__name__)

REMEMBERED = 12_000
"""Captures of this session that the index may not have yet, which lets 10,000 wait; the oldest are forgotten first."""


class CollectionOriginals:
    """Implements warc.groups.Originals. For the writer's thread alone, which also opens the connection."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._index: Connection | None = None
        self._recent: dict[str, tuple[Original, Place]] = {}

    def unmodified(self, url: str, until: datetime) -> Original | None:
        held = newest_of(self._connected(), url, until)
        return _original(held) if held else None

    def identical(self, payload_digest: str, until: datetime, *, chunked: bool) -> Original | None:
        if recent := self._recent.get(payload_digest):
            original, place = recent
            if original.captured_at <= until and self._comes_as(place, chunked=chunked):
                return original
        for held in originals_of(self._connected(), payload_digest, until):
            found = place_of(self._connected(), held.record_id)
            if found is not None and self._comes_as(found, chunked=chunked):
                return _original(held)
        return None

    def written(self, capture: Capture) -> None:
        if capture.kind != "response" or capture.status != 200 or capture.truncated or capture.payload_digest is None:
            return
        # Not the whole capture: of so many that would be thirty megabytes.
        self._recent[capture.payload_digest] = _original(capture), Place(capture.warc, capture.offset)
        if len(self._recent) > REMEMBERED:
            del self._recent[next(iter(self._recent))]

    def close(self) -> None:
        if self._index is not None:
            self._index.close()

    def _comes_as(self, place: Place, *, chunked: bool) -> bool:
        """Whether a response is there, and in chunks or not."""
        try:
            return is_chunked(read(self._folder, place.warc, place.offset).http()) == chunked
        except (OSError, BadRecord) as error:
            logger.error("nothing is made a revisit of what is lost: %s", error)
            return False

    def _connected(self) -> Connection:
        if self._index is None:
            self._index = read_index(self._folder / "index.db")
        return self._index


def _original(held: Held | Capture) -> Original:
    return Original(held.record_id, held.url, held.captured_at, held.payload_digest or "")
