"""The archive pages of a publisher: which there are for a span, and what they say of their links."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from crawler.discovery.archive_pages import archive_pages, dated
from crawler.items import Hints, Link
from crawler.publishers.base import Publisher

LISTING = "https://gazette.example/archive/2024/03/01"


def of(*templates: str) -> Publisher:
    return Publisher(id="gazette", name="Gazette", domains=("gazette.example",), archive_pages=templates)


def paths(template: str, since: str, until: str) -> list[str]:
    span = (date.fromisoformat(since), date.fromisoformat(until))
    return [page.path for page in archive_pages(of(template), *span)]


def test_days_come_newest_first_through_a_leap_day() -> None:
    assert paths("/archive/{year}/{month:02}/{day:02}", "2024-02-28", "2024-03-01") == [
        "/archive/2024/03/01",
        "/archive/2024/02/29",
        "/archive/2024/02/28",
    ]


def test_a_page_of_a_month_comes_once() -> None:
    assert paths("/{year}-{month}", "2023-11-30", "2024-01-01") == ["/2024-1", "/2023-12", "/2023-11"]


def test_a_page_of_a_year_comes_once() -> None:
    assert paths("/all/{year}", "2022-12-31", "2024-01-01") == ["/all/2024", "/all/2023", "/all/2022"]


def test_a_span_that_ends_before_it_begins_has_no_pages() -> None:
    assert paths("/{year}/{month}/{day}", "2024-01-02", "2024-01-01") == []


@pytest.mark.parametrize(
    ("template", "last"),
    [("/{year}/{month}/{day}", "2023-12-05"), ("/{year}/{month}", "2023-12-31"), ("/{year}", "2023-12-31")],
)
def test_a_page_is_complete_two_days_after_its_last_day(template: str, last: str) -> None:
    day, end = date(2023, 12, 5), date.fromisoformat(last)
    (page,) = archive_pages(of(template), day, day)
    assert page.day == end
    assert not page.is_complete(end)
    assert not page.is_complete(date.fromordinal(end.toordinal() + 2))
    assert page.is_complete(date.fromordinal(end.toordinal() + 3))


def test_a_link_is_of_the_day_of_its_page_unless_a_date_stands_beside_it() -> None:
    undated = dated(Link("https://gazette.example/1", "One"), "2024-03-01", LISTING)
    assert undated.hints == Hints(
        "section", LISTING, title="One", published=datetime.fromisoformat("2024-03-01"), published_raw="2024-03-01"
    )
    stated = Link(
        "https://gazette.example/2",
        "Two",
        Hints("section", LISTING, published=datetime.fromisoformat("2024-02-29T23:00")),
    )
    assert dated(stated, "2024-03-01", LISTING) == stated
    assert dated(undated, "2024-03-02", LISTING) == undated


@pytest.mark.parametrize("template", ["/archive/", "/archive/{yeer}", "/archive/{year", "/{}", "/{month}/{day}"])
def test_a_template_that_names_no_year_is_refused_when_it_is_defined(template: str) -> None:
    with pytest.raises(ValueError, match=r"archive_pages: .* lacks \{year\}"):
        of(template)
