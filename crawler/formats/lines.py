"""An article a line: JSON for programs, CSV for spreadsheets."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from io import StringIO
from typing import Any

from crawler.index.exporting import ExportedArticle
from crawler.items import Block, Embed, Image, Link

NOT_IN_CSV = ("blocks", "images", "embeds", "links")
"""Fields that are no single values, nor lists of such."""

OF_FIRST_IMAGE = {"image": "url", "image_caption": "caption", "image_credit": "credit"}
"""Columns of CSV that JSON has within ``images``, with their names there."""

COLUMNS = (*(field.name for field in fields(ExportedArticle) if field.name not in NOT_IN_CSV), *OF_FIRST_IMAGE)

# A link's hints are those of listings; an article's own links have none.
_NAMES = {
    kind: tuple(field.name for field in fields(kind) if field.name != "hints")
    for kind in (ExportedArticle, Block, Image, Embed, Link)
}

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_lines(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """One JSON object a line, with every field; lists are arrays."""
    for article in articles:
        yield f"{json.dumps(_plain(article), ensure_ascii=False)}\n"


def _plain(value: Any) -> Any:
    """As JSON has it. ``asdict`` takes three times as long, for copies that nobody needs."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if names := _NAMES.get(type(value)):
        return {name: _plain(getattr(value, name)) for name in names}
    return value


def csv_rows(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """A line of names, then a row for each article (RFC 4180); in a list "; " stands between two.

    What a spreadsheet would take for a formula has an apostrophe before it: a page must not calculate.
    """
    yield _row(COLUMNS)
    for article in articles:
        image = article.images[0] if article.images else Image("")
        own = [getattr(article, name) for name in COLUMNS if name not in OF_FIRST_IMAGE]
        yield _row(map(_cell, [*own, *(getattr(image, name) for name in OF_FIRST_IMAGE.values())]))


def _cell(value: object) -> str:
    text = "; ".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
    return f"'{text}" if not isinstance(value, int) and text.startswith(_FORMULA) else text


def _row(cells: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()
