"""`verify` finds every kind of damage and calls it by its name; on a sound archive it finds nothing."""

from __future__ import annotations

import gzip
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha1, sha256
from io import BytesIO
from pathlib import Path

import pytest

from crawler.collection import parts
from crawler.collection.collection import Collection
from crawler.collection.verify import FileReport, verify
from crawler.commands.verify import advice_on
from crawler.items import Notes
from crawler.warc.manifest import NAME
from crawler.warc.reader import Record, records
from crawler.warc.records import sha1_base32
from tests.collection.archives import MIRROR, PAGE, warcs
from tests.collection.test_collection import INFO, LIMITS, NOW, TEXT, exchange, notes

Damage = Callable[[Path], object]


def rules(folder: Path, head: str | None = None) -> set[str]:
    return {fault.rule for fault in verify(folder, workers=1, head=head).faults}


# Ways to damage a WARC file.


def chosen(folder: Path, kind: str, file: int = 0) -> tuple[Path, Record]:
    path = warcs(folder)[file]
    return path, next(record for record in records(path) if record.type == kind)


def members(path: Path) -> list[bytes]:
    data = path.read_bytes()
    return [data[record.offset : record.offset + record.length] for record in records(path)]


def flipped(kind: str, where: Callable[[Record], int], file: int = 0) -> Damage:
    def damage(folder: Path) -> None:
        path, record = chosen(folder, kind, file)
        data = bytearray(path.read_bytes())
        data[where(record)] ^= 0x10
        path.write_bytes(data)

    return damage


def rearranged(change: Callable[[list[bytes]], list[bytes]], file: int = 0) -> Damage:
    def damage(folder: Path) -> None:
        path = warcs(folder)[file]
        path.write_bytes(b"".join(change(members(path))))

    return damage


def rewritten(kind: str, change: Callable[[bytes], bytes], file: int = 0) -> Damage:
    """The first record of a kind, unpacked, changed, packed again."""

    def damage(folder: Path) -> None:
        path, record = chosen(folder, kind, file)
        data = path.read_bytes()
        before, after = data[: record.offset], data[record.offset + record.length :]
        content = gzip.decompress(data[record.offset : record.offset + record.length])
        assert change(content) != content or change is same
        path.write_bytes(before + gzip.compress(change(content), 1) + after)

    return damage


def same(content: bytes) -> bytes:
    return content


def text_changed(content: bytes) -> bytes:
    return content.replace(b"four million", b"five million", 1)


def with_block_digest(content: bytes) -> bytes:
    head, _, rest = text_changed(content).partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"WARC-Block-Digest")]
    digest = sha1_base32(sha1(rest[:-4]))
    return b"\r\n".join([*lines, b"WARC-Block-Digest: " + digest.encode()]) + b"\r\n\r\n" + rest


def with_both_digests(content: bytes) -> bytes:
    head, _, rest = with_block_digest(content).partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"WARC-Payload-Digest")]
    digest = sha1_base32(sha1(rest[:-4].partition(b"\r\n\r\n")[2]))
    return b"\r\n".join([*lines, b"WARC-Payload-Digest: " + digest.encode()]) + b"\r\n\r\n" + rest


def header_changed(name: bytes, value: bytes) -> Callable[[bytes], bytes]:
    def change(content: bytes) -> bytes:
        head, _, rest = content.partition(b"\r\n\r\n")
        lines = [name + b": " + value if line.startswith(name + b":") else line for line in head.split(b"\r\n")]
        return b"\r\n".join(lines) + b"\r\n\r\n" + rest

    return change


def cut(count: int) -> Damage:
    def damage(folder: Path) -> None:
        path = warcs(folder)[0]
        path.write_bytes(path.read_bytes()[:-count])

    return damage


def swapped_names(folder: Path) -> None:
    first, second, _ = warcs(folder)
    aside = first.with_name("aside")
    first.rename(aside)
    second.rename(first)
    aside.rename(second)


# Ways to damage what lies beside them.


def unreadable(folder: Path) -> None:
    path = next(folder.glob(CDXJ))
    path.unlink()
    path.mkdir()


def lines_of(place: str, change: Callable[[list[str]], list[str]]) -> Damage:
    def damage(folder: Path) -> None:
        path = next(iter(sorted(folder.glob(place))))
        path.write_text("".join(change(path.read_text().splitlines(keepends=True))))

    return damage


