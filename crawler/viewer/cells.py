"""Datasette's tables lead to our pages: ids of articles, revisions and records are links."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from crawler.viewer.filters import article_path, snapshot_path

PAGES: dict[str, Callable[[str], str]] = {
    "article_id": article_path,
    "revision_id": article_path,
    "record_id": snapshot_path,
}
"""By the names of columns, in tables, views and results of SQL."""

OF_TABLES: dict[tuple[str, str], Callable[[str], str]] = {
    ("articles", "id"): article_path,
    ("latest", "id"): article_path,
}

INTERNAL = ("article_marks", "articles_folded", "articles_folded_names", "sqlite_stat1")
"""Tables that no question is about; they can be asked all the same."""


def linked(table: str | None, column: str, value: object) -> Markup | None:
    """A cell with the link to what it names; None: Datasette shows it."""
    page = PAGES.get(column) or OF_TABLES.get((table or "", column))
    if isinstance(value, dict):  # a key of another table, with the label that Datasette found there
        value = value["value"]
    if page is None or not isinstance(value, str):
        return None
    return Markup('<a href="{}">{}</a>').format(page(value), value)
