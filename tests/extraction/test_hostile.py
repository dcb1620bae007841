"""Pages made to cost time or to trip: each once did."""

from __future__ import annotations

import json
import time

import pytest

from crawler.changes.identity import article_key
from crawler.discovery.sources import publisher_at
from crawler.extraction.article import extract
from crawler.extraction.page import MAX_ATTRIBUTES, MAX_TAGS, parsed
from crawler.extraction.topics import MAX_TOPICS
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
        "<div><p>Comments</p></div>",
        "<p>One of the pages: <a href='?page=2&x={n}'>{n}</a></p>",
        "<div><img src=/a{n}.jpg></div><div><p>x</p></div>",
        "<p>A line of running text that is the story, no doubt.</p><iframe src='https://youtu.be/x{n}'></iframe>",
        "<meta property=og:title content='A headline that is long, of number {n}'>",
    ],
)  # fmt: skip
def test_a_page_of_one_thing_again_and_again_is_read_in_time(unit: str) -> None:
    read(HEAD + "".join(unit.format(n=n) for n in range(20_000)) + TEXT)


@pytest.mark.parametrize(
    ("around", "piece"),
    [
        ("<figure><img src=/a.jpg><figcaption>{}</figcaption></figure>", "word<br><br>"),
        ("<figure><img src=/a.jpg><figcaption>{}</figcaption></figure>", "<span class=credit>Ada Wren</span> x "),
        ("<figure><img src=/a.jpg><figcaption>{}</figcaption></figure>", "<span>Ada Wren.</span> "),
        ("<figure>{}</figure>", "<img src=/a{n}.jpg><p>x</p>"),
        ("<div class=breadcrumb>{}</div>", "<a href=/{n}>Section {n}</a>"),
        ("<div itemprop=author>" * 200 + "{}" + "</div>" * 200, "<b>x</b> "),
        ("<blockquote class=embed>" * 200 + "{}" + "</blockquote>" * 200, "<a href=x>x</a> "),
        ("<p><a href=x>{}ef!</a></p>", "ab.cd-"),
        ("<p>Also found at the following alternate addresses:</p><p>{}!</p>", "ab.cd-"),
        ("<script>var x='{}';" + "A sentence. " * 100 + "</script>", "__a"),
        ("<script>var {};" + "A sentence. " * 100 + "</script>", "a"),
        ("<script>window.__S={{a:undefined,{}" + "A sentence. " * 100 + "</script>", "b:new Date("),
    ],
)
def test_one_thing_in_another_again_and_again_is_read_in_time(around: str, piece: str) -> None:
    # Text comes before and after, so that it stands where an article's things are looked for.
    read(HEAD + TEXT * 20 + around.format("".join(piece.format(n=n) for n in range(20_000))) + TEXT * 20)


@pytest.mark.parametrize(
    "entity",
    [
        {"type": "list", "items": [{"__ref": "A"}] * 30},
        {"children": [{"__ref": "A"}] * 12},
        {"type": "paragraph", "text": "<p>Of the story." * 3000, "children": [{"__ref": "A"}] * 12},
    ],
)
def test_references_of_a_state_that_lead_in_a_circle_end(entity: object) -> None:
    state = {"ROOT_QUERY": ["A sentence. " * 20] * 9, "A": entity, "list": [{"__ref": "A"}] * 3}
    read(f"{HEAD}<script id=__NEXT_DATA__ type=application/json>{json.dumps(state)}</script>")


def test_a_state_that_has_its_headline_everywhere_is_read_in_time() -> None:
    state = {"texts": [["A sentence of it. " * 9] * 5] * 2000, "titles": ["A headline of this story"] * 60_000}
    headline = HEAD.replace("A story", "A headline of this story")
    read(f"{headline}<script type=application/json>{json.dumps(state)}</script>")


def test_the_names_of_authors_may_lead_in_a_circle() -> None:
    person = {"@type": "Person", "@id": "#a", "name": {"@id": "#a"}}
    assert read(_with_data({"@type": "NewsArticle", "author": {"@id": "#a"}}, person)).authors == ()


def test_names_of_authors_that_are_referred_to_and_not_there_are_looked_for_in_time() -> None:
    others = [{"@type": "Person", "@id": f"#{n}", "name": "Ada Wren"} for n in range(9000)]
    assert read(_with_data({"@type": "NewsArticle", "author": [{"@id": "#x"}] * 9000}, *others)).authors == ()


@pytest.mark.parametrize("position", ["²", "9" * 5000, None, [1], -1])
def test_a_position_that_is_no_number_is_the_last(position: object) -> None:
    items = [{"position": position, "name": "Town"}, {"position": 1, "name": "News"}]
    assert read(_with_data({"@type": "BreadcrumbList", "itemListElement": items})).section_path == ("News", "Town")


def test_more_topics_than_any_article_has_are_cut() -> None:
    article = read(
        HEAD + f"<meta name=news_keywords content='{','.join(f'topic x{n}' for n in range(200_000))}'>" + TEXT
    )
    assert len(article.topics) == MAX_TOPICS


@pytest.mark.parametrize("url", ["", "https://[::1", "no address", f"https://gazette.example/story?page={'1' * 5000}"])
def test_a_page_of_whatever_address_is_read(url: str) -> None:
    assert "Some words of the story" in extract(f"{HEAD}{TEXT}<a href='?page=2'>2</a>".encode(), url).text


def _with_data(*nodes: object) -> str:
    return f'{HEAD}<script type="application/ld+json">{json.dumps(nodes)}</script>{TEXT}'


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
