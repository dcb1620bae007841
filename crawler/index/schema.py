"""The tables of index.db, column by column; their names are a contract with everybody who writes queries."""

from __future__ import annotations

from crawler.index.texts import CREDITS, FULL_TEXT, NAMES, NEWEST

TABLES = """
CREATE TABLE publishers (
    id        TEXT PRIMARY KEY,  -- short name of the definition, or the registered domain where there is none
    name      TEXT NOT NULL,
    country   TEXT,              -- ISO 3166-1 alpha-2
    languages TEXT,              -- JSON array
    domains   TEXT NOT NULL,     -- JSON array, in order of preference
    notes     TEXT
);
CREATE TABLE crawls (
    id            INTEGER PRIMARY KEY,
    spider        TEXT NOT NULL,
    arguments     TEXT NOT NULL,  -- JSON array, as on the command line
    started_at    TEXT NOT NULL,
    finished_at   TEXT,           -- null: still running, or killed
    finish_reason TEXT,
    stats         TEXT,           -- JSON: Scrapy's counters
    software      TEXT NOT NULL
);
CREATE TABLE warcs (
    id              INTEGER PRIMARY KEY,
    filename        TEXT NOT NULL UNIQUE,  -- below archive/
    bytes           INTEGER NOT NULL,
    records         INTEGER NOT NULL,
    sealed_at       TEXT NOT NULL,
    sha256          TEXT NOT NULL,
    previous_sha256 TEXT                   -- of the file sealed before; null: the first
);
CREATE TABLE captures (
    id             INTEGER PRIMARY KEY,
    crawl_id       INTEGER REFERENCES crawls (id),  -- null: recovered or reindexed
    url            TEXT NOT NULL,
    urlkey         TEXT NOT NULL,     -- SURT
    host           TEXT NOT NULL,
    captured_at    TEXT NOT NULL,
    method         TEXT NOT NULL,
    status         INTEGER NOT NULL,
    mime           TEXT,
    kind           TEXT NOT NULL,     -- response, revisit
    record_id      TEXT NOT NULL UNIQUE,
    warc           TEXT NOT NULL,     -- file name below archive/, no folder
    "offset"       INTEGER NOT NULL,  -- of the gzip member, bytes
    length         INTEGER NOT NULL,  -- of the gzip member, bytes
    payload_digest TEXT,              -- sha1: and Base32, as in the WARC
    payload_sha256 TEXT,
    ip             TEXT,              -- null: through a proxy
    tls            TEXT,              -- JSON; null: plain http
    truncated      TEXT,              -- length, time, disconnect, unspecified; null: whole
    via            TEXT,              -- the page that named the URL
    publisher_id   TEXT,
    purpose        TEXT NOT NULL,     -- article, feed, sitemap, section, robots, tdmrep, requisite, other
    article_id     TEXT,              -- null: no article came of it (yet)
    outcome        TEXT,              -- pending, new, revised, unchanged, not-article, gone, blocked, failed;
                                      -- null: no article's page
    etag           TEXT,
    last_modified  TEXT
);
CREATE INDEX captures_url ON captures (url, captured_at);
CREATE INDEX captures_digest ON captures (payload_digest);
CREATE INDEX captures_article ON captures (article_id) WHERE article_id IS NOT NULL;
CREATE INDEX captures_pending ON captures (captured_at) WHERE outcome = 'pending';
CREATE TABLE articles (
    number        INTEGER PRIMARY KEY,   -- of this file only: the row of articles_fts
    id            TEXT NOT NULL UNIQUE,  -- publisher/key: stays when the index is rebuilt
    publisher_id  TEXT NOT NULL REFERENCES publishers (id),
    article_key   TEXT NOT NULL,
    url           TEXT NOT NULL,         -- canonical
    headline      TEXT,
    summary       TEXT,
    authors       TEXT NOT NULL,         -- JSON array
    section_path  TEXT NOT NULL,         -- JSON array
    topics        TEXT NOT NULL,         -- JSON array
    language      TEXT,
    published_at  TEXT,                  -- null: the page states none
    modified_at   TEXT,
    access        TEXT,                  -- free, metered, locked
    state         TEXT NOT NULL,         -- live, gone, moved, blocked
    first_seen_at TEXT NOT NULL,
    last_seen_at  TEXT NOT NULL,
    revisions     INTEGER NOT NULL,      -- how many
    revision_id   TEXT NOT NULL,         -- the newest
    word_count    INTEGER NOT NULL,
    UNIQUE (publisher_id, article_key)
);
CREATE INDEX articles_url ON articles (url);
CREATE INDEX articles_published ON articles (published_at);
CREATE INDEX articles_publisher ON articles (publisher_id, published_at);
CREATE TABLE article_urls (
    article_id    TEXT NOT NULL REFERENCES articles (id),
    url           TEXT NOT NULL,
    host          TEXT NOT NULL,
    urlkey        TEXT NOT NULL,     -- SURT without tracking parameters, of the page itself where it is a variant
    first_seen_at TEXT NOT NULL,
    last_seen_at  TEXT NOT NULL,
    PRIMARY KEY (article_id, url)
) WITHOUT ROWID;
CREATE INDEX article_urls_urlkey ON article_urls (urlkey);
CREATE TABLE revisions (
    id                  TEXT PRIMARY KEY,  -- publisher/key@number
    article_id          TEXT NOT NULL REFERENCES articles (id),
    number              INTEGER NOT NULL,  -- from 1, in the order of their captures
    capture_id          INTEGER NOT NULL REFERENCES captures (id),
    seen_at             TEXT NOT NULL,
    content_sha256      TEXT NOT NULL,     -- of what makes a revision: headline, summary, blocks, captions
    headline            TEXT,
    kicker              TEXT,
    summary             TEXT,
    authors             TEXT NOT NULL,     -- JSON array
    section_path        TEXT NOT NULL,     -- JSON array
    topics              TEXT NOT NULL,     -- JSON array
    language            TEXT,
    published_at        TEXT,
    published_precision TEXT,              -- instant: UTC; local: without a zone; day
    published_raw       TEXT,              -- as the page has it
    modified_at         TEXT,
    modified_raw        TEXT,
    text                TEXT NOT NULL,     -- the blocks, joined by blank lines
    word_count          INTEGER NOT NULL,
    extractor           TEXT NOT NULL,
    changed             TEXT,              -- JSON array of columns; null: the first revision
    block_kinds         TEXT NOT NULL,     -- JSON array of [letter of kind, start, length]; the view blocks reads it
    UNIQUE (article_id, number)
);
CREATE TABLE images (
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    position    INTEGER NOT NULL,
    url         TEXT NOT NULL,
    caption     TEXT,
    credit      TEXT,
    alt         TEXT,
    width       INTEGER,           -- pixels, as the page states
    height      INTEGER,
    PRIMARY KEY (revision_id, position)
) WITHOUT ROWID;
CREATE TABLE links (
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    position    INTEGER NOT NULL,
    url         TEXT NOT NULL,
    text        TEXT,
    PRIMARY KEY (revision_id, position)
) WITHOUT ROWID;
CREATE TABLE evidence (
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    position    INTEGER NOT NULL,
    field       TEXT NOT NULL,
    value       TEXT NOT NULL,     -- a long one as sha256 and length
    source      TEXT NOT NULL,     -- json-ld, microdata, opengraph, meta, layout, feed, sitemap, url, body
    locator     TEXT,              -- path or selector
    chosen      INTEGER NOT NULL,  -- 1: this is the field's value
    PRIMARY KEY (revision_id, position)
) WITHOUT ROWID;
CREATE TABLE boilerplate (
    publisher_id  TEXT NOT NULL REFERENCES publishers (id),
    text          TEXT NOT NULL,
    kind          TEXT NOT NULL,     -- why it was taken out of a text
    first_seen_at TEXT NOT NULL,
    last_seen_at  TEXT NOT NULL,
    times         INTEGER NOT NULL,  -- revisions it was taken out of
    PRIMARY KEY (publisher_id, text)
) WITHOUT ROWID;
CREATE TABLE mirror_candidates (
    publisher_id TEXT NOT NULL REFERENCES publishers (id),
    host         TEXT NOT NULL,
    found_in     INTEGER NOT NULL REFERENCES captures (id),
    status       TEXT NOT NULL,  -- suggested, accepted, refused; nothing is fetched from one before it is accepted
    PRIMARY KEY (publisher_id, host)
);
CREATE TABLE events (
    id           INTEGER PRIMARY KEY,
    at           TEXT NOT NULL,
    kind         TEXT NOT NULL,  -- edited, silently-edited, gone, restored, moved, host-down, broken-exchange, …
    publisher_id TEXT,
    article_id   TEXT,
    capture_id   INTEGER REFERENCES captures (id),
    detail       TEXT NOT NULL,  -- JSON
    UNIQUE (at, kind, detail)
);
CREATE INDEX events_article ON events (article_id, at);
"""

