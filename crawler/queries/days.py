"""Days, months and years as people give them, and the bounds that they are."""

from __future__ import annotations

import re
from datetime import date, timedelta

from crawler.queries.tree import Published

_GIVEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

FORMS = "2022-01-31, 2022-01 or 2022"
"""What a person may write."""


def on(text: str) -> Published | None:
    """The bounds of a day, month or year, or of ``FROM..TO``, of which one may be left out; None for what is neither.

    A range that ends before it begins is none either.
    """
    first, dots, last = text.partition("..")
    if not dots:
        last = first
    elif not first and not last:
        return None
    bounds = Published(first or None, _after(last) if last else None)
    if (first and not _is_given(first)) or (last and bounds.before is None):
        return None
    return None if bounds.since and bounds.before and bounds.since >= bounds.before else bounds


def since(text: str) -> Published | None:
    """From this day, month or year on."""
    return Published(since=text) if _is_given(text) else None


def until(text: str) -> Published | None:
    """Up to this day, month or year, with all of it."""
    before = _after(text)
    return Published(before=before) if before else None


def _is_given(text: str) -> bool:
    return _after(text) is not None


def _after(text: str) -> str | None:
    """The day, month or year after this one; None for what is none."""
    found = _GIVEN.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None  # the pattern has it
    try:
        first = date(year, month or 1, day or 1)
        if day:
            return (first + timedelta(days=1)).isoformat()
        # The 28th and four days are in the next month, whichever that is.
        return (first.replace(day=28) + timedelta(days=4)).isoformat()[:7] if month else f"{year + 1:04}"
    except (ValueError, OverflowError):  # OverflowError: after the last day that there is
        return None
