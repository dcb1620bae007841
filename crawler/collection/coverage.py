"""What of the articles that publishers listed is held, day by day, and why the others are not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from crawler.frontier.protocol import Frontier, Listed
from crawler.index.database import Connection
from crawler.index.held import held, held_at
from crawler.normalisation.url_dates import date_in_url

AT_ONCE = 2000
"""Addresses that are read and looked up together."""

STILL_TO_COME = {"queued": "queued", "leased": "under way"}


@dataclass(slots=True)
class Day:
    """One day of one publisher."""

    publisher_id: str
    day: str | None
    """ISO 8601, as listings and addresses say, else the page; None: nothing tells."""
    listed: int = 0
    """Articles that some listing or the user named."""
    held: int = 0
    """Articles in the index, those among them that nothing listed (imported ones, say)."""
    why: Counter[str] = field(default_factory=Counter)
    """What became of the others."""

    @property
    def missing(self) -> int:
        return self.why.total()


def coverage(frontier: Frontier, db: Connection, publishers: Collection[str] = ()) -> list[Day]:
    """An account of all publishers, or of some; by publisher, newest day first, what has no day last.

    An article that is listed under two addresses counts once. Raises StorageError.
    """
    account = _Account(publishers)
    for batch in _batches(frontier):
        found = held_at(db, (listed.url for listed in batch))
        for listed in batch:
            article = found.get(listed.url)
            if article is not None:
                account.hold(article.id, article.publisher_id, _day_of(listed) or article.day, is_listed=True)
            elif listed.redirected_to is None:  # where it leads to is listed too
                account.miss(listed.publisher_id, _day_of(listed), _why(listed))
    for article in held(db):
        account.hold(article.id, article.publisher_id, article.day, is_listed=False)
    return account.days()


class _Account:
    def __init__(self, publishers: Collection[str]) -> None:
        self._publishers = frozenset(publishers)
        self._days: dict[tuple[str, str | None], Day] = {}
        self._seen: set[str] = set()

    def hold(self, article_id: str, publisher_id: str, day: str | None, *, is_listed: bool) -> None:
        if article_id in self._seen:
            return
        self._seen.add(article_id)
        if entry := self._of(publisher_id, day):
            entry.held += 1
            entry.listed += is_listed

    def miss(self, publisher_id: str, day: str | None, why: str) -> None:
        if entry := self._of(publisher_id, day):
            entry.listed += 1
            entry.why[why] += 1

    def days(self) -> list[Day]:
        dated = sorted(self._days.values(), key=lambda entry: entry.day or "", reverse=True)
        return sorted(dated, key=lambda entry: entry.publisher_id)

    def _of(self, publisher_id: str, day: str | None) -> Day | None:
        if self._publishers and publisher_id not in self._publishers:
            return None
        return self._days.setdefault((publisher_id, day), Day(publisher_id, day))


def _batches(frontier: Frontier) -> Iterator[list[Listed]]:
    after = 0
    while batch := frontier.listed(after, AT_ONCE):
        yield batch
        after = batch[-1].id


def _day_of(listed: Listed) -> str | None:
    if listed.published:
        return listed.published[:10]
    day: date | None = date_in_url(listed.url)
    return day.isoformat() if day else None


def _why(listed: Listed) -> str:
    if listed.state in STILL_TO_COME:
        return STILL_TO_COME[listed.state]
    if listed.state == "done":
        return "no article"
    return (listed.reason or listed.state).removeprefix(f"{listed.url}: ")
