"""Pages made to cost time or to trip: each once did."""

from __future__ import annotations

import time

import pytest

from crawler.changes.identity import article_key
from crawler.discovery.sources import publisher_at
from crawler.extraction.article import extract
from crawler.extraction.page import MAX_ATTRIBUTES, MAX_TAGS, parsed
from crawler.items import Article
from crawler.normalisation.dates import moment
from tests.extraction.fuzzing import URL, filled

HEAD = "<!doctype html><html lang=en><title>A story</title><article><h1>A story</h1>"
TEXT = "<p>Some words of the story, and more of them.</p>"
MOST_SECONDS = 2.0


def read(html: str | bytes) -> Article:
    """What is read within the time that a page may take."""
    start = time.process_time()
    article = extract(html.encode() if isinstance(html, str) else html, URL)
    article_key(article, publisher_at(URL))
    spent = time.process_time() - start
    assert spent < MOST_SECONDS, f"{spent:.1f} s"
    return article


@pytest.mark.parametrize(
    ("slot", "piece", "last"),
    [
        ("title", "ﷺ", ""),  # one character that is eighteen in NFKC
        ("heading", "ﷺ", ""),
        ("meta-author", "a", ""),
        ("meta-author", "[[", "!"),
        ("meta-article:author", "GMT+", ""),
        ("meta-article:author", "س", ""),
        ("meta-article:section", " ", "!"),
        ("meta-og:url", "amp/", "!"),
        ("canonical", "amp/", "!"),
        ("canonical", "~amp", ""),
        ("ld-articleBody", "\xa0", "!"),
        ("ld-articleBody", " ", "!"),
        ("ld-keywords", "\n", "!"),
        ("ld-keywords", "\xa0", ""),
        ("srcset", "a", " "),
        ("srcset", "x ", "!"),
        ("src", "logo", "!"),
    ],
)
def test_a_text_that_repeats_itself_costs_no_more_than_its_length(slot: str, piece: str, last: str) -> None:
    read(filled(slot, piece * (50_000 // len(piece)) + last).html)


@pytest.mark.parametrize(
    "unit",
    [
        "<figure><img src=/a{n}.jpg><figcaption>Town {n} (AFP)</figcaption></figure>",
        "<img src=/a{n}.jpg>",
        "<p>It can also be accessed at the following alternate addresses:</p><p>www.x{n}.com</p>",
        "<h1>A headline that is long, of number {n}</h1>",
        "<nav><h1>A headline that is long, of number {n}</h1></nav>",
        "<div class=byline>By Ada Wren {n}</div>",
        "<script type=application/ld+json>{{\"@type\":\"NewsArticle\"}}</script>",
        "<b><i><p>x",
        "<a href=x>x",
        "<a href=/x{n}>x {n}</a>",
        "<div>",
    ],
)  # fmt: skip
def test_a_page_of_one_thing_again_and_again_is_read_in_time(unit: str) -> None:
    read(HEAD + "".join(unit.format(n=n) for n in range(20_000)) + TEXT)


def test_a_figure_of_many_images_is_looked_through_once() -> None:
    read(f"{HEAD}{TEXT}<figure>{'<img src=/a.jpg><span>x</span>' * 5000}<figcaption>A town</figcaption></figure>")


def test_an_element_of_many_attributes_keeps_the_first() -> None:
    article = read(f"{HEAD}<p class=a {' '.join(f'a{n}=1' for n in range(20_000))}>Kept words of a story.</p>{TEXT}")
    assert "Kept words of a story." in article.text
    many = "".join(f" a{n}='>'" for n in range(2 * MAX_ATTRIBUTES))
    (paragraph,) = parsed(f"<p{many}>x</p>".encode(), URL).root.xpath("//p")
    assert len(paragraph.attrib) == 2 * MAX_ATTRIBUTES  # short values end in ">": too little between two to look at


def test_long_values_are_no_reason_to_cut() -> None:
    value = "some words " * 2000
    root = parsed(f"<div data-a='{value}' class=b><p>x</p></div>".encode(), URL).root
    assert root.xpath("string(//div/@class)") == "b"


def test_a_script_is_not_taken_for_an_element() -> None:
    script = "for(i=0;i<n;i++){" + " ".join(f"v{n}=1;" for n in range(2000)) + "} s='<style'"
    assert script in parsed(f"<script>{script}</script><p>x".encode(), URL).root.xpath("string(//script)")


def test_of_a_page_of_a_million_elements_the_beginning_is_read() -> None:
    article = read(HEAD + TEXT + "<p>x" * (2 * MAX_TAGS))
    assert "Some words of the story" in article.text
    assert "size" in article.problems


@pytest.mark.parametrize("address", ["https://[", "https://[[/AP https:", "//[::1", "http://gazette.example]/x"])
def test_an_address_that_is_none_is_not_the_canonical_one(address: str) -> None:
    assert read(filled("canonical", address).html).canonical_url is None


@pytest.mark.parametrize("raw", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "9999-12-31"])
def test_a_date_at_the_ends_of_the_calendar_is_none(raw: str) -> None:
    assert moment(raw) is None
    assert moment("1995-02-03T10:00:00Z") is not None


def test_a_width_of_many_digits_is_none() -> None:
    article = read(f"{HEAD}{TEXT}<figure><img src=/a.jpg width={'0' * 9000}1 height=600></figure>{TEXT}")
    assert [(image.width, image.height) for image in article.images] == [(None, 600)]


def test_half_a_character_pair_in_a_script_is_dropped() -> None:
    body = "<b>\\ud800Words</b> of the story, " * 40
    article = read(f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{body}"}}</script>')
    assert article.text.startswith("Words of the story,")


def test_the_largest_of_a_srcset_is_taken_whatever_its_commas() -> None:
    offers = "/s,w_100/a.jpg 100w, /s,w_900/a.jpg 900w,/s,w_300/a.jpg 300w"
    article = read(f'{HEAD}{TEXT}<figure><img srcset="{offers}" src=/x.jpg></figure>{TEXT}')
    assert [image.url for image in article.images] == ["https://gazette.example/s,w_900/a.jpg"]


@pytest.mark.parametrize("address", ["https://a]b.example/1.jpg", "//[1/topics/a?b", "http://[/tags/x?y=1"])
def test_an_address_that_is_none_is_left_out_wherever_it_stands(address: str) -> None:
    text = "The council voted on Monday to rebuild the old bridge before the end of next year. " * 3
    page = (
        f'<h1>Council votes to rebuild the bridge</h1><figure><img src="{address}"><figcaption>The bridge</figcaption>'
        f'</figure><p>{text}</p><p>{text}</p><p><a href="{address}">bridges</a></p>'
    )
    article = extract(page.encode(), "https://gazette.example/2024/03/11/bridge")
    assert address not in {*(image.url for image in article.images), *(link.url for link in article.links)}
    assert len(article.blocks) == 2
