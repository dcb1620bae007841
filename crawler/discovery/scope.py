"""What belongs to a crawl: whose hosts, and which days of publication."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from crawler.items import Link
from crawler.normalisation.url_dates import date_in_url, month_in_url
from crawler.normalisation.urls import host_of, registered_domain
from crawler.publishers.base import Publisher, publisher_of


@dataclass(frozen=True, slots=True)
class Scope:
    """One publisher's hosts, and bounds on the day of publication, both included."""

    publisher: Publisher
    since: date | None = None
    until: date | None = None

    def covers(self, url: str) -> bool:
        """Whether a URL may be followed at all."""
        return self.refusal(url) is None

    def refusal(self, url: str) -> str | None:
        """Why a URL may not be followed: it is foreign, on a host of the past, or no web address; None: it may."""
        host = host_of(url)
        if not host or urlsplit(url).scheme not in ("http", "https"):
            return "no web address"
        if _is_or_is_below(host, self.publisher.domains):
            return None
        if _is_or_is_below(host, self.publisher.retired):
            return "retired host"
        return None if self._is_kin(host, url) else "foreign host"

    def within(self, link: Link) -> bool | None:
        """Whether what is linked was published between the bounds; None: cannot be told before it is read.

        A listing's date and the page's own may be a day apart, as zones differ: one day outside is not yet False.
        """
        if self.since is None and self.until is None:
            return True
        day = _day_of(link)
        if day is None:
            return False if self._is_too_old(_modified(link)) else None
        if self._is_too_old(day) or (self.until and day > self.until + timedelta(days=1)):
            return False
        inside = (self.since is None or day >= self.since) and (self.until is None or day <= self.until)
        return True if inside else None

    def may_list(self, sitemap: Link) -> bool:
        """Whether a sitemap may list what was published between the bounds.

        Of a month in its address only the year counts: "-2024-05" may be the fifth part of that year's.
        """
        if self.within(sitemap) is False:
            return False
        month = None if date_in_url(sitemap.url) else month_in_url(sitemap.url)
        if month is None:
            return True
        return not (
            (self.since and month.year < (self.since - timedelta(days=1)).year)
            or (self.until and month.year > (self.until + timedelta(days=1)).year)
        )

    def _is_too_old(self, day: date | None) -> bool:
        return bool(day and self.since and day < self.since - timedelta(days=1))

    def _is_kin(self, host: str, url: str) -> bool:
        """Below a registered domain of the publisher's, and in no other definition."""
        domain = registered_domain(host)
        if all(domain != registered_domain(own) for own in self.publisher.domains):
            return False
        return publisher_of(url) in (None, self.publisher)


def _day_of(link: Link) -> date | None:
    if link.hints and link.hints.published:
        return link.hints.published.date()
    return date_in_url(link.url)


def _modified(link: Link) -> date | None:
    return link.hints.modified.date() if link.hints and link.hints.modified else None


def newest_first(sitemaps: Iterable[Link]) -> list[Link]:
    """By the day or month in their addresses, else by their last change; those that say neither come last."""
    return sorted(sitemaps, key=lambda sitemap: _latest(sitemap) or date.min, reverse=True)


def _latest(sitemap: Link) -> date | None:
    return date_in_url(sitemap.url) or month_in_url(sitemap.url) or _modified(sitemap)


def _is_or_is_below(host: str, owned: tuple[str, ...]) -> bool:
    names = [name.lower().removeprefix("www.") for name in owned]
    return any(host.removeprefix("www.") == name or host.endswith(f".{name}") for name in names)