VIEWS = """
CREATE VIEW blocks AS
    SELECT r.id AS revision_id, b.key AS position,
           CASE json_extract(b.value, '$[0]') WHEN 'p' THEN 'paragraph' WHEN 's' THEN 'subhead' WHEN 'q' THEN 'quote'
               WHEN 'l' THEN 'list_item' WHEN 't' THEN 'table' ELSE 'embed' END AS kind,
           substr(r.text, json_extract(b.value, '$[1]') + 1, json_extract(b.value, '$[2]')) AS text
    FROM revisions r, json_each(r.block_kinds) b;
CREATE VIEW latest AS
    SELECT a.id, a.publisher_id, p.name AS publisher, a.headline, a.summary, a.authors, a.section_path, a.topics,
           a.language, a.published_at, r.published_precision, a.modified_at, a.access, a.state, a.url, a.word_count,
           a.first_seen_at, a.last_seen_at, a.revisions, r.id AS revision_id, r.text,
           c.captured_at, c.warc, c."offset", c.length
    FROM articles a
    JOIN publishers p ON p.id = a.publisher_id
    JOIN revisions r ON r.id = a.revision_id
    JOIN captures c ON c.id = r.capture_id;
CREATE VIEW edits AS
    SELECT r.seen_at AS at, a.publisher_id, a.id AS article_id, r.number AS revision, r.changed, a.headline, a.url
    FROM revisions r JOIN articles a ON a.id = r.article_id
    WHERE r.number > 1;
CREATE VIEW coverage AS
    SELECT publisher_id, substr(published_at, 1, 10) AS day, count(*) AS articles, sum(revisions) AS revisions
    FROM articles GROUP BY publisher_id, substr(published_at, 1, 10);
"""

