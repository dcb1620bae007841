"""When a URL is due again: pure functions of moments."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.frontier.protocol import State
from crawler.items import Purpose

REVISITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""After first sight: most edits of a news article fall into its first day."""

LISTINGS: frozenset[Purpose] = frozenset(("feed", "sitemap", "section", "robots"))
"""Asked for again by every crawl, so never due by themselves."""


def next_due(purpose: Purpose, state: State, tries: int, seen_at: datetime, now: datetime) -> datetime | None:
    """When a URL that ended in ``state`` after ``tries`` failures in a row is to be fetched again; None: never."""
    if purpose in LISTINGS:
        return None
    if state == "failed":
        return next_attempt(tries, now)
    return next_revisit(seen_at, now) if state == "done" and purpose == "article" else None


def next_revisit(seen_at: datetime, now: datetime) -> datetime | None:
    """The first revisit after ``now`` of an article that was first seen at ``seen_at``; None after the last."""
    return next((seen_at + step for step in REVISITS if seen_at + step > now), None)


def next_attempt(tries: int, now: datetime) -> datetime | None:
    """When to try a URL again that failed ``tries`` times in a row; None: it was tried often enough."""
    return now + REVISITS[tries] if tries < len(REVISITS) else None
