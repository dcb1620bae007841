"""The ledger of edits and deletions: entries in words, filters, pages, and clear words for what cannot be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from crawler.index.history import LedgerEntry
from crawler.viewer.entries import shown
from tests.viewer.altered import ENTRIES, LIBRARY, altered, entries
from tests.viewer.serving import Served


@pytest.fixture(scope="module")
def long(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A ledger of several pages."""
    with altered(demo, tmp_path_factory.mktemp("long"), "DELETE FROM events", *entries()) as viewer:
        yield viewer


def told(page: str) -> list[str]:
    return re.findall(r'<article class="entry.*?</article>', page, re.DOTALL)


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'<a rel="{rel}" href="([^"]*)"', page)
    return unescape(found[1]) if found else None


def test_an_edit_is_told_word_by_word_with_its_weight_and_where_to_look(viewer: Served) -> None:
    (entry,) = told(viewer.get("/ledger?kind=silently-edited").text)
    assert "silently edited" in entry
    assert "voted by <del>eleven to eight</del> <ins>ten to nine</ins> on Thursday" in entry
    assert "weight 70" in entry
    assert '<span class="minus">−3</span> <span class="plus">+3</span> words' in entry
    assert f'href="/article/{LIBRARY}/diff?from=1&amp;to=2"' in entry
    assert f'href="/article/{LIBRARY}"' in entry
    assert 'href="/snapshot/urn:uuid:' in entry


def test_words_that_went_before_a_comma_do_not_stick_to_the_word_that_stayed(viewer: Served) -> None:
    (entry,) = told(viewer.get("/ledger?kind=headline").text)
    assert "Ferry Hill <del>from April</del> <ins>, but not before May</ins>" in entry


def test_a_deletion_is_told_in_a_sentence(long: Served) -> None:
    entry = told(long.get("/ledger?kind=gone").text)[0]
    assert "the page answered 410, gone, first at 5 January 2026, 00:00 UTC" in entry
    assert "/diff?" not in entry


def test_the_pages_together_have_every_entry_once_newest_first(long: Served) -> None:
    address: str | None = "/ledger"
    found: list[str] = []
    pages = 0
    while address:
        page = long.get(address).text
        found += re.findall(r'datetime="(2026-01[^"]*)"', "".join(told(page)))
        address, pages = link(page, "next"), pages + 1
    assert pages == 3
    assert len(found) == len(set(found)) == ENTRIES
    assert found == sorted(found, reverse=True)


def test_every_page_leads_back_to_the_one_before_it(long: Served) -> None:
    first = long.get("/ledger").text
    second = long.get(link(first, "next") or "").text
    third = long.get(link(second, "next") or "").text
    assert told(long.get(link(third, "prev") or "").text) == told(second)
    back = long.get(link(second, "prev") or "").text
    assert told(back) == told(first)
    assert (link(first, "prev"), link(third, "next"), link(back, "prev")) == (None, None, None)


def test_filters_stay_from_page_to_page(long: Served) -> None:
    page = long.get("/ledger?kind=edited&publisher=127.0.0.1&since=2026-01-05&until=2026-01-31").text
    assert len(told(page)) == 25
    address = link(page, "next") or ""
    assert address.startswith("/ledger?kind=edited&publisher=127.0.0.1&since=2026-01-05&until=2026-01-31&after=")
    assert len(told(long.get(address).text)) == 15


def test_days_bound_the_ledger_both_included(long: Served) -> None:
    assert len(told(long.get("/ledger?since=2026-01-07&until=2026-01-07").text)) == 12
    assert "Nothing of this kind is known in that time" in long.get("/ledger?since=2026-02-01").text


def test_the_last_day_there_is_bounds_nothing(viewer: Served) -> None:
    assert told(viewer.get("/ledger?until=9999-12-31").text) == told(viewer.get("/ledger").text)


def test_an_edit_is_found_by_what_it_changed(viewer: Served) -> None:
    (entry,) = told(viewer.get("/ledger?kind=headline").text)
    assert "<del>from April</del>" in entry


def test_the_form_keeps_what_was_chosen(viewer: Served) -> None:
    page = viewer.get("/ledger?kind=edited&publisher=127.0.0.1&since=2026-01-05").text
    assert '<option value="127.0.0.1" selected>The Eddermouth Courier</option>' in page
    assert 'value="edited" checked' in page
    assert 'type="date" value="2026-01-05"' in page


def test_the_same_events_can_be_had_as_rows_csv_and_json(viewer: Served) -> None:
    page = viewer.get("/ledger?kind=silently-edited&publisher=127.0.0.1&since=2020-01-05&until=2120-01-05").text
    for ending in ("", ".csv", ".json"):
        found = re.search(rf'href="(/index/events{re.escape(ending)}\?[^"]*)"', page)
        assert found
        rows = viewer.get(unescape(found[1]))
        assert rows.status == 200
        assert LIBRARY in rows.text
        assert "7fc777a5b097" not in rows.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("kind=vanished", "there is no kind &#39;vanished&#39;; there are: blocked, edited, gone"),
        ("since=yesterday", "since=yesterday is no day; write it like 2022-01-31"),
        ("until=2022-02-30", "until=2022-02-30 is no day"),
        ("since=2022-02-01&until=2022-01-01", "since=2022-02-01 is after until=2022-01-01; swap them"),
        ("publisher=%3Cb%3E", "no articles of &#39;&lt;b&gt;&#39; here"),
        ("after=9", "after=9 is no place in the ledger"),
        ("before=x~y", "before=x~y is no place in the ledger"),
    ],
)
def test_what_cannot_be_asked_is_said(viewer: Served, asked: str, said: str) -> None:
    answer = viewer.get(f"/ledger?{asked}")
    assert answer.status == 400
    assert said in answer.text


def entry(kind: str, **detail: object) -> LedgerEntry:
    return LedgerEntry(
        "2026-01-05T10:00:00Z", kind, 70, "g", "The Gazette", "g/1", "A", "https://a.example/", None, detail
    )


def test_of_many_edits_the_first_are_shown_and_the_others_counted() -> None:
    edits = [{"kind": "reworded", "old": f"one {n}", "new": f"two {n}", "weight": 15} for n in range(20)]
    told = shown(entry("edited", edits=edits, count=33, kinds=["reworded"], **{"from": 3, "to": 4}))
    assert (len(told.edits), told.further, told.kinds) == (3, 30, ("wording",))
    assert told.look == "/article/g/1/diff?from=3&to=4"
    assert told.words is not None
    assert (told.words.removed, told.words.added, told.is_exact) == (20, 20, False)


def test_words_are_not_counted_as_exact_where_an_event_has_only_the_beginning_of_a_text() -> None:
    edits = [{"kind": "paragraph-removed", "old": "word " * 59 + "…", "new": None, "weight": 50}]
    told = shown(entry("edited", edits=edits, count=1, kinds=["paragraph-removed"], **{"from": 1, "to": 2}))
    assert told.words is not None
    assert (told.words.removed, told.is_exact) == (59, False)


def test_a_brief_entry_has_no_moments_beside_its_own() -> None:
    gone = entry(
        "gone", reason="not-found", since="2026-01-04T00:00:00Z", last_seen="2026-01-03T00:00:00Z", revision="g/1@2"
    )
    assert shown(gone, brief=True).sentence == "the page answered 404, not found"
    assert "last seen 3 January 2026" in (shown(gone).sentence or "")
