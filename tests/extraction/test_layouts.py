"""Which of a publisher's layouts a page has: by marker, then by day."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lxml.html import fromstring

from crawler.extraction.article import extract
from crawler.extraction.layouts import layout_of
from crawler.items import Context
from crawler.publishers.base import Layout, Publisher

OLD = Layout("1998", until=date(2009, 6, 30))
MIDDLE = Layout("2009", until=date(2018, 12, 31))
NEW = Layout("2019")
PRINT = Layout("print", marker="div.print")
PRINT_OLD = Layout("print-1998", marker="div.print", until=date(2009, 6, 30))
GAZETTE = Publisher("gazette", "Gazette", ("gazette.example",), layouts=(NEW, PRINT, OLD, PRINT_OLD, MIDDLE))
URL = "https://gazette.example/bridge-reopens"


def chosen(html: str = "<p>x</p>", url: str = URL, captured_at: datetime | None = None) -> str | None:
    layout = layout_of(fromstring(f"<html><body>{html}</body></html>"), GAZETTE, url, captured_at)
    return layout.name if layout else None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("1999/01/02", "1998"),
        ("2009/06/30", "1998"),
        ("2009/07/01", "2009"),
        ("2018/12/31", "2009"),
        ("2019/01/01", "2019"),
    ],
)
def test_a_layout_holds_up_to_its_last_day_whatever_order_they_are_given_in(day: str, name: str) -> None:
    assert chosen(url=f"https://gazette.example/{day}/bridge-reopens") == name


def test_a_marker_goes_before_the_day_and_layouts_of_one_marker_are_told_apart_by_it() -> None:
    assert chosen("<div class='print'></div>", "https://gazette.example/2012/01/02/bridge") == "print"
    assert chosen("<div class='print'></div>", "https://gazette.example/2002/01/02/bridge") == "print-1998"


@pytest.mark.parametrize(
    "stated",
    [
        "<meta property='article:published_time' content='2012-05-06T10:00:00Z'>",
        "<time itemprop='datePublished' content='2012-05-06'>then</time>",
        """<script type="application/ld+json">{"@type": "Article", "datePublished": "2012-05-06"}</script>""",
    ],
)
def test_where_the_address_tells_no_day_the_page_does(stated: str) -> None:
    assert chosen(stated) == "2009"
    assert chosen(stated, captured_at=datetime(2024, 1, 1, tzinfo=UTC)) == "2009"


def test_where_neither_tells_a_day_the_capture_does_and_without_one_the_newest_is_meant() -> None:
    assert chosen(captured_at=datetime(2005, 1, 1, tzinfo=UTC)) == "1998"
    assert chosen() == "2019"


def test_a_page_of_another_host_has_none() -> None:
    assert chosen(url="https://other.example/2012/01/02/bridge") is None


def test_a_page_from_the_archive_is_read_by_the_layout_of_its_day() -> None:
    old, new = Layout("old", until=date(2009, 6, 30), headline=("b",)), Layout("new", headline=("h1",))
    publisher = Publisher("gazette", "Gazette", ("gazette.example",), layouts=(old, new))
    page = b"<html><body><h1>The Gazette</h1><b>Bridge reopens</b><p>It was opened again.</p></body></html>"
    context = Context(captured_at=datetime(2004, 1, 1, tzinfo=UTC))
    assert extract(page, URL, publisher=publisher, context=context).headline == "Bridge reopens"
    assert extract(page, URL, publisher=publisher).headline == "The Gazette"
