"""Dates as feeds and sitemaps write them: RFC 822 and its kin, W3C datetime (ISO 8601)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

YEARS = range(1800, 2200)
"""What lies outside is a mistake, and near year 1 or 9999 a time cannot be brought to another zone."""

_SPACED_ZONE = re.compile(r"(?<=\d)\s+(?=[+-]\d{2}:?\d{2}$|Z$)")
_UTC_NAME = re.compile(r"(?<=\d)\s*(?:UTC|GMT)$", re.IGNORECASE)


def listed_moment(text: str | None) -> datetime | None:
    """The moment that a listing states: aware where it gives a zone, naive where not; None if it cannot be read.

    A day without a time is its midnight, naive. Never a guess: a month or a year alone is None.
    """
    text = (text or "").strip()
    if not text or len(text) > 100:
        return None
    moment = _iso(text) or _mail(text)
    return moment if moment and moment.year in YEARS else None


def _iso(text: str) -> datetime | None:
    if not text[:4].isdecimal():
        return None
    text = _UTC_NAME.sub("Z", _SPACED_ZONE.sub("", text.replace("/", "-")))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _mail(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # RFC 5322 §3.3: "-0000" is universal time of somebody who does not say where they are.
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None and text.endswith("-0000") else moment
