"""The collection as a whole: durability order, resumption, one article over hosts and slugs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from sqlite3 import IntegrityError, connect
from typing import Any

import pytest

from crawler.collection.collection import Collection, Limits
from crawler.collection.lock import Lock
from crawler.collection.verify import verify
from crawler.errors import CollectionInUse, FolderNotUsable
from crawler.frontier.protocol import Entry, Terms
from crawler.frontier.requests import fingerprint
from crawler.index.database import open_index
from crawler.items import BrokenExchange, Capture, Exchange, Hints, Notes
from crawler.warc.messages import is_chunked
from crawler.warc.reader import read
from tests.conftest import PROJECT

INFO = {"software": "test"}
LIMITS = Limits(workers=1)
NOW = datetime(2024, 3, 11, 9, 0, 0, 1, tzinfo=UTC)
BROKEN = BrokenExchange("https://gazette.example/x", "GET", NOW, b"GET /x HTTP/1.1\r\n\r\n", b"", "closed")
TEXT = "<p>The council voted on Monday to rebuild the bridge, at a cost of four million.</p>" * 8


def exchange(url: str, at: datetime = NOW, text: str = TEXT) -> Exchange:
    host, path = url.split("/", 3)[2:]
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    html = f"<html lang=en><title>Council votes</title><h1>Council votes to rebuild</h1>{text}</html>".encode()
    return Exchange(
        url=url,
        method="GET",
        captured_at=at,
        fetch_ms=5,
        request=f"GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
        response=BytesIO(head + html),
        response_length=len(head + html),
        head_length=len(head),
        status=200,
    )


def notes(publisher: str) -> Notes:
    return Notes(purpose="article", publisher_id=publisher, hints=Hints("user"))


def archived(collection: Collection, url: str, publisher: str, **parts: Any) -> Capture:
    """An article's page, all the way into the index."""
    capture = collection.record(exchange(url, **parts), notes(publisher)).result(30)
    collection.articles.store(collection.articles.read(capture).result(30)).result(30)
    return capture


