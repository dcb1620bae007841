"""What is found after a crash: kills at random moments, files cut anywhere, disks that are full."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crawler.errors import BadRecord, FolderNotUsable, StorageError
from crawler.items import Capture, Event, Notes
from crawler.warc.captures import capture_of, groups, is_exchange
from crawler.warc.cdxj import cdxj_line
from crawler.warc.manifest import sealed
from crawler.warc.names import archive_folder, index_path
from crawler.warc.reader import records
from crawler.warc.recovery import recover
from crawler.warc.writer import WarcWriter
from tests.warc.exchanges import INFO, checkout, exchange, message, warcs, writing, written


def writing_process(folder: Path, file_limit: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.warc.crashing", str(folder), str(file_limit)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=checkout())


def captures_in(path: Path) -> list[Capture]:
    return [capture_of(group) for group in groups(records(path)) if is_exchange(group)]


def ids_in(folder: Path) -> list[str]:
    return [capture.record_id for path in warcs(folder) for capture in captures_in(path)]


@pytest.fixture(scope="module")
def left_open(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Capture]]:
    """A file as a killed writer leaves it, and the captures in it."""
    folder = tmp_path_factory.mktemp("crashed")
    captures = written(folder, *(exchange(f"/{n}", message(b"news " * 100 * n)) for n in range(3)))
    (path,) = warcs(folder)
    path.rename(path.with_name(path.name + ".open"))
    shutil.rmtree(folder / "indexes")
    (path.parent / "manifest.sha256").unlink()
    return folder, captures


def copied(left_open: tuple[Path, list[Capture]], to: Path) -> Path:
    """The one file, in a folder of its own."""
    shutil.copytree(left_open[0], to, dirs_exist_ok=True)
    return next(archive_folder(to).iterdir())


def test_an_open_file_is_told_and_sealed(left_open: tuple[Path, list[Capture]], tmp_path: Path) -> None:
    copied(left_open, tmp_path)
    told: list[Capture] = []
    (entry,) = recover(tmp_path, told.append)
    assert told == left_open[1]
    assert [path.name for path in warcs(tmp_path)] == [entry.filename]
    assert sealed(archive_folder(tmp_path)) == [entry]
    assert index_path(tmp_path, entry.filename).read_text().splitlines() == sorted(map(cdxj_line, told))
    assert recover(tmp_path, told.append) == []


def test_a_file_cut_anywhere_keeps_its_whole_groups_and_sets_the_rest_aside(
    left_open: tuple[Path, list[Capture]], tmp_path: Path
) -> None:
    whole = next(archive_folder(left_open[0]).iterdir()).read_bytes()
    ends = group_ends(left_open)
    for cut in sorted({*random.Random(7).sample(range(1, len(whole)), 60), *ends, *(end - 1 for end in ends)}):
        path = copied(left_open, tmp_path / str(cut))
        path.write_bytes(whole[:cut])
        told: list[Capture] = []
        recover(tmp_path / str(cut), told.append)
        assert told == [capture for capture, end in zip(left_open[1], ends[1:], strict=True) if end <= cut]
        kept = next((path.read_bytes() for path in warcs(tmp_path / str(cut))), b"")
        torn = next((path.read_bytes() for path in path.parent.glob("*.torn")), b"")
        assert kept + torn == whole[:cut] or (not told and whole[: ends[0]] + torn == whole[:cut])


def group_ends(left_open: tuple[Path, list[Capture]]) -> list[int]:
    """Where the warcinfo and each group end."""
    path = next(archive_folder(left_open[0]).iterdir())
    return [group[-1].offset + group[-1].length for group in groups(records(path))]


@pytest.mark.parametrize("damaged", ["warcinfo", "first", "second", "last"])
def test_damage_inside_an_open_file_costs_only_what_it_hit(
    left_open: tuple[Path, list[Capture]], tmp_path: Path, damaged: str
) -> None:
    """All that follows was acknowledged too, and keeps its place."""
    path = copied(left_open, tmp_path)
    places = dict(zip(("first", "second", "last"), left_open[1], strict=True))
    content = bytearray(path.read_bytes())
    content[places[damaged].offset + 200 if damaged in places else 100] ^= 0xFF
    path.write_bytes(content)
    told: list[Capture] = []
    (entry,) = recover(tmp_path, told.append)
    assert told == [capture for name, capture in places.items() if name != damaged]
    assert entry.bytes == (places["last"].offset if damaged == "last" else len(content))


@pytest.mark.parametrize("tail", [bytes(5000), b"\x1f\x8b\x08", b"WARC/1.1\r\n", b"\xff" * 100])
def test_a_tail_of_rubbish_is_set_aside(left_open: tuple[Path, list[Capture]], tmp_path: Path, tail: bytes) -> None:
    path = copied(left_open, tmp_path)
    with path.open("ab") as file:
        file.write(tail)
    told: list[Capture] = []
    (entry,) = recover(tmp_path, told.append)
    assert told == left_open[1]
    assert (path.parent / (entry.filename + ".torn")).read_bytes() == tail


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.record(exchange("/a", message(b"x")), Notes()).result(10)
        assert recover(tmp_path, lambda capture: None) == []
    assert len(warcs(tmp_path)) == 1


def test_a_sealed_file_that_the_index_does_not_know_is_told(tmp_path: Path) -> None:
    captures = written(tmp_path, exchange("/a", message(b"x")))
    told: list[Capture] = []
    (entry,) = recover(tmp_path, told.append, indexed=())
    assert told == captures
    assert recover(tmp_path, told.append, indexed={entry.filename}) == []
    assert told == captures


def test_events_are_told_too(tmp_path: Path) -> None:
    event = Event("host-down", written(tmp_path, exchange("/a", message(b"x")))[0].captured_at)
    with writing(tmp_path) as writer:
        writer.event(event).result(10)
    told: list[Event] = []
    recover(tmp_path, lambda capture: None, told.append, indexed=())
    assert told == [event]


def test_sealing_that_was_interrupted_is_listed_once(tmp_path: Path) -> None:
    written(tmp_path, exchange("/a", message(b"x")))
    (path,) = warcs(tmp_path)
    # Killed between the manifest and the final name.
    path.rename(path.with_name(path.name + ".open"))
    (entry,) = recover(tmp_path, lambda capture: None)
    assert sealed(archive_folder(tmp_path)) == [entry]


def test_a_file_that_cannot_be_sealed_stays_open_and_is_sealed_at_the_next_start(tmp_path: Path) -> None:
    (tmp_path / "indexes").touch()
    writer = WarcWriter(tmp_path, info=INFO)
    capture = writer.record(exchange("/a", message(b"x")), Notes()).result(10)
    with pytest.raises(FolderNotUsable, match="indexes cannot be written"):
        writer.close()
    (tmp_path / "indexes").unlink()
    told: list[Capture] = []
    recover(tmp_path, told.append)
    assert told == captures_in(warcs(tmp_path)[0]) == [capture]


def test_a_manifest_entry_that_was_cut_short_is_passed_over(tmp_path: Path) -> None:
    written(tmp_path, exchange("/a", message(b"x")))
    manifest = archive_folder(tmp_path) / "manifest.sha256"
    manifest.write_text(manifest.read_text()[:-20])
    written(tmp_path, exchange("/b", message(b"x")))
    (entry,) = sealed(archive_folder(tmp_path))
    assert entry.previous_sha256 is None


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    chance = random.Random(1)
    for _ in range(6):
        process = writing_process(tmp_path)
        assert process.stdout
        acknowledged.append(process.stdout.readline().strip())
        time.sleep(chance.uniform(0, 0.15))
        process.kill()
        acknowledged += process.stdout.read().split()
        process.wait()
        process.stdout.close()
        told: list[Capture] = []
        recover(tmp_path, told.append)
    found = ids_in(tmp_path)
    assert set(acknowledged) <= set(found)
    assert len(found) == len(set(found))
    assert {entry.filename for entry in sealed(archive_folder(tmp_path))} == {path.name for path in warcs(tmp_path)}


def test_a_full_disk_ends_the_writing_and_damages_nothing(tmp_path: Path) -> None:
    process = writing_process(tmp_path, file_limit=150_000)
    output, _ = process.communicate(timeout=20)
    *acknowledged, message_ = output.splitlines()
    assert process.returncode == 3
    assert message_.startswith("DiskFull: no room for ")
    (path,) = archive_folder(tmp_path).glob("*.open")
    assert [capture.record_id for capture in captures_in(path)][: len(acknowledged)] == acknowledged
    recover(tmp_path, lambda capture: None)
    assert not list(archive_folder(tmp_path).glob("*.torn"))


def test_damage_inside_a_file_is_named_with_its_place(left_open: tuple[Path, list[Capture]], tmp_path: Path) -> None:
    path = copied(left_open, tmp_path)
    offset = left_open[1][1].offset
    content = bytearray(path.read_bytes())
    content[offset + 200] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BadRecord, match=rf"{path.name}:{offset}: "):
        captures_in(path)


def test_a_file_that_holds_other_than_was_written_is_not_sealed_as_it_is(tmp_path: Path) -> None:
    writer = WarcWriter(tmp_path, info=INFO)
    capture = writer.record(exchange("/", message(b"<p>Bridge</p>")), Notes()).result(10)
    (unsealed,) = archive_folder(tmp_path).glob("*.open")
    with unsealed.open("ab") as file:
        file.write(b"torn")
    with pytest.raises(StorageError, match="the next start mends it"):
        writer.close()
    recover(tmp_path, lambda found: None)
    assert ids_in(tmp_path) == [capture.record_id]
    assert [entry.filename for entry in sealed(archive_folder(tmp_path))] == [capture.warc]
