"""Captures are compared under one extractor: what another one reads otherwise is no edit."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crawler.collection.collection import Collection
from crawler.extraction.version import EXTRACTOR, extractor_of
from crawler.publishers.base import Layout, Publisher
from tests.collection.test_collection import INFO, LIMITS, NOW, TEXT, archived, asked

PAGE = "https://gazette.example/2024/03/11/council-votes"
REVISIONS = "select number, extractor, text like '%four million%' from revisions order by number"

# As an older extractor may have read it: other blocks, another digest.
OLDER = "update revisions set extractor = 'ofrecord 1', content_sha256 = 'x', text = '', block_kinds = '[]'"


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    """With one article that was read long ago."""
    collection = Collection(tmp_path, info=INFO, limits=LIMITS)
    archived(collection, PAGE, "gazette.example")
    collection.index.submit(lambda db: db.execute(OLDER).rowcount).result()
    return collection


def test_what_only_the_extractor_changed_is_no_revision(collection: Collection, tmp_path: Path) -> None:
    archived(collection, PAGE, "gazette.example", text=f"{TEXT}<!-- later -->", at=NOW + timedelta(hours=1))
    collection.close()
    assert asked(tmp_path, "select outcome from captures order by captured_at") == [("new",), ("unchanged",)]
    assert asked(tmp_path, REVISIONS) == [(1, EXTRACTOR, 1)]
    assert asked(tmp_path, "select count(*) from events where kind = 'edited'") == [(0,)]


def test_an_edit_that_comes_with_a_new_extractor_is_told_alone(collection: Collection, tmp_path: Path) -> None:
    edited = TEXT.replace("four million", "five million", 1)
    archived(collection, PAGE, "gazette.example", text=edited, at=NOW + timedelta(hours=1))
    collection.close()
    assert asked(tmp_path, "select changed from revisions where number = 2") == [('["text"]',)]
    query = "select json_extract(detail, '$.count'), json_extract(detail, '$.kinds') from events where kind = 'edited'"
    assert asked(tmp_path, query) == [(1, '["number"]')]


def test_of_a_page_that_is_lost_no_edit_is_told(collection: Collection, tmp_path: Path) -> None:
    collection.index.submit(lambda db: db.execute('update captures set "offset" = 7').rowcount).result()
    archived(collection, PAGE, "gazette.example", text=TEXT.replace("four", "five"), at=NOW + timedelta(hours=1))
    collection.close()
    assert asked(tmp_path, "select count(*) from revisions") == [(2,)]
    assert asked(tmp_path, "select count(*) from events where kind in ('edited', 'silently-edited')") == [(0,)]


def test_a_changed_definition_is_another_extractor() -> None:
    plain = Publisher("gazette", "The Gazette", ("gazette.example",))
    laid_out = Publisher("gazette", "The Gazette", ("gazette.example",), layouts=(Layout("2024", body=(".text",)),))
    renamed = Publisher("gazette", "Gazette", ("gazette.example", "gazette.test"), feeds=("/feed",))
    assert extractor_of(plain) == extractor_of(renamed) == EXTRACTOR
    assert extractor_of(laid_out).startswith(f"{EXTRACTOR}, gazette ")
