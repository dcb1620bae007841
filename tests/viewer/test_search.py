"""The search page: what is found, what it is made up of, and the same for other programs."""

from __future__ import annotations

import csv
import json
from io import StringIO
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from lxml import etree, html
from playwright.sync_api import Browser

from tests.viewer.serving import Served


def found(viewer: Served, query: str, more: str = "") -> html.HtmlElement:
    answer = viewer.get(f"/search?q={quote(query)}{more}")
    assert answer.status == 200, answer.text
    return html.document_fromstring(answer.text)


def headlines(page: html.HtmlElement) -> list[str]:
    return [link.text_content() for link in page.cssselect(".hit h3 a")]


def test_words_are_found_and_marked(viewer: Served) -> None:
    page = found(viewer, '"tide gauge" pilots')
    assert headlines(page) == ["Harbour pilots ask for a second tide gauge"]
    assert {mark.text_content().lower() for mark in page.cssselect(".hit mark")} >= {"pilots", "tide gauge"}


def test_the_query_language_is_that_of_the_command_line(viewer: Served) -> None:
    assert headlines(found(viewer, 'author:"Jonas Pell" section:harbour day:2025-03-13..2025-04')) == [
        "Harbour pilots ask for a second tide gauge"
    ]


def test_what_cannot_be_read_is_said_with_its_place(viewer: Served) -> None:
    answer = viewer.get(f"/search?q={quote('(bridge')}")
    assert answer.status == 400
    assert "(bridge" in answer.text
    assert "This cannot be searched for" in answer.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("q=publisher:nobody", "nobody"),
        ("q=bridge&sort=worst", "sort=worst is no order"),
        ("q=bridge&page=0", "page=0 is no page"),
        ("q=bridge&page=1e9", "page=1e9 is no page"),
        ("q=bridge&page=0000000011", "page=0000000011 is no page"),
        (f"q=bridge&page=000000001{'9' * 5000}", "is no page"),
    ],
)
def test_a_wish_that_cannot_be_met_is_named(viewer: Served, given: str, said: str) -> None:
    answer = viewer.get(f"/search?{given}")
    assert answer.status == 400
    assert said in answer.text


def test_each_facet_leads_to_as_many_articles_as_it_says(viewer: Served) -> None:
    page = found(viewer, "the")
    entries = page.cssselect(".facets li")
    assert entries
    for entry in entries:
        (link,) = entry.cssselect("a")
        narrowed = html.document_fromstring(viewer.get(str(link.get("href"))).text)
        assert narrowed.cssselect(".count strong")[0].text_content() == entry.cssselect("span")[0].text_content()


def test_results_are_sorted_as_asked(viewer: Served) -> None:
    times = [str(time.get("datetime")) for time in found(viewer, "the", "&sort=newest").cssselect(".hit time")]
    assert times == sorted(times, reverse=True)
    assert len(times) == 9


def test_without_words_all_articles_are_shown(viewer: Served) -> None:
    assert len(headlines(found(viewer, ""))) == 9


def test_nothing_found_says_what_finds_more(viewer: Served) -> None:
    assert "Nothing is found" in found(viewer, "zeppelin").text_content()


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_search_is_a_feed(viewer: Served, kind: str) -> None:
    answer = viewer.get(f"/search.{kind}?q=gauge")
    assert answer.headers["content-type"].startswith(f"application/{kind}+xml")
    root = etree.fromstring(answer.body)
    titles = [element.text for element in root.iter("{*}title")]
    assert "Harbour pilots ask for a second tide gauge" in titles
    assert f"{viewer.address}search?q=gauge" in answer.text


def test_a_search_is_a_file_of_lines(viewer: Served) -> None:
    articles = [json.loads(line) for line in viewer.get("/search.jsonl?q=gauge").text.splitlines()]
    rows = list(csv.DictReader(StringIO(viewer.get("/search.csv?q=gauge").text)))
    assert [article["id"] for article in articles] == [row["id"] for row in rows]
    assert articles


def test_a_query_is_shown_as_text_only(viewer: Served) -> None:
    answer = viewer.get(f"/search?q={quote('<script>alert(1)</script>')}")
    assert "<script>alert" not in answer.text


def test_keys_go_from_article_to_article(viewer: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{viewer.address}search?q=the")
    for key in "jjk":
        page.keyboard.press(key)
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == page.locator(".hit h3 a").first.text_content()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("j?")
    assert page.input_value("#q") == "j?"
    page.close()


def test_what_a_search_is_narrowed_by_can_be_taken_back(viewer: Served) -> None:
    page = found(viewer, 'the author:"Jonas Pell" section:harbour')
    (back,) = [link for link in page.cssselect(".chosen a") if link.text_content().startswith("Jonas Pell")]
    assert parse_qs(urlsplit(str(back.get("href"))).query)["q"] == ["the section:harbour"]
    offered = [parse_qs(urlsplit(str(link.get("href"))).query)["q"][0] for link in page.cssselect(".facets li a")]
    assert [query for query in offered if query.count('author:"Jonas Pell"') > 1] == []


def test_the_id_of_an_article_leads_to_it(viewer: Served) -> None:
    (link,) = found(viewer, '"tide gauge" pilots').cssselect(".hit h3 a")
    article = str(link.get("href")).removeprefix("/article/")
    answer = viewer.get(f"/search?q={quote(article)}")
    assert (answer.status, answer.headers["location"]) == (302, f"/article/{article}")
