"""What a sitemap does not list any more, though it still goes back further."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from crawler.items import Link
from crawler.normalisation.urls import canonical_url

MOST = 0.2
"""Share of the addresses that may be dropped at once; where more went, the list was made anew."""


def dropped(before: Sequence[Link], after: Sequence[Link]) -> tuple[str, ...]:
    """Addresses that a list named and does not name now, while what is older stays.

    None of a list that rolls on: those of Google News, which hold two days, and others that lose their end only.
    """
    if any(link.hints is not None and link.hints.published_raw for link in before):
        return ()
    kept = {canonical_url(link.url) for link in after}
    gone = [at for at, link in enumerate(before) if canonical_url(link.url) not in kept]
    if not gone or len(gone) > max(1, MOST * len(before)):
        return ()
    stays = [at for at in range(len(before)) if canonical_url(before[at].url) in kept]
    return tuple(before[at].url for at in gone if _is_among(before, at, stays))


def _is_among(before: Sequence[Link], at: int, stays: Sequence[int]) -> bool:
    """Whether something older stays, by the dates of a list that has them; else whether it stood between what stays."""
    date = _modified(before[at])
    dates = [found for each in stays if (found := _modified(before[each]))]
    if date is not None and dates:
        return min(dates) < date
    return any(each < at for each in stays) and any(each > at for each in stays)


def _modified(link: Link) -> datetime | None:
    modified = link.hints.modified if link.hints else None
    return modified.replace(tzinfo=modified.tzinfo or UTC) if modified else None
