"""All that is known of an article, by whatever it is asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.collection.dossiers import Dossier, dossier
from crawler.index.database import open_index, read_index
from crawler.index.ledger import add_event
from crawler.items import Event
from tests.index.pages import START, URL, capture, saying, store


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An article of two revisions, into which another was merged."""
    merged: dict[str, object] = {"merged": "gazette/wall", "reason": "text", "revisions": []}
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture(0))
        store(writing, capture(1), saying("Harbour wall mended"))
        add_event(writing, Event("articles-merged", START, "gazette", "gazette/harbour", detail=merged))
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


def known(db: sqlite3.Connection, reference: str) -> Dossier:
    found = dossier(db, reference)
    assert found is not None
    return found


@pytest.mark.parametrize("reference", ["gazette/harbour", "gazette/wall", URL])
def test_an_article_is_had_at_its_newest_revision_with_all_that_happened(
    db: sqlite3.Connection, reference: str
) -> None:
    found = known(db, reference)
    assert (found.article.id, found.article.revision.number) == ("gazette/harbour", 2)
    assert found.article.former_ids == ("gazette/wall",)
    assert [line.number for line in found.revisions] == [1, 2]
    assert [stretch.first.kind for stretch in found.timeline] == ["new", "articles-merged", "revised"]
    assert found.policy is not None


def test_an_article_is_had_at_the_revision_that_is_named(db: sqlite3.Connection) -> None:
    assert known(db, "gazette/harbour@1").article.revision.headline == "Harbour wall breached"


@pytest.mark.parametrize("reference", ["gazette/none", "gazette/harbour@3", "https://other.example/"])
def test_what_is_not_there_is_none(db: sqlite3.Connection, reference: str) -> None:
    assert dossier(db, reference) is None
