from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.sections import feeds_named_in, section_page
from crawler.items import Hints
from tests.discovery.gazette import SCOPE, saved

URL = "https://www.gazette.example/"
FRONT = section_page(saved("front-page.html"), URL, scope=SCOPE)


def page_of(body: str, url: str = "https://www.gazette.example/news") -> tuple[str, ...]:
    return section_page(f"<html><body>{body}</body></html>".encode(), url, scope=SCOPE).next_pages


def test_articles_come_in_order_with_their_longest_text() -> None:
    assert [(link.url, link.text) for link in FRONT.links] == [
        ("https://www.gazette.example/2022/01/05/101/bridge", "The new bridge over the river is open"),
        ("https://www.gazette.example/mayor-resigns-after-long-dispute.html", "Mayor resigns after long dispute"),
    ]


def test_the_time_of_a_teaser_is_a_hint() -> None:
    first, second = FRONT.links
    assert first.hints is not None
    assert first.hints.published_raw == "2022-01-05T14:30:00+03:30"
    assert second.hints == Hints("section", URL, title="Mayor resigns after long dispute")


def test_sections_of_the_menu_come_first_and_services_not_at_all() -> None:
    assert FRONT.sections == (
        "https://www.gazette.example/news",
        "https://www.gazette.example/sport/football/",
        "https://www.gazette.example/region/coast",
    )


def test_feeds_are_named_without_those_of_comments() -> None:
    feeds = ("https://www.gazette.example/feed.xml", "https://www.gazette.example/atom.xml")
    assert FRONT.feeds == feeds
    assert feeds_named_in(saved("front-page.html"), URL) == feeds


def test_foreign_links_are_counted() -> None:
    assert FRONT.foreign == 1


def test_publishers_patterns_decide_which_links_are_articles() -> None:
    publisher = type(SCOPE.publisher)(
        id="gazette", name="The Gazette", domains=("www.gazette.example",), article_patterns=(r"^/(?P<id>x\d)$",)
    )
    body = b'<a href="/x1">One</a><a href="/2022/01/05/a-story-with-a-long-slug">A story with a long slug</a>'
    page = section_page(body, URL, scope=type(SCOPE)(publisher))
    assert [link.url for link in page.links] == ["https://www.gazette.example/x1"]


@pytest.mark.parametrize(
    ("url", "link", "following"),
    [
        ("/news", '<link rel="next" href="/news?page=2">', "/news?page=2"),
        ("/news", '<a rel="next nofollow" href="?page=2">2</a>', "/news?page=2"),
        (
            "/news?page=2",
            '<a href="/news?page=1">1</a><a href="/news?page=3">3</a><a href="/news?page=9">9</a>',
            "/news?page=3",
        ),
        ("/news/", '<a href="/news/page/2/">2</a>', "/news/page/2/"),
        ("/news/page/2/", '<a href="/news/">1</a><a href="/news/page/3/">3</a>', "/news/page/3/"),
        ("/news?a=1&page=2", '<a href="/news?page=3&a=1">3</a>', "/news?page=3&a=1"),
        ("/news", '<a href="/news?before=17">Ältere Beiträge »</a>', "/news?before=17"),
        ("/news", '<a href="/news?before=17">次へ</a>', "/news?before=17"),
        ("/news", '<a href="/news?before=17">›</a>', "/news?before=17"),
    ],
)
def test_the_following_page_is_found(url: str, link: str, following: str) -> None:
    assert page_of(link, f"https://www.gazette.example{url}") == (f"https://www.gazette.example{following}",)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/sport?page=2">2</a>',
        '<a href="/2022/01/05/102/the-next-story-of-the-day">Next</a>',
        '<link rel="next" href="/2022/01/05/102/the-next-story-of-the-day">',
        '<a rel="next" href="https://other.example/news?page=2">2</a>',
        '<a rel="next" href="/news?page=501">501</a>',
        '<a href="/news">1</a>',
    ],
    ids=["other-list", "next-article", "rel-next-article", "foreign", "endless", "itself"],
)
def test_what_is_no_following_page_is_not_followed(link: str) -> None:
    assert page_of(link) == ()


@pytest.mark.parametrize("body", [b"", b"\x00\x00", b"<!-- -->", b"plain text", b"\xff\xfe", b"{}"])
def test_what_is_no_page_has_no_links(body: bytes) -> None:
    page = section_page(body, URL, scope=SCOPE)
    assert (page.links, page.sections, page.next_pages, feeds_named_in(body, URL)) == ((), (), (), ())


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 300_000 + b'<a href="/a">a</a>',
        b'<a href="/a">' * 50_000,
        b"<a " + b'x="y" ' * 200_000 + b'href="/a">',
        b"<article>" + b"<time datetime=x></time>" * 20_000 + b'<a href="/2022/01/05/a-b-c-d-e">x</a>' * 5_000,
    ],
    ids=["deep", "nested-links", "attributes", "times"],
)
def test_hostile_pages_cost_bounded_time(body: bytes) -> None:
    start = process_time()
    section_page(body, URL, scope=SCOPE)
    assert process_time() - start < 5


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                b"<a href='",
                b"/a",
                b"?page=2",
                b"'>",
                b"</a>",
                b"<base href='//'>",
                b"<link rel=next href=",
                b"&#0;",
                b"<svg>",
            ]
        ),
        max_size=30,
    ).map(b"".join)
)
def test_any_bytes_are_a_page(body: bytes) -> None:
    section_page(body, URL, scope=SCOPE)


def test_page_longer_than_the_limit_is_not_read() -> None:
    page = section_page(b" " * (16 * 1024 * 1024 + 1), URL)
    assert "over the limit" in page.problems[0]
