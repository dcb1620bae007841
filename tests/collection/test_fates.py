"""What becomes of an article whose address gives no page, also when the crawl is killed before anybody said so."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.collection.collection import Collection
from crawler.collection.verify import verify
from crawler.items import Capture
from tests.collection.test_collection import INFO, LIMITS, NOW, archived, asked, notes
from tests.collection.test_reindex import contents, remake
from tests.warc.exchanges import exchange, message

PAGE = "https://gazette.example/2024/03/11/council-votes"


def answered(collection: Collection, status: str, hours: float, *headers: str) -> Capture:
    """Instead of the article."""
    lost = exchange("", message(b"<p>No", *headers, status=status), url=PAGE, captured_at=NOW + timedelta(hours=hours))
    return collection.record(lost, notes("gazette.example")).result(30)


def opened(folder: Path) -> Collection:
    return Collection(folder, info=INFO, limits=LIMITS)


def told(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    rows = asked(folder, "select kind, detail from events where article_id is not null order by at")
    return [(kind, json.loads(detail)) for kind, detail in rows]


@pytest.fixture
def collection(tmp_path: Path) -> Collection:
    collection = opened(tmp_path)
    archived(collection, PAGE, "gazette.example")
    return collection


def test_a_404_is_a_deletion_once_it_is_there_hours_later(collection: Collection, tmp_path: Path) -> None:
    answered(collection, "404 Not Found", 24)
    assert told(tmp_path) == []
    answered(collection, "404 Not Found", 27)
    collection.close()
    ((kind, detail),) = told(tmp_path)
    assert (kind, detail["reason"], detail["since"]) == ("gone", "not-found", "2024-03-12T09:00:00.000001Z")
    assert asked(tmp_path, "select state from articles") == [("gone",)]
    assert asked(tmp_path, "select outcome, verdict from captures where status = 404") == [("gone", "not-found")] * 2


def test_what_a_kill_left_unsaid_is_said_at_the_next_start(collection: Collection, tmp_path: Path) -> None:
    for hours in (24, 27):
        answered(collection, "404 Not Found", hours)
    collection.close()
    before = contents(tmp_path)
    collection = opened(tmp_path)
    for statement in (
        "update captures set outcome = 'pending', verdict = null, article_id = null where status = 404",
        "delete from events where kind = 'gone'",
        "update articles set state = 'live'",
    ):
        collection.index.submit(lambda db, statement=statement: db.execute(statement).rowcount).result()  # type: ignore[misc]
    collection.close()
    opened(tmp_path).close()
    assert contents(tmp_path) == before


def test_a_reindex_tells_the_same_whatever_the_status(collection: Collection, tmp_path: Path) -> None:
    answered(collection, "301 Moved Permanently", 20, "Location: /")
    answered(collection, "451 Unavailable For Legal Reasons", 24)
    answered(collection, "451 Unavailable For Legal Reasons", 48)
    answered(collection, "503 Service Unavailable", 50)
    archived(collection, PAGE, "gazette.example", at=NOW + timedelta(hours=60))
    collection.close()
    assert [kind for kind, _ in told(tmp_path)] == ["blocked", "restored"]
    before = contents(tmp_path)
    remake(tmp_path)
    assert contents(tmp_path) == before
    assert verify(tmp_path, workers=1).faults == []


def test_an_address_that_only_led_to_an_article_is_none_of_its(collection: Collection, tmp_path: Path) -> None:
    short = exchange("", message(b"", "Location: /else", status="302 Found"), url="https://gazette.example/s/1")
    collection.record(short, notes("gazette.example")).result(30)
    collection.close()
    assert asked(tmp_path, "select article_id, verdict, location from captures where status = 302") == [
        (None, "redirected-for-now", "/else")
    ]
