"""How a request ended, by its status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.frontier.protocol import End, Lease, State
from crawler.frontier.schedule import next_due
from crawler.items import Capture


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a request ended."""

    state: State
    reason: str | None = None
    status: int | None = None
    wait_seconds: float = 0.0
    """Where it stays queued: until it is worth another try."""
    tried: bool = True
    """Whether a request went out."""
    fault: str | None = None
    """What was wrong, in a word, for the crawl's stats."""


def verdict_of_status(status: int) -> Verdict:
    """404 and 410: gone; what else is no page: failed, and so a redirect to nowhere that can be asked."""
    if status in (404, 410):
        return Verdict("gone", f"HTTP {status}", status)
    if status >= 400:
        return Verdict("failed", f"HTTP {status}", status, fault=f"http-{status}")
    if 300 <= status < 400 and status != 304:
        return Verdict("failed", f"HTTP {status} without an address to follow", status, fault="redirect-nowhere")
    return Verdict("done", status=status)


def end_of(lease: Lease, verdict: Verdict, capture: Capture | None, now: datetime, *, news: bool = False) -> End:
    """What becomes of a URL by a verdict; ``capture`` is its last response; ``news`` as in ``next_due``."""
    interval = None
    if verdict.state == "queued":
        due_at = now + timedelta(seconds=verdict.wait_seconds) if verdict.wait_seconds else None
    else:
        due_at, interval = next_due(lease, verdict.state, now, news=news)
    return End(
        lease,
        verdict.state,
        due_at=due_at,
        interval=interval,
        reason=verdict.reason,
        status=verdict.status or (capture.status if capture else None),
        etag=capture.etag if capture else None,
        last_modified=capture.last_modified if capture else None,
        payload_digest=capture.payload_digest if capture else None,
        tried=verdict.tried,
    )
