"""`forget`: nothing of the article is left in any file, everything else is as it was, and it does not come back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from crawler.collection.collection import Collection
from crawler.collection.export import Selection, export_warc
from crawler.collection.forget import forget
from crawler.collection.imports import import_files
from crawler.collection.reindex import reindex
from crawler.collection.verify import verify
from crawler.errors import BadArgument, CollectionInUse
from crawler.index.database import read_index
from crawler.items import Exchange, Hints, Notes
from crawler.warc import rewriting
from crawler.warc.manifest import NAME, chain
from crawler.warc.reader import decode, records
from tests.collection.archives import MIRROR, PAGE, warcs
from tests.collection.test_collection import BROKEN, INFO, LIMITS, NOW, TEXT, archived, asked, exchange
from tests.collection.test_export import article_at
from tests.collection.test_reindex import contents

SECRET = "Hushabye Mountain"


@pytest.fixture
def told(archive: Path) -> Path:
    """The archive with one more article, twice captured, and a feed that names it."""
    collection = Collection(archive, info=INFO, limits=LIMITS)
    for hours in (1, 2):
        text = f"<p>{SECRET} was closed on Monday, number {hours}.</p>{TEXT}"
        archived(collection, f"{PAGE}-secret", "gazette.example", at=NOW + timedelta(days=5, hours=hours), text=text)
    feed = exchange("https://gazette.example/feed", NOW + timedelta(days=5), f"<item>{PAGE}-secret</item>{TEXT * 2}")
    collection.record(feed, Notes(purpose="feed", publisher_id="gazette.example")).result(30)
    archived(collection, f"{PAGE}-after", "gazette.example", at=NOW + timedelta(days=6), text=TEXT * 6)
    collection.close()
    return archive


def forgotten(folder: Path, url: str = f"{PAGE}-secret", *, with_listings: bool = False) -> tuple[int, int, int]:
    gone = forget(folder, article_at(folder, url), "a court", info=INFO, limits=LIMITS, with_listings=with_listings)
    return gone.captures, gone.files, len(gone.listings)


def everything_said(folder: Path) -> bytes:
    """All bytes of all files, and all payloads."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    said = [decode(record).data + record.block for path in warcs(folder) for record in records(path)]
    return b"".join(files + said)


def test_nothing_of_it_is_left_in_any_file(told: Path) -> None:
    assert SECRET.encode() in everything_said(told)
    assert forgotten(told, with_listings=True) == (3, 1, 0)
    left = everything_said(told)
    assert SECRET.encode() not in left
    assert f"{PAGE}-secret".encode() not in left


def test_all_else_is_as_it_was(told: Path) -> None:
    before = {name: rows for name, rows in contents(told).items() if name in ("articles", "revisions", "links")}
    article = article_at(told, f"{PAGE}-secret")
    assert forgotten(told) == (2, 1, 1)
    assert verify(told, workers=1).faults == []
    after = contents(told)
    for name, rows in before.items():
        kept = [row for row in rows if article not in str(row)]
        assert after[name] == kept, name
    assert len(warcs(told)) == 5  # with the one that holds the tombstone


def answer(url: str, hours: int, response: bytes) -> Exchange:
    """An exchange with these bytes as its response."""
    return replace(
        exchange(url, NOW + timedelta(days=7, hours=hours)),
        response=BytesIO(response),
        response_length=len(response),
        head_length=response.index(b"\r\n\r\n") + 4,
        status=int(response[9:12]),
    )


