"""Facts without an exchange as metadata records of their own, so that an index can be rebuilt from the files alone."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime

from crawler.errors import BadRecord, SecretOnTheWire
from crawler.items import BrokenExchange, Event
from crawler.warc.groups import Group, draft, refuse_secrets
from crawler.warc.reader import Record
from crawler.warc.records import moment_of

EVENT_URI = "urn:ofrecord:event:"
"""What the WARC-Target-URI of an event begins with; its kind follows."""

_NOT_IN_KINDS = re.compile(r"[^A-Za-z0-9.-]+")


def event_group(event: Event, warcinfo_id: str) -> Group:
    """The record of an event: a JSON object; nothing that is None."""
    fields = (
        ("WARC-Target-URI", EVENT_URI + _NOT_IN_KINDS.sub("-", event.kind)),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
        # A metadata record must say what it describes.
        ("WARC-Refers-To", f"<{warcinfo_id}>"),
        ("Content-Type", "application/json"),
    )
    facts = {
        "kind": event.kind,
        "publisher_id": event.publisher_id,
        "article_id": event.article_id,
        "record_id": event.record_id,
        "detail": event.detail,
    }
    block = json.dumps({name: fact for name, fact in facts.items() if fact is not None}, default=str)
    return Group((draft("metadata", event.at, fields, block.encode()),), event=event)


def is_event(record: Record) -> bool:
    """Whether a record is an event of ours."""
    return record.type == "metadata" and record.url.startswith(EVENT_URI)


def event_of(record: Record) -> Event:
    """The event that a record holds. Raises BadRecord."""
    try:
        facts = json.loads(record.block)
        return Event(at=moment_of(record.date), **facts)
    except (ValueError, TypeError) as error:
        raise BadRecord(f"{record.warc}:{record.offset}: an event that cannot be read: {error}") from error


def refusal_event(refusal: SecretOnTheWire, at: datetime) -> Event:
    """That an exchange is not on record, and why; nothing of the credentials."""
    return Event("exchange-refused", at, detail={"reason": str(refusal)})


def broken_event(exchange: BrokenExchange) -> Event:
    """An exchange whose response has no whole header, its bytes in base64. Raises SecretOnTheWire."""
    refuse_secrets(exchange.url, exchange.request)
    detail: dict[str, object] = {
        "url": exchange.url,
        "method": exchange.method,
        "reason": exchange.reason,
        "request": base64.b64encode(exchange.request).decode("ascii"),
        "received": base64.b64encode(exchange.received).decode("ascii"),
    }
    if exchange.ip:
        detail["ip"] = exchange.ip
    return Event("broken-exchange", exchange.captured_at, detail=detail)
