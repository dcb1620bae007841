"""Metadata on record that names an article which is taken down, and what it says without it."""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from crawler.index.aliases import MERGED
from crawler.index.forgetting import FORGOTTEN, address_digest
from crawler.index.ledger import OF_CRAWLS
from crawler.warc.events import event_of, is_event
from crawler.warc.reader import Record, records

GONE = "(taken down)"
"""What stands for an address in the arguments of a crawl."""

_VIA = re.compile(rb"^via: (.*)\r\n", re.MULTILINE)
_URL = re.compile(r"https?://\S+")


@dataclass(slots=True)
class Traces:
    """In one WARC file."""

    dropped: set[str] = field(default_factory=set)
    """Ids of records that are about the article."""
    blocks: dict[str, bytes] = field(default_factory=dict)
    """By the id of a record that is about something else: its block without the article's addresses."""


def traces(path: Path, article_ids: Container[str | None], urls: Iterable[str]) -> Traces:
    """What a file's metadata records say of an article with these ids and addresses. Raises BadRecord."""
    found, named = Traces(), _Addresses(urls)
    for record in records(path):
        if is_event(record):
            _note_event(record, article_ids, named, found)
        elif record.type == "metadata" and (block := named.via_taken_out(record.block)) != record.block:
            found.blocks[record.record_id] = block
    return found


def _note_event(record: Record, article_ids: Container[str | None], named: _Addresses, found: Traces) -> None:
    """What stays says nothing of the article, and by it all that comes under one of its ids is known."""
    event, facts = event_of(record), json.loads(record.block)
    without = named.taken_out(facts)
    if event.kind in OF_CRAWLS:
        if without != facts:
            found.blocks[record.record_id] = json.dumps(without).encode()
    elif event.kind not in (FORGOTTEN, MERGED) and (event.article_id in article_ids or without != facts):
        found.dropped.add(record.record_id)


class _Addresses:
    """Of one article, in whichever spelling."""

    def __init__(self, urls: Iterable[str]) -> None:
        self._digests = frozenset(map(address_digest, urls))

    def via_taken_out(self, fields: bytes) -> bytes:
        """A block of fields without the one that says by which page something was found, where that is the article."""
        return _VIA.sub(
            lambda found: found[0] if self.taken_out(found[1].decode()) == found[1].decode() else b"", fields
        )

    def taken_out(self, value: object) -> object:
        """A JSON value without them."""
        if isinstance(value, dict):
            return {name: self.taken_out(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self.taken_out(each) for each in value]
        return _URL.sub(lambda found: self._replaced(found[0]), value) if isinstance(value, str) else value

    def _replaced(self, url: str) -> str:
        # In a sentence, a mark may follow it.
        plain = url.rstrip(".,;:!?)")
        gone = address_digest(url) in self._digests or address_digest(plain) in self._digests
        return GONE if gone else url
