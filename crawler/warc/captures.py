"""From records back to what the writer said of them: groups, captures, events."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from crawler.errors import BadRecord
from crawler.items import Capture, Truncation
from crawler.warc.fields import CONTENT_TYPE, parse_fields
from crawler.warc.messages import head_length, parse_head
from crawler.warc.notes import not_modified_of, notes_of, tls_of
from crawler.warc.reader import Record, entity_of
from crawler.warc.records import moment_of

_FIRST = ("response", "revisit")


def groups(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Records as they were written together: an exchange's three, or one alone. The last one may not be whole."""
    group: list[Record] = []
    for record in records:
        if group and not belongs(record, group):
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def belongs(record: Record, group: Sequence[Record]) -> bool:
    """Whether a record is of the exchange whose response or revisit came first."""
    return record.type in ("request", "metadata") and record.uri("WARC-Concurrent-To") == group[0].record_id


def is_exchange(group: Sequence[Record]) -> bool:
    """Whether a group holds a response or revisit."""
    return group[0].type in _FIRST


def is_whole(group: Sequence[Record]) -> bool:
    """Whether all records are there that our writer writes at once."""
    return not is_exchange(group) or [record.type for record in group[1:]] == ["request", "metadata"]


def capture_of(group: Sequence[Record]) -> Capture:
    """What the writer's future gave for these records. Raises BadRecord when they are no exchange.

    Groups of other programs' files serve too; what they do not say has its default.
    """
    first = group[0]
    try:
        return _capture(first, _of_type(group, "request"), facts_of(group))
    except ValueError as error:
        raise BadRecord(f"{first.warc}:{first.offset}: {error}") from error


def _capture(first: Record, request: Record | None, facts: Mapping[str, str]) -> Capture:
    if first.type not in _FIRST:
        raise ValueError(f"a {first.type or 'nameless'} record where a response should be")
    not_modified = not_modified_of(facts)
    head = parse_head(not_modified[: head_length(not_modified)]) if not_modified else first.http()
    sha256, length = _payload_facts(first, facts)
    return Capture(
        record_id=first.record_id,
        url=first.url,
        captured_at=moment_of(first.date),
        method=request.http().method() if request else "GET",
        status=head.status(),
        mime=head.mime(),
        warc=first.warc,
        offset=first.offset,
        length=first.length,
        payload_digest=first.header("WARC-Payload-Digest"),
        payload_sha256=sha256,
        payload_length=length,
        kind="revisit" if first.type == "revisit" else "response",
        ip=first.header("WARC-IP-Address"),
        tls=tls_of(facts),
        truncated=_truncation(first),
        etag=head.get("etag"),
        last_modified=head.get("last-modified"),
        asks=head.asks(),
        refers_to=first.uri("WARC-Refers-To") if first.type == "revisit" else None,
        notes=notes_of(facts),
    )


def _truncation(first: Record) -> Truncation | None:
    """How the response was cut; a revisit is marked so only because it leaves the payload out."""
    return None if first.type == "revisit" else cast(Truncation | None, first.header("WARC-Truncated"))


def _payload_facts(first: Record, facts: Mapping[str, str]) -> tuple[str | None, int]:
    """sha256 and length of the payload: as noted when it was written, else from the block."""
    if "payloadLength" in facts:
        return facts.get("payloadSha256"), int(facts["payloadLength"])
    if first.type == "revisit":
        return None, 0
    payload = entity_of(first)
    return hashlib.sha256(payload).hexdigest(), len(payload)


def facts_of(group: Sequence[Record]) -> dict[str, str]:
    """What the metadata record of an exchange says."""
    metadata = _of_type(group, "metadata")
    if metadata is None or not (metadata.header("Content-Type") or "").startswith(CONTENT_TYPE):
        return {}
    return parse_fields(metadata.block)


def _of_type(group: Sequence[Record], kind: str) -> Record | None:
    return next((record for record in group if record.type == kind), None)
