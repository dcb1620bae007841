"""The index held against the records it was made from, and its tables against each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator
from functools import wraps
from typing import Any, ParamSpec

from crawler.index.aliases import MERGED
from crawler.index.captures import COLUMNS, LIVE, capture_row
from crawler.index.forgetting import forgotten_addresses
from crawler.index.learnt import whole_blocks
from crawler.index.ledger import (
    DERIVED,
    OF_CRAWLS,
    SealedRow,
    crawl_row,
    event_row,
    imported_files,
    known_files,
    sealed_row,
)
from crawler.index.originals import place_of
from crawler.index.revisions import COMPARED
from crawler.index.seen import Seen
from crawler.items import Article, Capture, Event, Fault, Image

P = ParamSpec("P")


def _readable(check: Callable[P, Iterator[Fault]]) -> Callable[P, Iterator[Fault]]:
    """The faults of a check; that the file is damaged is one of them."""

    @wraps(check)
    def checked(*args: P.args, **kwargs: P.kwargs) -> Iterator[Fault]:
        try:
            yield from check(*args, **kwargs)
        except sqlite3.DatabaseError as error:
            yield Fault("index-file", "index.db", f"cannot be read ({error}); scrapy reindex makes it anew")

    return checked


def files_without_row(db: sqlite3.Connection, filenames: Iterable[str]) -> list[str]:
    """Those that ``warcs`` does not name; none where the index cannot be read."""
    try:
        known = known_files(db)
    except sqlite3.DatabaseError:
        return []
    return [name for name in filenames if name not in known]


def imports(db: sqlite3.Connection) -> tuple[dict[str, str], frozenset[str]]:
    """``imported_files``, and the addresses that were taken down; none where the index cannot be read."""
    try:
        return imported_files(db), forgotten_addresses(db)
    except sqlite3.DatabaseError:
        return {}, frozenset()


def is_in(db: sqlite3.Connection, record_id: str, filenames: Container[str]) -> bool:
    """Whether a record is in one of these files, by the index; not where that cannot be read."""
    try:
        place = place_of(db, record_id)
    except sqlite3.DatabaseError:
        return False
    return place is not None and place.warc in filenames


OF_RECORDS = tuple(name for name in COLUMNS if name not in ("outcome", "tdm_reservation", "tdm_policy", "license"))
"""Columns of ``captures`` that are read from the record alone: of reservation and licence the page may speak too."""


@_readable
def begin(db: sqlite3.Connection) -> Iterator[Fault]:
    """From now on the index stays as it is for this connection, whatever a crawl adds."""
    db.execute("BEGIN")
    db.execute("SELECT count(*) FROM warcs").fetchone()
    yield from ()


@_readable
def capture_faults(db: sqlite3.Connection, warc: str, captures: Iterable[Capture]) -> Iterator[Fault]:
    """Of one file: records without a row, and columns that say something else."""
    names = ", ".join(f'"{name}"' for name in OF_RECORDS)
    query = f"SELECT {names} FROM captures WHERE record_id = ? AND warc = ?"
    for capture in captures:
        where = f"{warc}:{capture.offset}"
        row = db.execute(query, (capture.record_id, warc)).fetchone()
        if row is None:
            yield Fault("index-missing", where, f"captures has no row of {capture.record_id} ({capture.url})")
            continue
        expected = capture_row(capture)
        wrong = [
            f"{name} is {row[name]!r}, not {expected[name]!r}" for name in OF_RECORDS if row[name] != expected[name]
        ]
        if wrong:
            yield Fault("index-differs", where, f"captures {capture.record_id}: {'; '.join(wrong)}")


@_readable
def invented_faults(db: sqlite3.Connection, files: Container[str], seen: Seen) -> Iterator[Fault]:
    """Rows without a record in one of the files that were looked into."""
    for record_id, warc, offset in db.execute('SELECT record_id, warc, "offset" FROM captures'):
        if warc in files and not seen.has_capture(record_id, warc):
            yield Fault("index-invented", f"{warc}:{offset}", f"captures has {record_id}, which is not there")


@_readable
def stray_faults(db: sqlite3.Connection, files: Container[str]) -> Iterator[Fault]:
    """Captures in files that are not there."""
    for name, rows in db.execute("SELECT warc, count(*) FROM captures GROUP BY warc ORDER BY warc"):
        if name not in files:
            yield Fault("index-invented", f"{rows} captures in {name}", "there is no such file")


@_readable
def sealed_faults(db: sqlite3.Connection, entries: Iterable[SealedRow]) -> Iterator[Fault]:
    """Rows of ``warcs`` beside the manifest."""
    columns = ("filename", "bytes", "records", "sealed_at", "sha256", "previous_sha256", "replaces")
    rows = {row["filename"]: tuple(row) for row in db.execute(f"SELECT {', '.join(columns)} FROM warcs")}
    for entry in entries:
        row, expected = rows.pop(entry.filename, None), sealed_row(entry)
        if row != expected:
            yield Fault("index-warcs", f"warcs {entry.filename}", f"is {row}, where the manifest has {expected}")
    for filename in rows:
        yield Fault("index-warcs", f"warcs {filename}", "is not in the manifest")


@_readable
def crawl_faults(db: sqlite3.Connection, events: Iterable[Event]) -> Iterator[Fault]:
    """Rows of ``crawls`` beside what is on record of how each began and ended."""
    columns = ("spider", "started_at", "arguments", "software", "finished_at", "finish_reason")
    rows = {
        (row["spider"], row["started_at"]): dict(row) for row in db.execute(f"SELECT {', '.join(columns)} FROM crawls")
    }
    expected: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        if event.kind in OF_CRAWLS:
            said = crawl_row(event)
            expected.setdefault((said["spider"], said["started_at"]), dict.fromkeys(columns)).update(said)
    for name in sorted(rows.keys() | expected.keys()):
        where, row, recorded = f"crawls {' '.join(name)}", rows.get(name), expected.get(name)
        if row is None:
            yield Fault("index-missing", where, "there is no row of this crawl")
        elif recorded is None:
            yield Fault("index-invented", where, "there is no record of this crawl")
        elif row != recorded:
            wrong = [
                f"{column} is {row[column]!r}, not {recorded[column]!r}"
                for column in columns
                if row[column] != recorded[column]
            ]
            yield Fault("index-differs", where, "; ".join(wrong))


@_readable
def event_faults(db: sqlite3.Connection, events: Iterable[Event]) -> Iterator[Fault]:
    """Rows of ``events`` beside the events on record."""
    query = "SELECT at, kind, publisher_id, article_id, detail FROM events"
    rows = {tuple(row) for row in db.execute(query) if row["kind"] not in DERIVED}
    expected = {event_row(event) for event in events if event.kind not in OF_CRAWLS}
    for at, kind, *_ in sorted(expected - rows, key=str):
        yield Fault(
            "index-missing", f"events {at}", f"there is no row of this event ({kind}), or it says something else"
        )
    for at, kind, *_ in sorted(rows - expected, key=str):
        yield Fault("index-invented", f"events {at}", f"there is no record of this event ({kind})")


CONSISTENT = (
    (
        "capture-revision",
        "SELECT c.record_id, 'outcome ' || c.outcome || ', but no revision names it' FROM captures c "
        "WHERE c.outcome IN ('new', 'revised') AND NOT EXISTS (SELECT 1 FROM revisions WHERE capture_id = c.id)",
    ),
    (
        "capture-revision",
        "SELECT r.id, 'its capture has outcome ' || coalesce(c.outcome, 'null') || ' and article ' || "
        "coalesce(c.article_id, 'null') FROM revisions r JOIN captures c ON c.id = r.capture_id "
        "WHERE c.outcome NOT IN ('new', 'revised') OR c.outcome IS NULL OR c.article_id IS NOT r.article_id",
    ),
    (
        "capture-article",
        "SELECT c.record_id, 'belongs to ' || c.article_id || ', which is not there' FROM captures c "
        "WHERE c.article_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM articles WHERE id = c.article_id)",
    ),
    (
        "revision-time",
        "SELECT r.id, 'seen at ' || r.seen_at || ', captured at ' || c.captured_at FROM revisions r "
        "JOIN captures c ON c.id = r.capture_id WHERE r.seen_at <> c.captured_at",
    ),
    (
        "revision-count",
        "SELECT a.id, 'says ' || a.revisions || ' revisions, there are ' || count(r.id) FROM articles a "
        "LEFT JOIN revisions r ON r.article_id = a.id GROUP BY a.id HAVING a.revisions <> count(r.id)",
    ),
    (
        "article-newest",
        "SELECT a.id, 'its newest revision is not ' || a.revision_id FROM articles a WHERE a.revision_id IS NOT "
        "(SELECT id FROM revisions WHERE article_id = a.id ORDER BY seen_at DESC, number DESC LIMIT 1)",
    ),
    (
        "article-differs",
        "SELECT a.id, 'says other than its newest revision' FROM articles a JOIN revisions r ON r.id = a.revision_id "
        "WHERE "
        + " OR ".join(
            f"a.{name} IS NOT r.{name}" for name in (*COMPARED, "word_count") if name not in ("kicker", "text")
        ),
    ),
    (
        "article-address",
        "SELECT c.article_id, c.url || ' is not among its addresses' FROM captures c "
        "WHERE c.article_id IS NOT NULL AND c.verdict IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM article_urls u WHERE u.article_id = c.article_id AND u.url = c.url)",
    ),
    (
        "article-address",
        "SELECT u.article_id, u.url || ' was never captured' FROM article_urls u "
        "WHERE NOT EXISTS (SELECT 1 FROM captures c WHERE c.url = u.url)",
    ),
    (
        "article-seen",
        "SELECT a.id, 'says it was seen from ' || a.first_seen_at || ' to ' || a.last_seen_at || ', its captures '"
        " || 'are of ' || min(c.captured_at) || ' to ' || max(c.captured_at) "
        f"FROM articles a JOIN captures c ON c.article_id = a.id AND c.page_of IS NULL AND c.outcome IN {LIVE} "
        "GROUP BY a.id HAVING a.first_seen_at <> min(c.captured_at) OR a.last_seen_at <> max(c.captured_at)",
    ),
    (
        "event-derived",
        "SELECT e.at || ' ' || e.kind, 'is of no article that is there' FROM events e "
        f"WHERE e.kind IN ({', '.join(repr(kind) for kind in sorted(DERIVED))}) "
        "AND NOT EXISTS (SELECT 1 FROM articles WHERE id = e.article_id)",
    ),
    (
        "article-state",
        "SELECT a.id, 'is ' || a.state || ', though it was seen after all that said so' FROM articles a "
        "WHERE a.state <> 'live' AND NOT EXISTS (SELECT 1 FROM captures c "
        "WHERE c.article_id = a.id AND c.verdict IS NOT NULL AND c.captured_at > a.last_seen_at)",
    ),
    (
        "article-id",
        "SELECT DISTINCT a.id, 'was merged into ' || i.article_id || ', and still has rows; the next crawl ends that' "
        "FROM article_ids i JOIN articles a ON a.id IN (i.id, i.merged_into) WHERE i.article_id <> a.id",
    ),
    (
        "article-id",
        "SELECT i.id, 'was merged into ' || i.merged_into || ', which is nowhere on record' FROM article_ids i WHERE "
        f"NOT EXISTS (SELECT 1 FROM events WHERE kind = '{MERGED}' AND article_id = i.merged_into "
        "AND json_extract(detail, '$.merged') = i.id)",
    ),
    (
        "article-id",
        "SELECT json_extract(detail, '$.merged'), 'is not known as an id of ' || article_id FROM events e "
        f"WHERE kind = '{MERGED}' AND NOT EXISTS (SELECT 1 FROM article_ids "
        "WHERE id = json_extract(e.detail, '$.merged') AND merged_into = e.article_id)",
    ),
    (
        "revision-evidence",
        "SELECT r.id, 'has no evidence of its headline' FROM revisions r WHERE r.headline IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM evidence e WHERE e.revision_id = r.id AND e.field = 'headline' AND e.chosen)",
    ),
    (
        "full-text",
        "SELECT a.id, 'is not in the full text' FROM articles a "
        "WHERE NOT EXISTS (SELECT 1 FROM articles_fts_docsize d WHERE d.id = a.number) "
        "OR NOT EXISTS (SELECT 1 FROM articles_fts_names_docsize d WHERE d.id = a.number)",
    ),
    (
        "full-text",
        "SELECT d.id, 'is in the full text, and no article' "
        "FROM (SELECT id FROM articles_fts_docsize UNION SELECT id FROM articles_fts_names_docsize) d "
        "WHERE NOT EXISTS (SELECT 1 FROM articles a WHERE a.number = d.id)",
    ),
)
"""(rule, query of what breaks it: where, what)."""


@_readable
def table_faults(db: sqlite3.Connection) -> Iterator[Fault]:
    """What SQLite itself finds, rows that name rows that are not there, and tables that contradict each other."""
    for (said,) in db.execute("PRAGMA integrity_check(20)"):
        if said != "ok":
            yield Fault("index-file", "index.db", said)
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield Fault("index-row", f"{table} row {row}", f"names a row of {parent} that is not there")
    for rule, query in CONSISTENT:
        for where, what in db.execute(query):
            yield Fault(rule, str(where), what)


@_readable
def content_faults(db: sqlite3.Connection, digest_of: Callable[[Article], str]) -> Iterator[Fault]:
    """Revisions whose content was edited; ``digest_of`` is changes.content's, over as much as it covers."""
    for revision_id, stated, article in _stored_contents(db):
        if (digest := digest_of(article)) != stated:
            what = f"its headline, summary, text or captions were edited: content_sha256 is {stated}, theirs {digest}"
            yield Fault("revision-content", revision_id, what)


def _stored_contents(db: sqlite3.Connection) -> Iterator[tuple[str, str, Article]]:
    columns = "id, content_sha256, headline, summary, text, block_kinds, learnt"
    for row in db.execute(f"SELECT {columns} FROM revisions"):
        revision = (row["id"],)
        images = db.execute("SELECT url, caption FROM images WHERE revision_id = ? ORDER BY position", revision)
        article = Article(
            url="",
            headline=row["headline"],
            summary=row["summary"],
            blocks=whole_blocks(row["text"], row["block_kinds"], row["learnt"]),
            images=tuple(Image(url, caption=caption) for url, caption in images),
        )
        yield row["id"], row["content_sha256"], article