REVISITS = """
ALTER TABLE captures ADD COLUMN refers_to TEXT;  -- of a revisit: the record_id of the response with its payload
ALTER TABLE warcs ADD COLUMN replaces TEXT;  -- the file whose place it took when records were taken out; that is gone
CREATE INDEX crawls_started ON crawls (started_at);
"""

KINDS = """
ALTER TABLE revisions ADD COLUMN persons TEXT;  -- JSON array: the people among authors; null: from before this was told
ALTER TABLE revisions ADD COLUMN agencies TEXT;  -- JSON array: news agencies credited, by their usual names
ALTER TABLE revisions ADD COLUMN dateline TEXT;  -- as the text opens with it; null: it has none
ALTER TABLE revisions ADD COLUMN dateline_place TEXT;  -- the place in it, as written
ALTER TABLE revisions ADD COLUMN access TEXT;  -- free, metered, locked
ALTER TABLE revisions ADD COLUMN form TEXT;  -- article, live-blog, multi-page
ALTER TABLE revisions ADD COLUMN page INTEGER;  -- of several, the one the text begins with; null: the article has one
ALTER TABLE revisions ADD COLUMN pages INTEGER;  -- of how many the page says; null: of one, or it does not say
ALTER TABLE revisions ADD COLUMN next_page TEXT;  -- where the article goes on after the text; null: nowhere
ALTER TABLE revisions ADD COLUMN corrections TEXT;  -- JSON array: notes on what was corrected
ALTER TABLE articles ADD COLUMN persons TEXT;  -- JSON array, as in revisions
ALTER TABLE articles ADD COLUMN agencies TEXT;  -- JSON array
ALTER TABLE articles ADD COLUMN form TEXT;  -- article, live-blog, multi-page
CREATE TABLE embeds (
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    position    INTEGER NOT NULL,
    kind        TEXT NOT NULL,     -- video, audio, post, graphic, document, page
    url         TEXT NOT NULL,
    provider    TEXT,              -- youtube, x, spotify, …; null: the publisher's own, or not known
    title       TEXT,
    author      TEXT,              -- as the page names it
    before      INTEGER,           -- position of the block that follows it; null: the page does not show where it is
    PRIMARY KEY (revision_id, position)
) WITHOUT ROWID;
CREATE TABLE revision_pages (
    revision_id TEXT NOT NULL REFERENCES revisions (id),
    number      INTEGER NOT NULL,  -- from 2: the first page is revisions.capture_id
    capture_id  INTEGER NOT NULL REFERENCES captures (id),
    PRIMARY KEY (revision_id, number)
) WITHOUT ROWID;
ALTER TABLE captures ADD COLUMN page_of TEXT;  -- of an article's later page: record_id of the first
CREATE INDEX captures_page_of ON captures (page_of) WHERE page_of IS NOT NULL;
DROP VIEW latest;
CREATE VIEW latest AS
    SELECT a.id, a.publisher_id, p.name AS publisher, a.headline, a.summary, a.authors, a.section_path, a.topics,
           a.language, a.published_at, r.published_precision, a.modified_at, a.access, a.state, a.url, a.word_count,
           a.first_seen_at, a.last_seen_at, a.revisions, r.id AS revision_id, r.text,
           c.captured_at, c.warc, c."offset", c.length, a.form, a.persons, a.agencies, r.dateline, r.corrections
    FROM articles a
    JOIN publishers p ON p.id = a.publisher_id
    JOIN revisions r ON r.id = a.revision_id
    JOIN captures c ON c.id = r.capture_id;
"""

