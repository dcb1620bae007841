"""Revisions and deletions: what counts, what does not, and what is made of it; one site, crawled four times."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from crawler.collection.reindex import reindex
from crawler.collection.verify import verify
from tests.chronicle import Change, Chronicle, Entry
from tests.collection.test_reindex import contents
from tests.conftest import PROJECT, clean_environment, scrapy_command
from tests.site.server import Site


def put(name: str, value: object) -> Change:
    return lambda entry: setattr(entry, name, value)


def reword(number: int, old: str, new: str) -> Change:
    def change(entry: Entry) -> None:
        assert old in entry.paragraphs[number]
        entry.paragraphs[number] = entry.paragraphs[number].replace(old, new)

    return change


def both(*changes: Change) -> Change:
    def change(entry: Entry) -> None:
        for each in changes:
            each(entry)

    return change


LATER = put("modified", "2024-03-11T17:00:00+00:00")

COUNTS: dict[str, tuple[str, Change]] = {
    "a headline that says something else": ("headline", put("headline", "The wall is off, says the council")),
    "a number in the text": ("number", reword(2, "four million", "five million")),
    "a figure in the text": ("number", reword(3, " crowns", "0 crowns")),
    "a name": ("name", reword(1, "Edith Carrow", "Edith Barrow")),
    "a word in a quotation": ("quote", reword(1, "long enough", "quite enough")),
    "a caption": ("caption", put("caption", "The quay, photographed in May")),
    "a new paragraph": (
        "paragraph-added",
        lambda entry: entry.paragraphs.insert(2, "The county has since said that it never saw a plan for such a wall."),
    ),
    "a paragraph that is gone": ("paragraph-removed", lambda entry: entry.paragraphs.pop(2)),
    "other words": ("reworded", reword(3, "takes an hour", "is a long one")),
    "another summary": ("summary", put("summary", "The vote came as a surprise to all of the county.")),
    "a paragraph in another place": ("moved", lambda entry: entry.paragraphs.insert(0, entry.paragraphs.pop(2))),
    "a comma": ("punctuation", reword(3, "in spring. Until", "in spring; until")),
}
"""What is another text: by what it is, the kind of edit, and how it is made."""

DOES_NOT: dict[str, Change] = {
    "an advert beside the article": put("aside", "<div class=ad>Buy boats at half their price, only today</div>"),
    "a list of related articles": put("aside", "<h3>Read also</h3><ul><li><a href=/x/1>Rain on Sunday</a></ul>"),
    "a counter of readers": put("aside", "<span class=views>1,204 readers</span> <span class=posts>18 comments</span>"),
    "a nonce": put("head", "<script nonce=9f1c2e>var t='9f1c2e'</script><meta name=csrf-token content=9f1c2e>"),
    "other attributes in another order": put("attributes", 'data-kind="news" id="s-81" class="story wide"'),
    "white space and no-break spaces": lambda entry: entry.paragraphs.__setitem__(
        0, entry.paragraphs[0].replace(" ", " \n ").replace("Monday", "&nbsp;Monday&nbsp;")
    ),
    "the same image in another size": put("image", "/img/quay.jpg?w=1200&v=77"),
    "mark-up within a paragraph": lambda entry: entry.paragraphs.__setitem__(
        2, entry.paragraphs[2].replace("four million", "<b>four</b> <i>million</i>")
    ),
    "a modified date without a change": LATER,
    "a style sheet and a script": put("head", "<link rel=stylesheet href=/s.css?v=8><style>p{color:red}</style>"),
    "a comment in the source": put("head", "<!-- built at 12:31:07 by web-04 -->"),
}

SILENT = "an edit that the page does not date"
DATED = "an edit that the page dates"
OWNED_UP = "an edit with a note of what was corrected"

SOFT = "<!doctype html><title>Page not found | Chronicle</title><h1>Page not found</h1><p>We could not find that page."
TAKEN_DOWN = "<p>This article has been removed following a complaint.</p>"

GOES: dict[str, tuple[str, str, Change]] = {
    "404, asked twice": ("gone", "not-found", put("status", "404 Not Found")),
    "410": ("gone", "removed", put("status", "410 Gone")),
    "451": ("blocked", "legal-reasons", put("status", "451 Unavailable For Legal Reasons")),
    "a redirect to the front page": (
        "gone",
        "redirected-home",
        both(put("status", "302 Found"), put("headers", ("Location: /",))),
    ),
    "a page that says with 200 that it is none": ("gone", "soft-404", put("whole", SOFT)),
    "a text in whose place stands that it was removed": ("gone", "soft-404", put("paragraphs", [TAKEN_DOWN])),
    "an empty text": ("gone", "emptied", put("paragraphs", [])),
}
"""How an article goes: the event, the reason, and what the site does."""

STAYS: dict[str, Change] = {
    "a 404 that the next request does not get": lambda entry: entry.answers.append("404 Not Found"),
    "a server that fails": put("status", "500 Internal Server Error"),
    "a refusal, once": put("status", "403 Forbidden"),
    "a notice of seizure": put(
        "whole", "<title>Seized</title><h1>This domain has been seized by the Bureau</h1><p>Pursuant to a warrant."
    ),
    "a text that extraction does not find any more": lambda entry: put(
        "paragraphs", [f"<script>render({json.dumps(entry.paragraphs)})</script><p>Loading</p>"]
    )(entry),
}
MOVES = "an article that moved"
UNLISTED = "an article that the sitemap drops"


@dataclass
class Told:
    """The archive after all crawls, and which article each scenario has."""

    folder: Path
    entries: dict[str, Entry]
    site: Site

    def ask(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.folder}/index.db?mode=ro", uri=True)) as index:
            return index.execute(query, parameters).fetchall()

    def article(self, scenario: str) -> str:
        url = self.site.url(self.entries[scenario].path)
        ((found,),) = self.ask("select article_id from article_urls where url = ? order by first_seen_at limit 1", url)
        return str(found)

    def revisions(self, scenario: str) -> int:
        return len(self.ask("select 1 from revisions where article_id = ?", self.article(scenario)))

    def events(self, scenario: str) -> list[tuple[str, dict[str, Any]]]:
        query = "select kind, detail from events where article_id = ? order by at, id"
        return [(kind, json.loads(detail)) for kind, detail in self.ask(query, self.article(scenario))]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """All scenarios at once: a crawl, then the changes and a recheck, then the site as before and a recheck."""
    archives = tmp_path_factory.mktemp("revisions")
    chronicle = Chronicle()
    names = [*COUNTS, *DOES_NOT, SILENT, DATED, OWNED_UP, *GOES, UNLISTED, *STAYS, MOVES]
    entries = {name: chronicle.add() for name in names}
    with chronicle.served() as site:
        crawl(archives, site)
        originals = {name: Entry(**vars(each)) for name, each in entries.items()}
        for name, (_, change) in COUNTS.items():
            both(change, LATER)(entries[name])
        changes = {**DOES_NOT, **{name: change for name, (_, _, change) in GOES.items()}, **STAYS}
        for name, change in changes.items():
            change(entries[name])
        number = reword(2, "four million", "six million")
        number(entries[SILENT])
        both(number, LATER)(entries[DATED])
        correct = "<p>Correction: an earlier version of this article gave another cost of the wall.</p>"
        both(number, lambda entry: entry.paragraphs.append(correct))(entries[OWNED_UP])
        chronicle.moved[entries[MOVES].path] = "/archive/harbour-walls"
        chronicle.unlisted.append(entries[UNLISTED])
        crawl(archives, site, "-a", "recheck=now")
        for name in GOES:
            vars(entries[name]).update(vars(originals[name]) | {"paragraphs": originals[name].paragraphs})
        yield Told(archives / "news", entries, site)


def crawl(archives: Path, site: Site, *more: str) -> None:
    settings = {
        "OFRECORD_ARCHIVES_DIR": str(archives),
        "OFRECORD_DOWNLOAD_DELAY": "0",
        "OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True",
        "OFRECORD_RETRY_ENABLED": "False",
    }
    done = subprocess.run(
        scrapy_command(["crawl", "news", "-a", f"site={site.url('/')}", *more]),
        cwd=PROJECT,
        env=clean_environment(settings),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode in (0, 1), done.stderr


@pytest.mark.parametrize("scenario", COUNTS)
def test_it_makes_a_revision_and_an_event_that_says_what_it_is(told: Told, scenario: str) -> None:
    kind = COUNTS[scenario][0]
    assert told.revisions(scenario) == 2
    ((event, detail),) = told.events(scenario)
    assert event == "edited"
    assert detail["kinds"] == [kind]
    assert detail["weight"] > 0
    assert (detail["from"], detail["to"]) == (1, 2)


@pytest.mark.parametrize("scenario", DOES_NOT)
def test_it_makes_none(told: Told, scenario: str) -> None:
    assert told.revisions(scenario) == 1
    assert told.events(scenario) == []
    outcomes = "select outcome from captures where article_id = ? order by captured_at"
    assert told.ask(outcomes, told.article(scenario)) == [("new",), ("unchanged",)]


def test_an_edit_is_silent_where_the_page_states_the_same_date_as_before(told: Told) -> None:
    kinds = {name: told.events(name)[0][0] for name in (SILENT, DATED, OWNED_UP)}
    assert kinds == {SILENT: "silently-edited", DATED: "edited", OWNED_UP: "edited"}


@pytest.mark.parametrize("scenario", GOES)
def test_an_article_is_gone_by(told: Told, scenario: str) -> None:
    kind, reason, _ = GOES[scenario]
    event, detail = told.events(scenario)[0]
    assert (event, detail["reason"]) == (kind, reason)
    article = told.article(scenario)
    ((good,),) = told.ask("select record_id from captures where article_id = ? and outcome = 'new'", article)
    ((missed,),) = told.ask(
        "select min(captured_at) from captures where article_id = ? and verdict = ?", article, reason
    )
    assert (detail["last_capture"], detail["since"], detail["revision"]) == (good, missed, f"{article}@1")
    assert told.revisions(scenario) == 1


@pytest.mark.parametrize("scenario", STAYS)
def test_an_article_is_not_gone_by(told: Told, scenario: str) -> None:
    assert told.events(scenario) == []
    assert told.ask("select state, revisions from articles where id = ?", told.article(scenario)) == [("live", 1)]


def test_an_article_that_moved_says_where_it_is(told: Told) -> None:
    told_of = dict(told.events(MOVES))
    assert told_of.keys() == {"articles-merged", "moved"}
    detail = told_of["moved"]
    assert detail["to"] == told.site.url("/archive/harbour-walls")
    assert told.ask("select state, revisions from articles where id = ?", told.article(MOVES)) == [("live", 1)]


def test_what_the_sitemap_drops_is_told_and_is_not_gone_while_the_page_is_there(told: Told) -> None:
    ((event, detail),) = told.events(UNLISTED)
    assert (event, detail["sitemap"]) == ("dropped-from-sitemap", told.site.url("/sitemap.xml"))
    assert told.ask("select state from articles where id = ?", told.article(UNLISTED)) == [("live",)]
    assert told.ask("select count(*) from events where kind = 'dropped-from-sitemap'") == [(1,)]


def test_what_is_back_is_restored_and_a_reindex_tells_the_same(told: Told) -> None:
    crawl(told.folder.parent, told.site, "-a", "recheck=now")
    for scenario, (kind, _, _) in GOES.items():
        assert [event for event, _ in told.events(scenario)] == [kind, "restored"], scenario
        assert told.ask("select state from articles where id = ?", told.article(scenario)) == [("live",)]
        assert told.revisions(scenario) == 1
    before = contents(told.folder)
    reindex(told.folder, workers=1)
    assert contents(told.folder) == before
    assert verify(told.folder, workers=1).faults == []
