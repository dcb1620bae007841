"""The front page: what is new, what changed, how the archive is."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.collection.health import Health, health
from crawler.errors import OfRecordError
from crawler.index.database import Connection
from crawler.index.history import KINDS, LedgerEntry, LedgerFilters, ledger
from crawler.index.ledger import OF_EDITS
from crawler.index.overview import Crawl, Lately, held, last_crawls, lately
from crawler.index.publishers import LastCaptured, last_captured
from crawler.index.teasers import Teaser, newest, undated
from crawler.viewer import entries
from crawler.viewer.notices import Notice, ended, notices
from crawler.viewer.pages import Route, collection, read, render

NEWEST = 24
"""Articles shown."""

UNDATED = 4
"""Shown beside them; all that are shown where no article has a date."""

LEADS = 5
"""The newest articles, the first of which that has a summary comes first."""

CHANGES = 4
"""Edits shown, and deletions."""

PUBLISHERS = 12
"""Whose last capture is shown: those last captured."""

AWAY = tuple(kind for kind in KINDS if kind not in OF_EDITS)


@dataclass(frozen=True, slots=True)
class Front:
    """What the index tells."""

    newest: list[Teaser]
    undated: list[Teaser]
    since: date
    """From the beginning of this day on what ``lately`` counts."""
    lately: Lately
    edits: list[LedgerEntry]
    away: list[LedgerEntry]
    """What is not there any more, or again, or elsewhere."""
    crawl: Crawl | None
    captured: list[LastCaptured]
    articles: int
    publishers: int


@dataclass(frozen=True, slots=True)
class Queue:
    """What the frontier tells."""

    health: Health | None
    """None: there is no frontier, or it cannot be read."""
    fault: str | None
    """Why it cannot be read."""


async def front(datasette: Any, request: Request) -> Response:
    """The newest articles, the last changes, and what there is to know of crawls and hosts."""
    now = datetime.now(UTC)
    found, queue = await asyncio.gather(
        read(datasette, lambda db: _front(db, now)), asyncio.to_thread(_queue, collection(datasette), now)
    )
    return await render(
        datasette,
        request,
        "front.html",
        found=found,
        queue=queue,
        kinds=entries.KINDS,
        counts=[(kind, found.lately.of(kind)) for kind in KINDS if found.lately.of(kind)],
        edits=[entries.shown(entry, edits=1) for entry in found.edits],
        away=[entries.shown(entry, brief=True) for entry in found.away],
        notices=_notices(found, queue),
        ended=ended(found.crawl, is_running=bool(queue.health and queue.health.running)) if found.crawl else None,
    )


def _front(db: Connection, now: datetime) -> Front:
    since = now.date() - timedelta(days=1)
    crawls = last_crawls(db)
    articles, publishers = held(db)
    return Front(
        newest=_led(newest(db, now, limit=NEWEST)),
        undated=undated(db, limit=UNDATED),
        since=since,
        lately=lately(db, datetime.combine(since, time.min, UTC), now),
        edits=ledger(db, LedgerFilters(kinds=OF_EDITS), order="newest", limit=CHANGES),
        away=ledger(db, LedgerFilters(kinds=AWAY), order="newest", limit=CHANGES),
        crawl=crawls[0] if crawls else None,
        captured=last_captured(db, PUBLISHERS),
        articles=articles,
        publishers=publishers,
    )


def _led(articles: list[Teaser]) -> list[Teaser]:
    """The same, with one that has more than a headline first."""
    lead = next((article for article in articles[:LEADS] if article.headline and article.summary), None)
    return [lead, *(article for article in articles if article is not lead)] if lead else articles


def _queue(folder: Path, now: datetime) -> Queue:
    try:
        return Queue(health(folder, now), None)
    except OfRecordError as error:
        return Queue(None, str(error))


def _notices(found: Front, queue: Queue) -> list[Notice]:
    told = notices(found.crawl, queue.health, found.lately)
    if queue.fault:
        return [Notice(f"The queue cannot be read: {queue.fault}"), *told]
    return told


ROUTES: tuple[Route, ...] = ((r"^/$", front),)
