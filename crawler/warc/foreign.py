"""WARC and WACZ files that other programs made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from crawler.errors import BadRecord
from crawler.items import Capture
from crawler.warc.captures import capture_of, groups, is_exchange
from crawler.warc.reader import Damage, Record, everything

ENDINGS = (".warc.gz", ".wacz")


def foreign_captures(path: Path) -> Iterator[Capture]:
    """All exchanges of a file, ``warc`` being its whole path.

    In a WACZ the WARC files are stored as they are, so that their records have offsets in it like any other.
    What cannot be read is passed over. Raises BadRecord where nothing can, OSError.
    """
    name, found = str(path.resolve()), False
    for group in groups(_records(path)):
        found = True
        if not is_exchange(group):
            continue
        with suppress(BadRecord):
            yield replace(capture_of(group), warc=name)
    if not found:
        raise BadRecord(
            f"{path} holds no WARC records that are compressed one by one; `warcio recompress` makes such a file of it"
        )


def _records(path: Path) -> Iterator[Record]:
    return (record for record in everything(path) if not isinstance(record, Damage))
