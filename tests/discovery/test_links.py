import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery.links import URL_LENGTH, plain_text, resolved

BASE = "https://www.gazette.example/news/index.html"


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("/a", "https://www.gazette.example/a"),
        (" a \n", "https://www.gazette.example/news/a"),
        ("//cdn.gazette.example/a", "https://cdn.gazette.example/a"),
        ("?page=2#top", "https://www.gazette.example/news/index.html?page=2"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://other.example/a?utm_source=rss", "https://other.example/a?utm_source=rss"),
    ],
)
def test_references_become_the_addresses_that_are_requested(reference: str, url: str) -> None:
    assert resolved(BASE, reference) == url


@pytest.mark.parametrize(
    "reference",
    [
        None,
        "",
        "mailto:desk@gazette.example",
        "javascript:void(0)",
        "data:text/html,x",
        "https://user:secret@www.gazette.example/",
        "http://[::1",
        "http://www.gazette.example:port/",
        "https:///",
        "/" + "a" * URL_LENGTH,
        "/\ud800",
    ],
)
def test_what_leads_to_no_web_address_is_nothing(reference: str | None) -> None:
    assert resolved(BASE, reference) is None


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_reference_is_an_ascii_address_or_nothing(reference: str) -> None:
    url = resolved(BASE, reference)
    assert url is None or (url.isascii() and url.startswith(("http://", "https://")))


def test_markup_in_a_title_leaves_its_text() -> None:
    assert plain_text("<b>Salt</b> &amp;amp; pepper&nbsp;<br/>shaker") == "Salt & pepper shaker"
    assert plain_text("5 < 6 and 7 > 6") == "5 < 6 and 7 > 6"
    assert plain_text("<p></p>") is None
