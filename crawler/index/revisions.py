"""The rows of one revision: its fields, blocks, images, links and evidence."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from crawler.index.learnt import text_columns, whole_blocks
from crawler.index.moments import stated
from crawler.items import Article, Block, Evidence
from crawler.normalisation.encodable import encodable

REVISION_COLUMNS = (
    *("id", "article_id", "number", "capture_id", "seen_at", "content_sha256", "headline", "kicker", "summary"),
    *("authors", "section_path", "topics", "language", "published_at", "published_precision", "published_raw"),
    *("modified_at", "modified_raw", "text", "word_count", "extractor", "changed", "block_kinds"),
    *("persons", "agencies", "dateline", "dateline_place", "access", "form", "page", "pages", "next_page"),
    *("corrections", "learnt"),
)

AS_THEY_ARE = ("dateline", "dateline_place", "access", "form", "page", "pages", "next_page")
"""Columns that hold what the Article's field of that name does."""

COMPARED = (
    *("headline", "kicker", "summary", "authors", "section_path", "topics", "language", "published_at"),
    *("modified_at", "text"),
)
"""Columns that ``changed`` may name, beside "captions"."""

LONG_VALUE = 160
"""Characters of evidence that are kept; of a longer value its digest and length."""

LOSERS = 3
"""Candidates that were not chosen, for each field; extraction names the likeliest first."""

INSERT = (
    f"INSERT INTO revisions ({', '.join(REVISION_COLUMNS)}) "
    f"VALUES ({', '.join(f':{name}' for name in REVISION_COLUMNS)})"
)


def revision_row(article: Article) -> dict[str, Any]:
    """The columns that come from the page."""
    taken = ((p.position, Block(p.block_kind, p.text)) for p in article.boilerplate if p.position is not None)
    row = {
        "headline": article.headline,
        "kicker": article.kicker,
        "summary": article.summary,
        "authors": _listed(article.authors),
        "section_path": _listed(article.section_path),
        "topics": _listed(article.topics),
        "language": article.language,
        "published_at": stated(article.published, article.published_precision),
        "published_precision": article.published_precision,
        "published_raw": article.published_raw,
        "modified_at": stated(article.modified),
        "modified_raw": article.modified_raw,
        **text_columns(article.blocks, taken),
        "persons": _listed(article.persons),
        "agencies": _listed(article.agencies),
        "corrections": _listed(article.corrections),
        **{name: getattr(article, name) for name in AS_THEY_ARE},
    }
    return {name: encodable(value) for name, value in row.items()}


def add_revision(db: sqlite3.Connection, row: Mapping[str, Any], article: Article) -> None:
    """The revision and everything that hangs on it."""
    db.execute(INSERT, dict(row))
    _add_parts(db, row["id"], article)


PARTS = ("images", "links", "embeds", "evidence")
"""Tables whose rows hang on a revision, and come from the page."""


def replace_revision(
    db: sqlite3.Connection, revision_id: str, article: Article, content_sha256: str, extractor: str
) -> str:
    """The revision as its page is read now; its new text."""
    row = revision_row(article)
    columns = ", ".join(f"{name} = :{name}" for name in (*row, "content_sha256", "extractor"))
    given = row | {"content_sha256": content_sha256, "extractor": extractor, "id": revision_id}
    db.execute(f"UPDATE revisions SET {columns} WHERE id = :id", given)
    for table in PARTS:
        db.execute(f"DELETE FROM {table} WHERE revision_id = ?", (revision_id,))
    _add_parts(db, revision_id, article)
    return str(row["text"])


def _add_parts(db: sqlite3.Connection, revision_id: str, article: Article) -> None:
    images = ((i.url, i.caption, i.credit, i.alt, i.width, i.height) for i in article.images)
    _fill(db, "images", revision_id, images)
    _fill(db, "links", revision_id, ((link.url, link.text) for link in article.links))
    embeds = ((e.kind, e.url, e.provider, e.title, e.author, e.before) for e in article.embeds)
    _fill(db, "embeds", revision_id, embeds)
    kept = ((e.field, _shortened(e.value), e.source, e.locator, int(e.chosen)) for e in _telling(article.evidence))
    _fill(db, "evidence", revision_id, kept)


def newest_before(db: sqlite3.Connection, article_id: str, at: str) -> dict[str, Any] | None:
    """The columns of the revision that a later one is compared with."""
    names = ("id", *COMPARED, "block_kinds", "learnt")
    query = (
        f"SELECT {', '.join(names)} FROM revisions WHERE article_id = ? AND seen_at <= ? ORDER BY seen_at DESC LIMIT 1"
    )
    found = db.execute(query, (article_id, at)).fetchone()
    return dict(zip(names, found, strict=True)) if found else None


def changed_columns(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Names of the columns in which two revisions differ; what was learnt between them does not count."""
    old, new = ({**row, "text": _whole_text(row)} for row in (before, after))
    return [name for name in COMPARED if old[name] != new[name]]


def changes_captions(db: sqlite3.Connection, revision_id: str, article: Article) -> bool:
    """Whether an article's captions are others than those of a revision."""
    query = "SELECT caption FROM images WHERE revision_id = ? AND caption IS NOT NULL ORDER BY position"
    before = [caption for (caption,) in db.execute(query, (revision_id,))]
    return before != [encodable(image.caption) for image in article.images if image.caption]


def _whole_text(row: Mapping[str, Any]) -> str:
    blocks = whole_blocks(row["text"], row["block_kinds"], row["learnt"])
    return "\n\n".join(block.text for block in blocks)


def _fill(db: sqlite3.Connection, table: str, revision_id: str, values: Iterable[tuple[Any, ...]]) -> None:
    rows = [(revision_id, position, *map(encodable, value)) for position, value in enumerate(values)]
    if rows:
        places = ", ".join("?" * len(rows[0]))
        db.executemany(f"INSERT INTO {table} VALUES ({places})", rows)


def _telling(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """What was chosen, and of the rest the first few values that say something else, each once."""
    seen: set[tuple[str, str]] = set()
    losers: Counter[str] = Counter()
    for candidate in sorted(evidence, key=lambda e: not e.chosen):
        said = candidate.field, candidate.value
        if not candidate.chosen and (said in seen or losers[candidate.field] == LOSERS):
            continue
        losers[candidate.field] += not candidate.chosen
        seen.add(said)
        yield candidate


def _shortened(value: str) -> str:
    if len(value) <= LONG_VALUE:
        return value
    return f"sha256:{sha256(value.encode('utf-8', 'replace')).hexdigest()} ({len(value)} characters)"


def _listed(values: Iterable[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
