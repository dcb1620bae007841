from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.robots import ROBOTS_LIMIT, robots_of, well_known

URL = "https://www.gazette.example/robots.txt"
US = "ofrecord"


def test_named_sitemaps_are_absolute_and_each_is_there_once() -> None:
    robots = robots_of(
        b"Sitemap: /a.xml\nsitemap:https://files.example/b.xml\nSITEMAP: /a.xml\nSitemap: mailto:x\n", URL
    )
    assert robots.sitemaps == ("https://www.gazette.example/a.xml", "https://files.example/b.xml")


def test_the_most_specific_group_decides() -> None:
    robots = robots_of(
        b"User-agent: *\nDisallow: /\n\nUser-agent: ofrecord\nDisallow: /private/\nAllow: /private/a$\n", URL
    )
    assert robots.allows("https://www.gazette.example/news", US)
    assert not robots.allows("https://www.gazette.example/private/x", US)
    assert robots.allows("https://www.gazette.example/private/a", US)
    assert not robots.allows("https://www.gazette.example/news", "another")


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /x",
        b"User-agent: *\r\nDisallow: /x\r\n",
        b"User-agent: *\rDisallow: /x\r",
        "User-agent: *\nDisallow: /x".encode("utf-16"),
        b"# \xff\xfe\nUser-agent: *\nDisallow: /x",
    ],
    ids=["bom", "crlf", "cr", "utf-16", "no-utf-8"],
)
def test_odd_encodings_and_line_ends_are_read(body: bytes) -> None:
    assert not robots_of(body, URL).allows("https://www.gazette.example/x", US)


@pytest.mark.parametrize("body", [b"", b"<!doctype html><p>Not found</p>", b"\x00\x01\x02"])
def test_what_holds_no_rule_allows_all(body: bytes) -> None:
    assert robots_of(body, URL).allows("https://www.gazette.example/x", US)


def test_half_a_line_at_the_limit_is_not_read() -> None:
    head = b"User-agent: *\nDisallow: /x\n"
    body = head + b"#" * (ROBOTS_LIMIT - len(head) - 13) + b"\nDisallow: /news-of-the-day\n"
    robots = robots_of(body, URL)
    assert not robots.allows("https://www.gazette.example/x", US)
    assert robots.allows("https://www.gazette.example/news", US)


@pytest.mark.parametrize(
    ("value", "seconds"), [("2.5", 2.5), ("0", 0), ("-1", None), ("inf", None), ("nan", None), ("x", None)]
)
def test_crawl_delay_is_seconds_or_nothing(value: str, seconds: float | None) -> None:
    assert robots_of(f"User-agent: *\nCrawl-delay: {value}".encode(), URL).crawl_delay(US) == seconds


def test_patterns_made_to_cost_time_do_not() -> None:
    robots = robots_of(b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"$\n", URL)
    start = process_time()
    robots.allows("https://www.gazette.example/" + "a" * 5000, US)
    assert process_time() - start < 1


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_rules(body: bytes) -> None:
    robots = robots_of(body, URL)
    robots.allows("https://www.gazette.example/x", US)
    robots.crawl_delay(US)


def test_well_known_places_are_on_the_same_host() -> None:
    places = well_known("https://www.gazette.example:8443/news/a?b")
    assert places.sitemaps[0] == "https://www.gazette.example:8443/sitemap.xml"
    assert places.feeds[0] == "https://www.gazette.example:8443/feed"


@pytest.mark.parametrize("named", ["ofrecord", "OfRecord/0.1", "ofrecord/1.0 (news archive)", "ofrecord/* # us"])
def test_we_are_meant_whatever_version_a_site_adds(named: str) -> None:
    rules = robots_of(f"User-agent: *\nDisallow:\n\nUser-agent: {named}\nDisallow: /\n".encode(), URL)
    assert not rules.allows("https://www.gazette.example/a", US)
    assert rules.allows("https://www.gazette.example/a", "another")
