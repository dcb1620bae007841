"""The names that people write queries against, and that any program can read the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from crawler.index.database import open_index

CONTRACT = {
    "publishers": "id name country languages domains notes",
    "crawls": "id spider arguments started_at finished_at finish_reason stats software",
    "warcs": "id filename bytes records sealed_at sha256 previous_sha256",
    "captures": (
        "id crawl_id url urlkey host captured_at method status mime kind record_id warc offset length payload_digest "
        "payload_sha256 ip tls truncated via publisher_id purpose article_id outcome etag last_modified"
    ),
    "articles": (
        "id publisher_id article_key url headline summary authors section_path topics language published_at "
        "modified_at access state first_seen_at last_seen_at revisions revision_id word_count"
    ),
    "article_urls": "article_id url host first_seen_at last_seen_at",
    "revisions": (
        "id article_id number capture_id seen_at content_sha256 headline kicker summary authors section_path topics "
        "language published_at published_precision published_raw modified_at modified_raw text word_count extractor "
        "changed"
    ),
    "blocks": "revision_id position kind text",
    "images": "revision_id position url caption credit alt width height",
    "links": "revision_id position url text",
    "evidence": "revision_id field value source locator chosen",
    "boilerplate": "publisher_id text kind first_seen_at last_seen_at times",
    "mirror_candidates": "publisher_id host found_in status",
    "events": "id at kind publisher_id article_id capture_id detail",
    "articles_fts": "headline summary text captions",
    "latest": "id publisher headline published_at revision_id warc offset",
    "edits": "article_id",
    "coverage": "publisher_id day",
}
"""Columns may be added. One that is here goes only by a migration that keeps the old name working."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "index.db"
    open_index(path).close()
    return path


@pytest.fixture
def plain(path: Path) -> Iterator[sqlite3.Connection]:
    """As a program opens it that knows nothing of us."""
    with closing(sqlite3.connect(path)) as connection:
        yield connection


@pytest.mark.parametrize("table", CONTRACT)
def test_every_name_of_the_contract_is_there(plain: sqlite3.Connection, table: str) -> None:
    columns = {row[1] for row in plain.execute(f"PRAGMA table_info({table})")}
    assert set(CONTRACT[table].split()) <= columns


def test_any_program_can_read_every_table_and_view(plain: sqlite3.Connection) -> None:
    for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall():
        assert plain.execute(f"SELECT * FROM {name}").fetchall() is not None


def test_sqlite_utils_knows_the_tables_views_and_full_text(path: Path) -> None:
    database = sqlite_utils.Database(path)
    tables, views = set(database.table_names()), set(database.view_names())
    database.close()
    assert set(CONTRACT) <= tables | views
    assert {"blocks", "latest", "edits", "coverage"} <= views


def test_rows_must_belong_together(path: Path) -> None:
    with (
        closing(open_index(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"),
    ):
        connection.execute("INSERT INTO images (revision_id, position, url) VALUES ('nobody/1@1', 0, 'https://a/b')")


def test_the_file_has_large_pages_and_readers_beside_its_writer(plain: sqlite3.Connection) -> None:
    assert plain.execute("PRAGMA page_size").fetchone() == (16384,)
    assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_full_text_keeps_positions(plain: sqlite3.Connection) -> None:
    (sql,) = plain.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_fts'").fetchone()
    # Less than the default "full" makes bm25 eight times slower (architecture.md).
    assert "detail" not in sql


def test_columns_say_what_they_mean_to_whoever_reads_the_schema(plain: sqlite3.Connection) -> None:
    (sql,) = plain.execute("SELECT sql FROM sqlite_master WHERE name = 'captures'").fetchone()
    assert "null: through a proxy" in sql
