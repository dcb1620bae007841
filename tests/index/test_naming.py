"""Hosts that pages and redirects name as further addresses become candidates; those of others do not."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from crawler.extraction.article import extract
from crawler.index.captures import add_capture
from crawler.index.ledger import add_event
from crawler.index.mirrors import candidates
from crawler.items import Article, Event
from tests.index.pages import ARTICLE, START, URL, capture, store

PATH = "/2026/01/05/harbour"


def naming(head: str, url: str = URL) -> Article:
    """The article with the evidence of a real page's head."""
    text = "<p>The wall gave way at once, said the harbourmaster, and engineers are at work on it.</p>" * 3
    page = f"<html><head>{head}</head><body><article><h1>Harbour wall breached</h1>{text}</article></body></html>"
    read = extract(page.encode(), url)
    return replace(ARTICLE, url=url, canonical_url=read.canonical_url, evidence=read.evidence, boilerplate=())


def hosts(db: sqlite3.Connection) -> list[str]:
    return [candidate.host for candidate in candidates(db, "gazette")]


def test_an_alternate_address_at_the_same_path_of_another_site_is_a_candidate(db: sqlite3.Connection) -> None:
    store(db, capture(), naming(f'<link rel="alternate" href="https://gazette.test{PATH}">'))
    assert hosts(db) == ["gazette.test"]


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel="alternate" hreflang="fr" href="https://gazette.test{PATH}">',
        f'<link rel="alternate" media="only screen" href="https://m.gazette.test{PATH}">',
        f'<link rel="alternate" type="application/rss+xml" href="https://gazette.test{PATH}">',
        '<link rel="alternate" href="https://gazette.test/another/path">',
        f'<link rel="alternate" href="https://sport.gazette.example{PATH}">',
        f'<link rel="alternate" href="https://cdn.ampproject.org{PATH}">',
        f'<link rel="amphtml" href="https://gazette.test{PATH}">',
        f'<link rel="canonical" href="https://gazette.test{PATH}">',
    ],
    ids=["language", "screen", "feed", "path", "subdomain", "amp-cache", "amp", "one-canonical"],
)
def test_what_is_no_other_address_of_the_site_is_no_candidate(db: sqlite3.Connection, head: str) -> None:
    store(db, capture(), naming(head))
    assert hosts(db) == []


def test_a_host_that_several_articles_call_their_own_is_a_candidate_found_in_the_first(db: sqlite3.Connection) -> None:
    for number in (4, 2, 3, 1, 5, 0):  # stored in another order than captured
        assert hosts(db) == (["gazette.test"] if number in (1, 5, 0) else [])
        url = f"{URL}-{number}"
        article = naming(f'<link rel="canonical" href="https://gazette.test{PATH}-{number}">', url)
        store(db, capture(number, url), article, f"harbour-{number}")
    assert [(each.host, each.found_in) for each in candidates(db, "gazette")] == [("gazette.test", f"{URL}-0")]


@pytest.mark.parametrize("known", [True, False], ids=["publisher-known", "publisher-later"])
def test_a_redirect_to_the_same_path_of_another_site_names_it(db: sqlite3.Connection, known: bool) -> None:
    """A reindex comes to the events before the articles."""
    redirect = capture(5, f"{URL}-moved", status=301)
    named = Event("mirror-named", START, "gazette", record_id=redirect.record_id, detail={"host": "gazette.test"})
    if known:
        store(db, capture(), replace(ARTICLE, boilerplate=()))
    add_capture(db, redirect, None)
    add_event(db, named)
    if not known:
        store(db, capture(), replace(ARTICLE, boilerplate=()))
    assert [(each.host, each.found_in) for each in candidates(db, "gazette")] == [("gazette.test", redirect.url)]
