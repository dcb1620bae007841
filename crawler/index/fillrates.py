"""How many of a publisher's articles have which field, month by month: a layout that broke shows as a fall."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, fields

LONG = 80
"""Words; a text with as many is one."""
LOOKED_AT = 10_000
"""Articles of a publisher, about; where there are more, only every second, third, … is looked at, over all months."""


@dataclass(frozen=True, slots=True)
class MonthFill:
    """One month; but for ``articles`` each is the number of those that have the field, as they are now."""

    month: str
    """YYYY-MM, of publication, else of the first capture."""
    articles: int
    """That were looked at: all, or a sample."""
    headline: int
    authors: int
    published_at: int
    section_path: int
    topics: int
    language: int
    summary: int
    body: int
    """A text of LONG words or more."""
    image: int
    caption: int
    """Of any image; so is ``credit``."""
    credit: int

    def share(self, field: str) -> float:
        """From 0 to 1."""
        return int(getattr(self, field)) / self.articles


FIELDS = tuple(field.name for field in fields(MonthFill) if field.name not in ("month", "articles"))

# Of images one look an article: 1 where there is any, 2 more where one has a caption, 4 more where one has a credit.
FILL = f"""
    WITH held AS MATERIALIZED (
        SELECT substr(coalesce(published_at, first_seen_at), 1, 7) AS month, headline, authors <> '[]' AS authors,
            published_at, section_path <> '[]' AS section_path, topics <> '[]' AS topics, language, summary,
            word_count >= {LONG} AS body, (
                SELECT 1 + 2 * max(caption IS NOT NULL) + 4 * max(credit IS NOT NULL) FROM images i
                WHERE i.revision_id = a.revision_id
            ) AS image
        FROM articles a WHERE publisher_id = :publisher AND number % :step = 0
    )
    SELECT month, count(*), count(headline), sum(authors), count(published_at), sum(section_path), sum(topics),
        count(language), count(summary), sum(body), count(image), coalesce(sum(image & 2), 0) / 2,
        coalesce(sum(image & 4), 0) / 4
    FROM held GROUP BY month ORDER BY month
"""


def fill_rates(db: sqlite3.Connection, publisher_id: str) -> list[MonthFill]:
    """Each month of which there are articles, the first first."""
    (articles,) = db.execute("SELECT count(*) FROM articles WHERE publisher_id = ?", (publisher_id,)).fetchone()
    asked = {"publisher": publisher_id, "step": max(1, articles // LOOKED_AT)}
    return [MonthFill(*row) for row in db.execute(FILL, asked)]