BOILERPLATE = """
CREATE TABLE learnt_boilerplate (
    publisher_id TEXT NOT NULL,
    text         TEXT NOT NULL,     -- of a paragraph that recurs at the edges of the publisher's articles
    learnt_at    TEXT NOT NULL,     -- of the event that says so; all revisions are without it, older ones too
    PRIMARY KEY (publisher_id, text)
) WITHOUT ROWID;
ALTER TABLE revisions ADD COLUMN learnt TEXT;  -- JSON array of [position, letter, text]: learnt boilerplate; null: none
"""

CHANGES = """
-- not-found is status 404, removed 410, legal-reasons 451; unreadable: the text is there, and was not found.
ALTER TABLE captures ADD COLUMN verdict TEXT;  -- why no article was there: not-found, soft-404, …; null: it was
ALTER TABLE captures ADD COLUMN location TEXT;  -- of an article's redirect: where it leads, as sent
CREATE INDEX events_kind ON events (kind, at);
DROP VIEW edits;
CREATE VIEW edits AS
    SELECT r.seen_at AS at, a.publisher_id, a.id AS article_id, r.number AS revision, r.changed, a.headline, a.url,
           e.kind, json_extract(e.detail, '$.weight') AS weight, json_extract(e.detail, '$.kinds') AS kinds,
           json_extract(e.detail, '$.edits') AS edits
    FROM revisions r JOIN articles a ON a.id = r.article_id
    LEFT JOIN events e ON e.article_id = a.id AND e.capture_id = r.capture_id
        AND e.kind IN ('edited', 'silently-edited')
    WHERE r.number > 1;
"""

IDENTITY = """
CREATE TABLE article_ids (
    id          TEXT NOT NULL,  -- that an article had, or its captures would have by themselves
    merged_into TEXT NOT NULL,  -- by the event that says so
    article_id  TEXT NOT NULL,  -- that the article has today, where into it was merged in its turn
    PRIMARY KEY (id, merged_into)
) WITHOUT ROWID;
CREATE INDEX article_ids_into ON article_ids (merged_into);
CREATE INDEX article_ids_article ON article_ids (article_id);
CREATE TABLE article_marks (
    mark       INTEGER NOT NULL,  -- day of publication and digest of a long paragraph, or of a number in the address
    article_id TEXT NOT NULL REFERENCES articles (id),
    PRIMARY KEY (mark, article_id)
) WITHOUT ROWID;
"""

POLICY = """
ALTER TABLE captures ADD COLUMN robots TEXT;  -- robots.txt: allowed, not-asked (itself, or not obeyed)
ALTER TABLE captures ADD COLUMN x_robots_tag TEXT;  -- as sent, several fields joined by " | "
ALTER TABLE captures ADD COLUMN meta_robots TEXT;  -- as an article's page has it, where it asks for anything
ALTER TABLE captures ADD COLUMN tdm_reservation INTEGER;  -- TDMRep: 1 reserved, 0 not; null: not said
ALTER TABLE captures ADD COLUMN tdm_policy TEXT;  -- address of the terms for text and data mining
ALTER TABLE captures ADD COLUMN license TEXT;  -- JSON-LD license or rel=license of an article's page; else Link header
ALTER TABLE captures ADD COLUMN policy TEXT;  -- JSON array: noai, noarchive, tdm-reserved, …; null: not read
"""

PAGES = """
CREATE INDEX captures_at ON captures (captured_at, purpose, outcome, status, host);
CREATE INDEX captures_publisher ON captures (publisher_id, captured_at, outcome, host);
CREATE INDEX articles_first_seen ON articles (first_seen_at);
CREATE INDEX articles_away ON articles (publisher_id, state) WHERE state <> 'live';
CREATE INDEX events_publisher ON events (publisher_id, kind, at);
"""

MIGRATIONS: tuple[str, ...] = (
    TABLES + VIEWS + FULL_TEXT,
    REVISITS,
    KINDS,
    BOILERPLATE,
    CHANGES,
    IDENTITY,
    NAMES,
    POLICY,
    PAGES,
    NEWEST,
    CREDITS,
)
"""Version n of the file is what the first n make of it: never edit one that was released, add the next."""
