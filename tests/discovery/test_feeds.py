import contextlib
import json
from datetime import UTC, datetime, timedelta, timezone
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.feeds import feed_page
from crawler.errors import BadListing
from crawler.items import Hints
from tests.discovery.gazette import SCOPE, saved

URL = "https://www.gazette.example/feed.xml"


def test_rss_gives_addresses_as_the_feed_writes_them() -> None:
    page = feed_page(saved("rss-2.0.xml"), URL, scope=SCOPE)
    assert [link.url for link in page.links] == [
        "https://www.gazette.example/2022/01/05/bridge?utm_source=rss&utm_medium=feed",
        "https://www.gazette.example/clicks",
        "https://www.gazette.example/only-a-guid",
        "https://www.gazette.example/relative",
    ]


def test_rss_claims_become_hints() -> None:
    link = feed_page(saved("rss-2.0.xml"), URL, scope=SCOPE).links[0]
    assert link.text == "Bridge opens & closes"
    assert link.hints == Hints(
        source="feed",
        listing_url=URL,
        title="Bridge opens & closes",
        summary="The bridge opened at noon.",
        authors=("Jane Doe", "John Roe"),
        published=datetime(2022, 1, 5, 14, 30, tzinfo=timezone(timedelta(hours=3, minutes=30))),
        published_raw="Wed, 05 Jan 2022 14:30:00 +0330",
        language="en",
        images=("https://www.gazette.example/bridge.jpg", "https://www.gazette.example/bridge-2.png"),
    )


def test_time_without_a_zone_stays_without() -> None:
    hints = feed_page(saved("rss-2.0.xml"), URL, scope=SCOPE).links[1].hints
    assert hints is not None
    assert hints.published == datetime(2022, 1, 5, 14, 30)  # noqa: DTZ001


def test_foreign_entries_are_counted_and_left() -> None:
    assert feed_page(saved("rss-2.0.xml"), URL, scope=SCOPE).foreign == 1


def test_without_a_scope_all_web_addresses_are_taken() -> None:
    links = feed_page(saved("rss-2.0.xml"), URL).links
    assert "https://other.example/story" in [link.url for link in links]


def test_entries_beyond_the_limit_are_left_and_said() -> None:
    page = feed_page(saved("rss-2.0.xml"), URL, max_links=2)
    assert len(page.links) == 2
    assert page.problems == ("more than 2 entries; the rest was left",)


def test_rdf_dates_are_read() -> None:
    (link,) = feed_page(saved("rdf.xml"), URL, scope=SCOPE).links
    assert link.url == "https://www.gazette.example/rdf-story"
    assert link.hints is not None
    assert link.hints.published == datetime(2022, 1, 5, 9, tzinfo=UTC)


def test_atom_gives_the_alternate_link_both_dates_and_older_pages() -> None:
    page = feed_page(saved("atom.xml"), URL, scope=SCOPE)
    (link,) = page.links
    assert (link.url, link.text) == ("https://www.gazette.example/fett", "Fett gedruckt")
    assert link.hints is not None
    assert link.hints.authors == ("Erika Muster",)
    assert link.hints.published == datetime(2022, 1, 5, 10, tzinfo=UTC)
    assert link.hints.modified == datetime(2022, 1, 6, 11, tzinfo=UTC)
    assert page.next_pages == ("https://www.gazette.example/atom.xml?page=2",)


def test_json_feed_of_both_versions_is_read() -> None:
    page = feed_page(saved("json-feed-1.1.json"), URL, scope=SCOPE)
    assert [link.url for link in page.links] == [
        "https://www.gazette.example/json-story",
        "https://www.gazette.example/by-id",
    ]
    assert [link.hints.authors for link in page.links if link.hints] == [("Jane Doe",), ("John Roe",)]
    assert page.next_pages == ("https://www.gazette.example/feed.json?page=2",)


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("rss-0.91-with-public-dtd.xml", ["Café opens"]),
        ("utf-16-feed.xml", ["Größe"]),
        ("latin-1-declared-as-such.xml", ["Größe"]),
        ("feed-with-two-roots.xml", ["First"]),
        ("feed-with-bare-ampersand.xml", ["Salt & pepper"]),
        ("feed-cut-off.xml", ["Whole"]),
    ],
)
def test_odd_and_broken_feeds_are_read_as_far_as_they_go(name: str, titles: list[str]) -> None:
    assert [link.text for link in feed_page(saved(name), URL, scope=SCOPE).links] == titles


