"""For whom and within which bounds a request is made: it travels with the request, whichever process makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from crawler.discovery.scope import Scope
from crawler.discovery.sources import publisher_with_mirrors
from crawler.publishers.base import Publisher

SOURCES = ("feed", "sitemap", "section")
"""Where articles may be looked for."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What of a publisher's articles is wanted."""

    since: date | None = None
    """Published on that day or later."""
    until: date | None = None
    sources: frozenset[str] = frozenset(SOURCES)

    def as_json(self) -> dict[str, Any]:
        """Only what is not as always."""
        days = {name: day.isoformat() for name, day in (("since", self.since), ("until", self.until)) if day}
        return days | ({} if self.sources == frozenset(SOURCES) else {"sources": sorted(self.sources)})


@dataclass(frozen=True, slots=True)
class Job:
    """One publisher and what is wanted of it."""

    publisher: Publisher
    bounds: Bounds
    scope: Scope

    @classmethod
    def for_(cls, publisher: Publisher, bounds: Bounds) -> Job:
        """Everything within the publisher's hosts and the bounds."""
        return cls(publisher, bounds, Scope(publisher, bounds.since, bounds.until))

    @property
    def reads_archive(self) -> bool:
        """Whether the publisher's own archive says what was published between the bounds."""
        return bool(self.publisher.archive_pages and self.bounds.since and "section" in self.bounds.sources)

    def meta(self) -> dict[str, Any]:
        """What a request carries of it."""
        bounds = self.bounds.as_json()
        meta = {
            "publisher_id": self.publisher.id,
            # Mirrors of a publisher share one delay.
            "download_slot": self.publisher.id,
            **({"bounds": bounds} if bounds else {}),
        }
        return meta if self.publisher.verify_tls else meta | {"verify_tls": False}


def job_of(meta: Mapping[str, Any], url: str) -> Job:
    """The job that a request with this meta, for that URL, belongs to."""
    bounds = meta.get("bounds", {})
    return Job.for_(
        publisher_with_mirrors(meta.get("publisher_id", ""), url),
        _bounds(bounds.get("since"), bounds.get("until"), tuple(bounds.get("sources", SOURCES))),
    )


@cache
def _bounds(since: str | None, until: str | None, sources: tuple[str, ...]) -> Bounds:
    return Bounds(
        date.fromisoformat(since) if since else None, date.fromisoformat(until) if until else None, frozenset(sources)
    )
