from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.collection.pages import ReadPage, first_outcome
from crawler.items import Article, Block, Capture, Hints, Notes
from crawler.publishers.base import Publisher

CAPTURE = Capture(
    record_id="urn:uuid:00000000-0000-4000-8000-000000000000",
    url="https://gazette.example/2024/03/11/1001/a-story",
    captured_at=datetime(2024, 3, 11, tzinfo=UTC),
    method="GET",
    status=200,
    mime="text/html",
    warc="x.warc.gz",
    offset=0,
    length=1,
    payload_digest=None,
    payload_sha256=None,
    payload_length=1,
    notes=Notes(purpose="article", hints=Hints("feed")),
)
GAZETTE = Publisher("gazette", "Gazette", ("gazette.example",), article_patterns=(r"/(?P<id>\d{4,})/",))
STAND_IN = Publisher("gazette.example", "gazette.example", ("gazette.example",))
ARTICLE = Article(CAPTURE.url, headline="A story", blocks=(Block("paragraph", "Text."),), text="Text.")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "pending"), (301, "pending"), (404, "pending"), (410, "pending"), (403, "pending"), (503, "failed")],
)
def test_the_status_of_an_article_page_says_what_may_come_of_it(status: int, outcome: str | None) -> None:
    assert first_outcome(replace(CAPTURE, status=status)) == outcome


def test_half_a_page_is_no_article() -> None:
    assert first_outcome(replace(CAPTURE, truncated="disconnect")) == "failed"


def test_listings_have_no_outcome() -> None:
    assert first_outcome(replace(CAPTURE, notes=Notes(purpose="feed"))) is None


def test_a_publisher_that_knows_its_addresses_is_believed() -> None:
    short = replace(ARTICLE, article_score=0.1)
    assert ReadPage(CAPTURE, GAZETTE, short, "").is_article()
    assert not ReadPage(CAPTURE, STAND_IN, short, "").is_article()


def test_what_the_user_named_needs_less_to_count() -> None:
    asked = replace(CAPTURE, notes=Notes(purpose="article", hints=Hints("user")))
    unsure = replace(ARTICLE, article_score=0.4)
    assert ReadPage(asked, STAND_IN, unsure, "").is_article()
    assert not ReadPage(CAPTURE, STAND_IN, unsure, "").is_article()


def test_a_page_without_headline_or_text_is_no_article() -> None:
    sure = replace(ARTICLE, article_score=1.0)
    assert not ReadPage(CAPTURE, GAZETTE, replace(sure, headline=None), "").is_article()
    assert not ReadPage(CAPTURE, GAZETTE, replace(sure, text="", blocks=()), "").is_article()
