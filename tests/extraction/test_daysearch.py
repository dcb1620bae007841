"""Days that no field states: where they are looked for, and where not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.extraction.article import extract
from crawler.items import Context

URL = "https://gazette.example/bridge"
FAR = "<p>The ferry that replaced it carries forty people across the river every hour of the day.</p>" * 60


def published(late: str) -> str | None:
    """The day found on a page of which nothing near the headline says when it was published."""
    story = f"<article><h1>Bridge to be built again</h1>{FAR}</article>"
    found = extract(f"<html><body>{story}{late}</body></html>".encode(), URL).published
    return found.date().isoformat() if found else None


@pytest.mark.parametrize(
    "late",
    [
        "<p>01.02.2022 | Town</p>",
        "<footer>Published 1 February 2022</footer>",
        '<span property="schema:dateCreated" content="2022-02-01T12:45:46+00:00">to-day</span>',
        '<script>window.__STATE__ = {"post": {"publishedAt": "2022-02-01T15:58:43+01:00"}}</script>',
        r'<script>var page = "{\"published_at\":\"2022-02-01\"}"</script>',
        f"<p>This report, on which three of us worked, was published on 1 February 2022. {'And so on. ' * 30}</p>",
        f"<p>01.02.2022 The market grew. {'And so on. ' * 30}</p>",
    ],
)
def test_a_day_is_found_far_from_the_headline(late: str) -> None:
    assert published(late) == "2022-02-01"


@pytest.mark.parametrize(
    "late",
    [
        "<footer>© 2022 The Gazette</footer>",
        "<p>Open since 1998</p>",
        '<div class="comments"><div class="comment">Ann, 1 February 2022</div></div>',
        '<script>{"startDate": "2022-02-01"}</script>',
        f"<p>The bridge, {'which was long, ' * 20} fell on 1 February 2022 into the river.</p>",
    ],
)
def test_what_is_no_day_of_publication_is_not_taken_for_one(late: str) -> None:
    assert published(late) is None


def test_a_line_that_says_published_comes_before_a_nearer_date() -> None:
    assert published("<p>Fair: 5 May 2023</p><p>Published: 1 February 2022</p>") == "2022-02-01"


def test_how_long_ago_other_articles_are_is_not_taken_for_this_ones_day() -> None:
    page = f"<html><body><article><h1>Bridge to be built again</h1>{FAR}</article><p>Ferry on fire, 3 hours ago</p>"
    captured = Context(captured_at=datetime(2024, 3, 11, 12, tzinfo=UTC))
    assert extract(page.encode(), URL, context=captured).published is None
