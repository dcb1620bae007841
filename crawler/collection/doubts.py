"""Pages on which next to nothing is left of an article: emptied, or not read right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crawler.changes.state import is_emptied, still_says
from crawler.collection.fates import Absent
from crawler.collection.pages import ReadPage
from crawler.errors import BadRecord
from crawler.index.database import Connection
from crawler.index.readings import newest_reading, word_count
from crawler.items import Block, Place
from crawler.warc.reader import decode, read


@dataclass(frozen=True, slots=True)
class Doubt:
    """An article that the index knows with much more text than a new capture of it seems to have."""

    article_id: str
    blocks: tuple[Block, ...]
    """As it was."""


def doubt_about(db: Connection, article_id: str, page: ReadPage) -> Doubt | None:
    """Whether a page of an article that is known may have been emptied."""
    if not is_emptied(word_count(db, article_id), page.article):
        return None
    return Doubt(article_id, newest_reading(db, article_id).whole_blocks)


def resolved(doubt: Doubt, folder: Path, place: Place) -> Absent:
    """What the page's bytes say: where the old text is in them still, it is the reading that failed."""
    try:
        page = decode(read(folder, place.warc, place.offset)).data.decode("utf-8", "replace")
    except BadRecord:
        return Absent("unreadable", doubt.article_id)
    return Absent("unreadable" if still_says(page, doubt.blocks) else "emptied", doubt.article_id)
