"""The page of an article: what it says, what became of it, where each value comes from, and the article as a file."""

from __future__ import annotations

import json

import pytest

from tests.viewer.serving import Served

LIBRARY = "127.0.0.1/643176ed33fd"
"""An article of the demo with two revisions."""


@pytest.fixture
def library(viewer: Served) -> str:
    return viewer.get(f"/article/{LIBRARY}").text


def test_an_article_shows_what_its_page_said(library: str) -> None:
    assert "<h1>Council votes to keep the Lantern Library open</h1>" in library
    assert "Eleven of nineteen councillors reject the plan" in library
    assert "<h3>A roof in three stages</h3>" in library
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


def test_a_file_of_an_article_that_is_not_there_says_so_to_programs(viewer: Served) -> None:
    answer = viewer.get("/article/127.0.0.1/nothing.json")
    assert answer.status == 404
    assert json.loads(answer.text)["error"].startswith("there is no article 127.0.0.1/nothing")
