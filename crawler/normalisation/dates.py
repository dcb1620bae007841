"""Dates as pages write them, in their one canonical form: a datetime, and how much of it the page said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from crawler.items import DatePrecision
from crawler.normalisation.calendars import MONTHS, gregorian_of_jalali
from crawler.normalisation.text import clean

EARLIEST = 1830
"""No newspaper page on the web is dated before the first archives that were put there."""
LATEST = 9998
"""The last year that Python can bring into another time zone, both ends of it."""

_ISO = re.compile(
    r"(?<!\d)(?P<y>\d{4})-?(?P<m>\d{2})-?(?P<d>\d{2})"
    r"(?:[T\s]\s*(?P<h>\d{1,2}):?(?P<min>\d{2})(?::?(?P<s>\d{2})(?:[.,:]\d+)?)?\s*(?P<zone>Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}|[+-]\d{2}\b)?)?",
    re.I,
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<y>\d{4})\s?[./年년\-]\s?(?P<m>\d{1,2})\s?[./月월\-]\s?(?P<d>\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(?P<a>\d{1,2})\s?[./\-]\s?(?P<b>\d{1,2})\s?[./\-]\s?(?P<y>\d{4}|\d{2})(?!\d)")
_NAMES = "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True))
_DAY_NAME = re.compile(
    rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|\.|º|ª|-e|:e)?,?\s*(?:de|of|d[’']|do|da|di)?\s*(?P<m>{_NAMES})\.?,?\s*(?:de|del|ل|of|,)?\s*'?(?P<y>\d{{4}})",
    re.I,
)
_NAME_DAY = re.compile(rf"(?<!\w)(?P<m>{_NAMES})\.?\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|,)*[,\s]+(?P<y>\d{{4}})", re.I)
_CLOCK = re.compile(
    r"(?<![\d:.])(?:(?P<half_before>[ap]\.?m\.?|午前|午後|上午|下午|오전|오후)\s*)?(?P<h>[01]?\d|2[0-3])"
    r"(?:[:.h時시点时](?P<min>[0-5]\d)?(?:[:.分](?P<s>[0-5]\d)?)?)"
    r"(?:\s*(?P<half>[ap]\.?\s?m\b\.?))?(?:\s*(?:Uhr|hrs?|h\b|น\.)?)?,?\s*\(?(?P<zone>Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}\b|[A-Z]{2,5}\b)?",
    re.I,
)
_OFFSETS = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "ist": 330, "cet": 60, "cest": 120, "mez": 60, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "trt": 180, "irst": 210, "irdt": 270, "pkt": 300, "wib": 420, "sgt": 480,
    "hkt": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "sast": 120,
    "wat": 60, "eat": 180, "brt": -180, "art": -180,
}  # fmt: skip
_REGIONS = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
# Digits of Persian, Arabic, Devanagari, Bengali, Thai and full width, to ASCII.
_DIGITS = {ord(zero) + value: ord("0") + value for zero in "۰٠०০๐０" for value in range(10)}
_MONTH_FIRST = ("en-us", "en-ca", "en-ph")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as far as it was stated."""

    at: datetime
    """Aware for "instant", naive for the others; midnight for "day"."""
    precision: DatePrecision


def moment(raw: str, *, language: str | None = None, zone: str | None = None) -> Moment | None:
    """What a stated date means; None where no whole date can be read.

    ``language`` decides between day and month in 3/4/2022; ``zone`` (an IANA name) is where a time without zone was read.
    """
    text = clean(raw)[:300].translate(_DIGITS)
    if not any(character.isdigit() for character in text):
        return None
    try:
        found = _epoch(text) or _iso(text) or _written(text, language)
    except (ValueError, OverflowError):
        return None
    if found is None or not EARLIEST <= found.at.year <= LATEST or _is_zero(found.at):
        return None
    return _placed(found, zone)


def _is_zero(at: datetime) -> bool:
    """Whether a computer that knew no date wrote the beginning of its own time."""
    return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) == datetime(1970, 1, 1, tzinfo=UTC)


