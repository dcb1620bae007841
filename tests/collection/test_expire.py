"""`expire`: listings that are old go, but for the newest of each and what others need; all other records stay."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from crawler.collection.collection import Collection
from crawler.collection.expire import Expired, expire, expire_daily
from crawler.collection.reindex import reindex
from crawler.collection.verify import verify
from crawler.errors import CollectionInUse
from crawler.items import Capture, Notes, Purpose
from crawler.warc import rewriting
from crawler.warc.manifest import chain
from crawler.warc.reader import records
from tests.collection.archives import PAGE, warcs
from tests.collection.test_collection import INFO, LIMITS, NOW, TEXT, archived, asked, exchange
from tests.collection.test_reindex import contents

FEED, SITEMAP, FRONT = (f"https://gazette.example/{name}" for name in ("feed", "sitemap", "front"))
LATER = NOW + timedelta(days=100)


def listed(
    collection: Collection, url: str, day: int, text: str, *, purpose: Purpose = "feed", status: int = 200
) -> Capture:
    made = exchange(url, NOW + timedelta(days=day), text)
    if status == 304:
        head = b"HTTP/1.1 304 Not Modified\r\n\r\n"
        made = replace(
            made,
            request=made.request[:-2] + b'If-None-Match: "x"\r\n\r\n',
            response=BytesIO(head),
            response_length=len(head),
            head_length=len(head),
            status=304,
        )
    return collection.record(made, Notes(purpose, "gazette.example")).result(30)


def news(number: int) -> str:
    return f"<item>{PAGE}-{number}</item>{TEXT * 2}"


@pytest.fixture
def watched(archive: Path) -> Path:
    """The archive with a feed that changed, one that did not, robots.txt, and an article that equals a listing."""
    for day in (10, 20, 30):
        collection = Collection(archive, info=INFO, limits=LIMITS)
        listed(collection, FEED, day, news(day))
        listed(collection, SITEMAP, day, news(0), purpose="sitemap", status=200 if day == 10 else 304)
        listed(collection, "https://gazette.example/robots.txt", day, news(day), purpose="robots")
        archived(collection, f"{PAGE}-{day}", "gazette.example", at=NOW + timedelta(days=day, hours=1), text=news(day))
        listed(collection, FRONT, day, f"<p>{day}</p>{TEXT * 3}", purpose="section")
        collection.close()
    return archive


def kept(folder: Path) -> set[tuple[str, str]]:
    """The listings that are on record, with the days of their captures."""
    query = "select url, substr(captured_at, 1, 10) from captures where purpose in ('feed', 'sitemap', 'section')"
    return {(str(url).rpartition("/")[2], day) for url, day in asked(folder, query)}


def day(number: int) -> str:
    return f"{NOW + timedelta(days=number):%Y-%m-%d}"


def expired(folder: Path, days: int = 65) -> Expired:
    """On day 100, what is older than so many days."""
    return expire(folder, days, LATER, info=INFO, limits=LIMITS)


# An article with the feed's text of each day is a revisit of that; the sitemap's last 304 is one of its first answer.
KEPT = {
    *(("feed", day(number)) for number in (10, 20, 30)),
    *(("sitemap", day(number)) for number in (10, 30)),
    ("front", day(30)),
}


def test_what_is_old_goes_but_for_the_newest_of_each_and_what_others_need(watched: Path) -> None:
    assert expired(watched) == Expired(3, 2)
    assert kept(watched) == KEPT
    assert verify(watched, workers=1).faults == []


def test_what_is_young_enough_stays(watched: Path) -> None:
    before = contents(watched)
    assert expired(watched, 95) == Expired()
    assert contents(watched) == before
    assert expired(watched, 85) == Expired(1, 1)


def test_all_else_is_as_it_was(watched: Path) -> None:
    query = "select record_id, kind, purpose from captures where purpose not in ('feed', 'sitemap', 'section')"
    names = ("articles", "revisions", "links", "evidence")
    others, before = asked(watched, query), {name: contents(watched)[name] for name in names}
    expired(watched)
    assert sorted(asked(watched, query)) == sorted(others)
    assert {name: contents(watched)[name] for name in names} == before


def test_nothing_of_it_is_left_in_the_files(watched: Path) -> None:
    expired(watched)
    on_record = [(record.url, record.date[:10]) for path in warcs(watched) for record in records(path)]
    assert {when for url, when in on_record if url == FRONT} == {day(30)}
    lines = [line for path in watched.glob("indexes/*.cdxj") for line in path.read_text().splitlines()]
    assert [line.split()[1][:8] for line in lines if FRONT in line] == [day(30).replace("-", "")]


def test_an_event_and_the_chain_say_that_something_went(watched: Path) -> None:
    expired(watched)
    ((detail,),) = asked(watched, "select detail from events where kind = 'expired'")
    assert detail == f'{{"before": "{day(35)}T09:00:00.000001Z", "captures": 3}}'
    read = chain(watched / "archive")
    assert sum(entry.replaces is not None for entry in read.entries) == 2
    assert read.faults == []


def test_a_reindex_afterwards_changes_nothing(watched: Path) -> None:
    expired(watched)
    before = contents(watched)
    reindex(watched, workers=1)
    assert contents(watched) == before


def test_a_304_is_read_from_what_stayed(watched: Path) -> None:
    expired(watched)
    collection = Collection(watched, info=INFO, limits=LIMITS)
    held = collection.held(SITEMAP).result(30)
    assert held is not None
    assert listed(collection, SITEMAP, 101, "", purpose="sitemap", status=304).refers_to == held.record_id
    collection.close()
    assert verify(watched, workers=1).faults == []


def test_a_file_of_which_little_would_go_stays(watched: Path) -> None:
    with closing(sqlite3.connect(watched / "index.db")) as db:
        db.execute("UPDATE warcs SET bytes = bytes * 1000")
        db.commit()
    assert expired(watched) == Expired()


@pytest.mark.parametrize("step", ["write_index", "add", "sync_folder"])
def test_a_crash_while_a_file_is_rewritten_is_made_up_for(
    watched: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(rewriting, step)

    def crash(*arguments: object, **more: object) -> None:
        real(*arguments, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rewriting, step, crash)
        with pytest.raises(KeyboardInterrupt):
            expired(watched)
    Collection(watched, info=INFO, limits=LIMITS).close()
    assert verify(watched, workers=1).faults == []
    expired(watched)
    assert kept(watched) == KEPT
    assert verify(watched, workers=1).faults == []
    assert not list((watched / "archive").glob("*.rewriting"))


def test_while_a_crawl_writes_nothing_is_changed(watched: Path) -> None:
    crawl = Collection(watched, info=INFO, limits=LIMITS)
    with pytest.raises(CollectionInUse):
        expired(watched)
    expire_daily(watched, 65, LATER, info=INFO, limits=LIMITS)
    crawl.close()
    assert len(kept(watched)) == 9


def test_before_a_crawl_it_is_done_once_a_day(watched: Path) -> None:
    for days, hours, left in ((95, 0, 9), (85, 0, 8), (65, 23, 8), (65, 24, 6)):
        expire_daily(watched, days, LATER + timedelta(hours=hours), info=INFO, limits=LIMITS)
        assert len(kept(watched)) == left
