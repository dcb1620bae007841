"""What the writer puts on record."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import threading
import tracemalloc
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import DiskFull, FolderNotUsable, SecretOnTheWire
from crawler.items import BrokenExchange, Capture, Event, Exchange, Hints, Notes, Tls
from crawler.warc.captures import capture_of, groups, is_exchange
from crawler.warc.events import event_of, is_event
from crawler.warc.manifest import SealedWarc, sealed
from crawler.warc.names import archive_folder, index_path
from crawler.warc.reader import Record, payload, read, read_file, records
from tests.warc.exchanges import HOST, INFO, Known, chunked, exchange, message, opened, warcs, writing, written

PAGE = b"<html><p>" + b"Some news. " * 500


def all_records(folder: Path) -> list[Record]:
    return [record for path in warcs(folder) for record in records(path)]


def all_captures(folder: Path) -> list[Capture]:
    return [capture_of(group) for path in warcs(folder) for group in groups(records(path)) if is_exchange(group)]


def of_type(folder: Path, kind: str) -> Record:
    (record,) = [record for record in all_records(folder) if record.type == kind]
    return record


def test_blocks_are_the_bytes_on_the_wire(tmp_path: Path) -> None:
    response = chunked([PAGE, b"x"], "sERVER: odd", "Set-Cookie: a=1", "Set-Cookie: b=2", trailer=b"Expires: 0\r\n")
    done = exchange("/a", response)
    (capture,) = written(tmp_path, done)
    assert read(tmp_path, capture.warc, capture.offset).block == response
    assert of_type(tmp_path, "request").block == done.request


def test_a_group_is_response_request_and_metadata_of_one_date(tmp_path: Path) -> None:
    (capture,) = written(tmp_path, exchange("/a", message(PAGE)))
    first, *group = all_records(tmp_path)
    assert first.type == "warcinfo"
    assert [record.type for record in group] == ["response", "request", "metadata"]
    assert {record.date for record in group} == {capture.captured_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    assert {record.uri("WARC-Concurrent-To") for record in group[1:]} == {capture.record_id}
    assert {record.uri("WARC-Warcinfo-ID") for record in group} == {first.record_id}


def test_the_payload_digest_covers_the_body_without_chunks_with_its_coding(tmp_path: Path) -> None:
    coded = gzip.compress(PAGE)
    (capture,) = written(tmp_path, exchange("/a", chunked([coded[:100], coded[100:]], "Content-Encoding: gzip")))
    assert capture.payload_sha256 == hashlib.sha256(coded).hexdigest()
    assert capture.payload_length == len(coded)
    assert payload(read(tmp_path, capture.warc, capture.offset)) == PAGE


def test_a_future_resolves_while_the_file_is_open(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        capture = writer.record(exchange("/a", message(PAGE)), Notes()).result(10)
        path = opened(tmp_path)
        assert path.name == capture.warc + ".open"
        assert payload(read(tmp_path, capture.warc, capture.offset)) == PAGE
    # A task that was made before the sealing finds the file after it.
    assert payload(read_file(path, capture.offset)) == PAGE


moments = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
texts = st.text(max_size=30)
maybe = st.none() | texts
header_values = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20)
hints = st.builds(Hints, source=st.just("feed"), title=maybe, published=st.none() | moments, images=st.tuples(texts))
notes = st.builds(
    Notes,
    purpose=st.sampled_from(["article", "feed", "other"]),
    publisher_id=maybe,
    via=maybe,
    hops=st.integers(0, 99),
    retries=st.integers(0, 9),
    hints=st.none() | hints,
    mirror_of=maybe,
    crawl=maybe,
)
tls = st.builds(Tls, version=header_values, cipher=header_values, certificate_sha256=header_values)


@st.composite
def exchanges(draw: st.DrawFn) -> Exchange:
    headers = [
        f"{name}: {draw(header_values)}" for name in ("Content-Type", "ETag", "Last-Modified", "Content-Encoding")
    ]
    headers = draw(st.lists(st.sampled_from(headers), unique=True))
    body = draw(st.binary(max_size=200))
    status = draw(st.sampled_from(["200 OK", "301 Moved", "404", "500 Oh\xe9"]))
    response = draw(
        st.sampled_from([message(body, *headers, status=status), chunked([body] if body else [], *headers)])
    )
    path = draw(st.text(st.characters(codec="utf-8"), max_size=20))
    return exchange(
        "/",
        response,
        url=f"https://{HOST}/{path}",
        captured_at=draw(moments),
        interim=draw(st.binary(max_size=50)),
        truncated=draw(st.sampled_from([None, "length", "time", "disconnect"])),
        ip=draw(st.sampled_from([None, "127.0.0.1", "::1"])),
        tls=draw(st.none() | st.builds(Tls, header_values, header_values, header_values, st.booleans())),
        via_proxy=draw(st.booleans()),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(exchanges(), notes), min_size=1, max_size=5))
def test_records_read_back_give_the_capture_that_the_writer_gave(
    tmp_path_factory: pytest.TempPathFactory, made: list[tuple[Exchange, Notes]]
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    blocks = [exchange.response.read() for exchange, _ in made]
    with writing(folder) as writer:
        captures = [future.result(10) for future in [writer.record(exchange, notes) for exchange, notes in made]]
    assert all_captures(folder) == captures
    assert [read(folder, capture.warc, capture.offset).block for capture in captures] == blocks


def test_a_spooled_body_is_written_without_being_held(tmp_path: Path) -> None:
    body = os.urandom(1 << 20) * 24
    done = exchange("/film", message(body, "Content-Type: video/mp4"), spooled=True)
    tracemalloc.start()
    (capture,) = written(tmp_path, done)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20
    assert read(tmp_path, capture.warc, capture.offset).body() == body
    assert capture.payload_sha256 == hashlib.sha256(body).hexdigest()
    assert done.response.closed


def test_a_request_with_credentials_is_refused_and_that_is_on_record(tmp_path: Path) -> None:
    request = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nCookie: session=s3cret\r\n\r\n".encode()
    with writing(tmp_path) as writer:
        future = writer.record(exchange("/", message(PAGE), request=request), Notes())
        with pytest.raises(SecretOnTheWire, match="carries cookie"):
            future.result(10)
        writer.record(exchange("/b", message(PAGE)), Notes()).result(10)
    events = [event_of(record) for record in all_records(tmp_path) if is_event(record)]
    assert [event.kind for event in events] == ["exchange-refused"]
    assert not any(b"s3cret" in record.block for record in all_records(tmp_path))


def test_an_event_reads_back_as_it_was(tmp_path: Path) -> None:
    event = Event("host-down", datetime.now(UTC), "example", detail={"host": "a.example", "after": 3})
    with writing(tmp_path) as writer:
        located = writer.event(event).result(10)
    record = read(tmp_path, located.warc, located.offset)
    assert record.record_id == located.record_id
    assert record.url == "urn:ofrecord:event:host-down"
    assert event_of(record) == event


def test_an_exchange_without_a_whole_header_is_an_event_with_its_bytes(tmp_path: Path) -> None:
    broken = BrokenExchange(
        "https://a.example/", "GET", datetime.now(UTC), b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.", "closed"
    )
    with writing(tmp_path) as writer:
        writer.broken(broken).result(10)
    event = event_of(of_type(tmp_path, "metadata"))
    assert event.kind == "broken-exchange"
    assert event.at == broken.captured_at
    assert event.detail["received"] == "SFRUUC8xLg=="


def test_a_304_that_was_asked_for_is_a_revisit_of_what_is_known(tmp_path: Path) -> None:
    (first,) = written(tmp_path / "1", exchange("/a", message(PAGE)))
    not_modified = b'HTTP/1.1 304 Not Modified\r\nETag: "7"\r\n\r\n'
    with writing(tmp_path / "2", originals=Known(first)) as writer:
        capture = writer.record(exchange("/a", not_modified, conditional=True), Notes()).result(10)
        unknown = writer.record(exchange("/b", not_modified, conditional=True), Notes()).result(10)
        unasked = writer.record(exchange("/a", not_modified), Notes()).result(10)
    assert all_captures(tmp_path / "2") == [capture, unknown, unasked]
    record = read(tmp_path / "2", capture.warc, capture.offset)
    assert (record.type, record.block, capture.status, capture.etag) == ("revisit", b"", 304, '"7"')
    assert record.uri("WARC-Refers-To") == capture.refers_to == first.record_id
    assert (unknown.kind, unasked.kind) == ("response", "response")


def test_a_304_is_no_revisit_of_what_was_captured_later(tmp_path: Path) -> None:
    """The clock was set back since."""
    at = datetime(2024, 3, 11, tzinfo=UTC)
    (first,) = written(tmp_path / "1", exchange("/a", message(PAGE), captured_at=at + timedelta(hours=1)))
    not_modified = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    with writing(tmp_path / "2", originals=Known(first)) as writer:
        capture = writer.record(exchange("/a", not_modified, conditional=True, captured_at=at), Notes()).result(10)
    assert capture.kind == "response"


def test_a_304_is_a_revisit_where_the_record_spells_the_address_otherwise(tmp_path: Path) -> None:
    (first,) = written(tmp_path / "1", exchange("/a|b", message(PAGE)))
    with writing(tmp_path / "2", originals=Known(first)) as writer:
        not_modified = exchange("/a|b", b"HTTP/1.1 304 Not Modified\r\n\r\n", conditional=True)
        assert writer.record(not_modified, Notes()).result(10).refers_to == first.record_id


def test_a_payload_that_is_on_record_is_a_revisit_at_whatever_address(tmp_path: Path) -> None:
    body = PAGE + os.urandom(3000)
    with writing(tmp_path, originals=Known()) as writer:
        first = writer.record(exchange("/a", message(body)), Notes()).result(10)
        copy = exchange("/", message(body, "Server: mirror"), url="https://mirror.example/copy")
        capture = writer.record(copy, Notes("article")).result(10)
    assert all_captures(tmp_path) == [first, capture]
    assert (capture.kind, capture.refers_to, capture.truncated) == ("revisit", first.record_id, None)
    assert (capture.payload_digest, capture.payload_sha256) == (first.payload_digest, first.payload_sha256)
    record = read(tmp_path, capture.warc, capture.offset)
    assert record.header("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
    assert record.header("WARC-Refers-To-Target-URI") == first.url
    assert record.header("WARC-Truncated") == "length"
    assert record.http_header("server") == "mirror"
    assert record.body() == b""


@pytest.mark.parametrize(
    ("original", "later"),
    [
        ({"response": message(b"x" * 1000)}, {}),
        ({"response": message(PAGE * 40, status="404 Not Found")}, {}),
        ({"response": message(PAGE * 40), "truncated": "length"}, {}),
        ({"response": message(PAGE * 40)}, {"truncated": "disconnect"}),
        ({"response": message(PAGE * 40)}, {"captured_at": datetime(2020, 1, 1, tzinfo=UTC)}),
    ],
    ids=["small", "an error", "of a cut response", "itself cut", "begun before the original"],
)
def test_there_is_no_revisit(tmp_path: Path, original: dict[str, Any], later: dict[str, Any]) -> None:
    with writing(tmp_path, originals=Known()) as writer:
        writer.record(exchange("/a", **original), Notes()).result(10)
        capture = writer.record(exchange("/b", **(original | later)), Notes()).result(10)
    assert (capture.kind, capture.refers_to) == ("response", None)


def test_a_disk_that_is_nearly_full_takes_nothing_more_and_keeps_what_it_has(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        first = writer.record(exchange("/a", message(PAGE)), Notes()).result(10)
    disk = os.statvfs(tmp_path)
    wanted = disk.f_bavail * disk.f_frsize * 2
    with writing(tmp_path, min_free_bytes=wanted) as writer, pytest.raises(DiskFull, match="bytes are free, and"):
        writer.record(exchange("/b", message(PAGE)), Notes()).result(10)
    assert all_captures(tmp_path) == [first]


def test_a_clock_that_goes_back_loses_nothing_and_makes_no_revisit_of_the_future(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours = iter(range(9, 0, -1))

    class Backwards(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Backwards:
            return cls(2024, 3, 11, next(hours), tzinfo=tz)

    captures = []
    for module in ("crawler.warc.files", "crawler.warc.sealing"):
        monkeypatch.setattr(f"{module}.datetime", Backwards)
    known = Known()
    for hour in (8, 5, 2):
        with writing(tmp_path, originals=known) as writer:
            at = datetime(2024, 3, 11, hour, tzinfo=UTC)
            captures.append(writer.record(exchange("/a", message(PAGE), captured_at=at), Notes()).result(10))
    assert {capture.kind for capture in captures} == {"response"}
    assert {capture.record_id for capture in all_captures(tmp_path)} == {capture.record_id for capture in captures}
    entries = sealed(archive_folder(tmp_path))
    assert [entry.previous_sha256 for entry in entries] == [None, *(entry.sha256 for entry in entries[:-1])]


def test_a_writer_without_records_leaves_no_file(tmp_path: Path) -> None:
    with writing(tmp_path):
        pass
    assert not list(tmp_path.rglob("*"))


def test_a_full_file_is_sealed_and_the_next_begun(tmp_path: Path) -> None:
    told: list[SealedWarc] = []
    with writing(tmp_path, max_bytes=40_000, on_sealed=told.append) as writer:
        futures = [writer.record(exchange(f"/{n}", message(os.urandom(20_000))), Notes()) for n in range(4)]
        captures = [future.result(10) for future in futures]
    assert len(warcs(tmp_path)) == 4
    assert told == sealed(archive_folder(tmp_path))
    assert [entry.previous_sha256 for entry in told] == [None, *(entry.sha256 for entry in told[:-1])]
    assert [read(tmp_path, capture.warc, capture.offset).url for capture in captures] == [c.url for c in captures]


def test_an_old_file_is_sealed_even_when_nothing_comes(tmp_path: Path) -> None:
    done = threading.Event()
    with writing(tmp_path, max_seconds=0.05, on_sealed=lambda _: done.set()) as writer:
        writer.record(exchange("/a", message(PAGE)), Notes()).result(10)
        assert done.wait(5)
        assert len(warcs(tmp_path)) == 1


def test_a_sealed_file_is_what_its_manifest_says(tmp_path: Path) -> None:
    written(tmp_path, exchange("/a", message(PAGE)), exchange("/b", message(PAGE)))
    (entry,) = sealed(archive_folder(tmp_path))
    content = warcs(tmp_path)[0].read_bytes()
    assert (entry.bytes, entry.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert entry.records == len(all_records(tmp_path)) == 7
    assert abs(datetime.now(UTC) - entry.sealed_at) < timedelta(minutes=1)


def test_each_line_of_the_sorted_cdxj_opens_its_record(tmp_path: Path) -> None:
    captures = written(tmp_path, *(exchange(f"/{n}", message(PAGE, "Content-Type: Text/HTML")) for n in (3, 1, 2)))
    lines = index_path(tmp_path, captures[0].warc).read_text().splitlines()
    assert lines == sorted(lines)
    assert [line.split(" ")[0] for line in lines] == [f"example,news)/{n}" for n in (1, 2, 3)]
    for line in lines:
        facts = json.loads(line.split(" ", 2)[2])
        record = read(tmp_path, facts["filename"], int(facts["offset"]))
        assert (record.url, str(record.length)) == (facts["url"], facts["length"])
        assert record.header("WARC-Payload-Digest") == facts["digest"]


def test_a_folder_that_cannot_be_made_is_told_to_all_that_wait(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with writing(tmp_path / "file" / "news") as writer:
        futures: list[Future[Any]] = [writer.record(exchange("/a", message(PAGE)), Notes()) for _ in range(3)]
        for future in futures:
            with pytest.raises(FolderNotUsable, match="ARCHIVES_DIR"):
                future.result(10)


def test_a_file_that_vanishes_is_noticed_before_anything_more_is_promised(tmp_path: Path) -> None:
    with writing(tmp_path) as writer:
        writer.record(exchange("/a", message(PAGE)), Notes()).result(10)
        opened(tmp_path).unlink()
        with pytest.raises(FolderNotUsable, match="removed"):
            writer.record(exchange("/b", message(PAGE)), Notes()).result(10)


def test_two_writers_in_one_folder_do_not_meet(tmp_path: Path) -> None:
    with writing(tmp_path) as one, writing(tmp_path) as other:
        captures = [writer.record(exchange("/a", message(PAGE)), Notes()).result(10) for writer in (one, other)]
    assert len({capture.warc for capture in captures}) == 2
    assert len(sealed(archive_folder(tmp_path))) == 2


def test_payloads_are_cut_at_a_limit_and_broken_ones_given_as_they_are(tmp_path: Path) -> None:
    coded, lie = brotli.compress(bytes(10**6)), b"<p>not gzip"
    captures = written(
        tmp_path,
        exchange("/bomb", message(coded, "Content-Encoding: br")),
        exchange("/lie", message(lie, "Content-Encoding: gzip")),
    )
    bomb, plain = (read(tmp_path, capture.warc, capture.offset) for capture in captures)
    assert payload(bomb, limit=1000) == bytes(1000)
    assert payload(plain) == lie


def test_the_warcinfo_says_what_it_was_given(tmp_path: Path) -> None:
    written(tmp_path, exchange("/a", message(PAGE)))
    record = of_type(tmp_path, "warcinfo")
    assert record.header("WARC-Filename") == warcs(tmp_path)[0].name
    for name, value in INFO.items():
        assert f"{name}: {value}\r\n".encode() in record.block
