"""Addresses that lead nowhere: what a server makes up for as long as it is asked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

from crawler.normalisation.url_dates import date_in_url

MAX_SEGMENTS = 20
"""As Heritrix's TooManyPathSegmentsDecideRule has it."""

MAX_REPETITIONS = 2
"""Of a run of path segments in a row, as Heritrix's PathologicalPathDecideRule has it: "/a/b/a/b/a/b"."""

MAX_PARAMETERS = 20

CALENDAR_AHEAD = timedelta(days=370)
"""Listings of later days hold no news."""

CALENDAR_BEGINS = date(1990, 1, 1)
"""There was no web before."""

_MONTH_IN_PATH = re.compile(r"/(?P<year>\d{4})/(?P<month>0?[1-9]|1[0-2])(?=/|$)")
_YEAR_IN_QUERY = re.compile(r"^(?:year|yr|y|date|day|month)$", re.IGNORECASE)
_YEAR = re.compile(r"^(?P<year>[12]\d{3})(?:-?\d{2}){0,2}$")
_DIGITS = re.compile(r"\d+")


def trap_in(url: str) -> str | None:
    """What makes an address one that no page with an end has: "deep", "repeating", "parameters"; None: nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    segments = [segment for segment in parts.path.split("/") if segment]
    if len(segments) > MAX_SEGMENTS:
        return "deep"
    if _repeats(segments):
        return "repeating"
    names = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
    if len(names) > MAX_PARAMETERS or any(
        names.count(name) > MAX_REPETITIONS for name in set(names) if "[" not in name
    ):
        return "parameters"
    return None


def calendar_trap(url: str, today: date) -> bool:
    """Whether a listing is of days that no news can be from: calendars go on for ever, in both directions."""
    day = date_in_url(url) or _month_of(url)
    return day is not None and not CALENDAR_BEGINS <= day <= today + CALENDAR_AHEAD


def template(url: str) -> str:
    """The form of an address, the same for all that one page of a server answers: digits and names left out."""
    parts = urlsplit(url)
    segments = [_form(segment) for segment in parts.path.split("/") if segment]
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{parts.netloc.lower()}/{'/'.join(segments)}?{'&'.join(names)}"


def _form(segment: str) -> str:
    if segment.isdecimal():
        return str(len(segment))
    return "-" if _DIGITS.search(segment) or "-" in segment or "_" in segment else segment.lower()


def _repeats(segments: list[str]) -> bool:
    """Whether a run of up to four segments comes more than twice in a row."""
    for length in range(1, 5):
        count, at = 1, length
        while at + length <= len(segments):
            same = segments[at : at + length] == segments[at - length : at]
            count = count + 1 if same else 1
            if count > MAX_REPETITIONS:
                return True
            at += length if same else 1
    return False


def _month_of(url: str) -> date | None:
    """The month that an address names, in its path or its query; a year stands for its first month."""
    parts = urlsplit(url)
    found = _MONTH_IN_PATH.search(parts.path)
    if found:
        return _first_day(found["year"], found["month"])
    for name, value in parse_qsl(parts.query):
        stated = _YEAR.match(value) if _YEAR_IN_QUERY.match(name) else None
        if stated:
            return _first_day(stated["year"], "1")
    return None


def _first_day(year: str, month: str) -> date | None:
    return date(int(year), int(month), 1) if int(year) >= 1 else None