def asked(*statements: str) -> Damage:
    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "index.db", isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)
                expects_rows = statement.startswith(("UPDATE", "DELETE", "INSERT"))
                assert not expects_rows or db.execute("SELECT changes()").fetchone() != (0,)

    return damage


def torn_page(folder: Path) -> None:
    asked("PRAGMA wal_checkpoint(TRUNCATE)")(folder)
    path = folder / "index.db"
    data = bytearray(path.read_bytes())
    data[16384 * 3 : 16384 * 8] = b"\xee" * 16384 * 5
    path.write_bytes(data)


MANIFEST = f"archive/{NAME}"
CDXJ = "indexes/*.cdxj"

KINDS: dict[str, tuple[Damage, str]] = {
    # Bytes of a WARC file.
    "a bit of a page": (flipped("response", lambda r: r.offset + r.length // 2), "member"),
    "a bit of a check sum": (flipped("response", lambda r: r.offset + r.length - 6), "member"),
    "a bit that gzip passes over": (flipped("response", lambda r: r.offset + 4), "sealed-sha256"),
    "a torn record at the end": (cut(20), "member"),
    "no record at the end": (rearranged(lambda all_: all_[:-3]), "group"),
    "garbage at the end": (rearranged(lambda all_: [*all_, b"garbage"]), "member"),
    "garbage between records": (rearranged(lambda all_: [*all_[:4], b"garbage", *all_[4:]]), "member"),
    "zeros over a record": (rearranged(lambda all_: [*all_[:2], bytes(len(all_[2])), *all_[3:]]), "member"),
    "a doubled record": (rearranged(lambda all_: [*all_, all_[-1]]), "record-doubled"),
    "a doubled exchange": (rearranged(lambda all_: [*all_, *all_[2:5]]), "record-doubled"),
    "a request taken out": (rearranged(lambda all_: all_[:3] + all_[4:]), "group"),
    "an exchange taken out": (rearranged(lambda all_: all_[:2] + all_[5:]), "index-invented"),
    "exchanges swapped": (rearranged(lambda all_: all_[:2] + all_[5:8] + all_[2:5] + all_[8:]), "index-differs"),
    "request and metadata swapped": (rearranged(lambda all_: [*all_[:3], all_[4], all_[3], *all_[5:]]), "group"),
    "no warcinfo": (rearranged(lambda all_: all_[1:]), "warcinfo"),
    "an event taken out": (rearranged(lambda all_: [*all_[:-2], all_[-1]], 1), "index-invented"),
    # Records unpacked, changed, packed again.
    "packed again": (rewritten("response", same), "sealed-sha256"),
    "a text changed": (rewritten("response", text_changed), "block-digest"),
    "a text and its digest changed": (rewritten("response", with_block_digest), "payload-digest"),
    "a text and both digests changed": (rewritten("response", with_both_digests), "payload-sha256"),
    "a date changed": (rewritten("response", header_changed(b"WARC-Date", b"2020-01-01T00:00:00Z")), "group"),
    "a date that is none": (rewritten("request", header_changed(b"WARC-Date", b"yesterday")), "date"),
    "an address changed": (rewritten("response", header_changed(b"WARC-Target-URI", b"http://a.example/")), "group"),
    "a length changed": (rewritten("response", header_changed(b"Content-Length", b"77")), "member"),
    "an id changed": (rewritten("response", header_changed(b"WARC-Record-ID", b"<urn:uuid:1>")), "index-missing"),
    "an id lost": (rewritten("metadata", header_changed(b"WARC-Record-ID", b"")), "record"),
    "another file's record": (rewritten("request", header_changed(b"WARC-Warcinfo-ID", b"<urn:x>")), "warcinfo-id"),
    "a type that is of no exchange": (rewritten("response", header_changed(b"WARC-Type", b"resource")), "group"),
    "a revisit of nothing": (rewritten("revisit", header_changed(b"WARC-Refers-To", b"<urn:uuid:2>"), 2), "revisit"),
    "a revisit of another date": (
        rewritten("revisit", header_changed(b"WARC-Refers-To-Date", b"2020-01-01T00:00:00Z"), 2),
        "revisit",
    ),
    "a revisit of another payload": (
        rewritten("revisit", header_changed(b"WARC-Payload-Digest", b"sha1:A"), 2),
        "revisit",
    ),
    # Files.
    "a file removed": (lambda folder: warcs(folder)[1].unlink(), "sealed-missing"),
    "the file that a revisit refers to removed": (lambda folder: warcs(folder)[0].unlink(), "revisit"),
    "a file renamed": (lambda folder: warcs(folder)[1].rename(folder / "archive/other.warc.gz"), "file-name"),
    "files swapped": (swapped_names, "file-name"),
    "a file copied": (lambda folder: shutil.copy(warcs(folder)[1], folder / "archive/x.warc.gz"), "unlisted"),
    "a file emptied": (lambda folder: warcs(folder)[1].write_bytes(b""), "sealed-records"),
    "a file left open": (lambda folder: (folder / "archive/x.warc.gz.open").write_bytes(b""), "unsealed"),
    # The manifest.
    "an entry removed": (lines_of(MANIFEST, lambda lines: lines[2:]), "chain"),
    "entries re-ordered": (lines_of(MANIFEST, lambda lines: lines[2:4] + lines[:2] + lines[4:]), "chain"),
    "an entry doubled": (lines_of(MANIFEST, lambda lines: lines + lines[-2:]), "chain"),
    "the chain shortened": (lines_of(MANIFEST, lambda lines: lines[:-2]), "unlisted"),
    "a hash changed": (lines_of(MANIFEST, lambda lines: [*lines[:-1], "0" * 64 + lines[-1][64:]]), "sealed-sha256"),
    "a count changed": (
        lines_of(MANIFEST, lambda lines: [lines[0].replace("records 10", "records 11"), *lines[1:]]),
        "sealed-records",
    ),
    "a line that is none": (lines_of(MANIFEST, lambda lines: [*lines[:2], "hello\n", *lines[2:]]), "manifest-line"),
    "a month that there never was": (
        lines_of(MANIFEST, lambda lines: [re.sub(r"sealed (\d+)-\d\d", r"sealed \1-13", lines[0]), *lines[1:]]),
        "manifest-line",
    ),
    "bytes that are no text": (
        lambda folder: (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes() + b"\xff"),
        "manifest-line",
    ),
    "a torn line": (lines_of(MANIFEST, lambda lines: [*lines, "# sealed 20"]), "manifest-line"),
    "no manifest": (lambda folder: (folder / MANIFEST).unlink(), "unlisted"),
    # CDXJ.
    "no cdxj": (lambda folder: next(folder.glob(CDXJ)).unlink(), "cdxj-missing"),
    "a cdxj that cannot be read": (unreadable, "cdxj-missing"),
    "an unsorted cdxj": (lines_of(CDXJ, lambda lines: lines[::-1]), "cdxj-order"),
    "a line taken out": (lines_of(CDXJ, lambda lines: lines[1:]), "cdxj-line"),
    "a line doubled": (lines_of(CDXJ, lambda lines: lines[:1] + lines), "cdxj-line"),
    "a line invented": (lines_of(CDXJ, lambda lines: ["com,example)/ 20240101000000 {}\n", *lines]), "cdxj-line"),
    "an offset changed": (
        lines_of(CDXJ, lambda lines: [lines[0].replace('"offset": "', '"offset": "9'), *lines[1:]]),
        "cdxj-line",
    ),
    "a cdxj of no file": (lambda folder: (folder / "indexes/x.warc.gz.cdxj").write_text(""), "cdxj-stray"),
    # Rows that mirror records.
    "a capture taken out": (asked("DELETE FROM captures WHERE kind = 'revisit'"), "index-missing"),
    "a capture invented": (
        asked(
            "CREATE TEMP TABLE t AS SELECT * FROM captures LIMIT 1",
            "UPDATE t SET id = 99, record_id = 'urn:x', outcome = NULL, article_id = NULL",
            "INSERT INTO captures SELECT * FROM t",
        ),
        "index-invented",
    ),
    **{
        f"{column} of a capture changed": (asked(f"UPDATE captures SET \"{column}\" = {value}"), "index-differs")
        for column, value in {
            "offset": '"offset" + 1',
            "length": "length + 1",
            "url": "url || 'x'",
            "status": "404",
            "captured_at": "'2020-01-01T00:00:00Z'",
            "payload_digest": "'sha1:A'",
            "payload_sha256": "'0'",
            "ip": "'10.0.0.1'",
            "purpose": "'feed'",
        }.items()
    },
    "captures in a file that is not there": (asked("UPDATE captures SET warc = 'x.warc.gz'"), "index-invented"),
    "a sealed file without row": (asked("DELETE FROM warcs WHERE id = 1"), "index-warcs"),
    "a sealed file's row changed": (asked("UPDATE warcs SET sha256 = '0'"), "index-warcs"),
    "a crawl taken out of the index": (
        asked("UPDATE captures SET crawl_id = NULL", "DELETE FROM crawls"),
        "index-missing",
    ),
    "a crawl's end changed": (asked("UPDATE crawls SET finish_reason = 'shutdown'"), "index-differs"),
    "a crawl invented": (
        asked("INSERT INTO crawls (spider, arguments, started_at, software) VALUES ('x', '[]', '2020', 'x')"),
        "index-invented",
    ),
    "an event taken out of the index": (asked("DELETE FROM events WHERE id = 1"), "index-missing"),
    "an event's row changed": (asked("UPDATE events SET detail = '{}' WHERE id = 1"), "index-invented"),
    # Rows that hang together.
    "a text edited": (asked("UPDATE revisions SET text = replace(text, 'four', 'five')"), "revision-content"),
    "a headline edited": (asked("UPDATE revisions SET headline = 'Another'"), "revision-content"),
    "an article's headline edited": (asked("UPDATE articles SET headline = 'Another'"), "article-differs"),
    "a revision taken out": (asked("DELETE FROM revisions WHERE number = 2"), "capture-revision"),
    "an older revision called the newest": (
        asked("UPDATE articles SET revision_id = id || '@1' WHERE revisions = 2"),
        "article-newest",
    ),
    "a revision back-dated": (asked("UPDATE revisions SET seen_at = '2020-01-01T00:00:00Z'"), "revision-time"),
    "a count of revisions changed": (asked("UPDATE articles SET revisions = 7"), "revision-count"),
    "an article taken out": (asked("DELETE FROM articles WHERE number = 1"), "capture-article"),
    "an address taken out": (asked("DELETE FROM article_urls"), "article-address"),
    "an address invented": (
        asked(
            "CREATE TEMP TABLE t AS SELECT * FROM article_urls LIMIT 1",
            "UPDATE t SET url = 'https://evil.example/'",
            "INSERT INTO article_urls SELECT * FROM t",
        ),
        "article-address",
    ),
    "an article back-dated": (asked("UPDATE articles SET first_seen_at = '2020-01-01T00:00:00Z'"), "article-seen"),
    "evidence taken out": (asked("DELETE FROM evidence"), "revision-evidence"),
    "a capture of another article": (asked("UPDATE captures SET article_id = 'x/y'"), "capture-revision"),
    "a publisher taken out": (asked("DELETE FROM publishers"), "index-row"),
    "an article out of the full text": (asked("DELETE FROM articles_fts_docsize"), "full-text"),
    "pages of the index overwritten": (torn_page, "index-file"),
}  # fmt: skip


def test_a_sound_archive_has_no_faults(sound: Path) -> None:
    found = verify(sound, workers=2)
    assert found.faults == []
    assert (found.files, found.records) == (3, 27)
    assert found.head == sha256((sound / MANIFEST).read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", ["an article's headline edited", "a revision back-dated", "a capture taken out"])
def test_what_is_wrong_with_the_index_alone_is_to_be_reindexed(archive: Path, kind: str) -> None:
    KINDS[kind][0](archive)
    (advice,) = advice_on(verify(archive, workers=1).faults)
    assert "scrapy reindex mends" in advice


def test_there_are_forty_kinds_at_least() -> None:
    assert len(KINDS) >= 40


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_found_and_named(archive: Path, kind: str) -> None:
    damage, rule = KINDS[kind]
    damage(archive)
    assert rule in rules(archive)


@pytest.mark.parametrize("kind", [kind for kind, (damage, _) in KINDS.items() if "asked" not in damage.__qualname__])
def test_a_file_that_is_checked_in_parts_has_the_same_faults(
    archive: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    KINDS[kind][0](archive)
    whole = verify(archive, workers=1)
    for size in (333, 1000, 2500):
        monkeypatch.setattr(parts, "PART_BYTES", size)
        found = verify(archive, workers=1)
        assert sorted(map(str, found.faults)) == sorted(map(str, whole.faults))
        assert (found.files, found.records, found.bytes) == (whole.files, whole.records, whole.bytes)


@pytest.mark.parametrize("size", [500, 2000, 10**4, 10**9])
def test_a_part_may_begin_in_the_middle_of_anything(archive: Path, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a page that is a WARC file itself, which is not compressed again, too."""
    inner = warcs(archive)[0].read_bytes()
    collection = Collection(archive, info=INFO, limits=LIMITS)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/gzip\r\nContent-Length: {len(inner)}\r\n\r\n".encode()
    packed = replace(
        exchange(f"{PAGE}.warc.gz", NOW + timedelta(days=9)),
        response=BytesIO(head + inner),
        response_length=len(head + inner),
        head_length=len(head),
    )
    capture = collection.record(packed, Notes("other", "gazette.example")).result(30)
    collection.close()
    assert inner[:100] in (archive / "archive" / capture.warc).read_bytes()
    monkeypatch.setattr(parts, "PART_BYTES", size)
    for workers in (1, 2):
        found = verify(archive, workers=workers)
        assert (found.faults, found.files, found.records) == ([], 4, 31)


def test_each_fault_names_the_place_and_what_was_found(archive: Path) -> None:
    KINDS["a text changed"][0](archive)
    _, record = chosen(archive, "response")
    fault = next(fault for fault in verify(archive, workers=1).faults if fault.rule == "block-digest")
    assert fault.where == f"{record.warc}:{record.offset}"
    assert str(record.header("WARC-Block-Digest")) in fault.what


def test_a_damaged_warcinfo_is_one_fault_and_not_one_of_each_record(archive: Path) -> None:
    flipped("warcinfo", lambda record: record.length // 2)(archive)
    assert rules(archive) == {"member", "sealed-sha256", "sealed-records"}


def test_reading_goes_on_behind_damage(archive: Path) -> None:
    KINDS["a bit of a page"][0](archive)
    found = verify(archive, workers=1)
    assert found.records == 26


def test_an_index_that_is_overwritten_anywhere_is_a_fault(archive: Path) -> None:
    asked("PRAGMA wal_checkpoint(TRUNCATE)")(archive)
    whole = (archive / "index.db").read_bytes()
    for start in range(16384, len(whole), 16384):
        (archive / "index.db").write_bytes(whole[:start] + b"\xee" * 16384 + whole[start + 16384 :])
        assert "index-file" in rules(archive), start


def test_an_earlier_head_holds_until_something_before_it_changes(archive: Path) -> None:
    before = sha256("".join((archive / MANIFEST).read_text().splitlines(keepends=True)[:2]).encode()).hexdigest()
    assert rules(archive, head=before) == set()
    # All of it rewritten, so that the rest of the archive agrees.
    lines_of(MANIFEST, lambda lines: [lines[0].replace(" sealed 2", " sealed 1"), *lines[1:]])(archive)
    assert "head" in rules(archive, head=before)


def test_files_of_a_crawl_under_way_are_left_out(archive: Path) -> None:
    collection = Collection(archive, info=INFO, limits=LIMITS)
    collection.record(exchange(f"{PAGE}-4", NOW + timedelta(days=9)), notes("gazette.example")).result(30)
    found = verify(archive, workers=1)
    assert found.faults == []
    assert len(found.being_written) == 1
    collection.close()
    assert rules(archive) == set()


def test_a_crawl_that_ends_meanwhile_is_no_fault(archive: Path) -> None:
    collection = Collection(archive, info=INFO, limits=LIMITS)
    collection.begin_crawl("news", ["crawl"], NOW + timedelta(days=9))
    collection.record(exchange(f"{PAGE}-4", NOW + timedelta(days=9)), notes("gazette.example")).result(30)

    def end(report: FileReport) -> None:
        if report.filename == warcs(archive)[0].name:
            collection.close()

    assert verify(archive, workers=1, on_file=end).faults == []


def test_a_file_whose_rows_a_crawl_has_yet_to_write_is_left_out(archive: Path) -> None:
    """As the index is while the file gets its name."""
    collection = Collection(archive, info=INFO, limits=LIMITS)
    last = warcs(archive)[-1].name
    asked("DELETE FROM warcs WHERE filename = (SELECT max(filename) FROM warcs)")(archive)
    found = verify(archive, workers=1)
    assert (found.faults, found.being_written, found.files) == ([], [last], 2)
    collection.close()
    assert "index-warcs" in rules(archive)


def test_a_revisit_of_what_another_crawl_is_writing_is_no_fault(archive: Path) -> None:
    text = TEXT * 7
    first, second = (Collection(archive, info=INFO, limits=LIMITS) for _ in range(2))
    first.record(exchange(f"{PAGE}-7", NOW + timedelta(days=8), text), notes("gazette.example")).result(30)
    copy = exchange(f"{MIRROR}-7", NOW + timedelta(days=9), text)
    assert second.record(copy, notes("gazette.example")).result(30).kind == "revisit"
    second.close()
    assert rules(archive) == set()
    first.close()
    assert rules(archive) == set()
