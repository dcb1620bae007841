"""Pages on which a publisher lists the articles of one day or month: the way into its past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from crawler.discovery.dates import listed_moment
from crawler.items import Hints, Link
from crawler.publishers.base import Publisher

STILL_GROWING = timedelta(days=2)
"""After its day, as zones differ and editors are late, a page may still get articles."""


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """One page of a publisher's archive."""

    path: str
    """Or an absolute URL, as the definition has it."""
    day: date
    """The last one that it lists."""
    is_of_one_day: bool

    def is_complete(self, today: date) -> bool:
        """Whether no article will come on it any more."""
        return self.day + STILL_GROWING < today


def archive_pages(publisher: Publisher, since: date, until: date) -> Iterator[ArchivePage]:
    """The pages that list the days of a span, newest first, each once; none where the definition names no templates."""
    for template in publisher.archive_pages:
        last: str | None = None
        for back in range((until - since).days + 1):
            day = until - timedelta(days=back)
            path = template.format(year=day.year, month=day.month, day=day.day)
            if path != last:
                yield ArchivePage(path, _last_day(day, template), is_of_one_day="{day" in template)
            last = path


def dated(link: Link, day: str, listing_url: str) -> Link:
    """A link of a page that lists one day (ISO 8601): of that day, where nothing beside it says another."""
    hints = link.hints or Hints("section", listing_url, title=link.text)
    if hints.published is not None:
        return link
    return replace(link, hints=replace(hints, published=listed_moment(day), published_raw=day))


def _last_day(day: date, template: str) -> date:
    if "{day" in template:
        return day
    months = 1 if "{month" in template else 13 - day.month
    first = date(day.year + (day.month + months > 12), (day.month + months - 1) % 12 + 1, 1)
    return first - timedelta(days=1)
