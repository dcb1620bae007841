"""Opening index.db: new, older, newer, damaged, missing, read-only."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import FolderNotUsable, IndexTooNew, IndexTooOld
from crawler.index import database
from crawler.index.database import open_index, read_index
from crawler.index.schema import MIGRATIONS

Opened = Callable[[Path], sqlite3.Connection]

SECOND = "ALTER TABLE publishers ADD COLUMN founded TEXT; UPDATE publishers SET founded = '1947'"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news" / "index.db"


def add_publisher(path: Path) -> None:
    with closing(open_index(path)) as connection:
        connection.execute("INSERT INTO publishers (id, name, domains) VALUES ('gazette', 'The Gazette', '[]')")


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_a_new_file_has_the_version_of_this_program(path: Path) -> None:
    open_index(path).close()
    assert version(path) == len(MIGRATIONS)


def test_opening_again_changes_nothing(path: Path) -> None:
    add_publisher(path)
    before = path.read_bytes()
    open_index(path).close()
    assert path.read_bytes() == before


def test_an_older_file_is_brought_up_to_date_with_its_rows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_publisher(path)
    monkeypatch.setattr(database, "MIGRATIONS", (*MIGRATIONS, SECOND))
    with closing(open_index(path)) as connection:
        assert connection.execute("SELECT id, founded FROM publishers").fetchall() == [("gazette", "1947")]
    assert version(path) == len(MIGRATIONS) + 1


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_publisher(path)
    monkeypatch.setattr(database, "MIGRATIONS", (*MIGRATIONS, f"{SECOND}; INSERT INTO nowhere VALUES (1)"))
    with pytest.raises(FolderNotUsable, match="no such table: nowhere"):
        open_index(path)
    assert version(path) == len(MIGRATIONS)
    monkeypatch.undo()
    with closing(read_index(path)) as connection:
        columns = connection.execute("SELECT * FROM publishers").fetchone().keys()
    assert "founded" not in columns


@pytest.mark.parametrize("opened", [open_index, read_index])
def test_a_newer_file_is_refused_with_what_to_do(path: Path, opened: Opened) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    before = path.read_bytes()
    with pytest.raises(IndexTooNew, match=r"has version 9999.*install a newer one") as refused:
        opened(path)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == before


@pytest.mark.parametrize("opened", [open_index, read_index])
def test_a_file_that_is_no_database_is_named(path: Path, opened: Opened) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database " * 1000)
    with pytest.raises(FolderNotUsable, match=r"index\.db: .*not a database"):
        opened(path)


def test_without_an_index_there_is_nothing_to_read(path: Path) -> None:
    with pytest.raises(FolderNotUsable, match="is not there; run a crawl first"):
        read_index(path)
    assert not path.parent.exists()


def test_an_index_of_an_older_version_is_not_read_before_a_crawl_brought_it_up_to_date(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(IndexTooOld, match="the next crawl mends that"):
        read_index(path)
    open_index(path).close()
    read_index(path).close()


def test_readers_cannot_write(path: Path) -> None:
    add_publisher(path)
    with closing(read_index(path)) as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM publishers")


def test_readers_see_what_was_committed_while_a_writer_is_at_work(path: Path) -> None:
    add_publisher(path)
    with closing(open_index(path)) as writer, closing(read_index(path)) as reader:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM publishers")
        assert [row["id"] for row in reader.execute("SELECT id FROM publishers")] == ["gazette"]
        writer.execute("ROLLBACK")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_an_index_on_read_only_media_can_be_read(path: Path) -> None:
    add_publisher(path)
    path.parent.chmod(0o555)
    try:
        with closing(read_index(path)) as connection:
            assert connection.execute("SELECT id FROM publishers").fetchone()["id"] == "gazette"
    finally:
        path.parent.chmod(0o755)
