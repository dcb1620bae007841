"""When a URL is due again: pure functions of moments."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.frontier.protocol import Lease, State
from crawler.items import Purpose

REVISITS = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""After first sight: most edits of a news article fall into its first day."""

REFUSED_FOR = timedelta(days=1)
"""At least, before what robots.txt or a rule of ours forbade is judged again: then robots.txt is read anew."""

LISTINGS: frozenset[Purpose] = frozenset(("feed", "sitemap", "section"))
"""Asked for again for ever, oftener when that brings something new."""

FIRST_INTERVALS: dict[Purpose, timedelta] = {
    "feed": timedelta(minutes=15),
    "section": timedelta(minutes=30),
    "sitemap": timedelta(hours=1),
}
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)
"""Of the intervals of listings."""

RAREST = timedelta(days=30)
"""Of a listing that is forbidden, or was there once and is gone: most are back after an hour, some never."""

EAGER = timedelta(hours=1)
"""A crawl asks for listings that are due as often as this, or oftener, whether they are due or not."""

SOONEST = timedelta(minutes=15)
"""After an article changed, before it is fetched again."""

FIRST_LOOK = timedelta(hours=3)
"""After an article was not found where it had been, before it is looked for again; each time four times as long."""

LATE_ATTEMPT = timedelta(days=7)
"""Between attempts at a URL that waited longer than the revisits reach before it failed."""

ATTEMPTS = 10
"""After so many in a row, a URL is no longer tried by itself."""


def next_due(
    lease: Lease, state: State, now: datetime, *, news: bool = False
) -> tuple[datetime | None, timedelta | None]:
    """When a URL that ended in ``state`` is to be fetched again, None: never by itself; the interval of a listing,
    or of what is gone.

    ``news``: the listing brought what was not known, or the article was another one than before.
    """
    purpose = lease.entry.purpose
    if purpose in LISTINGS:
        return _next_of_listing(lease, state, now, news=news)
    if state == "failed" and lease.tries + 1 < ATTEMPTS:
        return next_revisit(lease.seen_at, now) or now + LATE_ATTEMPT, None
    if state == "forbidden" and purpose == "article":
        regular = next_revisit(lease.seen_at, now)
        return (max(regular, now + REFUSED_FOR) if regular else None), None
    if state == "gone" and purpose == "article":
        return _next_look(lease, now)
    if state != "done" or purpose != "article":
        return None, None
    regular = next_revisit(lease.seen_at, now)
    interval = timedelta(0) if lease.interval else None  # it is back
    if not news or lease.settled_at is None:
        return regular, interval
    # It keeps changing: as long again as it took to change, at most.
    sooner = now + max(SOONEST, (now - lease.settled_at) / 2)
    return min(regular or now + REVISITS[-1], sooner), interval


def _next_look(lease: Lease, now: datetime) -> tuple[datetime | None, timedelta | None]:
    """When an article is looked for again that is not where it was; never, where nothing was ever had."""
    interval = max(FIRST_LOOK, 4 * (lease.interval or timedelta(0)))
    if lease.asked_at is None or interval > RAREST:
        return None, None
    return now + interval, interval


def next_revisit(seen_at: datetime, now: datetime) -> datetime | None:
    """The first revisit after ``now`` of an article that was first seen at ``seen_at``; None after the last."""
    return next((seen_at + step for step in REVISITS if seen_at + step > now), None)


def next_interval(purpose: Purpose, interval: timedelta | None, elapsed: timedelta | None, *, news: bool) -> timedelta:
    """From one fetch of a listing to the next: half as long when it brought news, longer by half when not.

    ``elapsed`` since the fetch before; one that came early says little when it brought nothing.
    """
    if interval is None:
        return FIRST_INTERVALS[purpose]
    interval = min(interval, LONGEST)
    if news:
        return max(SHORTEST, interval / 2)
    if elapsed is not None and elapsed < interval / 2:
        return interval
    return min(LONGEST, interval * 1.5)


def _next_of_listing(
    lease: Lease, state: State, now: datetime, *, news: bool
) -> tuple[datetime | None, timedelta | None]:
    # Further pages come with the first, when that brings news; what nobody named was a guess.
    meta = lease.entry.request.get("meta", {})
    if meta.get("archive") and state == "done":  # what is of old days is read once; crawls ask for the others
        return None, None
    if meta.get("page", 1) > 1 or (state == "failed" and meta.get("guessed")):
        return None, None
    if state in ("forbidden", "gone"):
        if lease.interval is None and (state == "gone" or meta.get("guessed")):
            return None, None
        rarer = min(RAREST, max(LONGEST, (lease.interval or LONGEST / 2) * 2))
        return now + rarer, rarer
    elapsed = now - lease.settled_at if lease.settled_at else None
    interval = next_interval(lease.entry.purpose, lease.interval, elapsed, news=news and state == "done")
    return now + interval, interval
