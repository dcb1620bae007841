"""The index as the viewer reads it: the file that is there now, in any folder, also where nobody can write."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.index.database import Connection, open_index, put_in_place
from crawler.index.ledger import put_publisher
from crawler.viewer.application import Archive
from crawler.viewer.origins import Names
from tests.index.pages import GAZETTE

NAMES = Names("127.0.0.1")
THREADS = 6
"""More than Datasette has."""

WRITER = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE publishers SET name = 'Written by its owner'")
db.commit()
db.close()
"""


def made(path: Path) -> Path:
    with closing(open_index(path)) as db:
        put_publisher(db, GAZETTE)
    return path


def renamed(path: Path, name: str) -> None:
    with closing(open_index(path)) as db:
        db.execute("UPDATE publishers SET name = ?", (name,))


def name(db: Connection) -> str:
    return str(db.execute("SELECT name FROM publishers").fetchone()["name"])


def asked(folder: Path, ask: Callable[[Any], Awaitable[None]]) -> None:
    asyncio.run(_asked(folder, ask))


async def _asked(folder: Path, ask: Callable[[Any], Awaitable[None]]) -> None:
    archive = Archive(folder, NAMES, {})
    try:
        await ask(archive.get_database("index"))
    finally:
        archive.executor.shutdown()


async def _names(index: Any) -> set[str]:
    return set(await asyncio.gather(*(index.execute_fn(name) for _ in range(THREADS))))


def test_an_index_that_was_made_anew_is_read_from_then_on(tmp_path: Path) -> None:
    path, built = made(tmp_path / "news" / "index.db"), made(tmp_path / "news" / "built.db")
    renamed(built, "Made anew")

    async def ask(index: Any) -> None:
        assert await _names(index) == {"The Gazette"}
        put_in_place(built, path)
        assert await _names(index) == {"Made anew"}

    asked(path.parent, ask)


def test_what_a_crawl_writes_is_seen_at_once(tmp_path: Path) -> None:
    path = made(tmp_path / "news" / "index.db")

    async def ask(index: Any) -> None:
        assert await _names(index) == {"The Gazette"}
        renamed(path, "Written later")
        assert await _names(index) == {"Written later"}

    asked(path.parent, ask)


def test_a_page_is_made_of_the_index_at_one_moment(tmp_path: Path) -> None:
    path = made(tmp_path / "news" / "index.db")

    def twice(db: Connection) -> tuple[str, str]:
        first = name(db)
        renamed(path, "Written meanwhile")
        return first, name(db)

    async def ask(index: Any) -> None:
        assert await index.execute_fn(twice) == ("The Gazette", "The Gazette")

    asked(path.parent, ask)


@pytest.mark.parametrize("called", ["news#1", "news?mode=rwc", "50%25", "a b ü", "index"])
def test_a_collection_may_be_called_anything(tmp_path: Path, called: str) -> None:
    path = made(tmp_path / called / "index.db")

    async def ask(index: Any) -> None:
        assert await _names(index) == {"The Gazette"}
        assert (await index.execute("SELECT id FROM publishers")).rows[0]["id"] == "gazette"

    asked(path.parent, ask)
    assert [each.name for each in tmp_path.iterdir()] == [called]


def test_an_index_is_read_where_no_file_can_be_made_beside_it(tmp_path: Path) -> None:
    path = made(tmp_path / "news" / "index.db")
    # As on read-only media, where SQLite has no place for the file by which readers and a writer agree.
    path.with_name("index.db-shm").mkdir()

    async def ask(index: Any) -> None:
        assert await _names(index) == {"The Gazette"}
        path.with_name("index.db-shm").rmdir()
        subprocess.run([sys.executable, "-c", WRITER, path], check=True)
        assert await _names(index) == {"Written by its owner"}

    asked(path.parent, ask)
