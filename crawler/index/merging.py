"""Articles that may be one: where they are found, and how one goes to make room for the two as one."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crawler.index.addresses import page_key
from crawler.index.captures import Pending
from crawler.index.fulltext import remove_text
from crawler.index.learnt import untake, whole_blocks
from crawler.index.ledger import DERIVED
from crawler.index.moments import stamp
from crawler.items import Block, Boilerplate, Capture, DatePrecision

STORED = "outcome IN ('new', 'revised', 'unchanged')"

AT_MOST = 8
"""Articles that share a mark with one: those of a mould may be many."""


@dataclass(frozen=True, slots=True)
class Known:
    """An article of the index as its newest revision has it, to compare another with."""

    id: str
    publisher_id: str
    key: str
    urls: tuple[str, ...]
    """The canonical one first."""
    headline: str | None
    blocks: tuple[Block, ...]
    published_at: str | None
    published_precision: DatePrecision | None
    first_seen_at: str
    revisions: tuple[str, ...]
    """The record ids of their captures, from the first."""


def is_known(db: sqlite3.Connection, article_id: str) -> bool:
    """Whether there is an article with this id."""
    return db.execute("SELECT 1 FROM articles WHERE id = ?", (article_id,)).fetchone() is not None


def is_late(db: sqlite3.Connection, article_id: str, capture: Capture) -> bool:
    """Whether an article was seen after a capture that is not stored yet."""
    query = f"""
        SELECT 1 FROM articles WHERE id = ? AND last_seen_at > ?
            AND NOT EXISTS (SELECT 1 FROM captures WHERE record_id = ? AND {STORED})
    """
    return db.execute(query, (article_id, stamp(capture.captured_at), capture.record_id)).fetchone() is not None


# A short address may redirect to one article after the other: only what was served there counts.
SERVED = f"""
    SELECT DISTINCT article_id FROM article_urls u WHERE urlkey = :urlkey AND article_id <> :article
        AND EXISTS (SELECT 1 FROM captures WHERE url = u.url AND article_id = u.article_id AND {STORED})
        AND NOT EXISTS (SELECT 1 FROM article_urls WHERE urlkey = :urlkey AND article_id = :article)
    ORDER BY article_id LIMIT :most
"""


def served_at(db: sqlite3.Connection, article_id: str, url: str) -> list[str]:
    """Other articles that an address served; none where the article itself was seen there before."""
    asked = {"urlkey": page_key(url), "article": article_id, "most": AT_MOST}
    return [found for (found,) in db.execute(SERVED, asked)]


def sharing(db: sqlite3.Connection, marks: Sequence[int]) -> list[str]:
    """Articles that have one of these marks."""
    places = ", ".join("?" * len(marks))
    query = f"SELECT DISTINCT article_id FROM article_marks WHERE mark IN ({places}) ORDER BY article_id LIMIT ?"
    return [found for (found,) in db.execute(query, (*marks, AT_MOST))]


def add_marks(db: sqlite3.Connection, article_id: str, marks: Iterable[int]) -> None:
    """What its revisions may be found by."""
    db.executemany("INSERT OR IGNORE INTO article_marks VALUES (?, ?)", ((mark, article_id) for mark in marks))


def known(db: sqlite3.Connection, article_id: str) -> Known | None:
    """What is known of an article; None where there is none."""
    query = """
        SELECT a.id, a.publisher_id, a.article_key, a.url, a.headline, r.text, r.block_kinds, r.learnt,
            r.published_at, r.published_precision, a.first_seen_at
        FROM articles a JOIN revisions r ON r.id = a.revision_id WHERE a.id = ?
    """
    row = db.execute(query, (article_id,)).fetchone()
    if row is None:
        return None
    urls = db.execute("SELECT url FROM article_urls WHERE article_id = ? ORDER BY url", (article_id,))
    records = db.execute(
        "SELECT c.record_id FROM revisions r JOIN captures c ON c.id = r.capture_id WHERE r.article_id = ? "
        "ORDER BY r.number",
        (article_id,),
    )
    return Known(
        id=row[0],
        publisher_id=row[1],
        key=row[2],
        urls=tuple(dict.fromkeys([row[3], *(url for (url,) in urls)])),
        headline=row[4],
        blocks=whole_blocks(*row[5:8]),
        published_at=row[8],
        published_precision=row[9],
        first_seen_at=row[10],
        revisions=tuple(record for (record,) in records),
    )


def unfinished(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Articles that have rows of their own, and were merged into another: ids of both."""
    query = """
        SELECT DISTINCT a.id, i.article_id FROM article_ids i JOIN articles a ON a.id IN (i.id, i.merged_into)
        WHERE a.id <> i.article_id ORDER BY a.id
    """
    return [tuple(row) for row in db.execute(query)]


