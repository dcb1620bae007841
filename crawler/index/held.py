"""Which articles are held: by address, and of which day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.index.addresses import page_key


@dataclass(frozen=True, slots=True)
class Held:
    """An article of the index."""

    id: str
    publisher_id: str
    day: str | None
    """Of publication, ISO 8601, as the page has it; None: it states none."""


HELD = "SELECT id, publisher_id, substr(published_at, 1, 10) FROM articles"

HELD_AT = f"{HELD} WHERE id = (SELECT article_id FROM article_urls WHERE urlkey = ? LIMIT 1)"


def held(db: sqlite3.Connection) -> Iterator[Held]:
    """All articles."""
    return (Held(*row) for row in db.execute(HELD))


def held_at(db: sqlite3.Connection, urls: Iterable[str]) -> dict[str, Held]:
    """The articles that were seen at some addresses; nothing for the others."""
    rows = ((url, db.execute(HELD_AT, (page_key(url),)).fetchone()) for url in urls)
    return {url: Held(*row) for url, row in rows if row}