def _placed(found: Moment, zone: str | None) -> Moment:
    if found.precision != "local" or zone is None:
        return found
    return Moment(found.at.replace(tzinfo=ZoneInfo(zone)), "instant")


def _epoch(text: str) -> Moment | None:
    if not _EPOCH.match(text):
        return None
    return Moment(datetime.fromtimestamp(int(text[:10]), UTC), "instant")


def _iso(text: str) -> Moment | None:
    match = _ISO.search(text)
    if match is None:
        return None
    if not (0 < int(match["m"]) <= 12 and 0 < int(match["d"]) <= 31):
        return None  # another number of eight digits, such as a telephone's
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    if day.year < 1600:
        day = gregorian_of_jalali(day.year, day.month, day.day)
    if match["h"] is None:
        return Moment(datetime(day.year, day.month, day.day), "day")  # noqa: DTZ001 - a day has no zone
    hour, extra = divmod(int(match["h"]), 24)[::-1]
    clock = time(hour, int(match["min"]), int(match["s"] or 0) % 60)
    return _zoned(datetime.combine(day, clock) + timedelta(days=extra), match["zone"])


def _zoned(at: datetime, zone: str | None) -> Moment:
    found = _zone(zone) if zone else None
    return Moment(at.replace(tzinfo=found), "instant") if found else Moment(at, "local")


def _zone(name: str) -> timezone | ZoneInfo | None:
    key = name.lower()
    if key in _OFFSETS:
        return timezone(timedelta(minutes=_OFFSETS[key]))
    if key in _REGIONS:
        return ZoneInfo(_REGIONS[key])
    if key[0] not in "+-":
        return None
    digits = key[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if key[0] == "-" else minutes)) if minutes < 24 * 60 else None


def _written(text: str, language: str | None) -> Moment | None:
    found = _day(text, language)
    if found is None:
        return None
    day, rest = found
    clock = _CLOCK.search(rest)
    if clock is None or (clock["min"] is None and clock["half"] is None and clock["half_before"] is None):
        return Moment(datetime(day.year, day.month, day.day), "day")  # noqa: DTZ001 - a day has no zone
    at = datetime(day.year, day.month, day.day, _hour(clock), int(clock["min"] or 0), int(clock["s"] or 0))  # noqa: DTZ001
    return _zoned(at, clock["zone"])


def _hour(clock: re.Match[str]) -> int:
    hour = int(clock["h"])
    half = (clock["half"] or clock["half_before"] or "").lower()
    if half.startswith("p") or half in ("午後", "下午", "오후"):
        return hour % 12 + 12
    return hour % 12 if half.startswith("a") or half in ("午前", "上午", "오전") else hour


def _day(text: str, language: str | None) -> tuple[date, str] | None:
    """The first whole date of a text, and the text without it."""
    for pattern, read in ((_DAY_NAME, _named), (_NAME_DAY, _named), (_YEAR_FIRST, _numbered)):
        if match := pattern.search(text):
            return read(match), f"{text[: match.start()]} {text[match.end() :]}"
    if match := _YEAR_LAST.search(text):
        return _ordered(match, language), f"{text[: match.start()]} {text[match.end() :]}"
    return None


def _named(match: re.Match[str]) -> date:
    month, year = MONTHS[match["m"].lower()], int(match["y"])
    if month > 12:
        return gregorian_of_jalali(year, month - 12, int(match["d"]))
    return date(_common_era(year), month, int(match["d"]))


def _numbered(match: re.Match[str]) -> date:
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    return gregorian_of_jalali(year, month, day) if 1200 < year < 1600 else date(_common_era(year), month, day)


def _common_era(year: int) -> int:
    # Thai pages count from the death of the Buddha.
    return year - 543 if 2400 < year < 2700 else year


def _ordered(match: re.Match[str], language: str | None) -> date:
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    month_first = second > 12 or (first <= 12 and "/" in match[0] and (language or "") in _MONTH_FIRST)
    return date(year, first, second) if month_first else date(year, second, first)
