"""Keeps full text in step with the articles; what was searched in must be known to be taken out again."""

from __future__ import annotations

import sqlite3

from crawler.index.texts import FOLDED_NAMES
from crawler.items import Article
from crawler.normalisation.folding import folded_where_needed

SEARCHED = "SELECT number, headline, summary, text, captions FROM articles_fulltext WHERE number = ?"

# Not INSERT … SELECT: FTS5 writes out what it has gathered before each statement that may have to be undone half-way.
ADD = "INSERT INTO articles_fts (rowid, headline, summary, text, captions) VALUES (?, ?, ?, ?, ?)"

REMOVE = """
    INSERT INTO articles_fts (articles_fts, rowid, headline, summary, text, captions) VALUES ('delete', ?, ?, ?, ?, ?)
"""

NAMES = "SELECT number, authors, agencies, section_path, topics, credits FROM articles_folded_names WHERE number = ?"

ADD_NAMES = """
    INSERT INTO articles_fts_names (rowid, authors, agencies, section_path, topics, credits) VALUES (?, ?, ?, ?, ?, ?)
"""

REMOVE_NAMES = """
    INSERT INTO articles_fts_names (articles_fts_names, rowid, authors, agencies, section_path, topics, credits)
    VALUES ('delete', ?, ?, ?, ?, ?, ?)
"""


def remove_text(db: sqlite3.Connection, number: int) -> None:
    """Takes an article out of full text; to be called before its row, newest revision or images change."""
    db.execute(REMOVE, db.execute(SEARCHED, (number,)).fetchone())
    db.execute("DELETE FROM articles_folded WHERE number = ?", (number,))
    db.execute(REMOVE_NAMES, db.execute(NAMES, (number,)).fetchone())
    db.execute("DELETE FROM articles_folded_names WHERE number = ?", (number,))


def add_text(db: sqlite3.Connection, article_id: str, article: Article, text: str) -> None:
    """Brings an article into full text; to be called after all its rows are written, images too."""
    captions = "\n".join(image.caption for image in article.images if image.caption)
    folds = [folded_where_needed(part) for part in (article.headline, article.summary, text, captions)]
    (number,) = db.execute("SELECT number FROM articles WHERE id = ?", (article_id,)).fetchone()
    if any(folds):
        db.execute("INSERT INTO articles_folded VALUES (?, ?, ?, ?, ?)", (number, *folds))
    db.execute(f"{FOLDED_NAMES} WHERE a.number = ?", (number,))
    db.execute(ADD, db.execute(SEARCHED, (number,)).fetchone())
    db.execute(ADD_NAMES, db.execute(NAMES, (number,)).fetchone())


def optimize(db: sqlite3.Connection) -> None:
    """Merges what many small writes left: searches are faster afterwards. Worth its time after many articles only."""
    for table in ("articles_fts", "articles_fts_names"):
        db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
