"""The ledger: what publishers edited, took down, moved and brought back, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.changes.kinds import WEIGHTS
from crawler.errors import BadArgument
from crawler.index.database import Connection
from crawler.index.history import KINDS, LedgerFilters, LedgerPlace, ledger_before, ledger_page
from crawler.index.ledger import OF_EDITS
from crawler.index.publishers import publisher_names
from crawler.viewer.entries import EDITS, Shown, shown
from crawler.viewer.entries import KINDS as NAMED
from crawler.viewer.filters import address
from crawler.viewer.pages import Route, read, render

PAGE = 25
"""Entries on one page."""

TABS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("All", ()),
    ("Edits", OF_EDITS),
    ("Silent edits", ("silently-edited",)),
    ("Headlines", ("headline",)),
    ("Taken down", ("gone", "blocked")),
    ("Moved", ("moved",)),
    ("Back", ("restored",)),
)
"""Kinds that are asked for together, by what they are called."""

CHOICES = (
    ("What happened", tuple((kind, NAMED[kind]) for kind in KINDS)),
    ("What an edit changed", tuple((kind, EDITS[kind]) for kind in WEIGHTS if kind != "moved")),
)
"""Kinds to be chosen, for people; "moved" is an article that moved."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the ledger asks for."""

    filters: LedgerFilters
    after: LedgerPlace | None
    before: LedgerPlace | None

    def address(self, path: str = "/ledger", **place: LedgerPlace) -> str:
        """The ledger with the same filters, at a place or at its beginning."""
        return address(path, [*_given(self.filters), *((name, _written(at)) for name, at in place.items())])

    def of(self, kinds: tuple[str, ...]) -> str:
        """The same for other kinds."""
        return address("/ledger", _given(replace(self.filters, kinds=kinds)))

    def rows(self, ending: str = "") -> str:
        """The same events among Datasette's tables, as nearly as its filters can say it."""
        filters = self.filters
        kinds = [kind for kind in filters.kinds if kind in KINDS] or ([*OF_EDITS] if filters.kinds else [*KINDS])
        until = filters.until if filters.until and filters.until < date.max else None
        asked = (
            ("kind__in", ",".join(kinds)),
            ("publisher_id__exact", filters.publisher),
            ("at__gte", filters.since),
            ("at__lt", until and until + timedelta(days=1)),
            ("_sort_desc", "at"),
        )
        return address(f"/index/events{ending}", asked)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the ledger."""

    entries: list[Shown]
    previous: LedgerPlace | None
    """The place before which the page before this one ends; None: this is the first."""
    next: LedgerPlace | None
    """The place after which the next one begins; None: this is the last."""
    publishers: list[tuple[str, str]]
    """Ids and names of all."""


async def ledger(datasette: Any, request: Request) -> Response:
    """A page of entries, and a form to choose among them."""
    asked = _asked(request)
    page = await read(datasette, lambda db: _page(db, asked))
    return await render(
        datasette,
        request,
        "ledger.html",
        asked=asked,
        page=page,
        tabs=TABS,
        choices=CHOICES,
        publisher_name=dict(page.publishers).get(asked.filters.publisher or ""),
    )


def _asked(request: Request) -> Asked:
    """Raises BadArgument."""
    kinds = tuple(dict.fromkeys(filter(None, request.args.getlist("kind"))))
    if unknown := next((kind for kind in kinds if kind not in (*KINDS, *WEIGHTS)), None):
        raise BadArgument(f"there is no kind {unknown!r}; there are: {', '.join((*KINDS, *WEIGHTS))}")
    since, until = _of(request, "since", _day), _of(request, "until", _day)
    if since and until and since > until:
        raise BadArgument(f"since={since} is after until={until}; swap them")
    filters = LedgerFilters(request.args.get("publisher") or None, since, until, kinds)
    return Asked(filters, _of(request, "after", _place), _of(request, "before", _place))


def _of(request: Request, name: str, read: Callable[[str, str], Any]) -> Any:
    text = (request.args.get(name) or "").strip()
    return read(name, text) if text else None


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadArgument(f"{name}={text} is no day; write it like 2022-01-31") from error


def _place(name: str, text: str) -> LedgerPlace:
    at, _, number = text.rpartition("~")
    if not (at and number.isascii() and number.isdecimal() and len(number) < 19):
        raise BadArgument(f"{name}={text} is no place in the ledger; follow the links to its pages")
    return LedgerPlace(at, int(number))


def _written(place: LedgerPlace) -> str:
    return f"{place.at}~{place.id}"


def _given(filters: LedgerFilters) -> Iterator[tuple[str, Any]]:
    yield from (("kind", kind) for kind in filters.kinds)
    yield from (("publisher", filters.publisher), ("since", filters.since), ("until", filters.until))


def _page(db: Connection, asked: Asked) -> Page:
    """Raises BadArgument."""
    publishers = publisher_names(db)
    wanted = asked.filters.publisher
    if wanted and wanted not in dict(publishers):
        raise BadArgument(f"no articles of {wanted!r} here; the list of publishers has those there are")
    if asked.before:
        found = ledger_before(db, asked.filters, asked.before, limit=PAGE + 1)
        listed, is_first, is_last = found[-PAGE:], len(found) <= PAGE, False
    else:
        found = ledger_page(db, asked.filters, after=asked.after, limit=PAGE + 1)
        listed, is_first, is_last = found[:PAGE], asked.after is None, len(found) <= PAGE
    places = [place for place, _ in listed]
    return Page(
        entries=[shown(entry) for _, entry in listed],
        previous=None if is_first or not places else places[0],
        next=None if is_last or not places else places[-1],
        publishers=publishers,
    )


ROUTES: tuple[Route, ...] = ((r"^/ledger$", ledger),)
