"""A WARC file held against itself, part by part: every member, digest and group, its hash; and its CDXJ."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crawler.errors import BadRecord
from crawler.items import Capture, Event, Fault
from crawler.warc.captures import capture_of, facts_of, groups, is_exchange, is_whole
from crawler.warc.events import event_of, is_event
from crawler.warc.names import index_path, warc_path
from crawler.warc.reader import Damage, Record, entity_of, everything, file_sha256, next_record
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


@dataclass(frozen=True, slots=True)
class Part:
    """Of a file: the groups of records that begin in it."""

    filename: str
    start: int
    stop: int | None
    """None: the end of the file."""
    is_exact: bool
    """Whether a group begins at ``start``; else at the first that can be told behind it."""


@dataclass(slots=True)
class PartReport:
    """What a part holds, and what is wrong with it."""

    filename: str
    begin: int
    end: int
    """Where the next part is to begin."""
    is_last: bool
    is_readable: bool = True
    bytes: int = 0
    sha256: str = ""
    """Of the whole file, in its first part; as ``bytes``."""
    records: int = 0
    record_ids: list[str] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def check_part(folder: Path, part: Part) -> PartReport:
    """All that can be said of a part of a collection's sealed file without any other file."""
    path = warc_path(folder, part.filename)
    report = PartReport(part.filename, part.start, part.start, part.stop is None)
    try:
        if part.start == 0:
            report.bytes, report.sha256 = path.stat().st_size, file_sha256(path)
        _check(path, part, report)
    except (OSError, BadRecord) as error:
        report.is_readable = False
        report.faults.append(Fault("file", part.filename, f"cannot be read: {error}"))
    return report


def _check(path: Path, part: Part, report: PartReport) -> None:
    size = path.stat().st_size
    stop = size if part.stop is None else part.stop
    report.begin = report.end = size
    first = next(everything(path), None)
    warcinfo_id = first.record_id if isinstance(first, Record) and first.offset == 0 else None
    damaged: list[Damage] = []
    reached = stop
    for group in groups(_found(path, part, report, damaged)):
        if group[0].offset >= stop:
            report.end = group[0].offset
            break
        reached = max(stop, group[-1].offset)
        for record in group:
            _check_record(record, warcinfo_id, report)
        _check_group(group, report)
    for damage in damaged:
        if damage.offset < reached:
            report.faults.append(Fault("member", f"{report.filename}:{damage.offset}", damage.reason))
        else:  # the next part's
            report.end = min(report.end, damage.offset)


def _found(path: Path, part: Part, report: PartReport, damaged: list[Damage]) -> Iterator[Record]:
    """The records from the part's first group on; what lies between them goes to ``damaged``."""
    start = part.start if part.is_exact else next_record(path, part.start)
    if start is None:
        return
    has_begun = part.is_exact
    if has_begun:
        report.begin = start
    for record in everything(path, start):
        if not has_begun and (isinstance(record, Damage) or record.uri("WARC-Concurrent-To")):
            continue
        if not has_begun:
            has_begun, report.begin = True, record.offset
        if isinstance(record, Damage):
            damaged.append(record)
        else:
            yield record


def _check_record(record: Record, warcinfo_id: str | None, report: PartReport) -> None:
    report.records += 1
    report.record_ids.append(record.record_id)
    if record.offset == 0:
        report.faults += _first_faults(record)
    report.faults += _record_faults(record, warcinfo_id)


def _check_group(group: Sequence[Record], report: PartReport) -> None:
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


def listing_faults(folder: Path, filename: str, expected: Set[str]) -> Iterator[Fault]:
    """Of the CDXJ of a file: a line for each capture, no other, in order."""
    path = index_path(folder, filename)
    try:
        lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        yield Fault("cdxj-missing", f"indexes/{path.name}", "is not there; replay tools find nothing of the file")
        return
    except OSError as error:
        yield Fault("cdxj-missing", f"indexes/{path.name}", f"cannot be read: {error.strerror}")
        return
    if [line.encode() for line in lines] != sorted(line.encode() for line in lines):
        yield Fault("cdxj-order", f"indexes/{path.name}", "is not sorted, so that binary search fails")
    for line in sorted(expected - frozenset(lines)):
        yield Fault("cdxj-line", f"indexes/{path.name}", f"has no line {line[:200]}")
    for number, line in enumerate(lines, 1):
        if line not in expected:
            yield Fault("cdxj-line", f"indexes/{path.name}:{number}", f"fits no record: {line[:200]}")
    for line, times in Counter(lines).items():
        if times > 1:
            yield Fault("cdxj-line", f"indexes/{path.name}", f"has {times} times the line {line[:200]}")


def _fault(record: Record, rule: str, what: str) -> Fault:
    return Fault(rule, f"{record.warc}:{record.offset}", what)
