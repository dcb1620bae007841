"""When a URL is due again: pure functions of moments."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.frontier.protocol import State
from crawler.items import Purpose

REVISITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""After first sight: most edits of a news article fall into its first day."""

LISTINGS: frozenset[Purpose] = frozenset(("feed", "sitemap", "section", "robots"))
"""Asked for again by every crawl, so never due by themselves."""

EAGER = timedelta(hours=1)
"""A crawl asks for listings that are due as often as this, or oftener, whether they are due or not."""

LATE_ATTEMPT = timedelta(days=7)
"""Between attempts at a URL that waited longer than the revisits reach before it failed."""

ATTEMPTS = 10
"""After so many in a row, a URL is no longer tried by itself."""


def next_due(purpose: Purpose, state: State, tries: int, seen_at: datetime, now: datetime) -> datetime | None:
    """When a URL that ended in ``state``, after ``tries`` attempts without success, is to be fetched; None: never."""
    if purpose in LISTINGS:
        return None
    if state == "failed" and tries < ATTEMPTS:
        return next_revisit(seen_at, now) or now + LATE_ATTEMPT
    return next_revisit(seen_at, now) if state == "done" and purpose == "article" else None


def next_revisit(seen_at: datetime, now: datetime) -> datetime | None:
    """The first revisit after ``now`` of an article that was first seen at ``seen_at``; None after the last."""
    return next((seen_at + step for step in REVISITS if seen_at + step > now), None)