def asked(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(connect(f"file:{folder}/index.db?mode=ro", uri=True)) as index:
        return index.execute(query).fetchall()


def test_a_capture_is_in_the_index_only_after_its_bytes_are_on_disk(tmp_path: Path) -> None:
    collection = Collection(tmp_path, info=INFO, limits=LIMITS)
    capture = collection.record(exchange("https://gazette.example/2024/a-story"), notes("gazette.example")).result(30)
    # As another program sees both, while the file is still open.
    assert read(tmp_path, capture.warc, capture.offset).record_id == capture.record_id
    assert asked(tmp_path, "select record_id, outcome from captures") == [(capture.record_id, "pending")]
    collection.close()


def test_one_article_on_two_hosts_under_two_slugs_is_one_article(tmp_path: Path) -> None:
    collection = Collection(tmp_path, info=INFO, limits=LIMITS)
    addresses = ["https://www.presstv.ir/Detail/2022/01/05/1/One", "https://www.presstv.co.uk/Detail/2022/01/05/1/Two"]
    for hours, address in enumerate(addresses):
        archived(collection, address, "presstv", at=NOW + timedelta(hours=hours))
    collection.close()
    assert asked(tmp_path, "select id, revisions from articles") == [("presstv/1", 1)]
    assert asked(tmp_path, "select outcome from captures order by captured_at") == [("new",), ("unchanged",)]
    assert sorted(url for (url,) in asked(tmp_path, "select url from article_urls")) == sorted(addresses)


def test_other_content_makes_a_revision_that_leads_to_its_bytes(tmp_path: Path) -> None:
    collection = Collection(tmp_path, info=INFO, limits=LIMITS)
    url = "https://gazette.example/2024/03/11/1001/council-votes"
    archived(collection, url, "gazette.example")
    edited = archived(
        collection,
        url,
        "gazette.example",
        at=NOW + timedelta(hours=1),
        text=TEXT + "<p>The mayor resigned over it.</p>",
    )
    collection.close()
    query = (
        'select c.warc, c."offset", r.changed from revisions r join captures c on c.id = r.capture_id where number = 2'
    )
    assert asked(tmp_path, query) == [(edited.warc, edited.offset, '["text"]')]


def test_what_a_killed_process_left_pending_is_extracted_from_the_warc(tmp_path: Path) -> None:
    script = (
        "import os, signal\n"
        "from pathlib import Path\n"
        "from tests.collection.test_collection import INFO, LIMITS, Collection, exchange, notes\n"
        f"collection = Collection(Path({str(tmp_path)!r}), info=INFO, limits=LIMITS)\n"
        "url = 'https://gazette.example/2024/03/11/1001/council-votes'\n"
        "collection.record(exchange(url), notes('gazette.example')).result(30)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL
    assert asked(tmp_path, "select outcome from captures") == [("pending",)]
    Collection(tmp_path, info=INFO, limits=LIMITS).close()
    assert asked(tmp_path, "select outcome from captures") == [("new",)]
    assert asked(tmp_path, "select headline from articles") == [("Council votes to rebuild",)]
    assert not list((tmp_path / "archive").glob("*.open"))
    assert len(asked(tmp_path, "select filename from warcs")) == 1


def test_two_that_crawl_write_side_by_side(tmp_path: Path) -> None:
    first = Collection(tmp_path, info=INFO, limits=LIMITS)
    second = Collection(tmp_path, info=INFO, limits=LIMITS)
    assert first.membership.alive() == {first.membership.owner, second.membership.owner}
    with pytest.raises(CollectionInUse, match=f"by process {os.getpid()}, {os.getpid()}"):
        Lock(tmp_path)
    for number, collection in enumerate((first, second, first, second)):
        archived(collection, f"https://gazette.example/2024/03/11/{1001 + number}/a-vote", "gazette.example")
    first.close()
    second.close()
    Lock(tmp_path).release()
    assert asked(tmp_path, "select count(*), count(distinct warc) from captures") == [(4, 2)]
    assert asked(tmp_path, "select count(*) from articles") == [(4,)]
    assert verify(tmp_path, workers=1).faults == []


def test_what_one_has_under_way_is_left_to_it_when_another_begins(tmp_path: Path) -> None:
    """A page that is on record and not yet an article is the business of the process that fetched it."""
    first = Collection(tmp_path, info=INFO, limits=LIMITS)
    url, now = "https://gazette.example/2024/a-story", datetime.now(UTC)
    first.frontier.add([Entry(fingerprint("GET", url, b""), url, "gazette", "article")], now)
    first.frontier.claim(1, now, Terms(first.membership.owner, now + timedelta(hours=1)))
    first.record(exchange(url), notes("gazette.example")).result(30)
    command = [sys.executable, "-c", BESIDE, str(tmp_path)]
    subprocess.run(command, check=True, cwd=PROJECT, timeout=60)
    assert asked(tmp_path, "select outcome from captures") == [("pending",)]
    assert [tally.state for tally in first.frontier.tallies()] == ["leased"]
    first.close()


BESIDE = """
import sys
from pathlib import Path
from crawler.collection.collection import Collection
from tests.collection.test_collection import INFO, LIMITS
Collection(Path(sys.argv[1]), info=INFO, limits=LIMITS).close()
"""


def test_an_index_that_cannot_be_read_leaves_the_folder_unlocked(tmp_path: Path) -> None:
    (tmp_path / "index.db").write_bytes(b"this is no database, however one looks at it" * 100)
    for _ in range(2):
        with pytest.raises(FolderNotUsable, match=r"index\.db"):
            Collection(tmp_path, info=INFO, limits=LIMITS)


def lost_index(folder: Path, pages: int) -> None:
    """A collection with as many pages, whose index is gone."""
    collection = Collection(folder, info=INFO, limits=LIMITS)
    for page in range(pages):
        archived(collection, f"https://gazette.example/2024/03/11/{page}/council-votes", "gazette.example")
    collection.broken(BROKEN)
    collection.close()
    for path in folder.glob("index.db*"):
        path.unlink()


def test_a_recovery_that_breaks_off_is_made_up_for_by_the_next(tmp_path: Path) -> None:
    lost_index(tmp_path, 3)
    with closing(open_index(tmp_path / "index.db")) as index:
        index.execute(
            "CREATE TRIGGER full BEFORE INSERT ON captures WHEN (SELECT count(*) FROM captures) = 1 "
            "BEGIN SELECT raise(ABORT, 'no more'); END"
        )
    with pytest.raises(IntegrityError, match="no more"):
        Collection(tmp_path, info=INFO, limits=LIMITS)
    assert asked(tmp_path, "select count(*) from warcs") == [(0,)]
    with closing(connect(tmp_path / "index.db")) as index:
        index.execute("DROP TRIGGER full")
    Collection(tmp_path, info=INFO, limits=LIMITS).close()
    assert asked(tmp_path, "select count(*) from captures") == [(3,)]
    assert asked(tmp_path, "select count(*) from articles") == [(3,)]
    assert asked(tmp_path, "select count(*) from warcs") == [(1,)]


def test_events_are_in_the_index_as_a_rebuilt_one_has_them(tmp_path: Path) -> None:
    query = "select at, kind, publisher_id, article_id, capture_id, detail from events"
    lost_index(tmp_path / "lost", 1)
    Collection(tmp_path / "lost", info=INFO, limits=LIMITS).close()
    collection = Collection(tmp_path / "kept", info=INFO, limits=LIMITS)
    collection.broken(BROKEN)
    collection.close()
    assert len(asked(tmp_path / "kept", query)) == 1
    assert asked(tmp_path / "kept", query) == asked(tmp_path / "lost", query)


def test_a_captured_page_that_is_lost_stands_in_no_one_s_way(tmp_path: Path) -> None:
    collection = Collection(tmp_path, info=INFO, limits=LIMITS)
    capture = collection.record(exchange("https://gazette.example/2024/a-story"), notes("gazette.example")).result(30)
    collection.close()
    (tmp_path / "archive" / capture.warc).unlink()
    for _ in range(2):
        Collection(tmp_path, info=INFO, limits=LIMITS).close()
    assert asked(tmp_path, "select outcome from captures") == [("failed",)]


@pytest.mark.parametrize("url", ["https://gazette.example/a#xtor=RSS-1", "https://gazette.example/50%off"])
def test_a_page_on_record_ends_its_lease_however_its_url_is_written(tmp_path: Path, url: str) -> None:
    collection = Collection(tmp_path, info=INFO, limits=LIMITS)
    now = datetime.now(UTC)
    collection.frontier.add([Entry(fingerprint("GET", url, b""), url, "gazette", "article")], now)
    collection.frontier.claim(1, now, Terms("killed", now + timedelta(hours=1)))
    collection.record(exchange(url.partition("#")[0]), notes("gazette.example")).result(30)
    collection.close()
    reopened = Collection(tmp_path, info=INFO, limits=LIMITS)
    assert reopened.frontier.abandoned(()) == []
    reopened.close()


def in_chunks(whole: Exchange) -> Exchange:
    """The same payload, framed otherwise."""
    head, _, body = whole.response.read().partition(b"\r\n\r\n")
    framed = head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return replace(
        whole,
        response=BytesIO(framed),
        response_length=len(framed),
        head_length=framed.index(b"\r\n\r\n") + 4,
    )


def test_a_revisit_refers_to_what_is_framed_as_its_header_says(tmp_path: Path) -> None:
    """pywb reads the original's body by the revisit's header: it would show the sizes of the chunks as text."""
    url, captures = "https://gazette.example/2024/a-story", list[Capture]()
    for session in range(2):  # what came before is in the index only
        collection = Collection(tmp_path, info=INFO, limits=LIMITS)
        for hour, chunked in enumerate((True, False, True, False)):
            whole = exchange(url, NOW + timedelta(days=session, hours=hour), TEXT * 2)
            future = collection.record(in_chunks(whole) if chunked else whole, notes("gazette.example"))
            captures.append(future.result(30))
        collection.close()
    kinds = [capture.kind for capture in captures]
    assert kinds[:2] == ["response", "response"]
    assert kinds[4:] == ["revisit"] * 4
    framed = {capture.record_id: read(tmp_path, capture.warc, capture.offset).http() for capture in captures}
    for capture in captures:
        if capture.refers_to:
            assert is_chunked(framed[capture.record_id]) == is_chunked(framed[capture.refers_to])
    assert verify(tmp_path, workers=1).faults == []


def test_nothing_refers_to_a_response_that_is_damaged(tmp_path: Path) -> None:
    kinds = []
    for day in range(2):
        collection = Collection(tmp_path, info=INFO, limits=LIMITS)
        page = exchange("https://gazette.example/2024/a-story", NOW + timedelta(days=day), TEXT * 2)
        capture = collection.record(page, notes("gazette.example")).result(30)
        kinds.append(capture.kind)
        collection.close()
        path = tmp_path / "archive" / capture.warc
        data = bytearray(path.read_bytes())
        data[capture.offset + capture.length // 2] ^= 1
        path.write_bytes(data)
    assert kinds == ["response", "response"]
