"""The pages of publishers: a table of all, and one's days, fields, hosts, sections and authors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest

from crawler.index.calendar import CalendarDay
from crawler.index.fillrates import FIELDS, MonthFill
from crawler.viewer.calendar import year_of
from crawler.viewer.fills import charts
from tests.viewer.altered import altered
from tests.viewer.serving import Served

HOSTS = (
    ("2026-01-05T10:00:00Z", "host-down", '{"host": "b.example", "reason": "HTTP 503", "instead": "127.0.0.1"}'),
    ("2026-01-06T10:00:00Z", "host-up", '{"host": "b.example"}'),
    ("2026-01-07T10:00:00Z", "seized", '{"host": "c.example", "reason": "a notice of seizure"}'),
)


@pytest.fixture(scope="module")
def hosted(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A publisher one of whose hosts came back and one was seized, and which published one article in 2023."""
    insert = "INSERT INTO events (at, kind, publisher_id, detail) VALUES ('{}', '{}', '127.0.0.1', '{}')"
    early = "UPDATE articles SET published_at = '2023-05-06' WHERE id = '127.0.0.1/dda22a1156eb'"
    into = tmp_path_factory.mktemp("hosted")
    with altered(demo, into, early, *(insert.format(*event) for event in HOSTS)) as viewer:
        yield viewer


def days(*published: int, first: date = date(2026, 1, 1)) -> list[CalendarDay]:
    """A year whose first days have so many articles, the others none."""
    counts = [*published, *[0] * (365 - len(published))]
    return [CalendarDay(first + timedelta(days=at), count, count, count) for at, count in enumerate(counts)]


def month(name: str, articles: int, **fields: int) -> MonthFill:
    return MonthFill(name, articles, **dict.fromkeys(FIELDS, articles) | fields)


def test_the_list_has_every_publisher_with_what_is_held(viewer: Served) -> None:
    page = viewer.get("/publishers").text
    assert '<a href="/publisher/127.0.0.1" dir="auto">The Eddermouth Courier</a>' in page
    assert "1 publisher, 9 articles" in page
    assert re.search(r'href="/article/127.0.0.1/643176ed33fd"[^>]*>Council votes', page)
    assert '<td class="figure">11</td>' in page


def test_hosts_that_are_down_or_seized_are_told_in_the_list_and_live_ones_are_not(hosted: Served) -> None:
    page = hosted.get("/publishers").text
    assert '<span class="badge seized">c.example seized</span>' in page
    assert "b.example" not in page


def test_every_day_of_the_calendar_leads_to_its_articles(viewer: Served) -> None:
    page = viewer.get("/publisher/127.0.0.1").text
    links = [unescape(found) for found in re.findall(r'<td class="held shade-\d"[^>]*><a href="([^"]*)"', page)]
    assert len(links) == 9
    assert links[-1] == "/search?q=publisher%3A127.0.0.1+day%3A2025-03-14&sort=newest"
    assert "Council votes" in viewer.get(links[-1]).text


def test_the_calendar_is_a_table_that_can_be_read_aloud_and_scrolled_by_keyboard(viewer: Served) -> None:
    page = viewer.get("/publisher/127.0.0.1").text
    assert '<div class="scroll" role="region" aria-label="Articles held by day of publication" tabindex="0">' in page
    assert "<caption" in page
    assert '<th scope="row"><abbr title="March">Mar</abbr></th>' in page
    assert '<td class="gap shade-0" title="4 March 2025: 0 published, 0 first seen, 0 captured">–</td>' in page


def test_one_goes_from_year_to_year(hosted: Served) -> None:
    page = hosted.get("/publisher/127.0.0.1").text
    assert '<a href="/publisher/127.0.0.1?year=2025#days" aria-current="true">2025</a>' in page
    assert '<a href="/publisher/127.0.0.1?year=2023#days">2023</a>' in page
    earlier = hosted.get("/publisher/127.0.0.1?year=2023").text
    assert "1 article published on 1 day of 2023 is held" in earlier
    assert "Nothing is held of 7 May 2023 to 31 December 2023 (239 days)" in earlier


