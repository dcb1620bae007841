import contextlib
import gzip
from datetime import datetime, timedelta, timezone
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.sitemaps import sitemap_page
from crawler.errors import BadListing
from crawler.items import Hints
from tests.discovery.gazette import SCOPE, saved

URL = "https://www.gazette.example/sitemap.xml"


def test_news_image_and_language_extensions_become_hints() -> None:
    page = sitemap_page(saved("sitemap-news.xml"), URL, scope=SCOPE)
    (link,) = page.links
    assert link.url == "https://www.gazette.example/2022/01/05/bridge"
    assert link.hints == Hints(
        source="sitemap",
        listing_url=URL,
        title="Bridge opens & closes",
        published=datetime(2022, 1, 5, 14, 30, tzinfo=timezone(timedelta(hours=3, minutes=30))),
        published_raw="2022-01-05T14:30:00+03:30",
        modified=datetime(2022, 1, 6),  # noqa: DTZ001
        language="en",
        images=("https://cdn.gazette.example/bridge.jpg",),
        alternates=(("fa", "https://www.gazette.example/fa/bridge"),),
    )


def test_addresses_out_of_scope_are_counted_and_left() -> None:
    assert sitemap_page(saved("sitemap-news.xml"), URL, scope=SCOPE).foreign == 1


def test_index_names_sitemaps_with_their_last_change() -> None:
    page = sitemap_page(saved("sitemap-index.xml"), URL, scope=SCOPE)
    assert [link.url for link in page.sitemaps] == [
        "https://www.gazette.example/sitemap-1.xml.gz",
        "https://files.elsewhere.example/gazette.xml",
    ]
    assert page.sitemaps[0].hints is not None
    assert page.sitemaps[0].hints.modified is not None
    assert not page.links


def test_index_too_deep_in_indexes_is_not_followed() -> None:
    page = sitemap_page(saved("sitemap-index.xml"), URL, depth=3)
    assert not page.sitemaps
    assert "too deep" in page.problems[0]


def test_text_is_a_list_of_addresses() -> None:
    page = sitemap_page(saved("sitemap.txt"), URL, scope=SCOPE)
    assert [link.url for link in page.links] == ["https://www.gazette.example/a", "https://www.gazette.example/b"]
    assert page.foreign == 1


def test_feed_serves_as_sitemap() -> None:
    page = sitemap_page(saved("atom.xml"), URL, scope=SCOPE)
    assert [(link.url, link.hints and link.hints.source) for link in page.links] == [
        ("https://www.gazette.example/fett", "sitemap")
    ]


def test_gzip_is_known_by_its_first_bytes_even_twice() -> None:
    twice = gzip.compress(gzip.compress(saved("sitemap-news.xml")))
    assert len(sitemap_page(twice, URL, scope=SCOPE).links) == 1


def test_gzip_of_several_members_is_read_whole() -> None:
    page = sitemap_page(saved("sitemap-of-two-gzip-members.xml.gz"), URL)
    assert (len(page.links), page.problems) == (200, ())


def test_gzip_cut_off_gives_what_there_is() -> None:
    page = sitemap_page(saved("sitemap-cut-off-in-gzip.xml.gz"), URL)
    assert 0 < len(page.links) < 200
    assert page.problems == ("broken gzip: it is cut off",)


def test_prefixes_without_namespace_are_understood() -> None:
    (link,) = sitemap_page(saved("sitemap-with-undeclared-prefixes.xml"), URL).links
    assert link.text == "A title"
    assert link.hints is not None
    assert link.hints.published == datetime(2022, 1, 5)  # noqa: DTZ001


def test_unclosed_elements_lose_no_whole_address() -> None:
    page = sitemap_page(saved("sitemap-with-unclosed-url.xml"), URL)
    found = [link.url for link in page.links]
    assert {"https://www.gazette.example/a", "https://www.gazette.example/b"} <= set(found)
    assert page.problems


def test_addresses_beyond_the_limit_are_left_and_said() -> None:
    page = sitemap_page(saved("sitemap-of-two-gzip-members.xml.gz"), URL, max_links=10)
    assert len(page.links) == 10
    assert page.problems == ("more than 10 addresses; the rest was left",)


def test_empty_sitemap_has_no_links() -> None:
    assert sitemap_page(b"<urlset/>", URL).links == ()


@pytest.mark.parametrize("body", [b"", b"no address", b"<a/>", b"\x1f\x8b", saved("feed-that-is-html.html")])
def test_what_is_no_sitemap_is_said_with_its_address(body: bytes) -> None:
    with pytest.raises(BadListing, match=r"^https://www\.gazette\.example/sitemap\.xml: "):
        sitemap_page(body, URL)


def test_sitemap_with_entities_of_its_own_is_refused() -> None:
    with pytest.raises(BadListing, match="DTD"):
        sitemap_page(saved("entity-bomb-sitemap.xml"), URL)


def test_gzip_bomb_is_refused_without_unpacking_it() -> None:
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    start = process_time()
    with pytest.raises(BadListing, match="more than 1000000 bytes unpacked"):
        sitemap_page(bomb, URL, max_bytes=1_000_000)
    assert process_time() - start < 1


def test_gzip_of_countless_empty_members_costs_bounded_time() -> None:
    start = process_time()
    with pytest.raises(BadListing):
        sitemap_page(gzip.compress(b"") * 200_000, URL)
    assert process_time() - start < 2


def test_fifty_thousand_addresses_are_read_in_bounded_time() -> None:
    urls = "".join(f"<url><loc>https://www.gazette.example/{i}</loc></url>" for i in range(50_000))
    start = process_time()
    assert len(sitemap_page(f"<urlset>{urls}</urlset>".encode(), URL).links) == 50_000
    assert process_time() - start < 15


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.binary(max_size=100).map(lambda body: b"\x1f\x8b" + body)
    | st.lists(
        st.sampled_from(
            [
                b"<urlset>",
                b"<sitemapindex>",
                b"<url>",
                b"</url>",
                b"<loc>",
                b"https://www.gazette.example/a",
                b"</loc>",
                b"<sitemap>",
                b"<news:news>",
                b"<lastmod>",
                b"0001-01-01",
                b"&",
                b"\x00",
                b"<!--",
                b"<image:image>",
                b"\xff",
            ]
        ),
        max_size=30,
    ).map(b"".join)
)
def test_any_bytes_are_a_sitemap_or_a_bad_listing(body: bytes) -> None:
    with contextlib.suppress(BadListing):
        sitemap_page(body, URL, scope=SCOPE)
