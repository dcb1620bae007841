"""Times as text in the index."""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.items import DatePrecision


def stamp(moment: datetime) -> str:
    """An instant: ISO 8601, UTC, microseconds only where there are some."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def stated(moment: datetime | None, precision: DatePrecision | None = None) -> str | None:
    """What a page states: UTC where it gives a zone, else the local value, else the day."""
    if moment is None:
        return None
    if precision == "day":
        return moment.date().isoformat()
    return stamp(moment) if moment.tzinfo else moment.isoformat()
