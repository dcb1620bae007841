"""The last resort for a date: htmldate's search of the whole page."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from crawler.extraction.outline import Outline

if TYPE_CHECKING:
    from dateparser import DateDataParser

EARLIEST = "1995-01-01"
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Of a page of which nobody knows when it was captured: the extraction has no clock."""
SEARCHED = 300_000
"""Characters of text; what is longer is not searched: htmldate's effort has no bound of its own."""


def searched_day(
    root: HtmlElement, outline: Outline, url: str, language: str | None, captured: datetime | None
) -> str | None:
    """The day, as YYYY-MM-DD, that htmldate finds; None for pages that are too large or too deep to search."""
    if outline.too_deep or outline.size > SEARCHED:
        return None
    day: str | None = _find_date(language or "en")(
        # It takes elements out of what it searches.
        deepcopy(root),
        url=url,
        original_date=True,
        extensive_search=True,
        min_date=EARLIEST,
        max_date=(captured or LATEST).strftime("%Y-%m-%d"),
    )
    return day


@cache
def _parser(language: str) -> DateDataParser:
    """Knows one language, where htmldate's own loads all 205 in 4 s; and takes no "yesterday" from the clock."""
    # Importing them takes a second, and urllib3, which htmldate imports, opens a socket to look for IPv6.
    from dateparser import DateDataParser

    settings = {"PARSERS": ["absolute-time"], "PREFER_DATES_FROM": "past", "STRICT_PARSING": True}
    try:
        return DateDataParser(languages=[language.partition("-")[0].lower()], settings=settings)
    except ValueError:  # a language it does not know
        return DateDataParser(languages=["en"], settings=settings)


def _find_date(language: str) -> Callable[..., str | None]:
    from htmldate import extractors, find_date

    # It remembers what it made of a text, whatever the language was.
    extractors.try_date_expr.cache_clear()
    extractors.get_external_parser = lambda: _parser(language)  # type: ignore[assignment]  # was cached
    search: Callable[..., str | None] = find_date
    return search
