"""The index is a derivative: `reindex` makes it again from the WARC files alone, row by row as it was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.collection.collection import Collection
from crawler.collection.export import Selection, export_warc
from crawler.collection.forget import forget
from crawler.collection.reindex import UNFINISHED, reindex
from crawler.collection.verify import verify
from crawler.errors import CollectionInUse, FolderNotUsable, Incomplete
from crawler.index.database import open_index, read_index
from crawler.items import Event
from crawler.warc.manifest import sealed
from crawler.warc.recovery import Listener, tell
from tests.collection.archives import PAGE, warcs
from tests.collection.test_collection import INFO, LIMITS, NOW, TEXT, archived, asked
from tests.collection.test_export import article_at

EXEMPT = {"crawls": ("id", "stats"), "warcs": ("id",), "captures": ("id", "crawl_id"), "articles": ("number",)}
"""Integer ids, and what is nowhere but in the index (index.md)."""

NAMED = {
    "captures": "SELECT c.*, w.started_at AS crawl FROM captures c LEFT JOIN crawls w ON w.id = c.crawl_id",
    "revisions": "SELECT r.*, c.record_id AS capture FROM revisions r JOIN captures c ON c.id = r.capture_id",
    "mirror_candidates": "SELECT m.*, record_id AS capture FROM mirror_candidates m JOIN captures c ON c.id = found_in",
    "events": "SELECT e.*, c.record_id AS capture FROM events e LEFT JOIN captures c ON c.id = e.capture_id",
    "articles_folded": "SELECT f.*, a.id AS article FROM articles_folded f JOIN articles a USING (number)",
    "articles_folded_names": "SELECT f.*, a.id AS article FROM articles_folded_names f JOIN articles a USING (number)",
}
"""Tables that name rows by their number, read with what the number stands for."""

BY_NUMBER = {
    "revisions": "capture_id",
    "mirror_candidates": "found_in",
    "events": "capture_id",
    "articles_folded": "number",
    "articles_folded_names": "number",
}


def contents(folder: Path) -> dict[str, list[tuple[str, ...]]]:
    """All rows of all tables, sorted, without what a reindex may change."""
    with closing(sqlite3.connect(f"file:{folder}/index.db?mode=ro", uri=True)) as db:
        db.row_factory = sqlite3.Row
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        names = [name for name in names if not name.startswith(("sqlite_", "articles_fts"))]
        return {name: sorted(rows(db, name)) for name in names}


def rows(db: sqlite3.Connection, table: str) -> list[tuple[str, ...]]:
    left_out = {*EXEMPT.get(table, ()), BY_NUMBER.get(table), *(["id"] if table == "events" else ())}
    query = NAMED.get(table, f"SELECT * FROM {table}")
    return [
        tuple(f"{name}={value!r}" for name, value in dict(row).items() if name not in left_out)
        for row in db.execute(query)
    ]


def remake(folder: Path, **options: Any) -> None:
    reindex(folder, workers=1, **options)


def test_the_new_index_is_the_old_one(archive: Path) -> None:
    before = contents(archive)
    assert all(before[name] for name in ("crawls", "warcs", "captures", "articles", "revisions", "events"))
    (archive / "index.db").unlink()
    made = reindex(archive, workers=2)
    assert contents(archive) == before
    assert (made.files, made.captures, made.articles, made.revisions) == (3, 5, 4, 5)
    assert verify(archive, workers=1).faults == []


def test_what_became_of_hosts_mirrors_and_a_forgotten_article_is_made_again(archive: Path) -> None:
    collection = Collection(archive, info=INFO, limits=LIMITS)
    notice = "<p>The Gazette can also be accessed at the following alternate addresses:</p><p>{}</p>"
    hosts = ["accepted.example", "refused.example", "open.example"]
    for number, host in enumerate(hosts):
        moment = NOW + timedelta(days=9, hours=number)
        page = archived(collection, f"{PAGE}-{host}", "gazette.example", at=moment, text=TEXT + notice.format(host))
    down: dict[str, object] = {"host": "gazette.example", "reason": "connection refused"}
    decisions = [("mirror-refused", 1, hosts[0]), ("mirror-accepted", 2, hosts[0]), ("mirror-refused", 3, hosts[1])]
    events = [Event("host-down", NOW + timedelta(days=9), "gazette.example", record_id=page.record_id, detail=down)]
    for kind, day, host in decisions:
        events.append(Event(kind, NOW + timedelta(days=10 + day), "gazette.example", detail={"host": host}))
    for event in events:
        collection.warc.event(event).result(30)
    collection.close()
    forget(archive, article_at(archive, f"{PAGE}-2"), "a court", info=INFO, limits=LIMITS, with_listings=False)
    assert asked(archive, "select host, status from mirror_candidates order by host") == [
        ("accepted.example", "accepted"),
        ("open.example", "suggested"),
        ("refused.example", "refused"),
    ]
    before = contents(archive)
    manifest = archive / "archive/manifest.sha256"
    (archive / "index.db").unlink()
    remake(archive)
    assert contents(archive) == before
    assert verify(archive, workers=1).faults == []
    lines = manifest.read_text().splitlines(keepends=True)
    pairs = [lines[at : at + 2] for at in range(0, len(lines), 2)]
    manifest.write_text("".join(line for pair in reversed(pairs) for line in pair))
    remake(archive)
    after = contents(archive)
    assert {name: after[name] for name in after if name != "warcs"} == {n: before[n] for n in before if n != "warcs"}


def test_an_index_of_an_export_of_everything_is_that_of_the_archive(archive: Path, tmp_path: Path) -> None:
    collection = Collection(archive, info=INFO, limits=LIMITS)
    first = asked(archive, "select record_id from captures limit 1")[0][0]
    collection.warc.event(Event("host-down", NOW, "gazette.example", record_id=first, detail={"host": "x"})).result(30)
    collection.close()
    forget(archive, article_at(archive, f"{PAGE}-2"), "a court", info=INFO, limits=LIMITS)
    (tmp_path / "copy/archive").mkdir(parents=True)
    with closing(read_index(archive / "index.db")) as db:
        export_warc(archive, db, Selection(), tmp_path / "copy/archive/all.warc.gz", INFO)
    reindex(tmp_path / "copy", workers=1)
    before, after = contents(archive), contents(tmp_path / "copy")
    assert len(before["events"]) == 6
    places = {"captures", "warcs"}
    assert {name: after[name] for name in after.keys() - places} == {n: before[n] for n in before.keys() - places}
    said = "select record_id, article_id, outcome, publisher_id, crawl_id is null from captures order by record_id"
    assert asked(tmp_path / "copy", said) == asked(archive, said)


def test_an_index_of_damaged_pages_is_replaced(archive: Path) -> None:
    before = contents(archive)
    (archive / "index.db").write_bytes(b"no database" * 5000)
    remake(archive)
    assert contents(archive) == before


def test_reindexing_twice_gives_what_reindexing_once_does(archive: Path) -> None:
    remake(archive)
    once = contents(archive)
    remake(archive)
    assert contents(archive) == once


def test_files_come_in_whatever_order(archive: Path) -> None:
    """Numbers of revisions follow the captures, not the files."""
    before = contents(archive)
    manifest = archive / "archive/manifest.sha256"
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join(lines[4:6] + lines[:2] + lines[2:4]))
    remake(archive)
    after = contents(archive)
    assert {name: after[name] for name in after if name != "warcs"} == {n: before[n] for n in before if n != "warcs"}


def test_an_interrupted_reindex_goes_on_where_it_was(archive: Path) -> None:
    before = contents(archive)

    class Interrupted(Exception):
        pass

    def interrupt(said: str) -> None:
        if said.startswith("file 3"):
            raise Interrupted

    with pytest.raises(Interrupted):
        remake(archive, on_progress=interrupt)
    assert contents(archive) == before  # the old one stays until the new one is whole
    said: list[str] = []
    remake(archive, on_progress=said.append)
    assert [line.partition(":")[0] for line in said] == ["file 1 of 1"]
    assert contents(archive) == before
    assert not (archive / UNFINISHED).exists()


def test_without_a_manifest_all_records_are_indexed_all_the_same(archive: Path) -> None:
    before = contents(archive)
    (archive / "archive/manifest.sha256").unlink()
    remake(archive)
    after = contents(archive)
    assert {name for name in after if after[name] != before[name]} == {"warcs"}


def test_a_damaged_record_costs_no_more_than_itself(archive: Path) -> None:
    path = warcs(archive)[1]
    data = bytearray(path.read_bytes())
    captures = tell(path, Listener(lambda capture: None, lambda event: None))
    data[captures[0].offset + captures[0].length // 2] ^= 1
    path.write_bytes(data)
    before = contents(archive)
    with pytest.raises(Incomplete) as refused:
        remake(archive)
    assert contents(archive) == before  # it has the text of the page that is damaged
    ((place, _, reason),) = (said.partition(": ") for said in refused.value.left_out)
    assert (place, bool(reason)) == (f"{path}:{captures[0].offset}", True)
    made = reindex(archive, workers=1, incomplete=True)
    assert made.left_out == refused.value.left_out
    assert not (archive / UNFINISHED).exists()
    after = contents(archive)
    assert after["warcs"] == before["warcs"]
    assert len(after["captures"]) == len(before["captures"]) - 1
    assert not any(captures[0].record_id in str(row) for row in after["captures"])


def out_of_its_place(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}.aside"))


def a_folder_instead(path: Path) -> None:
    out_of_its_place(path)
    path.mkdir()


@pytest.mark.parametrize("lost", [out_of_its_place, a_folder_instead])
def test_a_file_that_cannot_be_read_keeps_the_old_index_in_its_place(
    archive: Path, lost: Callable[[Path], None]
) -> None:
    before = contents(archive)
    path = warcs(archive)[1]
    lost(path)
    with pytest.raises(Incomplete, match=r"index\.db stays as it was.* --incomplete") as refused:
        remake(archive)
    assert contents(archive) == before
    (said,) = refused.value.left_out
    assert str(path) in said
    if path.is_dir():
        path.rmdir()
    path.with_name(f"{path.name}.aside").rename(path)
    read: list[str] = []
    remake(archive, on_progress=read.append)
    assert [line.partition(":")[0] for line in read] == ["file 1 of 1"]  # what could be read was not read again
    assert contents(archive) == before


def test_an_index_of_the_rest_is_made_for_who_asks(archive: Path) -> None:
    path = warcs(archive)[1]
    out_of_its_place(path)
    made = reindex(archive, workers=1, incomplete=True)
    assert (made.files, made.captures, [path.name in said for said in made.left_out]) == (2, 3, [True])
    path.with_name(f"{path.name}.aside").rename(path)
    Collection(archive, info=INFO, limits=LIMITS).close()  # whoever opens it next finds what came back
    assert len(contents(archive)["captures"]) == 5


def test_a_file_that_goes_while_pages_are_read_is_missed(archive: Path) -> None:
    before = contents(archive)

    def lose(said: str) -> None:
        if said.startswith("file 3"):
            out_of_its_place(warcs(archive)[0])

    with pytest.raises(Incomplete):
        remake(archive, on_progress=lose)
    assert contents(archive) == before
    assert not (archive / UNFINISHED).exists()


def test_a_file_that_goes_after_an_interruption_is_missed(archive: Path) -> None:
    class Interrupted(Exception):
        pass

    def interrupt(said: str) -> None:
        if said.startswith("file 3"):
            raise Interrupted

    with pytest.raises(Interrupted):
        remake(archive, on_progress=interrupt)
    out_of_its_place(warcs(archive)[0])
    with pytest.raises(Incomplete):
        remake(archive)


def test_what_a_killed_crawl_left_open_is_sealed_first(archive: Path) -> None:
    collection = Collection(archive, info=INFO, limits=LIMITS)
    archived(collection, f"{PAGE}-9", "gazette.example", at=NOW + timedelta(days=9))
    shutil.copytree(archive, archive.with_name("killed"))
    collection.close()
    remake(archive.with_name("killed"))
    assert len(sealed(archive.with_name("killed") / "archive")) == 4
    assert any(f"{PAGE}-9" in str(row) for row in contents(archive.with_name("killed"))["articles"])


def test_a_collection_in_use_is_left_alone(archive: Path) -> None:
    collection = Collection(archive, info=INFO, limits=LIMITS)
    with pytest.raises(CollectionInUse):
        remake(archive)
    collection.close()


def test_a_folder_without_warc_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(FolderNotUsable, match="has no folder archive/"):
        remake(tmp_path)
    open_index(tmp_path / "index.db").close()
    with pytest.raises(FolderNotUsable):
        remake(tmp_path)
    assert (tmp_path / "index.db").exists()
