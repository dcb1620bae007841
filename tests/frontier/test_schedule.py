from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.frontier.protocol import State
from crawler.frontier.schedule import next_due, next_revisit
from crawler.items import Purpose

SEEN = datetime(2024, 5, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "due"),
    [
        (timedelta(0), HOUR),
        (HOUR, 6 * HOUR),
        (5 * HOUR, 6 * HOUR),
        (6 * HOUR, DAY),
        (2 * DAY, 7 * DAY),
        (8 * DAY, 30 * DAY),
    ],
)
def test_an_article_is_revisited_at_fixed_ages(age: timedelta, due: timedelta) -> None:
    assert next_revisit(SEEN, SEEN + age) == SEEN + due


def test_after_a_month_an_article_rests() -> None:
    assert next_revisit(SEEN, SEEN + 30 * DAY) is None


@pytest.mark.parametrize("purpose", ["feed", "sitemap", "section", "robots"])
@pytest.mark.parametrize("state", ["done", "failed"])
def test_a_listing_is_never_due_by_itself(purpose: Purpose, state: State) -> None:
    assert next_due(purpose, state, 1, SEEN, SEEN) is None


@pytest.mark.parametrize("state", ["gone", "forbidden"])
def test_what_is_gone_or_forbidden_is_left_alone(state: State) -> None:
    assert next_due("article", state, 1, SEEN, SEEN) is None


def test_a_url_that_failed_late_is_tried_again_but_not_for_ever() -> None:
    late = SEEN + 90 * DAY
    assert next_due("article", "failed", 1, SEEN, late) == late + 7 * DAY
    assert next_due("article", "failed", 10, SEEN, late) is None
