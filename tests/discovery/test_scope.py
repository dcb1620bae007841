from datetime import UTC, date, datetime

import pytest

from crawler.discovery.scope import Scope, newest_first
from crawler.items import Hints, Link
from crawler.publishers.base import Publisher
from tests.discovery.gazette import GAZETTE, SCOPE

JANUARY = Scope(GAZETTE, since=date(2022, 1, 1), until=date(2022, 1, 31))


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("https://www.gazette.example/a", None),
        ("http://gazette.example/a", None),
        ("https://sport.gazette.example/a", None),
        ("https://www.gazette.example:8443/a", None),
        ("https://other.example/a", "foreign host"),
        ("https://www.gazette.example.evil.example/a", "foreign host"),
        ("https://notgazette.example/a", "foreign host"),
        ("https://www.old-gazette.example/a", "retired host"),
        ("mailto:desk@gazette.example", "no web address"),
        ("http://[::1", "no web address"),
    ],
)
def test_only_the_publishers_hosts_are_covered(url: str, refusal: str | None) -> None:
    assert SCOPE.refusal(url) == refusal
    assert SCOPE.covers(url) is (refusal is None)


def test_a_blog_host_does_not_cover_other_blogs() -> None:
    blog = Scope(Publisher(id="x", name="x", domains=("one.blogspot.com",)))
    assert not blog.covers("https://two.blogspot.com/")


def test_an_address_without_a_name_covers_itself() -> None:
    local = Scope(Publisher(id="x", name="x", domains=("127.0.0.1",)))
    assert local.covers("http://127.0.0.1:8000/a")
    assert not local.covers("http://127.0.0.2:8000/a")


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (datetime(2022, 1, 1, tzinfo=UTC), True),
        (datetime(2022, 1, 31, 23, 59, tzinfo=UTC), True),
        (datetime(2022, 2, 1, tzinfo=UTC), None),
        (datetime(2021, 12, 31, 23, tzinfo=UTC), None),
        (datetime(2021, 12, 30, tzinfo=UTC), False),
        (datetime(2022, 2, 2, tzinfo=UTC), False),
    ],
)
def test_a_listed_day_is_inside_outside_or_on_the_edge(day: datetime, inside: bool | None) -> None:
    assert JANUARY.within(Link("https://www.gazette.example/a", hints=Hints("feed", published=day))) is inside


def test_the_day_in_the_address_decides_where_no_listing_does() -> None:
    assert JANUARY.within(Link("https://www.gazette.example/2022/01/05/a")) is True
    assert JANUARY.within(Link("https://www.gazette.example/2020/01/05/a")) is False
    assert JANUARY.within(Link("https://www.gazette.example/a")) is None


def test_what_last_changed_before_the_bounds_is_outside() -> None:
    old = Hints("sitemap", modified=datetime(2021, 1, 1, tzinfo=UTC))
    new = Hints("sitemap", modified=datetime(2023, 1, 1, tzinfo=UTC))
    assert JANUARY.within(Link("https://www.gazette.example/a", hints=old)) is False
    assert JANUARY.within(Link("https://www.gazette.example/a", hints=new)) is None


def test_without_bounds_everything_is_inside() -> None:
    assert SCOPE.within(Link("https://www.gazette.example/a")) is True


@pytest.mark.parametrize(
    ("path", "may"),
    [
        *(("sitemap-2022-01.xml", True), ("sitemap-2022-07.xml", True), ("sitemap-202012.xml", False)),
        *(("sitemaps/2023/01", False), ("sitemap-2021-12.xml", True), ("sitemap-2021-11-05.xml", False)),
        *(("post-sitemap2019.xml", True), ("sitemap.xml", True)),
    ],
)
def test_a_sitemap_of_another_year_lists_nothing_of_the_span(path: str, may: bool) -> None:
    """A month may be a part of its year, and December ends a day late elsewhere."""
    assert JANUARY.may_list(Link(f"https://www.gazette.example/{path}")) is may


def test_sitemaps_are_read_newest_first() -> None:
    changed = Hints("sitemap", modified=datetime(2022, 6, 1, tzinfo=UTC))
    given = [Link("a", hints=None), Link("s-2021-03"), Link("b", hints=changed), Link("s-2023-01"), Link("c")]
    assert [link.url for link in newest_first(given)] == ["s-2023-01", "b", "s-2021-03", "a", "c"]
