"""An article a line: JSON for programs, CSV for spreadsheets."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from io import StringIO

from crawler.index.exporting import ExportedArticle
from crawler.items import Image

NOT_IN_CSV = ("blocks", "images", "embeds", "links")
"""Fields that are no single values, nor lists of such."""

OF_FIRST_IMAGE = {"image": "url", "image_caption": "caption", "image_credit": "credit"}
"""Columns of CSV that JSON has within ``images``, with their names there."""

COLUMNS = (*(field.name for field in fields(ExportedArticle) if field.name not in NOT_IN_CSV), *OF_FIRST_IMAGE)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def json_lines(articles: Iterable[ExportedArticle]) -> Iterator[str]:
    """One JSON object a line, with every field; lists are arrays."""
    for article in articles:
        row = asdict(article)
        for link in row["links"]:
            del link["hints"]  # of listings; an article's own links have none
        yield f"{json.dumps(row, ensure_ascii=False)}\n"


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
