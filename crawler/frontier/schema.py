"""The tables of frontier.db and how an older file gets them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from crawler.errors import DiskFull, FolderNotUsable, IndexTooNew, wants_room
from crawler.migrations import BUSY_SECONDS, migrate, open_reading, use_wal, version_of
from crawler.normalisation.urls import host_of

MIGRATIONS = (
    """
    CREATE TABLE urls (             -- moments are microseconds since 1970, UTC
        id             INTEGER PRIMARY KEY,
        fingerprint    BLOB NOT NULL UNIQUE,  -- of method, canonical URL and body
        url            TEXT NOT NULL,         -- as found: what is requested
        host           TEXT NOT NULL,
        host_group     TEXT NOT NULL,         -- what shares one politeness: a publisher's id, or the host
        purpose        TEXT NOT NULL,         -- article, feed, sitemap, section, robots, requisite, other
        state          TEXT NOT NULL,         -- queued, leased, done, failed, forbidden, gone
        priority       INTEGER NOT NULL,      -- higher comes first within a group
        due_at         INTEGER,               -- fetch (again) not before; null: never by itself
        waiting        INTEGER NOT NULL,      -- 1: not in the queue; it gets there when due_at has come
        tries          INTEGER NOT NULL DEFAULT 0,     -- since the URL was last done
        seen_at        INTEGER NOT NULL,      -- first
        settled_at     INTEGER,               -- when it last came to an end; null: never yet
        reason         TEXT,                  -- why it is not done; null: it is, or was not tried
        status         INTEGER,               -- of the last response; null: none
        redirected_to  TEXT,                  -- null: the last response was no redirect
        etag           TEXT,                  -- of the last response that had one, for conditional GET
        last_modified  TEXT,                  -- as the server wrote it
        payload_digest TEXT,                  -- of the last capture
        changes        TEXT NOT NULL DEFAULT '[]',     -- JSON: when the digest was another one, the last 20
        lease          INTEGER NOT NULL DEFAULT 0,     -- counts up: the end of an earlier lease is refused
        lease_owner    TEXT,                  -- null: not leased
        lease_until    INTEGER,               -- after it, another process may take the URL
        request        TEXT NOT NULL          -- JSON: what else belongs to the request
    );
    CREATE INDEX urls_queue ON urls (host_group, priority DESC, due_at, purpose) WHERE state = 'queued' AND waiting = 0;
    CREATE INDEX urls_waiting ON urls (due_at) WHERE waiting = 1;
    CREATE INDEX urls_leased ON urls (lease_until) WHERE state = 'leased';
    """,
    """
    CREATE TABLE groups (               -- one politeness each; a group is leased as a whole
        name           TEXT PRIMARY KEY,
        owner          TEXT,                  -- the worker that may send requests to it; null: nobody
        lease_until    INTEGER,               -- after it, another worker may take the group and its leased URLs
        ready_at       INTEGER NOT NULL,      -- no request before, whoever takes it
        delay          INTEGER NOT NULL       -- between two requests, in microseconds
    ) WITHOUT ROWID;
    CREATE INDEX groups_owner ON groups (owner, lease_until) WHERE owner IS NOT NULL;
    CREATE TABLE workers (              -- processes that fetch
        owner          TEXT PRIMARY KEY,
        alive_until    INTEGER NOT NULL,      -- unless it says again that it is
        groups         TEXT,                  -- JSON: what it fetches from; null: from all
        accepts        INTEGER NOT NULL       -- 1: what another process hands over will be fetched
    ) WITHOUT ROWID;
    CREATE TABLE hosts (                -- what keeps a host from being asked
        name           TEXT PRIMARY KEY,
        failures       INTEGER NOT NULL,      -- in a row
        put_off_until  INTEGER,               -- no request before; null: at once
        reason         TEXT                   -- of the last failure, for people
    ) WITHOUT ROWID;
    UPDATE urls SET state = 'queued', lease_owner = NULL WHERE state = 'leased';
    DROP INDEX urls_leased;
    ALTER TABLE urls DROP COLUMN lease_until;
    ALTER TABLE urls ADD COLUMN interval_s INTEGER;    -- of a listing: seconds from one fetch to the next
    CREATE INDEX urls_leased ON urls (host_group, lease_owner) WHERE state = 'leased';
    """,
    # A row is a third shorter: the host is part of the URL, and of a request what is usual goes without saying.
    """
    ALTER TABLE urls DROP COLUMN host;
    UPDATE urls SET request = json_insert(request, '$.callback', NULL, '$.errback', NULL, '$.unset', json((
        SELECT json_group_array(column1) FROM (VALUES ('purpose'), ('publisher_id'), ('download_slot'))
        WHERE json_type(request, '$.meta.' || column1) IS NULL)))
    WHERE purpose <> 'other';
    UPDATE urls SET request = json_remove(request,
        iif(request ->> '$.callback' = 'parse_' || purpose, '$.callback', '$."-"'),
        iif(request ->> '$.errback' = 'failed', '$.errback', '$."-"'),
        iif(request ->> '$.meta.purpose' = purpose, '$.meta.purpose', '$."-"'),
        iif(request ->> '$.meta.publisher_id' = host_group, '$.meta.publisher_id', '$."-"'),
        iif(request ->> '$.meta.download_slot' = host_group, '$.meta.download_slot', '$."-"'),
        iif(request ->> '$.unset' = '[]', '$.unset', '$."-"'))
    WHERE purpose <> 'other';
    """,
    """
    CREATE TABLE mirrors (              -- a publisher's hosts that are not live, or were not
        publisher_id   TEXT NOT NULL,
        host           TEXT NOT NULL,         -- without port
        state          TEXT NOT NULL,         -- live, down, seized
        since          INTEGER NOT NULL,
        probe_at       INTEGER NOT NULL,      -- when it is asked next, unless it is live
        reason         TEXT,                  -- why it is not live, for people
        PRIMARY KEY (publisher_id, host)
    ) WITHOUT ROWID;
    """,
)
"""Version n of the file is what the first n make of it: never edit one that was released, add the next."""

CACHE_KIB = 32 * 1024
"""Pages SQLite may hold: fingerprints are random, so their index wants more than the default 2 MB."""


def open_database(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode, the file created or brought up to date.

    Raises IndexTooNew for the file of a later version, FolderNotUsable where it cannot be opened for writing, DiskFull.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    except (sqlite3.Error, OSError) as error:
        raise FolderNotUsable(f"{path}: cannot be opened for writing ({error})") from error
    try:
        _prepare(database, path)
    except sqlite3.Error as error:
        database.close()
        if wants_room(error):
            raise DiskFull(f"{path}: no room ({error}); free some, then run again") from error
        raise FolderNotUsable(f"{path}: cannot be opened for writing ({error})") from error
    except IndexTooNew:
        database.close()
        raise
    return database


def read_database(path: Path) -> sqlite3.Connection:
    """A connection that can only read. Raises FolderNotUsable, of it IndexTooOld, and IndexTooNew."""
    database = open_reading(path, MIGRATIONS)
    database.create_function("host_of", 1, host_of, deterministic=True)
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    database.create_function("host_of", 1, host_of, deterministic=True)
    version_of(database, path, MIGRATIONS)  # before anything is changed of a file that is refused
    use_wal(database)
    # NORMAL: a kill loses nothing; a power cut may lose the last acknowledgements, and their URLs are fetched again.
    database.executescript(f"PRAGMA synchronous = NORMAL; PRAGMA cache_size = -{CACHE_KIB}")
    migrate(database, path, MIGRATIONS)
