"""The day that an article's address tells."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from crawler.normalisation.calendars import MONTHS

_NAMES = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DAY_IN_PATH = (
    re.compile(r"(?<!\d)(?P<y>19[89]\d|20\d\d)(?P<s>[/_.-])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"/(?P<y>19[89]\d|20\d\d)/(?P<m>{_NAMES})[a-z]{{0,6}}/(?P<d>\d{{1,2}})(?![\w])", re.IGNORECASE),
    re.compile(r"/(?P<y>19[89]\d|20\d\d)/(?P<m>\d{2})(?P<d>\d{2})(?=/|$)"),
    # The day first, where it cannot be taken for the month.
    re.compile(r"(?<!\d)(?P<d>1[3-9]|2\d|3[01])-(?P<m>0?[1-9]|1[0-2])-(?P<y>19[89]\d|20\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>19[89]\d|20[0-4]\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-2]\d|3[01])(?!\d)"),
)
_MONTH = re.compile(r"(?<!\d)(?P<y>19[89]\d|20\d\d)[/_.-]?(?P<m>0[1-9]|1[0-2])(?!\d)")


def date_in_url(url: str) -> date | None:
    """The day in a URL's path: /2022/01/05/, /2022-1-5-slug, /2019/nov/18/, /2022/0105/, -20220105; else None."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for pattern in _DAY_IN_PATH:
        for found in pattern.finditer(path):
            if (day := _day(found)) is not None:
                return day
    return None


def month_in_url(url: str) -> date | None:
    """The first of the month that a URL's path names with two digits: -2024-05.xml, /202405/, /2024/05; else None."""
    try:
        found = _MONTH.search(urlsplit(url).path)
    except ValueError:
        return None
    return date(int(found["y"]), int(found["m"]), 1) if found else None


def _day(found: re.Match[str]) -> date | None:
    month = found["m"].lower()
    try:
        return date(int(found["y"]), MONTHS.get(month) or int(month), int(found["d"]))
    except ValueError:
        return None
