"""The page of what changed between two revisions."""

from __future__ import annotations

import pytest

from tests.viewer.serving import Served

LIBRARY = "/article/127.0.0.1/643176ed33fd"
"""Of the demo, with two revisions: a number changed, silently."""
BUS = "/article/127.0.0.1/7fc777a5b097"
"""The headline changed."""
GAUGE = "/article/127.0.0.1/9a718f58d536"
"""Has one revision."""


@pytest.mark.parametrize("view", ["side", "inline"])
def test_words_that_went_and_came_are_told_apart(viewer: Served, view: str) -> None:
    page = viewer.get(f"{LIBRARY}/diff?from=1&to=2&view={view}").text
    assert "<del>eleven to eight</del>" in page
    assert "<ins>ten to nine</ins>" in page


def test_without_numbers_the_newest_change_is_shown(viewer: Served) -> None:
    assert viewer.get(f"{LIBRARY}/diff").text == viewer.get(f"{LIBRARY}/diff?from=1&to=2").text


def test_side_by_side_has_each_text_whole(viewer: Served) -> None:
    page = " ".join(viewer.get(f"{LIBRARY}/diff").text.split())
    assert "town council voted by <del>eleven to eight</del> on Thursday" in page
    assert "town council voted by <ins>ten to nine</ins> on Thursday" in page


def test_an_edit_is_weighed_and_a_silent_one_is_called_so(viewer: Served) -> None:
    page = viewer.get(f"{LIBRARY}/diff").text
    assert '<span class="badge silently-edited">silently edited</span>' in page
    assert "weight 70 of 100" in page
    assert page.count("/snapshot/urn:uuid:") == 2


def test_a_changed_headline_is_shown_before_the_text(viewer: Served) -> None:
    page = viewer.get(f"{BUS}/diff").text
    assert page.index("<h2>Headline</h2>") < page.index("<h2>Text</h2>")


def test_what_is_as_before_is_folded_away_and_still_there(viewer: Served) -> None:
    page = viewer.get(f"{LIBRARY}/diff").text
    assert "6 paragraphs as before" in page
    assert "The mayor, Tobias Renn, voted with the minority." in page


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("from=1&to=1", 400, "from=1 and to=1 are the same revision; choose two"),
        ("from=one", 400, "from=&#39;one&#39; is no number of a revision; they are counted from 1"),
        ("to=0", 400, "to=&#39;0&#39; is no number of a revision"),
        ("to=99999999999999999999", 400, "is no number of a revision"),
        ("from=1&to=7", 404, "has no revision 7; it has 2, counted from 1"),
        ("to=1", 404, "is the first; nothing was before it"),
        ("view=up", 400, "view=&#39;up&#39; is no way to show a diff; there are: side, inline"),
    ],
)
def test_what_cannot_be_compared_is_said(viewer: Served, query: str, status: int, said: str) -> None:
    answer = viewer.get(f"{LIBRARY}/diff?{query}")
    assert answer.status == status
    assert said in answer.text


def test_of_one_revision_there_is_nothing_to_compare(viewer: Served) -> None:
    answer = viewer.get(f"{GAUGE}/diff")
    assert answer.status == 404
    assert "has one revision; there is nothing to compare it with" in answer.text


def test_two_revisions_are_compared_in_the_order_in_which_they_came(viewer: Served) -> None:
    assert "<del>eleven to eight</del>" in viewer.get(f"{LIBRARY}/diff?from=2&to=1").text


def test_what_a_named_revision_changed_is_asked_for_by_its_id(viewer: Served) -> None:
    assert viewer.get(f"{LIBRARY}@2/diff").headers["location"] == f"{LIBRARY}/diff?from=1&to=2"
    assert "is the first; nothing was before it" in viewer.get(f"{LIBRARY}@1/diff").text


def test_the_diff_of_an_article_that_is_not_there_says_so(viewer: Served) -> None:
    assert "there is no article 127.0.0.1/nothing" in viewer.get("/article/127.0.0.1/nothing/diff").text


def test_texts_from_right_to_left_have_the_older_one_at_the_right(kiosk: Served) -> None:
    page = kiosk.get("/article/courier/1001/diff").text
    assert '<div class="ends" dir="rtl">' in page
    assert '<div class="lines text" lang="fa" dir="rtl">' in page
    assert "<del>۴</del>" in page
    assert "<ins>۵</ins>" in page


def test_a_paragraph_that_went_is_told_by_a_word_too(kiosk: Served) -> None:
    page = kiosk.get("/article/courier/1001/diff?view=inline").text
    assert '<span class="sign" lang="en" dir="ltr">removed</span>' in page


def test_the_diff_of_a_merged_article_is_that_of_the_one_that_stays(shelf: Served) -> None:
    answer = shelf.get("/article/gazette/wall/diff?view=inline")
    assert answer.headers["location"] == "/article/gazette/harbour/diff?from=1&to=2&view=inline"
