"""The page of an article: what it says, what became of it, where each value comes from, and the article as a file."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser

from tests.viewer.serving import Served
from tests.viewer.test_looks import faults, overflowing
from tests.viewer.waiting import wait_until

LIBRARY = "127.0.0.1/643176ed33fd"
"""An article of the demo with two revisions."""


@pytest.fixture
def library(viewer: Served) -> str:
    return viewer.get(f"/article/{LIBRARY}").text


def test_an_article_shows_what_its_page_said(library: str) -> None:
    assert "<h1>Council votes to keep the Lantern Library open</h1>" in library
    assert "Eleven of nineteen councillors reject the plan" in library
    assert "<h2>A roof in three stages</h2>" in library
    assert "<p>The Lantern Library on Tallow Street will stay open." in library
    assert "14 March 2025, 07:40 UTC" in library
    assert "Readers wait for the doors of the Lantern Library to open on Thursday." in library


def test_a_name_in_the_byline_leads_to_all_that_its_owner_wrote(viewer: Served, library: str) -> None:
    assert 'href="/search?q=author%3A%22Maren+Okafor%22"' in library
    assert "Council votes to keep" in viewer.get("/search?q=author%3A%22Maren+Okafor%22").text


def test_an_earlier_revision_says_that_it_is_one(viewer: Served) -> None:
    first = viewer.get(f"/article/{LIBRARY}@1").text
    assert "This is revision 1 of 2" in first
    assert f'href="/article/{LIBRARY}/diff?from=1&amp;to=2"' in first
    assert "An earlier revision" not in viewer.get(f"/article/{LIBRARY}@2").text


def test_evidence_comes_on_demand(viewer: Served, library: str) -> None:
    assert f'href="/article/{LIBRARY}?evidence=1#evidence"' in library
    assert "datePublished" not in library
    shown = viewer.get(f"/article/{LIBRARY}?evidence=1").text
    assert 'chosen: json-ld <code dir="ltr">datePublished</code>' in shown
    assert "not chosen: url" in shown


def test_what_happened_leads_to_captures_and_changes(library: str) -> None:
    assert '<span class="badge silently-edited">silently edited</span> number' in library
    assert library.count('href="/snapshot/urn:uuid:') >= 4


@pytest.mark.parametrize(("ending", "begins"), [("md", "---\nid: "), ("txt", "Council votes to keep")])
def test_an_article_can_be_taken_along_as_a_document(viewer: Served, ending: str, begins: str) -> None:
    file = viewer.get(f"/article/{LIBRARY}.{ending}")
    assert file.text.startswith(begins)
    assert f"643176ed33fd.{ending}" in file.headers["content-disposition"]


def test_an_article_can_be_taken_along_as_data(viewer: Served) -> None:
    file = viewer.get(f"/article/{LIBRARY}.json")
    assert file.headers["content-type"].startswith("application/json")
    assert json.loads(file.text)["headline"] == "Council votes to keep the Lantern Library open"


def test_a_revision_that_is_not_there_is_named(viewer: Served) -> None:
    answer = viewer.get(f"/article/{LIBRARY}@3")
    assert answer.status == 404
    assert f"{LIBRARY} has no revision 3; it has 2, counted from 1" in answer.text


def test_a_file_of_a_revision_is_not_one_of_the_newest(viewer: Served) -> None:
    answer = viewer.get(f"/article/{LIBRARY}@1.json")
    assert answer.status == 404
    assert json.loads(answer.text)["error"].startswith("a .json is of the newest revision")


def test_a_command_on_a_page_names_the_collection(viewer: Served) -> None:
    for page in (f"/article/{LIBRARY}", "/search?q=gauge", "/publisher/127.0.0.1", "/replay"):
        assert re.search(r"<code>uv run scrapy [^<]* -s COLLECTION=demo</code>", viewer.get(page).text), page


def test_a_file_of_an_article_that_is_not_there_says_so_to_programs(viewer: Served) -> None:
    answer = viewer.get("/article/127.0.0.1/nothing.json")
    assert answer.status == 404
    assert json.loads(answer.text)["error"].startswith("there is no article 127.0.0.1/nothing")


def test_an_article_that_is_gone_says_since_when_and_where_its_text_is(kiosk: Served) -> None:
    page = " ".join(kiosk.get("/article/courier/1004").text.split())
    assert "<strong>Gone.</strong> The page answered 410, gone, first at" in page
    assert "last seen" in page
    capture = re.search(r'href="(/snapshot/[^"]+)">The last capture that has the text', page)
    assert capture
    assert "The council of the lower town" in kiosk.get(f"{capture[1]}/page").text


def test_a_text_from_right_to_left_is_set_so_and_what_we_say_of_it_is_not(kiosk: Served) -> None:
    page = kiosk.get("/article/courier/1001").text
    assert '<div class="reading" lang="fa" dir="rtl">' in page
    assert '<span class="dated" lang="en" dir="ltr">' in page


def test_a_picture_is_shown_where_the_archive_has_it(kiosk: Served) -> None:
    page = kiosk.get("/article/courier/1002").text
    source = re.search(r'<img src="(/snapshot/[^"]+)" alt="a long brick shed"', page)
    assert source
    assert kiosk.get(source[1]).body.startswith(b"\x89PNG")
    assert '<span class="caption">The tram sheds on Monday.</span>' in page
    assert "credit%3A%22Ada+Brun%22" in page


def test_a_picture_that_is_not_in_the_archive_is_only_named(viewer: Served, library: str) -> None:
    assert "<img" not in library
    assert "council-votes-to-keep-the-lantern-library-open.png</span>" in library


def test_blocks_are_set_by_their_kinds(kiosk: Served) -> None:
    page = kiosk.get("/article/courier/1002").text
    assert "<h2>What was proposed</h2>" in page
    assert "<ul><li>A market</li><li>A school</li></ul>" in page
    assert "<blockquote><p>We shall not sell them again.</p></blockquote>" in page


@pytest.mark.parametrize("path", ["", "@1", "?evidence=1", "/diff", "/diff?view=inline"])
def test_no_text_of_a_page_becomes_markup(shelf: Served, path: str) -> None:
    page = shelf.get(f"/article/gazette/hostile{path}").text
    assert "&lt;script&gt;alert(" in page
    assert page.count("<script") == 1  # the keys, in the head
    assert 'en" onload' not in page


def test_an_address_that_runs_is_no_link(shelf: Served) -> None:
    page = shelf.get("/article/gazette/hostile?evidence=1").text
    assert "javascript:alert" in page
    assert not re.search(r'(?:href|src)="(?!/|https?:|#)', page)


def test_an_article_is_found_by_the_id_that_it_had_before_it_was_merged(shelf: Served) -> None:
    for path, now in (("", ""), ("@1", "@1"), (".md", ".md"), ("?evidence=1", "?evidence=1")):
        answer = shelf.get(f"/article/gazette/wall{path}")
        assert (answer.status, answer.headers["location"]) == (302, f"/article/gazette/harbour{now}")
    assert "the same article as gazette/wall, with the same text" in shelf.get("/article/gazette/harbour").text


def test_what_a_page_states_is_shown_with_how_exact_it_is(shelf: Served) -> None:
    page = shelf.get("/article/gazette/live").text
    assert '<span class="badge">live blog</span>' in page
    assert '<span class="badge">metered</span>' in page
    assert "no zone stated" in page
    assert 'title="On the page: 5 January 2026, 9 am GMT"' in page
    assert 'href="/search?q=agency%3AAFP"' in page
    assert "An earlier version gave the wrong height of the wall." in page
    assert "BAGHDAD, Jan 5 (AFP)" in page


def test_what_the_text_links_to_leads_to_the_archive_where_it_is_there(shelf: Served) -> None:
    page = shelf.get("/article/gazette/live").text
    assert '<a href="/article/gazette/long">in this archive</a>' in page
    assert "https://elsewhere.example/</span>" in page
    assert 'href="https://elsewhere.example/"' not in page


def test_a_video_stands_where_it_was_shown(shelf: Served) -> None:
    page = shelf.get("/article/gazette/live").text
    assert page.index("The pumps are running") < page.index("The wave") < page.index("<ul><li>One</li>")


def test_long_time_lines_are_shown_in_part_and_whole_on_demand(shelf: Served) -> None:
    page = shelf.get("/article/gazette/watched").text
    assert page.count('<li class="unchanged">') == 60
    assert 'href="/article/gazette/watched?all=1#timeline">All 999 lines</a>' in page
    assert shelf.get("/article/gazette/watched?all=1").text.count('<li class="unchanged">') == 998


def test_very_long_articles_are_shown_and_compared(shelf: Served) -> None:
    assert "<p>Paragraph 4999 of a very long report.</p>" in shelf.get("/article/gazette/long").text
    diff = shelf.get("/article/gazette/long/diff").text
    assert "2\u202f499 paragraphs as before" in diff
    assert "A paragraph that was not there." in diff


@pytest.mark.parametrize("path", ["courier/1001", "courier/1001/diff", "courier/1002", "courier/1003", "courier/1004"])
def test_articles_of_all_kinds_fit_a_phone_and_can_be_read(kiosk: Served, browser: Browser, path: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{kiosk.address}article/{path}")
    assert overflowing(page) == []
    assert faults(page) == []
    page.close()


@pytest.mark.parametrize("path", ["@1", "?evidence=1", "/diff", "/diff?view=inline"])
def test_words_without_end_stay_within_the_page(shelf: Served, browser: Browser, path: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(f"{shelf.address}article/gazette/hostile{path}")
    assert overflowing(page) == []
    page.close()


def test_a_picture_of_the_archive_is_seen(kiosk: Served, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{kiosk.address}article/courier/1002")
    wait_until(page, "document.querySelector('figure img').complete")
    assert page.evaluate("document.querySelector('figure img').naturalWidth") == 800
    page.close()
