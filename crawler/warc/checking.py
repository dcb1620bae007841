"""One WARC file held against itself: every member, digest and group, its hash, and its CDXJ."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crawler.errors import BadRecord
from crawler.items import Capture, Event, Fault
from crawler.warc.captures import capture_of, facts_of, groups, is_exchange, is_whole
from crawler.warc.cdxj import cdxj_line
from crawler.warc.events import event_of, is_event
from crawler.warc.names import index_path, warc_path
from crawler.warc.reader import Damage, Record, entity_of, everything, file_sha256
from crawler.warc.records import moment_of, sha1_base32


@dataclass(frozen=True, slots=True)
class Reference:
    """What a revisit says of the response that it refers to."""

    where: str
    record_id: str
    url: str
    date: str
    payload_digest: str
    captured_at: datetime
    """Of the revisit itself."""


@dataclass(slots=True)
class FileReport:
    """What a file holds, and what is wrong with it."""

    filename: str
    bytes: int = 0
    records: int = 0
    sha256: str = ""
    record_ids: list[str] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check_file(folder: Path, filename: str) -> FileReport:
    """All that can be said of a collection's sealed file without any other."""
    path = warc_path(folder, filename)
    report = FileReport(filename)
    try:
        report.bytes, report.sha256 = path.stat().st_size, file_sha256(path)
        for group in groups(_noted(path, report)):
            _check_group(group, report)
    except (OSError, BadRecord) as error:
        report.faults.append(Fault("file", filename, f"cannot be read: {error}"))
        return report
    report.faults += _index_faults(index_path(folder, filename), report.captures)
    return report


def _noted(path: Path, report: FileReport) -> Iterator[Record]:
    """The records of a file; what is wrong with one by itself, or lies between them, is noted."""
    warcinfo_id: str | None = None
    for record in everything(path):
        if isinstance(record, Damage):
            report.faults.append(Fault("member", f"{report.filename}:{record.offset}", record.reason))
            continue
        if record.offset == 0:
            warcinfo_id = record.record_id
            report.faults += _first_faults(record)
        report.records += 1
        report.record_ids.append(record.record_id)
        report.faults += _record_faults(record, warcinfo_id)
        yield record


def _check_group(group: Sequence[Record], report: FileReport) -> None:
    first = group[0]
    try:
        if is_event(first):
            report.events.append(event_of(first))
        elif is_exchange(group):
            report.faults += _exchange_faults(group)
            report.captures.append(capture_of(group))
            if first.type == "revisit":
                report.references.append(_reference(first))
        elif first.type != "warcinfo":
            report.faults.append(_fault(first, "group", f"a {first.type or 'nameless'} record that is of no exchange"))
    except (BadRecord, ValueError) as error:
        report.faults.append(_fault(first, "record", f"says what cannot be read: {error}"))


def _first_faults(record: Record) -> Iterator[Fault]:
    if record.type != "warcinfo":
        yield _fault(record, "warcinfo", f"the file begins with a {record.type} record")
    elif record.header("WARC-Filename") != record.warc:
        named = record.header("WARC-Filename")
        yield _fault(record, "file-name", f"the warcinfo record calls the file {named}: it was renamed, or swapped")


def _record_faults(record: Record, warcinfo_id: str | None) -> Iterator[Fault]:
    """Of its header alone, and of its block beside the digest in it; without a warcinfo record, whose it is is open."""
    stated = record.header("WARC-Block-Digest")
    found = sha1_base32(hashlib.sha1(record.block))
    if stated != found:
        yield _fault(record, "block-digest", f"{found} where the record says {stated}")
    if not record.record_id:
        yield _fault(record, "record", "has no WARC-Record-ID")
    if warcinfo_id and record.type != "warcinfo" and record.uri("WARC-Warcinfo-ID") != warcinfo_id:
        yield _fault(record, "warcinfo-id", "names the warcinfo record of another file: it was put here from there")
    try:
        moment_of(record.date)
    except ValueError:
        yield _fault(record, "date", f"{record.date!r} is no date")


def _exchange_faults(group: Sequence[Record]) -> Iterator[Fault]:
    first = group[0]
    if not is_whole(group):
        kinds = ", ".join(record.type for record in group)
        yield _fault(first, "group", f"{kinds} where response or revisit, request and metadata should be")
    for record in group[1:]:
        if (record.date, record.url) != (first.date, first.url):
            yield _fault(
                record, "group", f"of {record.url} at {record.date}; the exchange is {first.url}, {first.date}"
            )
    if first.type == "response":
        yield from _payload_faults(first, facts_of(group))


def _payload_faults(response: Record, facts: dict[str, str]) -> Iterator[Fault]:
    payload = entity_of(response)
    stated, found = response.header("WARC-Payload-Digest"), sha1_base32(hashlib.sha1(payload))
    if stated != found:
        yield _fault(response, "payload-digest", f"{found} where the record says {stated}")
    stated, found = facts.get("payloadSha256"), hashlib.sha256(payload).hexdigest()
    if stated not in (None, found):
        yield _fault(response, "payload-sha256", f"{found} where the metadata record says {stated}")


def _reference(revisit: Record) -> Reference:
    return Reference(
        where=f"{revisit.warc}:{revisit.offset}",
        record_id=revisit.uri("WARC-Refers-To") or "",
        url=revisit.uri("WARC-Refers-To-Target-URI") or "",
        date=revisit.header("WARC-Refers-To-Date") or "",
        payload_digest=revisit.header("WARC-Payload-Digest") or "",
        captured_at=moment_of(revisit.date),
    )


def _index_faults(path: Path, captures: Iterable[Capture]) -> Iterator[Fault]:
    """Of the CDXJ: a line for each capture, no other, in order."""
    try:
        lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        yield Fault("cdxj-missing", f"indexes/{path.name}", "is not there; replay tools find nothing of the file")
        return
    except OSError as error:
        yield Fault("cdxj-missing", f"indexes/{path.name}", f"cannot be read: {error.strerror}")
        return
    expected = {cdxj_line(capture) for capture in captures}
    if [line.encode() for line in lines] != sorted(line.encode() for line in lines):
        yield Fault("cdxj-order", f"indexes/{path.name}", "is not sorted, so that binary search fails")
    for line in sorted(expected.difference(lines)):
        yield Fault("cdxj-line", f"indexes/{path.name}", f"has no line {line[:200]}")
    for number, line in enumerate(lines, 1):
        if line not in expected:
            yield Fault("cdxj-line", f"indexes/{path.name}:{number}", f"fits no record: {line[:200]}")
    for line, times in Counter(lines).items():
        if times > 1:
            yield Fault("cdxj-line", f"indexes/{path.name}", f"has {times} times the line {line[:200]}")


def _fault(record: Record, rule: str, what: str) -> Fault:
    return Fault(rule, f"{record.warc}:{record.offset}", what)
