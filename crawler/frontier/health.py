"""When a host that does not answer as it should is asked again: pure functions of what is known of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.frontier.protocol import HostState

FAILURES = 5
"""In a row, after which a host is left alone for a while."""

PAUSE = timedelta(minutes=10)
"""The first time; twice as long after each further failure."""

LONGEST_PAUSE = timedelta(hours=24)

REFUSALS = frozenset((403, 429))
"""Beside 5xx: statuses that count as failures while nothing else comes."""


def is_refusal(status: int) -> bool:
    """Whether a status says something about the host and not about the page."""
    return status >= 500 or status in REFUSALS


def failed(state: HostState, reason: str, now: datetime, *, until: datetime | None = None) -> HostState:
    """The state after one more failure; ``until`` is what the host itself asked for."""
    failures = state.failures + 1
    pause = None
    if failures >= FAILURES:
        pause = now + min(PAUSE * 2 ** min(failures - FAILURES, 10), LONGEST_PAUSE)
    moments = [moment for moment in (until, pause) if moment is not None]
    return replace(state, failures=failures, put_off_until=max(moments, default=None), reason=reason)


def retry_after(header: str | None, now: datetime, longest: timedelta) -> datetime | None:
    """The moment that a Retry-After names (RFC 9110 §10.2.3), at most ``longest`` from now; None: none that counts."""
    if header is None:
        return None
    text = header.strip()
    try:
        moment = now + timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text)
    except OverflowError:
        return now + longest
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(moment, now + longest) if moment > now else None