def pages_of(db: sqlite3.Connection, article_ids: Sequence[str]) -> list[Pending]:
    """The captures that articles were made of, oldest first; first pages only."""
    query = f"""
        SELECT record_id, warc, "offset" FROM captures
        WHERE article_id IN ({", ".join("?" * len(article_ids))}) AND {STORED} ORDER BY captured_at, id
    """
    return [Pending(*row) for row in db.execute(query, tuple(article_ids))]


def revisions_of(db: sqlite3.Connection, article_ids: Sequence[str]) -> int:
    """How many revisions some articles have together."""
    query = f"SELECT count(*) FROM revisions WHERE article_id IN ({', '.join('?' * len(article_ids))})"
    (count,) = db.execute(query, tuple(article_ids)).fetchone()
    return int(count)


@dataclass(frozen=True, slots=True)
class Written:
    """What storing a page wrote beside the rows that hang on its article."""

    record_id: str
    captured_for: str
    """The publisher it was captured for."""
    marks: tuple[int, ...]
    taken: tuple[Boilerplate, ...]
    """Out of its text, learnt pieces too."""


def remove_article(db: sqlite3.Connection, article_id: str, pages: Collection[Written], stays: str) -> None:
    """Takes out what was made of an article's captures, which are pending after that.

    ``pages`` are all that it was made of. ``stays`` is the article that gets what else belongs to this one.
    """
    row = db.execute("SELECT number, publisher_id FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return
    remove_text(db, row[0])
    _remove_revisions(db, article_id, row[1], {page.record_id: page for page in pages})
    for page in pages:
        marks = ((mark, article_id) for mark in page.marks)
        db.executemany("DELETE FROM article_marks WHERE mark = ? AND article_id = ?", marks)
    db.execute("DELETE FROM article_urls WHERE article_id = ?", (article_id,))
    kinds = ", ".join("?" * len(DERIVED))
    db.execute(f"DELETE FROM events WHERE article_id = ? AND kind IN ({kinds})", (article_id, *DERIVED))
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    db.execute(
        f"UPDATE captures SET article_id = CASE WHEN {STORED} THEN NULL ELSE :stays END, "
        f"outcome = CASE WHEN {STORED} THEN 'pending' ELSE outcome END WHERE article_id = :id",
        {"stays": stays, "id": article_id},
    )


def _remove_revisions(db: sqlite3.Connection, article_id: str, publisher_id: str, pages: Mapping[str, Written]) -> None:
    query = "SELECT r.id, c.record_id FROM revisions r JOIN captures c ON c.id = r.capture_id WHERE r.article_id = ?"
    for revision_id, record_id in db.execute(query, (article_id,)).fetchall():
        page = pages[record_id]
        untake(db, page.captured_for, (piece for piece in page.taken if piece.position is None))
        untake(db, publisher_id, (piece for piece in page.taken if piece.position is not None))
        for table in ("images", "links", "embeds", "evidence", "revision_pages"):
            db.execute(f"DELETE FROM {table} WHERE revision_id = ?", (revision_id,))
    db.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