def test_what_led_to_it_and_what_it_showed_goes_too(archive: Path) -> None:
    """Redirects, images, answers that broke off, the address that a user gave; not what is of other articles."""
    url, own, shared = f"{PAGE}-secret", "https://gazette.example/own.png", "https://gazette.example/shared.png"
    collection = Collection(archive, info=INFO, limits=LIMITS)
    collection.begin_crawl("news", ["crawl", "news", f"urls={url}/?utm_source=é"], NOW + timedelta(days=7))
    for target, short in ((url, "/s/1"), (f"{PAGE}-2", "/s/2")):
        redirect = f"HTTP/1.1 301 Moved\r\nLocation: {target}\r\n\r\n".encode()
        collection.record(answer(f"https://gazette.example{short}", 1, redirect), Notes("article")).result(30)
    figure = "<figure><img src={} width=800 height=600><figcaption>The bridge.</figcaption></figure>"
    for hours, (page, image) in enumerate(((f"{PAGE}-9", shared), (url, shared), (url, own)), 1):
        html = f"<p>{SECRET} {hours}</p>{TEXT}{figure.format(image)}{TEXT}"
        known = Notes("article", "gazette.example", via="https://gazette.example/s/1", hints=Hints("user"))
        capture = collection.record(exchange(page, NOW + timedelta(days=7, hours=hours), html), known).result(30)
        collection.articles.store(collection.articles.read(capture).result(30)).result(30)
        picture = answer(image, hours, b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n" + image.encode() * 99)
        collection.record(picture, Notes("requisite", "gazette.example", via=page)).result(30)
    collection.broken(replace(BROKEN, url=url))
    collection.end_crawl("finished", {}, NOW + timedelta(days=8))
    collection.close()
    assert forgotten(archive, url)[0] == 4
    urls = {record.url for path in warcs(archive) for record in records(path) if record.type in ("response", "revisit")}
    assert {"https://gazette.example/s/2", shared, f"{PAGE}-9"} <= urls
    assert not {"https://gazette.example/s/1", own, url} & urls
    assert url.encode() not in everything_said(archive)
    ((arguments,),) = asked(archive, "select arguments from crawls where arguments like '%taken%'")
    assert arguments == '["crawl", "news", "urls=(taken down)"]'
    assert verify(archive, workers=1).faults == []


def test_the_bytes_that_its_page_only_refers_to_go_too(archive: Path) -> None:
    collection = Collection(archive, info=INFO, limits=LIMITS)
    text = f"<p>{SECRET} was closed.</p>{TEXT * 3}"
    early = exchange("https://gazette.example/early", NOW + timedelta(days=7), text)
    collection.record(early, Notes("other", "gazette.example")).result(30)
    at = NOW + timedelta(days=7, hours=1)
    assert archived(collection, f"{PAGE}-secret", "gazette.example", at=at, text=text).kind == "revisit"
    collection.close()
    forgotten(archive)
    assert SECRET.encode() not in everything_said(archive)
    assert verify(archive, workers=1).faults == []


def test_it_goes_though_another_file_is_lost(archive: Path) -> None:
    warcs(archive)[1].unlink()
    forget(archive, article_at(archive, f"{PAGE}-2"), "a court", info=INFO, limits=LIMITS)
    assert asked(archive, f"select 1 from article_urls where url = '{PAGE}-2'") == []


def test_a_tombstone_says_why_and_the_chain_what_was_replaced(told: Path) -> None:
    article, old = article_at(told, f"{PAGE}-secret"), warcs(told)[3].name
    forgotten(told)
    ((kind, about, detail),) = asked(told, "select kind, article_id, detail from events where kind = 'forgotten'")
    assert (kind, about) == ("forgotten", article)
    assert '"a court"' in str(detail)
    read = chain(told / "archive")
    assert [entry.replaces for entry in read.entries if entry.replaces] == [old]
    assert read.faults == []
    assert not (told / "archive" / old).exists()
    assert asked(told, f"select count(*) from warcs where replaces = '{old}'") == [(1,)]


def test_a_reindex_afterwards_changes_nothing(told: Path) -> None:
    forgotten(told)
    before = contents(told)
    reindex(told, workers=1)
    assert contents(told) == before


@pytest.mark.parametrize("kept", [1.0, 0.6])
def test_what_was_set_aside_of_it_after_a_crash_goes_too(told: Path, kept: float) -> None:
    """Whole records or torn ones; those of other pages stay."""
    named = {record.url: record for record in records(warcs(told)[3]) if record.type == "response"}
    tails = {}
    for name, url in (("it", f"{PAGE}-secret"), ("other", f"{PAGE}-after")):
        record = named[url]
        tails[name] = told / "archive" / f"{name}.warc.gz.torn"
        data = warcs(told)[3].read_bytes()[record.offset :]
        tails[name].write_bytes(data[: int(record.length * kept)])
    forgotten(told)
    assert not tails["it"].exists()
    assert tails["other"].exists()


def test_listings_in_imported_files_are_named_and_stay(told: Path, tmp_path: Path) -> None:
    path, folder = tmp_path / "all.warc.gz", tmp_path / "other"
    with closing(read_index(told / "index.db")) as db:
        export_warc(told, db, Selection(), path, INFO)
    before = path.read_bytes()
    collection = Collection(folder, info=INFO, limits=LIMITS)
    import_files(collection, [path])
    collection.close()
    article = article_at(folder, f"{PAGE}-secret")
    gone = forget(folder, article, "a court", info=INFO, limits=LIMITS, with_listings=True)
    assert [listing.split()[0] for listing in gone.listings] == ["https://gazette.example/feed"]
    assert (gone.captures, gone.imported, path.read_bytes()) == (0, (str(path),), before)
    assert verify(folder, workers=1).faults == []


def test_revisits_of_it_go_too(archive: Path) -> None:
    """The mirror's copy is nothing but a reference to what is taken out."""
    assert forgotten(archive, PAGE)[0] == 3
    assert verify(archive, workers=1).faults == []
    assert asked(archive, f"select count(*) from captures where url = '{MIRROR}'") == [(0,)]


def test_it_does_not_come_back_into_the_index(told: Path) -> None:
    forgotten(told)
    collection = Collection(told, info=INFO, limits=LIMITS)
    capture = collection.record(
        exchange(f"{PAGE}-secret", NOW + timedelta(days=20)), Notes("article", "gazette.example")
    ).result(30)
    assert collection.articles.store(collection.articles.read(capture).result(30)).result(30) is None
    collection.close()
    assert asked(told, f"select outcome from captures where url = '{PAGE}-secret'") == [("blocked",)]


@pytest.mark.parametrize("step", ["write_index", "add", "sync_folder"])
def test_a_crash_while_a_file_is_rewritten_is_made_up_for(
    told: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(rewriting, step)

    def crash(*arguments: object, **more: object) -> None:
        real(*arguments, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(rewriting, step, crash)
        with pytest.raises(KeyboardInterrupt):
            forgotten(told)
    forget(told, article_of_old_index(told), "a court", info=INFO, limits=LIMITS, with_listings=True)
    assert SECRET.encode() not in everything_said(told)
    assert verify(told, workers=1).faults == []
    assert not list((told / "archive").glob("*.rewriting"))


def article_of_old_index(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "index.db")) as db:
        return str(db.execute("SELECT article_id FROM revisions WHERE text LIKE ?", (f"%{SECRET}%",)).fetchone()[0])


def test_an_article_that_is_not_there_changes_nothing(archive: Path) -> None:
    before = (archive / "archive" / NAME).read_bytes()
    with pytest.raises(BadArgument, match="there is no article x/y"):
        forget(archive, "x/y", "why", info=INFO, limits=LIMITS)
    assert (archive / "archive" / NAME).read_bytes() == before


def test_while_a_crawl_writes_nothing_is_changed(told: Path) -> None:
    crawl = Collection(told, info=INFO, limits=LIMITS)
    with pytest.raises(CollectionInUse):
        forgotten(told)
    crawl.close()
    assert asked(told, "select count(*) from events where kind = 'forgotten'") == [(0,)]
