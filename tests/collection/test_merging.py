"""Two articles that turn out to be one: on record, out of the captures of both, under either id."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from crawler.collection.collection import Collection
from crawler.collection.export import Selection, export_warc
from crawler.collection.forget import forget
from crawler.collection.references import referred_article, referred_revision
from crawler.collection.reindex import reindex
from crawler.collection.verify import verify
from crawler.index.database import read_index
from crawler.index.forgetting import takedown
from crawler.index.lookup import stored_article
from crawler.items import Capture, Event, Exchange, Hints, Notes
from crawler.publishers import base
from crawler.publishers.base import Publisher
from tests.collection.test_collection import INFO, LIMITS, NOW, asked, exchange
from tests.collection.test_reindex import contents

SITE = "https://gazette.example"
OLD, NEW = f"{SITE}/town/council-votes-for-bridge", f"{SITE}/news/bridge-to-be-rebuilt"
STORY = [
    f"The {what} told the council on Monday that the bridge over the river will be rebuilt within {years} years."
    for years, what in enumerate(("mayor", "engineer", "treasurer", "surveyor", "architect", "bishop", "sheriff"), 3)
]
STATED = "2024-03-11T08:00:00Z"
NOTICE = "<p>The Gazette can also be accessed at the following alternate addresses: gazette.example.net</p>"


def html(
    paragraphs: list[str], stated: str = STATED, headline: str = "Council votes to rebuild", more: str = ""
) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    date = f'<meta property="article:published_time" content="{stated}">' if stated else ""
    kind = '<meta property="og:type" content="article">'
    return f"<html lang=en><head><title>x</title>{kind}{date}</head><h1>{headline}</h1>{text}{more}</html>"


def fetched(url: str, hours: float, body: str, status: str = "200 OK", head: str = "") -> Exchange:
    response = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{head}\r\n{body}".encode()
    return replace(
        exchange(url, NOW + timedelta(hours=hours)),
        response=BytesIO(response),
        response_length=len(response),
        head_length=response.index(b"\r\n\r\n") + 4,
        status=int(status[:3]),
    )


def record(collection: Collection, url: str, hours: float, body: str, **notes: Any) -> Capture:
    own = {"publisher_id": "gazette.example", "hints": Hints("user"), **notes}
    return collection.record(fetched(url, hours, body), Notes("article", **own)).result(30)


def store(collection: Collection, url: str, hours: float, body: str, **notes: Any) -> Any:
    capture = record(collection, url, hours, body, **notes)
    return collection.articles.store(collection.articles.read(capture).result(30)).result(30)


@contextmanager
def opened(folder: Path) -> Iterator[Collection]:
    collection = Collection(folder, info=INFO, limits=LIMITS)
    try:
        yield collection
    finally:
        collection.close()


def checked(folder: Path) -> None:
    """The index is the one that its files give, and nothing is wrong with either."""
    assert verify(folder, workers=1).faults == []
    before = contents(folder)
    reindex(folder, workers=1)
    after = contents(folder)
    assert {name: after[name] for name in before if after[name] != before[name]} == {}
    assert verify(folder, workers=1).faults == []


def found(folder: Path, reference: str) -> tuple[str | None, int | None]:
    with closing(read_index(folder / "index.db")) as db:
        return referred_article(db, reference), referred_revision(db, reference)


def ids(folder: Path) -> list[str]:
    return [article for (article,) in asked(folder, "select id from articles order by id")]


def test_a_page_with_the_text_of_an_article_is_that_article_at_one_more_address(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        first = store(collection, OLD, 0, html(STORY))
        moved = store(collection, NEW, 1, html([*STORY[:-1], STORY[-1].replace("Monday", "Tuesday")]))
        again = store(collection, NEW, 2, html([*STORY[:-1], STORY[-1].replace("Monday", "Tuesday")]))
    assert (first.outcome, moved.outcome, again.outcome) == ("new", "revised", "unchanged")
    assert moved.revision_id == f"{first.article_id}@2"
    assert ids(tmp_path) == [first.article_id]
    assert {url for (url,) in asked(tmp_path, "select url from article_urls")} == {OLD, NEW}
    query = "select article_id, json_extract(detail, '$.reason') from events where kind = 'articles-merged'"
    assert asked(tmp_path, query) == [(first.article_id, "text")]
    ((former,),) = asked(tmp_path, "select id from article_ids")
    assert former != first.article_id
    assert found(tmp_path, former) == (first.article_id, None)
    checked(tmp_path)


@pytest.mark.parametrize(
    "other",
    [
        html(STORY, "2024-03-12T08:00:00Z"),
        html(STORY, ""),
        html(STORY[:3]),
        html([each.replace("Monday", "Sunday").replace("river", "canal") for each in STORY]),
    ],
    ids=["of another day", "without a date", "half as long", "rewritten"],
)
def test_a_page_that_only_resembles_an_article_is_one_of_its_own(tmp_path: Path, other: str) -> None:
    with opened(tmp_path) as collection:
        store(collection, OLD, 0, html(STORY))
        assert store(collection, NEW, 1, other).outcome == "new"
    assert len(ids(tmp_path)) == 2
    assert asked(tmp_path, "select * from article_ids") == []


def test_whichever_of_two_came_first_the_index_is_that_of_the_files(tmp_path: Path) -> None:
    """The id that stays is on record: a late capture does not change it, nor does a reindex."""
    with opened(tmp_path) as collection:
        stays = store(collection, OLD, 9, html(STORY)).article_id
        late = store(collection, NEW, 0, html(STORY))
        third = store(collection, OLD, 4, html([*STORY, "So it did."]))
    assert (late.article_id, late.revision_id) == (stays, f"{stays}@1")
    assert third.revision_id == f"{stays}@2"
    assert asked(tmp_path, "select revision_id, revisions from articles") == [(f"{stays}@3", 3)]
    checked(tmp_path)


def test_two_articles_that_are_one_after_a_redirect_keep_all_their_revisions(tmp_path: Path) -> None:
    """Each was an article of its own until one address led to the other."""
    rewritten = [*STORY[:6], "The vote was unanimous.", "Work begins in spring, the council said on its site."]
    with opened(tmp_path) as collection:
        old = store(collection, OLD, 0, html(STORY, more=NOTICE)).article_id
        new = store(collection, NEW, 1, html(rewritten, more=NOTICE)).article_id
        store(collection, OLD, 2, html([*STORY, "The bridge was closed in May."]))
        store(collection, NEW, 3, html([*rewritten, "A ferry will run."]))
        store(collection, f"{SITE}/town/other", 3, html([f"{each} Not so." for each in STORY], more=NOTICE))
        assert old != new
        before = asked(
            tmp_path, f"select seen_at, headline, text from revisions where article_id in ('{old}', '{new}')"
        )
        redirect = fetched(OLD, 4, "", "301 Moved Permanently", f"Location: {NEW}\r\n")
        collection.record(redirect, Notes("article", "gazette.example", via=f"{SITE}/")).result(30)
        stored = store(collection, NEW, 4.1, html([*rewritten, "A ferry will run."]), via=OLD)
    assert (stored.article_id, stored.outcome) == (old, "unchanged")
    assert len(ids(tmp_path)) == 2
    after = asked(tmp_path, f"select number, seen_at, headline, text from revisions where article_id = '{old}'")
    assert [row[0] for row in after] == [1, 2, 3, 4]
    assert sorted(row[1:] for row in after) == sorted(before)
    assert [row[1] for row in after] == sorted(row[1] for row in after)
    assert found(tmp_path, new) == (old, None)
    assert found(tmp_path, f"{new}@1") == (old, 2)
    assert found(tmp_path, f"{new}@2") == (old, 4)
    assert found(tmp_path, f"{old}@1") == (old, 1)
    assert found(tmp_path, NEW) == found(tmp_path, OLD) == (old, None)
    checked(tmp_path)


def test_an_address_that_serves_another_text_is_another_article_s(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        store(collection, OLD, 0, html(STORY))
        redirect = fetched(OLD, 1, "", "302 Found", f"Location: {NEW}\r\n")
        collection.record(redirect, Notes("article", "gazette.example", via=f"{SITE}/")).result(30)
        weather = [
            f"Rain in the {part}, with winds of up to {at}0 km/h and some snow." for at, part in enumerate("NESW")
        ]
        assert store(collection, NEW, 1.1, html(weather * 2), via=OLD).outcome == "new"
    assert len(ids(tmp_path)) == 2
    checked(tmp_path)


def test_a_number_in_both_addresses_stands_for_a_new_slug_with_a_new_text(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        first = store(collection, f"{SITE}/news/771234/council-votes", 0, html(STORY))
        other = f"{SITE}/news/771234/bridge-to-be-rebuilt"
        moved = store(collection, other, 1, html([*STORY[:5], "All was said."], headline="Bridge to be rebuilt"))
        apart = store(collection, f"{SITE}/news/771299/bridge-to-be-rebuilt", 2, html(STORY))
    assert moved.article_id == first.article_id
    assert apart.article_id != first.article_id
    checked(tmp_path)


@pytest.fixture
def define(monkeypatch: pytest.MonkeyPatch) -> Any:
    def defined(*patterns: str, name: str = "gazette") -> Publisher:
        publisher = Publisher(name, name.title(), ("gazette.example", "gazette.test"), article_patterns=patterns)
        monkeypatch.setattr(base, "_known", {name: publisher})
        return publisher

    return defined


def test_an_id_pattern_that_is_added_later_gives_an_article_its_id_and_the_old_one_still_finds_it(
    tmp_path: Path, define: Any
) -> None:
    url, untouched = f"{SITE}/news/771234/council-votes", f"{SITE}/news/771235/ferry-runs"
    define()
    with opened(tmp_path) as collection:
        old = store(collection, url, 0, html(STORY), publisher_id="gazette").article_id
        left = store(collection, untouched, 0, html(STORY[:4]), publisher_id="gazette").article_id
    define(r"/news/(?P<id>\d+)/")
    with opened(tmp_path) as collection:
        again = store(collection, url, 5, html([*STORY, "More."]), publisher_id="gazette")
    assert (again.article_id, again.revision_id) == ("gazette/771234", "gazette/771234@2")
    assert found(tmp_path, f"{old}@1") == ("gazette/771234", 1)
    reindex(tmp_path, workers=1)  # with the definition, what was not fetched again gets its id as well
    assert ids(tmp_path) == ["gazette/771234", "gazette/771235"]
    assert found(tmp_path, old) == ("gazette/771234", None)
    assert found(tmp_path, left) == ("gazette/771235", None)
    checked(tmp_path)


def test_a_definition_made_later_adopts_an_article_that_is_fetched_again(tmp_path: Path, define: Any) -> None:
    url = f"{SITE}/news/771234/council-votes"
    with opened(tmp_path) as collection:
        old = store(collection, url, 0, html(STORY, more=NOTICE)).article_id
    define(r"/news/(?P<id>\d+)/")
    with opened(tmp_path) as collection:
        store(collection, url, 5, html([*STORY, "More."], more=NOTICE), publisher_id="gazette")
    assert old.startswith("gazette.example/")
    assert asked(tmp_path, "select id, publisher_id, revisions from articles") == [("gazette/771234", "gazette", 2)]
    assert found(tmp_path, old) == ("gazette/771234", None)
    checked(tmp_path)


def test_a_crawl_killed_between_record_and_index_ends_what_it_began(tmp_path: Path) -> None:
    """What is on record and not in the tables yet; and a page whose judgement never came."""
    with opened(tmp_path) as collection:
        old = store(collection, OLD, 0, html(STORY)).article_id
        new = store(collection, NEW, -1, html([*STORY, "More."], "2024-03-14T08:00:00Z")).article_id
        third = record(collection, f"{SITE}/a/third-address", 2, html(STORY))
        detail: dict[str, object] = {"merged": new, "reason": "text", "record": third.record_id, "revisions": []}
        collection.warc.event(Event("articles-merged", NOW, "gazette.example", old, detail=detail)).result(30)
    assert [fault.rule for fault in verify(tmp_path, workers=1).faults] == ["article-id"]
    with opened(tmp_path):
        pass
    assert asked(tmp_path, "select id, revisions from articles") == [(old, 2)]
    assert asked(tmp_path, "select count(*) from captures where outcome = 'pending'") == [(0,)]
    checked(tmp_path)


def test_what_cannot_go_on_record_is_not_stored(tmp_path: Path) -> None:
    with opened(tmp_path) as collection:
        store(collection, OLD, 0, html(STORY))
        page = collection.articles.read(record(collection, NEW, 1, html(STORY))).result(30)
        collection.warc.close()
        with pytest.raises(RuntimeError, match="closed"):
            collection.articles.store(page).result(30)
    assert asked(tmp_path, "select outcome from captures order by captured_at") == [("new",), ("pending",)]
    with opened(tmp_path):
        pass
    assert len(ids(tmp_path)) == 1
    checked(tmp_path)


def test_an_article_is_forgotten_and_exported_under_each_of_its_ids(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    with opened(folder) as collection:
        stays = store(collection, OLD, 0, html(STORY)).article_id
        store(collection, NEW, 1, html(STORY))
        store(collection, f"{SITE}/town/ferry", 1, html([f"{each} Not so." for each in STORY]))
    ((former,),) = asked(folder, "select id from article_ids")
    (tmp_path / "copy/archive").mkdir(parents=True)
    with closing(read_index(folder / "index.db")) as db:
        export_warc(folder, db, Selection(articles=(stays,)), tmp_path / "copy/archive/part.warc.gz", INFO)
    reindex(tmp_path / "copy", workers=1)
    assert ids(tmp_path / "copy") == [stays]
    assert found(tmp_path / "copy", former) == (stays, None)
    gone, _ = found(folder, former)
    assert gone is not None
    forget(folder, gone, "a court", info=INFO, limits=LIMITS)
    assert len(ids(folder)) == 1
    with opened(folder) as collection:
        assert store(collection, NEW, 9, html(STORY)) is None
        assert store(collection, OLD, 9, html(STORY)) is None
    with closing(read_index(folder / "index.db")) as db:
        assert "a court" in (takedown(db, former) or "")
        assert stored_article(db, stays) is None
    checked(folder)
