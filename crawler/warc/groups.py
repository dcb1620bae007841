"""The records of one exchange, which are written together: response or revisit, request, metadata."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from crawler.errors import SecretOnTheWire
from crawler.items import Capture, Event, Exchange, Notes
from crawler.warc.compression import is_dense
from crawler.warc.fields import CONTENT_TYPE, fields_block
from crawler.warc.messages import entity, is_chunked, parse_head
from crawler.warc.notes import notes_fields, payload_fields, wire_fields
from crawler.warc.records import Body, Draft, Located, new_record_id, sha1_base32, target_uri, warc_date

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

SMALLEST_SAVED = 1024
"""Bytes of payload; of what is smaller a revisit record saves nothing."""

_SECRETS = frozenset({"authorization", "proxy-authorization", "cookie"})

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Original:
    """A response on record that a revisit refers to."""

    record_id: str
    """urn:uuid, without angle brackets."""
    url: str
    captured_at: datetime
    payload_digest: str


class Originals(Protocol):
    """What the archive holds already. Asked in the writer's thread, once an exchange."""

    def unmodified(self, url: str, until: datetime) -> Original | None:
        """The response whose validators a conditional request for this URL was made with, ``until`` then at most."""

    def identical(self, payload_digest: str, until: datetime, *, chunked: bool) -> Original | None:
        """A whole response with this payload, at whichever URL, that was captured ``until`` then.

        ``chunked`` as it is: replay reads the original's body as the revisit's header says.
        """

    def written(self, capture: Capture) -> None:
        """A capture is in the file: what comes after may refer to it."""


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are written together or not at all."""

    drafts: tuple[Draft, ...]
    capture: Capture | None = None
    """Of an exchange; not yet placed."""
    event: Event | None = None
    """That it tells."""


def placed(capture: Capture, located: Located) -> Capture:
    """A capture that knows where its record is."""
    return replace(capture, warc=located.warc, offset=located.offset, length=located.length)


def warcinfo(info: Mapping[str, str], filename: str, at: datetime) -> Draft:
    """The record that a file begins with."""
    fields = (("WARC-Filename", filename), ("Content-Type", CONTENT_TYPE))
    return draft("warcinfo", at, fields, fields_block(info.items()))


def exchange_group(exchange: Exchange, notes: Notes, warcinfo_id: str, originals: Originals | None) -> Group:
    """The records of an exchange. Raises SecretOnTheWire when its request carries credentials."""
    refuse_secrets(exchange.url, exchange.request)
    message = _Message(exchange)
    original = _original(exchange, message, originals) if originals else None
    capture = _capture(exchange, notes, message, original)
    first = _revisit(capture, warcinfo_id, original, message) if original else _response(capture, warcinfo_id, message)
    common = _common(capture, warcinfo_id, concurrent_to=capture.record_id)
    request_fields = (*common, ("Content-Type", "application/http; msgtype=request"))
    request = draft("request", capture.captured_at, request_fields, exchange.request)
    not_modified = message.whole() if original and exchange.status == 304 else b""
    facts = [
        *notes_fields(notes),
        *wire_fields(exchange),
        *payload_fields(capture.payload_sha256, capture.payload_length, not_modified),
    ]
    metadata_fields = (*common, ("Content-Type", CONTENT_TYPE))
    metadata = draft("metadata", capture.captured_at, metadata_fields, fields_block(facts))
    return Group((first, request, metadata), capture)


def draft(kind: str, at: datetime, fields: Fields, block: bytes, *, record_id: str | None = None) -> Draft:
    """A record of a WARC-Type whose block is in memory."""
    record_id = record_id or new_record_id()
    return Draft(record_id, (*_named(kind, record_id, at), *fields), block)


def refuse_secrets(url: str, request: bytes) -> None:
    """Raises SecretOnTheWire when a request carries credentials: taking them out would make the record inexact."""
    carried = sorted({name.decode("latin-1") for name, _ in parse_head(request).fields} & _SECRETS)
    if carried:
        raise SecretOnTheWire(
            f"the request for {target_uri(url)} carries {', '.join(carried)}, which no record may hold; "
            "send no cookies, logins or proxy passwords"
        )


class _Message:
    """A response with its digests, from one reading."""

    def __init__(self, exchange: Exchange) -> None:
        exchange.response.seek(0)
        self.head = exchange.response.read(exchange.head_length)
        self.fields = parse_head(self.head)
        self.body = Body(exchange.response, len(self.head), exchange.response_length - len(self.head))
        block, sha1, sha256 = hashlib.sha1(self.head), hashlib.sha1(), hashlib.sha256()
        body = _read_through(block, self.body)
        self.payload_length = 0
        for piece in entity(self.fields, body):
            sha1.update(piece)
            sha256.update(piece)
            self.payload_length += len(piece)
        for _ in body:  # what follows the last chunk is of the block, not of the payload
            pass
        self.block_digest, self.payload_digest = sha1_base32(block), sha1_base32(sha1)
        self.payload_sha256 = sha256.hexdigest()

    def whole(self) -> bytes:
        return self.head + b"".join(self.body.pieces())


def _read_through(digest: hashlib._Hash, body: Body) -> Iterator[bytes]:
    for piece in body.pieces():
        digest.update(piece)
        yield piece


def _original(exchange: Exchange, message: _Message, originals: Originals) -> Original | None:
    """What a revisit would refer to; None: the response stays one, as also a 304 that nobody asked for does."""
    if exchange.status == 304 and _is_conditional(exchange.request):
        return originals.unmodified(target_uri(exchange.url), exchange.captured_at)
    if exchange.status != 200 or exchange.truncated or message.payload_length < SMALLEST_SAVED:
        return None
    return originals.identical(message.payload_digest, exchange.captured_at, chunked=is_chunked(message.fields))


def _is_conditional(request: bytes) -> bool:
    return any(name in (b"if-none-match", b"if-modified-since") for name, _ in parse_head(request).fields)


def _capture(exchange: Exchange, notes: Notes, message: _Message, original: Original | None) -> Capture:
    return Capture(
        record_id=new_record_id(),
        url=target_uri(exchange.url),
        captured_at=exchange.captured_at,
        method=parse_head(exchange.request).method(),
        status=exchange.status,
        mime=message.fields.mime(),
        warc="",
        offset=0,
        length=0,
        payload_digest=original.payload_digest if original else message.payload_digest,
        payload_sha256=None if original and exchange.status == 304 else message.payload_sha256,
        payload_length=message.payload_length,
        kind="revisit" if original else "response",
        ip=exchange.ip,
        tls=exchange.tls,
        truncated=exchange.truncated,
        etag=message.fields.get("etag"),
        last_modified=message.fields.get("last-modified"),
        asks=message.fields.asks(),
        refers_to=original.record_id if original else None,
        notes=notes,
    )


def _response(capture: Capture, warcinfo_id: str, message: _Message) -> Draft:
    fields = (
        *_named("response", capture.record_id, capture.captured_at),
        *_common(capture, warcinfo_id),
        ("WARC-Payload-Digest", capture.payload_digest or ""),
        *((("WARC-Truncated", capture.truncated),) if capture.truncated else ()),
        ("Content-Type", "application/http; msgtype=response"),
    )
    dense = is_dense(message.fields)
    return Draft(capture.record_id, fields, message.head, message.body, dense, message.block_digest)


def _revisit(capture: Capture, warcinfo_id: str, original: Original, message: _Message) -> Draft:
    """Of a 304 the block is empty: with its header in it, pywb replays an empty page. Else it is the response's header.

    Both as ISO 28500:2017 §6.7 has them.
    """
    is_304 = capture.status == 304
    fields = (
        *_common(capture, warcinfo_id),
        ("WARC-Profile", NOT_MODIFIED if is_304 else IDENTICAL),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", warc_date(original.captured_at)),
        ("WARC-Payload-Digest", original.payload_digest),
        *(() if is_304 else (("WARC-Truncated", "length"),)),
        ("Content-Type", "application/http; msgtype=response"),
    )
    block = b"" if is_304 else message.head
    return draft("revisit", capture.captured_at, fields, block, record_id=capture.record_id)


def _named(kind: str, record_id: str, at: datetime) -> Fields:
    return ("WARC-Type", kind), ("WARC-Record-ID", f"<{record_id}>"), ("WARC-Date", warc_date(at))


def _common(capture: Capture, warcinfo_id: str, *, concurrent_to: str | None = None) -> Fields:
    fields = [("WARC-Target-URI", capture.url), ("WARC-Warcinfo-ID", f"<{warcinfo_id}>")]
    if concurrent_to:
        fields.append(("WARC-Concurrent-To", f"<{concurrent_to}>"))
    if capture.ip:
        fields.append(("WARC-IP-Address", capture.ip))
    return tuple(fields)
