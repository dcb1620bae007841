"""How fully a publisher's articles were read, field by field and month by month: small charts, and where one fell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from crawler.index.fillrates import FIELDS, MonthFill

NAMES = {
    "headline": "Headline",
    "authors": "Authors",
    "published_at": "Date of publication",
    "section_path": "Section",
    "topics": "Topics",
    "language": "Language",
    "summary": "Summary",
    "body": "Text",
    "image": "Picture",
    "caption": "Caption",
    "credit": "Picture credit",
}
"""Fields for people."""

HEIGHT = 40
"""Of a chart, in its own units; a month is one unit wide."""

FALL = 0.5
"""By how much a share falls from one month to the next to be told."""

ENOUGH = 10
"""Articles of a month whose shares say something."""


@dataclass(frozen=True, slots=True)
class Fall:
    """A field that many articles had, and the next month few."""

    month: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Chart:
    """One field over the months."""

    field: str
    name: str
    share: float
    """Of all articles, from 0 to 1."""
    last: float
    """Of the last month's."""
    path: str
    """SVG: an area under the shares, as wide as there are months."""
    fall: Fall | None
    """The steepest."""


def charts(months: Sequence[MonthFill]) -> list[Chart]:
    """One for each field, of consecutive months in which there are articles; none where there are no months."""
    return [_chart(field, months) for field in FIELDS] if months else []


def _chart(field: str, months: Sequence[MonthFill]) -> Chart:
    shares = [month.share(field) for month in months]
    total = sum(month.articles for month in months)
    falls = sorted(_falls(field, months), key=lambda fall: fall.after - fall.before)
    return Chart(
        field=field,
        name=NAMES[field],
        share=sum(getattr(month, field) for month in months) / total,
        last=shares[-1],
        path=_area(shares),
        fall=falls[0] if falls else None,
    )


def _falls(field: str, months: Sequence[MonthFill]) -> Iterator[Fall]:
    telling = [month for month in months if month.articles >= ENOUGH]
    for before, after in pairwise(telling):
        if before.share(field) - after.share(field) >= FALL:
            yield Fall(after.month, before.share(field), after.share(field))


def _area(shares: Sequence[float]) -> str:
    steps = "".join(f"V{HEIGHT - HEIGHT * share:.1f}h1" for share in shares)
    return f"M0 {HEIGHT}{steps}V{HEIGHT}z"
