"""What an exchange says of the host: that it answers as the publisher, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from crawler.changes.notices import MAX_BYTES, Notice, notice_of
from crawler.collection.articles import Articles
from crawler.collection.futures import then
from crawler.collection.pages import first_outcome, is_unread
from crawler.frontier.mirrors import HostFault
from crawler.items import Capture
from crawler.warc.codings import BadCoding, decoded

REFUSALS = frozenset((403, 451))
"""Beside 5xx: statuses by which a host refuses what another host of the publisher may give."""

WIRE_BYTES = 150_000
"""A longer response, as it came, is not looked through for a notice."""


def fault_of_answer(
    capture: Capture, body: bytes, headers: Iterable[tuple[str, str]], now: datetime
) -> HostFault | None:
    """A notice, or a status that refuses; None: the host answers, whatever it says of the page.

    ``body`` may still have the content coding that the headers name.
    """
    headers = list(headers)
    if (notice := _notice(capture, body, headers)) is not None:
        facts: dict[str, object] = {"notice": notice.kind, "place": notice.place, "status": capture.status}
        return HostFault(
            "notice",
            now,
            capture.url,
            notice.words,
            seized=notice.kind == "seized",
            record_id=capture.record_id,
            facts={**facts, **_peer(capture)},
        )
    if capture.status in REFUSALS or capture.status >= 500:
        reason = f"HTTP {capture.status}"
        facts = {"status": capture.status, **_peer(capture)}
        return HostFault("status", now, capture.url, reason, record_id=capture.record_id, facts=facts)
    return None


def settle(articles: Articles, capture: Capture) -> None:
    """Tells the index what an answer means that nobody else will see, as another host is asked instead."""
    if is_unread(capture):
        articles.settle(capture)
    elif first_outcome(capture) == "pending":
        then(articles.read(capture), articles.store)


def _notice(capture: Capture, body: bytes, headers: list[tuple[str, str]]) -> Notice | None:
    mime = (capture.mime or "text/html").partition(";")[0].strip().lower()
    if len(body) > WIRE_BYTES or not (mime.startswith("text/") or "html" in mime):
        return None
    named = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    codings = [coding.strip().lower() for coding in named.split(",") if coding.strip()]
    return notice_of(_plain(body, codings), status=capture.status, url=capture.url, headers=headers)


def _plain(body: bytes, codings: list[str]) -> bytes:
    """Without its coding, as far as a notice may be long; as it is where that is off already, or broken."""
    taken, length = [], 0
    try:
        for piece in decoded([body], codings):
            taken.append(piece)
            length += len(piece)
            if length > MAX_BYTES:
                break
    except BadCoding:
        return b"".join(taken) or body
    return b"".join(taken)


def _peer(capture: Capture) -> Mapping[str, object]:
    """Who answered: its address, and its certificate's digest."""
    known = {"ip": capture.ip, "certificate_sha256": capture.tls.certificate_sha256 if capture.tls else None}
    return {name: value for name, value in known.items() if value}
