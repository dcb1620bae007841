"""The pages of publishers: all of them in a table, and one with its days, fields, hosts, sections and authors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.errors import BadArgument
from crawler.index.calendar import calendar, years
from crawler.index.database import Connection
from crawler.index.fillrates import MonthFill, fill_rates
from crawler.index.history import LedgerEntry, LedgerFilters, ledger
from crawler.index.hosts import STANDINGS, HostEvent, HostShare, Standing, host_events, host_shares, standings
from crawler.index.publishers import PublisherFacts, PublisherLine, publisher_facts, publisher_lines
from crawler.index.teasers import Teaser, newest_of
from crawler.viewer.calendar import Year, year_of
from crawler.viewer.entries import KINDS, shown
from crawler.viewer.fills import charts
from crawler.viewer.filters import asking
from crawler.viewer.pages import NotThere, Route, part, read, render

NEWEST = 8
"""Articles shown."""

CHANGES = 5
"""Entries of the ledger shown."""

MONTHS = 24
"""Whose shares are in figures, the last ones."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page of one publisher shows."""

    publisher: PublisherFacts
    newest: list[Teaser]
    changes: list[LedgerEntry]
    years: list[int]
    year: Year | None
    """None: no article states a date."""
    fills: list[MonthFill]
    hosts: list[HostShare]
    host_events: list[HostEvent]


async def publishers(datasette: Any, request: Request) -> Response:
    """All publishers."""
    lines, states = await read(datasette, _all)
    return await render(datasette, request, "publishers.html", lines=lines, states=_by_publisher(states))


async def publisher(datasette: Any, request: Request) -> Response:
    """One publisher, with one year of its days."""
    asked, now = part(request, "id"), datetime.now(UTC)
    year = _year(request.args.get("year") or "")
    found = await read(datasette, lambda db: _facts(db, asked, year, now))
    sections, authors = found.publisher.sections, found.publisher.authors
    return await render(
        datasette,
        request,
        "publisher.html",
        found=found,
        line=found.publisher.line,
        changes=[shown(entry, edits=1, brief=True) for entry in found.changes],
        kinds=KINDS,
        charts=charts(found.fills),
        months=found.fills[-MONTHS:][::-1],
        looked_at=sum(month.articles for month in found.fills),
        state_of={event.host: event for event in found.host_events if event.kind in STANDINGS},
        unused=_unused(found),
        sections=_looks("section", asked, ((" / ".join(each.path), each.path[-1], each.articles) for each in sections)),
        authors=_looks("author", asked, ((each.name, each.name, each.count) for each in authors)),
    )


def _all(db: Connection) -> tuple[list[PublisherLine], list[Standing]]:
    return publisher_lines(db), standings(db)


def _by_publisher(states: list[Standing]) -> dict[str, list[Standing]]:
    """Hosts that are not live."""
    found: dict[str, list[Standing]] = {}
    for standing in states:
        if standing.state != "live":
            found.setdefault(standing.publisher_id, []).append(standing)
    return found


def _unused(found: Facts) -> list[str]:
    """Hosts of which it is known that they are the publisher's, or were, and from which nothing was captured."""
    known = (*found.publisher.line.domains, *(event.host for event in found.host_events))
    used = {host.host for host in found.hosts}
    return [host for host in dict.fromkeys(known) if host not in used]


def _looks(field: str, publisher_id: str, values: Iterable[tuple[str, str, int]]) -> list[tuple[str, int, str | None]]:
    """Each value for people, how many articles have it, and the search page for these."""
    return [(shown, count, asking({"publisher": publisher_id, field: value})) for shown, value, count in values]


def _facts(db: Connection, publisher_id: str, year: int | None, now: datetime) -> Facts:
    """Raises NotThere."""
    facts = publisher_facts(db, publisher_id)
    if facts is None:
        raise NotThere(f"no articles of {publisher_id} are here; the list of publishers has those there are")
    known = years(db, publisher_id)
    return Facts(
        publisher=facts,
        newest=newest_of(db, publisher_id, now, limit=NEWEST),
        changes=ledger(db, LedgerFilters(publisher=publisher_id), order="newest", limit=CHANGES),
        years=known,
        year=_calendar(db, publisher_id, known, year, now.date()),
        fills=fill_rates(db, publisher_id),
        hosts=host_shares(db, publisher_id),
        host_events=host_events(db, publisher_id),
    )


def _calendar(db: Connection, publisher_id: str, known: list[int], wanted: int | None, today: date) -> Year | None:
    if not known:
        return None
    # A date in the future is a slip of the page's, as a rule: not the year to begin with.
    year = wanted or next((year for year in known if year <= today.year), known[0])
    # The calendar has no day after the last one that Python knows.
    days = calendar(db, publisher_id, date(year, 1, 1), min(date(year, 12, 31), date.max - timedelta(days=1)))
    held = [day.day for day in days if day.published]
    first = date(year, 1, 1) if known[-1] < year else min(held, default=today)
    last = date(year, 12, 31) if known[0] > year else max(held, default=today)
    return year_of(publisher_id, days, first, last)


def _year(text: str) -> int | None:
    """Raises BadArgument."""
    if not text:
        return None
    if not (len(text) == 4 and text.isascii() and text.isdecimal() and text != "0000"):
        raise BadArgument(f"year={text} is no year; write it like 2022")
    return int(text)


ROUTES: tuple[Route, ...] = (
    (r"^/publishers$", publishers),
    (r"^/publisher/(?P<id>[^/]+)$", publisher),
)
