"""Stores an article as seen in one capture: a new article, a new revision, or one more time that it was seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from crawler.index.addresses import add_address
from crawler.index.captures import capture_id
from crawler.index.fulltext import add_text, remove_text
from crawler.index.learnt import note_taken
from crawler.index.mirrors import suggest
from crawler.index.moments import stamp
from crawler.index.naming import suggest_addresses
from crawler.index.pages import note_pages
from crawler.index.revisions import add_revision, changed_columns, changes_captions, newest_before, revision_row
from crawler.items import Article, Capture
from crawler.normalisation.encodable import encodable

Outcome = Literal["new", "revised", "unchanged"]

MIRROR_NOTICE = "alternate-addresses"
"""The kind of boilerplate whose hosts may be mirrors."""


MAX_REDIRECTS = 20
"""In a row; Scrapy gives up after as many."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of an article's capture."""

    outcome: Outcome
    article_id: str
    revision_id: str
    """The one that holds the content of this capture."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An article as one capture shows it, with what identifies it."""

    capture: Capture
    article: Article
    publisher_id: str
    key: str
    content_sha256: str
    extractor: str
    further: tuple[Capture, ...] = ()
    """The captures of its later pages, in order."""
    captured_as: str | None = None
    """The publisher that the page was captured for, where its article became another's; None: it is the same."""

    @property
    def captured_for(self) -> str:
        return self.captured_as or self.publisher_id

    @property
    def article_id(self) -> str:
        return f"{self.publisher_id}/{self.key}"


def store_article(db: sqlite3.Connection, seen: Seen, known_hosts: Iterable[str] = ()) -> Stored:
    """Applies a capture; applying it again changes nothing.

    The content is compared with the revisions around it in time. A capture older than the newest revision, with
    content of its own, becomes a revision too, but not the newest: ``scrapy reindex`` puts the numbers in order.
    """
    row = capture_id(db, seen.capture.record_id)
    if (known := _stored(db, row)) is not None:
        return known
    same = _same_revision(db, seen)
    stored = Stored("unchanged", seen.article_id, same) if same else _revise(db, seen, row)
    _note_address(db, seen)
    note_pages(db, seen.further, seen.article_id, stored.revision_id if stored.outcome != "unchanged" else None)
    _note_boilerplate(db, seen, row, {_bare_host(host) for host in known_hosts}, times=stored.outcome != "unchanged")
    db.execute("UPDATE captures SET outcome = ?, article_id = ? WHERE id = ?", (stored.outcome, seen.article_id, row))
    return stored


def _stored(db: sqlite3.Connection, row: int) -> Stored | None:
    """What an earlier call made of the capture."""
    query = """
        SELECT c.outcome, c.article_id, coalesce(r.id, a.revision_id)
        FROM captures c JOIN articles a ON a.id = c.article_id
            LEFT JOIN revisions r ON r.article_id = a.id AND r.capture_id = c.id
        WHERE c.id = ? AND c.outcome IN ('new', 'revised', 'unchanged')
    """
    found = db.execute(query, (row,)).fetchone()
    return Stored(*found) if found else None


CURRENT = """
    SELECT r.id, r.content_sha256 FROM articles a JOIN revisions r ON r.id = a.revision_id
    WHERE a.id = :id AND a.last_seen_at <= :at
"""

NEIGHBOURS = """
    SELECT * FROM (SELECT id, content_sha256 FROM revisions WHERE article_id = :id AND seen_at <= :at
        ORDER BY seen_at DESC, number DESC LIMIT 1)
    UNION ALL
    SELECT * FROM (SELECT id, content_sha256 FROM revisions WHERE article_id = :id AND seen_at > :at
        ORDER BY seen_at, number LIMIT 1)
"""


def _same_revision(db: sqlite3.Connection, seen: Seen) -> str | None:
    """The revision that stood when the page was captured, if its content is the same; of a late one also the next."""
    asked = {"id": seen.article_id, "at": stamp(seen.capture.captured_at)}
    known = db.execute(CURRENT, asked).fetchall() or db.execute(NEIGHBOURS, asked).fetchall()
    return next((revision for revision, content in known if content == seen.content_sha256), None)


def _revise(db: sqlite3.Connection, seen: Seen, capture_row: int) -> Stored:
    """A revision of an article that may be new."""
    at = stamp(seen.capture.captured_at)
    known = db.execute("SELECT number, last_seen_at FROM articles WHERE id = ?", (seen.article_id,)).fetchone()
    revision = _revision(db, seen, capture_row)
    newest = known is None or known[1] <= at
    if known is None:
        db.execute(INSERT, _article_row(seen, revision))
    else:
        db.execute("UPDATE articles SET revisions = revisions + 1 WHERE id = ?", (seen.article_id,))
    if known is not None and newest:
        remove_text(db, known[0])
        db.execute(UPDATE, _article_row(seen, revision))
    add_revision(db, revision, seen.article)
    if newest:
        add_text(db, seen.article_id, seen.article, revision["text"])
    return Stored("revised" if known else "new", seen.article_id, revision["id"])


