"""The metadata record of an exchange: Notes, and facts of the wire that no other record holds, as warc-fields."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Literal, cast

from crawler.items import Exchange, Notes, Purpose, Tls
from crawler.normalisation.hints import hints_as_json, hints_from_json

SITE_ASKS = {"tdm-reservation": "tdmReservation", "tdm-policy": "tdmPolicy"}
"""Fields for what the site's tdmrep.json says."""


def notes_fields(notes: Notes) -> Iterator[tuple[str, str | None]]:
    """Why the exchange was made."""
    yield "purpose", notes.purpose
    yield "publisher", notes.publisher_id
    yield "crawl", notes.crawl
    yield "via", notes.via
    yield "robots", notes.robots
    said = dict(notes.site_asks)
    yield from ((field, said.get(name)) for name, field in SITE_ASKS.items())
    yield "hopsFromSeed", str(notes.hops)
    yield "retries", str(notes.retries)
    yield "mirrorOf", notes.mirror_of
    yield "pageOf", notes.page_of
    yield "hints", json.dumps(hints_as_json(notes.hints)) if notes.hints else None


def wire_fields(exchange: Exchange) -> Iterator[tuple[str, str | None]]:
    """How it went."""
    yield "fetchTimeMs", str(exchange.fetch_ms)
    yield "attempt", str(exchange.attempt)
    yield "viaProxy", "true" if exchange.via_proxy else None
    yield "interimResponses", _base64(exchange.interim)
    if exchange.tls:
        yield "tlsVersion", exchange.tls.version
        yield "tlsCipher", exchange.tls.cipher
        yield "tlsCertificateSha256", exchange.tls.certificate_sha256
        yield "tlsVerified", "true" if exchange.tls.verified else "false"


def payload_fields(sha256: str | None, length: int, not_modified: bytes) -> Iterator[tuple[str, str | None]]:
    """What a revisit's block does not tell of the payload, and the exact 304 that stands behind an empty block."""
    yield "payloadSha256", sha256
    yield "payloadLength", str(length)
    yield "notModifiedResponse", _base64(not_modified)


def notes_of(fields: Mapping[str, str]) -> Notes:
    """The Notes that a metadata record holds; defaults where it says nothing, as those of other programs."""
    hints = fields.get("hints")
    return Notes(
        purpose=cast(Purpose, fields.get("purpose", "other")),
        publisher_id=fields.get("publisher"),
        via=fields.get("via"),
        hops=_number(fields.get("hopsFromSeed")),
        retries=_number(fields.get("retries")),
        hints=hints_from_json(json.loads(hints)) if hints else None,
        mirror_of=fields.get("mirrorOf"),
        page_of=fields.get("pageOf"),
        robots=_decision(fields.get("robots")),
        site_asks=tuple((name, fields[field]) for name, field in SITE_ASKS.items() if field in fields),
        crawl=fields.get("crawl"),
    )


def tls_of(fields: Mapping[str, str]) -> Tls | None:
    """The TLS facts; None for plain http."""
    if "tlsVersion" not in fields:
        return None
    return Tls(
        version=fields["tlsVersion"],
        cipher=fields.get("tlsCipher", ""),
        certificate_sha256=fields.get("tlsCertificateSha256", ""),
        verified=fields.get("tlsVerified") == "true",
    )


def not_modified_of(fields: Mapping[str, str]) -> bytes:
    """The exact 304 behind a server-not-modified revisit."""
    return base64.b64decode(fields.get("notModifiedResponse", ""))


def _base64(data: bytes) -> str | None:
    return base64.b64encode(data).decode("ascii") if data else None


def _decision(text: str | None) -> Literal["allowed", "not-asked"] | None:
    return "allowed" if text == "allowed" else "not-asked" if text == "not-asked" else None


def _number(text: str | None) -> int:
    # Heritrix writes a path of letters ("LLE") as hopsFromSeed.
    text = text or ""
    return int(text) if text.isdecimal() else len(text)