def test_hosts_are_told_with_their_states_and_what_became_of_them(hosted: Served) -> None:
    page = hosted.get("/publisher/127.0.0.1").text
    hosts = page.partition('id="hosts"')[2].partition('id="made"')[0]
    assert hosts.index("127.0.0.1</code>") < hosts.index("b.example</code>")
    assert '<code>b.example</code></th><td><span class="badge live">live</span>' in hosts
    assert '<code>c.example</code></th><td><span class="badge seized">seized</span>' in hosts
    assert '<span class="why">HTTP 503</span>' in hosts


def test_sections_and_authors_lead_to_their_articles(viewer: Served) -> None:
    page = viewer.get("/publisher/127.0.0.1").text
    assert 'href="/search?q=publisher%3A127.0.0.1+section%3ATown"' in page
    address = "/search?q=publisher%3A127.0.0.1+author%3A%22Maren+Okafor%22"
    assert f'href="{address}"' in page
    assert "Council votes" in viewer.get(address).text


def test_fields_are_charts_with_figures(viewer: Served) -> None:
    page = viewer.get("/publisher/127.0.0.1").text
    assert 'role="img" aria-label="Headline: 100 % of all, 100 % of the last month' in page
    assert "<figcaption>Picture credit <strong>" in page


@pytest.mark.parametrize("path", ["/publisher/nobody", "/publisher/%3Cb%3E", "/publisher/a%2Fb"])
def test_a_publisher_that_is_not_there_is_named(viewer: Served, path: str) -> None:
    answer = viewer.get(path)
    assert answer.status == 404
    assert "<b>" not in answer.text


@pytest.mark.parametrize("year", ["now", "0000", "20255", "-1"])
def test_a_year_that_is_none_is_said(viewer: Served, year: str) -> None:
    answer = viewer.get(f"/publisher/127.0.0.1?year={year}")
    assert answer.status == 400
    assert f"year={year} is no year; write it like 2022" in answer.text


@pytest.mark.parametrize("year", ["0001", "1999", "9999"])
def test_a_year_of_which_nothing_is_known_is_an_empty_one(viewer: Served, year: str) -> None:
    answer = viewer.get(f"/publisher/127.0.0.1?year={year}")
    assert answer.status == 200
    assert "0 articles published on 0 days" in answer.text


def test_a_day_is_shaded_by_its_share_of_the_fullest() -> None:
    year = year_of("g", days(1, 2, 5, 8, 0, 3), date(2026, 1, 1), date(2026, 1, 6))
    assert [cell.shade for cell in year.months[0].cells[:6]] == [1, 1, 3, 4, 0, 2]
    assert (year.articles, year.days, year.months[0].articles, len(year.months)) == (19, 5, 19, 12)


def test_days_without_articles_are_gaps_only_between_others() -> None:
    year = year_of("g", days(1, 0, 0, 2), date(2026, 1, 1), date(2026, 1, 4))
    assert [cell.kind for cell in year.months[0].cells[:6]] == ["held", "gap", "gap", "held", "outside", "outside"]
    assert [(gap.first.day, gap.last.day) for gap in year.gaps] == [(2, 3)]


def test_a_field_that_most_articles_lost_from_one_month_to_the_next_is_told() -> None:
    told = {chart.field: chart for chart in charts([month("2026-01", 20), month("2026-02", 20, authors=2)])}
    fall = told["authors"].fall
    assert fall is not None
    assert (fall.month, fall.before, fall.after) == ("2026-02", 1.0, 0.1)
    assert told["headline"].fall is None
    assert (told["authors"].share, told["authors"].last) == (0.55, 0.1)
    assert told["authors"].path == "M0 40V0.0h1V36.0h1V40z"


def test_a_fall_among_a_few_articles_says_nothing() -> None:
    assert all(chart.fall is None for chart in charts([month("2026-01", 3), month("2026-02", 3, authors=0)]))


def test_without_articles_there_are_no_charts() -> None:
    assert charts([]) == []
