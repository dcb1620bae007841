"""What kind of article a revision is, whom it credits, what it embeds: stored, shown, and added to older files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.changes.content import content_sha256
from crawler.index import database
from crawler.index.database import open_index, read_index
from crawler.index.lookup import stored_article
from crawler.index.schema import MIGRATIONS
from crawler.index.search import search
from crawler.items import Embed
from crawler.queries.parser import parse
from tests.index.pages import ARTICLE, GAZETTE, capture, store

VIDEO = Embed("video", "https://vimeo.com/1", "vimeo", "The breach", "Ann Lee", 1)
RICH = replace(
    ARTICLE,
    authors=("Ann Lee", "AFP"),
    persons=("Ann Lee",),
    agencies=("AFP",),
    dateline="HARBOUR (AFP)",
    dateline_place="HARBOUR",
    access="metered",
    form="multi-page",
    page=1,
    pages=3,
    next_page="https://www.gazette.example/2026/01/05/harbour?page=2",
    corrections=("Correction: the wall is 40 metres long.",),
    embeds=(VIDEO,),
)
FIELDS = ("persons", "agencies", "dateline", "dateline_place", "form", "page", "pages", "next_page", "corrections")


def test_a_revision_has_what_the_article_says(tmp_path: Path) -> None:
    with closing(open_index(tmp_path / "index.db")) as db:
        store(db, capture(), RICH)
    with closing(read_index(tmp_path / "index.db")) as db:
        found = stored_article(db, "gazette/harbour")
        assert found is not None
        assert {name: getattr(found.revision, name) for name in FIELDS} == {
            name: getattr(RICH, name) for name in FIELDS
        }
        assert found.revision.embeds == (VIDEO,)
        query = (
            "SELECT a.form, a.persons, a.agencies, r.access FROM articles a JOIN revisions r ON r.id = a.revision_id"
        )
        assert tuple(db.execute(query).fetchone()) == ("multi-page", '["Ann Lee"]', '["AFP"]', "metered")
        assert tuple(db.execute("SELECT form, dateline FROM latest").fetchone()) == ("multi-page", "HARBOUR (AFP)")


def test_none_of_it_makes_a_revision() -> None:
    assert content_sha256(RICH) == content_sha256(ARTICLE)


def test_an_older_file_gets_the_columns_and_keeps_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "index.db"
    monkeypatch.setattr(database, "MIGRATIONS", MIGRATIONS[:2])
    with closing(open_index(path)) as old:
        old.execute("INSERT INTO publishers (id, name, domains) VALUES (?, ?, '[]')", (GAZETTE.id, GAZETTE.name))
        _old_article(old)
    monkeypatch.undo()
    with closing(open_index(path)) as db:
        assert db.execute("SELECT headline, form, persons FROM latest").fetchall() == [
            ("Harbour wall breached", None, None)
        ]
    with closing(read_index(path)) as db:
        found = stored_article(db, "gazette/harbour")
        assert found is not None
        assert (found.revision.form, found.revision.persons, found.revision.embeds) == (None, (), ())
        assert [hit.id for hit in search(db, parse('author:小明 author:"bo øre"'))] == ["gazette/harbour"]
    with closing(open_index(path)) as db:
        assert store(db, capture(5), replace(RICH, headline="Harbour wall mended")).outcome == "revised"
        assert db.execute("SELECT form FROM articles").fetchall() == [("multi-page",)]


def _old_article(db: sqlite3.Connection) -> None:
    """As the version before wrote one."""
    at, url, article = "2026-01-05T10:30:00Z", "https://www.gazette.example/a", "gazette/harbour"
    lists = {"authors": '["王小明", "Bo Øre"]', "section_path": "[]", "topics": "[]"}
    said = {"headline": "Harbour wall breached", "word_count": 2, **lists}
    place = {"urlkey": "a", "host": "h", "method": "GET", "status": 200, "kind": "response", "warc": "w", "offset": 0}
    which = {"record_id": "urn:uuid:1", "length": 1, "purpose": "article", "article_id": article, "outcome": "new"}
    _insert(db, "captures", id=1, url=url, captured_at=at, **place, **which)
    seen = {"first_seen_at": at, "last_seen_at": at, "revisions": 1, "revision_id": f"{article}@1", "state": "live"}
    _insert(db, "articles", id=article, publisher_id="gazette", article_key="harbour", url=url, **seen, **said)
    read = {"content_sha256": "x", "text": "It broke.", "extractor": "ofrecord 5", "block_kinds": "[]"}
    numbers = {"number": 1, "capture_id": 1, "seen_at": at}
    _insert(db, "revisions", id=f"{article}@1", article_id=article, **numbers, **read, **said)
    db.execute(
        "INSERT INTO articles_fts (rowid, headline, summary, text, captions) "
        "SELECT number, headline, summary, text, captions FROM articles_fulltext"
    )
    db.commit()


def _insert(db: sqlite3.Connection, table: str, **values: object) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", list(values.values()))
