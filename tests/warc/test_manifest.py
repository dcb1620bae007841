"""manifest.sha256: a crash in the middle of an entry leaves nothing of it, and nothing else is taken away."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from crawler.warc.manifest import NAME, SealedWarc, add, chain, sealed

AT = datetime(2024, 3, 11, tzinfo=UTC)


def listed(archive: Path, name: str) -> SealedWarc:
    return add(archive, name, size=10, records=3, sealed_at=AT, sha256=f"{len(name):064x}")


def test_an_entry_that_was_cut_anywhere_is_written_anew(tmp_path: Path) -> None:
    listed(tmp_path, "a.warc.gz")
    before = (tmp_path / NAME).read_bytes()
    listed(tmp_path, "bb.warc.gz")
    whole = (tmp_path / NAME).read_bytes()
    for cut in range(len(before), len(whole)):
        (tmp_path / NAME).write_bytes(whole[:cut])
        assert [entry.filename for entry in sealed(tmp_path)] == ["a.warc.gz"]
        listed(tmp_path, "bb.warc.gz")
        assert (tmp_path / NAME).read_bytes() == whole, cut
        assert chain(tmp_path).faults == []


def test_a_line_that_is_none_of_ours_stays_to_be_seen(tmp_path: Path) -> None:
    listed(tmp_path, "a.warc.gz")
    with (tmp_path / NAME).open("a") as manifest:
        manifest.write("hello\n")
    listed(tmp_path, "bb.warc.gz")
    assert [fault.rule for fault in chain(tmp_path).faults] == ["manifest-line"]


def test_bytes_that_are_no_text_do_not_keep_a_crawl_from_sealing(tmp_path: Path) -> None:
    listed(tmp_path, "a.warc.gz")
    with (tmp_path / NAME).open("ab") as manifest:
        manifest.write(b"\xff\n")
    listed(tmp_path, "bb.warc.gz")
    assert [entry.filename for entry in sealed(tmp_path)] == ["a.warc.gz", "bb.warc.gz"]
    assert [fault.rule for fault in chain(tmp_path).faults] == ["manifest-line"]
