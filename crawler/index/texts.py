"""The tables and indexes that are searched in: parts of the schema."""

from __future__ import annotations

from crawler.normalisation.folding import TOKENIZER

FULL_TEXT = f"""
CREATE TABLE articles_folded (
    number   INTEGER PRIMARY KEY REFERENCES articles (number),
    headline TEXT,  -- letters folded, unspaced scripts cut into pairs; null: FTS5 finds the same words without that
    summary  TEXT,
    text     TEXT,
    captions TEXT
);
CREATE VIEW articles_fulltext AS
    SELECT a.number, coalesce(f.headline, a.headline) AS headline, coalesce(f.summary, a.summary) AS summary,
           coalesce(f.text, r.text) AS text, coalesce(f.captions,
               (SELECT group_concat(caption, char(10)) FROM images WHERE revision_id = a.revision_id)) AS captions
    FROM articles a
    JOIN revisions r ON r.id = a.revision_id
    LEFT JOIN articles_folded f ON f.number = a.number;
CREATE VIRTUAL TABLE articles_fts USING fts5(
    headline, summary, text, captions,
    content='articles_fulltext', content_rowid='number',
    tokenize="{TOKENIZER}"
);
"""

# Between two names: a letter of no script, so that no phrase reaches from one into the next.
BOUNDARY = "' ' || char(57344) || ' '"

FOLDED_NAMES = f"""
INSERT INTO articles_folded_names
    SELECT a.number,
           folded((SELECT group_concat(value, {BOUNDARY}) FROM json_each(a.authors))),
           folded((SELECT group_concat(value, {BOUNDARY}) FROM json_each(a.agencies))),
           folded((SELECT group_concat(value, ' ') FROM json_each(a.section_path))),
           folded((SELECT group_concat(value, {BOUNDARY}) FROM json_each(a.topics))),
           folded((SELECT group_concat(credit, {BOUNDARY}) FROM
               (SELECT DISTINCT credit FROM images WHERE revision_id = a.revision_id ORDER BY credit)))
    FROM articles a
"""
"""``folded`` is ours: see database.py."""

NAMES = f"""
CREATE TABLE articles_folded_names (
    number       INTEGER PRIMARY KEY REFERENCES articles (number),
    authors      TEXT NOT NULL,  -- letters folded, unspaced scripts cut into pairs; a private letter between two
    agencies     TEXT NOT NULL,
    section_path TEXT NOT NULL,
    topics       TEXT NOT NULL,
    credits      TEXT NOT NULL   -- of the images
);
CREATE VIRTUAL TABLE articles_fts_names USING fts5(
    authors, agencies, section_path, topics, credits,
    content='articles_folded_names', content_rowid='number',
    tokenize="{TOKENIZER}"
);
{FOLDED_NAMES};
INSERT INTO articles_fts_names (articles_fts_names) VALUES ('rebuild');
"""

NEWEST = """
-- What searches ask of articles, without their long rows: by day of publication, and by number.
CREATE INDEX articles_newest ON articles (published_at, number, publisher_id, language, state, access, form);
CREATE INDEX articles_facts ON articles (number, published_at, publisher_id, language, state, access, form);
DROP INDEX articles_published;
"""

CREDITS = """
-- For facets: most images state no credit, and their rows are long.
CREATE INDEX images_credits ON images (revision_id, credit) WHERE credit IS NOT NULL;
"""
