"""The tables and columns of index.db, and the fields of exports, as archives/README.md lists them.

uv run python -m tests.index.columns    writes them anew
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from crawler.index.database import add_functions
from crawler.index.schema import MIGRATIONS
from tests.conftest import PROJECT
from tests.formats.documented import table

README = PROJECT / "archives" / "README.md"
BEGIN, END = "<!-- made by python -m tests.index.columns -->\n", "<!-- end -->"
EXPORTS = "<!-- exports: made by python -m tests.index.columns -->\n"

HOLDS = {
    "publishers": "Who publishes.",
    "crawls": "One row per run of `scrapy crawl`.",
    "warcs": "One row per sealed WARC file.",
    "captures": "One row per exchange on record: pages, feeds, sitemaps, robots.txt, tdmrep.json, redirects, errors.",
    "articles": "One row per article, on however many hosts, as its newest revision has it.",
    "article_urls": "Every address at which an article was seen, mirrors too.",
    "article_ids": "Further ids of an article: of those that were merged into it.",
    "article_marks": "By what an article is found again when it comes under another key; for programs.",
    "revisions": "What an article said: a row for the first time, and one for each change.",
    "blocks": "The pieces of a revision's text, in reading order.",
    "images": "The images of a revision.",
    "links": "The links in a revision's text.",
    "embeds": "The videos, recordings, posts and charts that a revision shows from elsewhere.",
    "revision_pages": "The captures of the further pages of a revision that was joined from several.",
    "evidence": "Where each value of a revision comes from: what was chosen, and what else said something different.",
    "boilerplate": "What was taken out of the texts of a publisher's articles.",
    "learnt_boilerplate": "Paragraphs that recur over a publisher's articles, and are taken out of all of them.",
    "mirror_candidates": "Hosts that a publisher's own pages name as its own.",
    "events": "What happened: edits, articles that went, hosts that were down.",
    "articles_folded": "For full text: what FTS5 could not find in the texts as they are.",
    "articles_folded_names": "For full text: bylines, agencies, sections, topics and credits.",
    "articles_fts_names": "Full text over those; `scrapy search author:lee` asks it.",
    "articles_fulltext": "What full text is searched in.",
    "articles_fts": "Full text (FTS5) over headlines, summaries, texts and captions.",
    "latest": "One row per article: newest revision, publisher, WARC file and offset.",
    "edits": "Every revision after the first.",
    "coverage": "Articles per publisher and day of publication.",
}

_COLUMN = re.compile(r'^\s*"?([a-z_0-9]+)"? +(?:INTEGER|TEXT)[^-]*(?:-- (.*))?$')
_MORE = re.compile(r"^\s*-- (.*)$")


def current(text: str) -> str:
    """The README's text with its generated part as it should be."""
    text = _between(text, EXPORTS, table())
    return _between(text, BEGIN, "\n".join(_sections()) + "\n")


def _between(text: str, mark: str, made: str) -> str:
    before, begin, rest = text.partition(mark)
    _, end, after = rest.partition(END)
    assert begin, f"{README} has no place for {mark}"
    assert end, f"{README} has no end of {mark}"
    return f"{before}{begin}{made}{end}{after}"


def _sections() -> Iterator[str]:
    with closing(sqlite3.connect(":memory:")) as db:
        add_functions(db)
        for migration in MIGRATIONS:
            db.executescript(migration)
        rows = db.execute(
            "SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE 'sqlite_%' AND (name NOT LIKE 'articles_fts_%' OR name = 'articles_fts_names') "
            "ORDER BY type, rowid"
        )
        for name, kind, sql in rows.fetchall():
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({name})")]
            yield from _section(name, kind, columns, dict(_comments(sql)) | _added(name))


def _section(name: str, kind: str, columns: list[str], comments: dict[str, str]) -> Iterator[str]:
    yield f"\n### `{name}`{' (view)' if kind == 'view' else ''}\n\n{HOLDS[name]}\n"
    if not any(comments.values()):
        yield ", ".join(f"`{column}`" for column in columns)
        return
    yield "| Column | |\n| --- | --- |"
    yield from (f"| `{column}` | {comments.get(column) or ''} |" for column in columns)


def _added(table: str) -> dict[str, str]:
    """The comments of columns that later migrations added: SQLite keeps none of those."""
    added = re.findall(rf"ALTER TABLE {table} ADD COLUMN (\w+) [^;]*;\s*-- (.*)", "\n".join(MIGRATIONS))
    return dict(added)


def _comments(sql: str) -> Iterator[tuple[str, str]]:
    """Each column with the comment behind it, in one line."""
    name, comment = "", ""
    for line in sql.splitlines():
        if match := _COLUMN.match(line):
            yield name, comment
            name, comment = match[1], match[2] or ""
        elif match := _MORE.match(line):
            comment = f"{comment} {match[1]}"
    yield name, comment


if __name__ == "__main__":
    README.write_text(current(README.read_text(encoding="utf-8")), encoding="utf-8")