def test_breakage_that_was_passed_over_is_said() -> None:
    assert feed_page(saved("feed-cut-off.xml"), URL).problems[0].startswith("broken XML: ")


def test_address_with_a_bare_ampersand_keeps_its_query() -> None:
    (link,) = feed_page(saved("feed-with-bare-ampersand.xml"), URL).links
    assert link.url == "https://www.gazette.example/a?x=1&y=2"


def test_address_in_cdata_keeps_its_query() -> None:
    body = b"<rss><channel><item><link><![CDATA[https://www.gazette.example/a?x=1&y=2]]></link></item></channel></rss>"
    (link,) = feed_page(body, URL).links
    assert link.url == "https://www.gazette.example/a?x=1&y=2"


@pytest.mark.parametrize("name", ["entity-bomb-feed.xml", "external-entity-feed.xml"])
def test_feed_with_entities_of_its_own_is_refused(name: str) -> None:
    start = process_time()
    with pytest.raises(BadListing, match=r"feed\.xml: the document brings a DTD"):
        feed_page(saved(name), URL)
    assert process_time() - start < 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{}", b"[]", b"plain text", b"<urlset/>", saved("feed-that-is-html.html")]
)
def test_what_is_no_feed_is_said_with_its_address(body: bytes) -> None:
    with pytest.raises(BadListing, match=r"^https://www\.gazette\.example/feed\.xml: "):
        feed_page(body, URL)


def test_feed_over_the_limit_of_bytes_is_refused() -> None:
    with pytest.raises(BadListing, match="over the limit of 10"):
        feed_page(saved("atom.xml"), URL, max_bytes=10)


@pytest.mark.parametrize(
    "body",
    [
        b"<rss>" + b"<a>" * 300_000,
        b"<rss><channel><item><title>" + b"<![CDATA[" * 100_000,
        b"<rss><channel><item><title>" + b"&" * 500_000,
        b"<rss><channel><item><title>" + b"<" * 500_000,
        b"<rss " + b'a="b" ' * 100_000,
        b"{" + b'"a":[' * 200_000,
        b"<!DOCTYPE " * 50_000,
        b"<?xml " * 100_000,
    ],
    ids=["deep", "cdata", "ampersands", "angles", "attributes", "deep-json", "doctypes", "declarations"],
)
def test_hostile_feeds_cost_bounded_time(body: bytes) -> None:
    start = process_time()
    with contextlib.suppress(BadListing):
        feed_page(body, URL)
    assert process_time() - start < 5


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            b"<rss>",
            b"<channel>",
            b"<item>",
            b"</item>",
            b"<link>",
            b"https://a.example/b",
            b"</link>",
            b"<title>",
            b"&",
            b"<feed xmlns='http://www.w3.org/2005/Atom'>",
            b"<entry>",
            b"<link href='/x' rel='alternate'/>",
            b"<updated>",
            b"<![CDATA[",
            b"]]>",
            b"\x00",
            b"\xff",
            b"<!--",
            b"-->",
            b"2022-01-05",
            b"<media:content url='",
            b"'/>",
            b"&#0;",
        ]
    ),
    max_size=30,
).map(b"".join)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | FRAGMENTS)
def test_any_bytes_are_a_feed_or_a_bad_listing(body: bytes) -> None:
    with contextlib.suppress(BadListing):
        feed_page(body, URL, scope=SCOPE)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "url", "title", "authors"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(JSON_VALUES, max_size=4))
def test_any_json_items_are_read_or_left(items: list[object]) -> None:
    feed_page(json.dumps({"items": items}).encode(), URL)