def _revision(db: sqlite3.Connection, seen: Seen, capture_row: int) -> dict[str, Any]:
    at = stamp(seen.capture.captured_at)
    row = revision_row(seen.article)
    before = newest_before(db, seen.article_id, at)
    (count,) = db.execute("SELECT count(*) FROM revisions WHERE article_id = ?", (seen.article_id,)).fetchone()
    return row | {
        "id": f"{seen.article_id}@{count + 1}",
        "article_id": seen.article_id,
        "number": count + 1,
        "capture_id": capture_row,
        "seen_at": at,
        "content_sha256": seen.content_sha256,
        "extractor": seen.extractor,
        "changed": json.dumps(_changed(db, before, row, seen.article)) if before else None,
    }


def _changed(db: sqlite3.Connection, before: Mapping[str, Any], row: Mapping[str, Any], article: Article) -> list[str]:
    captions = ["captions"] if changes_captions(db, before["id"], article) else []
    return [*changed_columns(before, row), *captions]


ARTICLE_COLUMNS = (
    *("headline", "summary", "authors", "section_path", "topics", "language", "published_at", "modified_at"),
    *("word_count", "persons", "agencies", "form"),
)
"""Those that hold what the newest revision does."""

INSERT = """
    INSERT INTO articles (id, publisher_id, article_key, url, headline, summary, authors, section_path, topics,
        language, published_at, modified_at, access, state, first_seen_at, last_seen_at, revisions, revision_id,
        word_count, persons, agencies, form)
    VALUES (:id, :publisher_id, :article_key, :url, :headline, :summary, :authors, :section_path, :topics, :language,
        :published_at, :modified_at, :access, 'live', :seen_at, :seen_at, 1, :revision_id, :word_count,
        :persons, :agencies, :form)
"""

UPDATE = """
    UPDATE articles SET url = :url, headline = :headline, summary = :summary, authors = :authors,
        section_path = :section_path, topics = :topics, language = :language, published_at = :published_at,
        modified_at = :modified_at, access = :access, revision_id = :revision_id, word_count = :word_count,
        persons = :persons, agencies = :agencies, form = :form
    WHERE id = :id
"""


def _article_row(seen: Seen, revision: Mapping[str, Any]) -> dict[str, Any]:
    return {name: revision[name] for name in ARTICLE_COLUMNS} | {
        "id": seen.article_id,
        "publisher_id": seen.publisher_id,
        "article_key": seen.key,
        "url": encodable(seen.article.canonical_url or seen.article.url),
        "access": seen.article.access,
        "seen_at": revision["seen_at"],
        "revision_id": revision["id"],
    }


def _note_address(db: sqlite3.Connection, seen: Seen) -> None:
    at = stamp(seen.capture.captured_at)
    for url in (seen.capture.url, *redirected_from(db, seen.capture)):
        add_address(db, seen.article_id, url, at)
    db.execute(
        """
        UPDATE articles SET state = 'live', first_seen_at = min(first_seen_at, :at),
            last_seen_at = max(last_seen_at, :at) WHERE id = :id
        """,
        {"at": at, "id": seen.article_id},
    )


REDIRECT = """
    SELECT via FROM captures WHERE url = ? AND captured_at <= ? AND status BETWEEN 300 AND 399 AND purpose = 'article'
    ORDER BY captured_at DESC LIMIT 1
"""


def redirected_from(db: sqlite3.Connection, capture: Capture) -> list[str]:
    """Addresses whose redirects led to the page, the last first: they are the article's as well."""
    found: list[str] = []
    via = capture.notes.via
    while via and len(found) < MAX_REDIRECTS and via not in found:
        redirect = db.execute(REDIRECT, (via, stamp(capture.captured_at))).fetchone()
        if redirect is None:
            break
        found.append(via)
        via = redirect[0]
    return found


def _note_boilerplate(
    db: sqlite3.Connection, seen: Seen, capture_row: int, known_hosts: set[str], *, times: bool
) -> None:
    """What was taken out of a page. ``times``: out of a revision too, which alone counts for what was learnt."""
    at = stamp(seen.capture.captured_at)
    suggest_addresses(db, seen.publisher_id, seen.article, known_hosts, capture_row)
    for piece in seen.article.boilerplate:
        is_learnt = piece.position is not None
        if times or not is_learnt:
            owner = seen.publisher_id if is_learnt else seen.captured_for
            note_taken(db, owner, encodable(piece.text), piece.kind, at, int(times))
        hosts = piece.hosts if piece.kind == MIRROR_NOTICE else ()
        new = [host for host in hosts if _bare_host(host) not in known_hosts]
        suggest(db, seen.captured_for, new, capture_row)


def _bare_host(host: str) -> str:
    return host.lower().removeprefix("www.")
