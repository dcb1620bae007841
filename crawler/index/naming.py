"""Which hosts a publisher's pages name as further addresses of the same pages, beside what their text says."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection
from urllib.parse import urlsplit

from crawler.index.mirrors import is_candidate, suggest
from crawler.items import Article, Event
from crawler.normalisation.urls import bare_host, host_of, same_site

ALTERNATE = "link[rel=alternate]"
"""The locator of evidence for the canonical address that names the page on another site."""

OFTEN = 3
"""Articles that call a host their own, from which on it may be a mirror."""

_SERVES_OTHERS = re.compile(r"(?:^|\.)(?:amp\.|ampproject\.|cdn\.|googleusercontent\.|archive\.)|^m\.")
"""Hosts that keep copies of everybody's pages, or a site's own in another shape."""


def suggest_addresses(
    db: sqlite3.Connection, publisher_id: str, article: Article, known: Collection[str], capture_row: int
) -> None:
    """Rows for hosts of other sites on which a page says that it is, at the same path.

    That of ``rel=alternate`` at once; a canonical address also stands on copies of what others wrote, so that its host
    counts only when several articles name it. ``known``: bare names of the publisher's hosts.
    """
    for each in article.evidence:
        host = host_of(each.value) if each.field == "canonical_url" and _is_elsewhere(each.value, article.url) else ""
        if not host or bare_host(host) in known or _SERVES_OTHERS.search(host):
            continue
        row = (
            capture_row
            if each.locator == ALTERNATE
            else _first_at(db, publisher_id, host, capture_row)
            if each.chosen
            else None
        )
        if row is not None:
            suggest(db, publisher_id, (host,), row)


def _is_elsewhere(url: str, page: str) -> bool:
    there, here = urlsplit(url), urlsplit(page)
    is_same = there.path.rstrip("/") == here.path.rstrip("/") != "" and there.query == here.query
    return is_same and not same_site(url, page)


# By the address: a publisher has a hundred thousand articles, and nearly all may be of this host, or none.
CALLED_BY = """
    SELECT id FROM articles WHERE +publisher_id = :publisher AND url >= 'https://' || :host || '/'
        AND url < 'https://' || :host || '0'
    UNION ALL SELECT id FROM articles WHERE +publisher_id = :publisher AND url >= 'http://' || :host || '/'
        AND url < 'http://' || :host || '0'
    LIMIT :most
"""

FIRST_AT = f"""
    SELECT c.id, min(c.captured_at) FROM revisions r JOIN captures c ON c.id = r.capture_id
    WHERE r.article_id IN ({CALLED_BY})
"""


def _first_at(db: sqlite3.Connection, publisher_id: str, host: str, capture_row: int) -> int | None:
    """The first page that called an address on a host its own, once ``OFTEN`` articles of the publisher do.

    Where more do and the host is a candidate, the one at hand: of all before it the first has been found.
    """
    asked = {"publisher": publisher_id, "host": host, "most": OFTEN + 1}
    count = len(db.execute(CALLED_BY, asked).fetchall())
    if count < OFTEN:
        return None
    if count > OFTEN and is_candidate(db, publisher_id, host):
        return capture_row
    return int(db.execute(FIRST_AT, asked | {"most": -1}).fetchone()[0])


NAMED = "mirror-named"
"""The kind of event that says that an article's address redirected to the same path on another site: ``host``."""


def note_named(db: sqlite3.Connection, event: Event) -> None:
    """What such an event makes of its host, where its publisher is known; else ``suggest_named`` will."""
    known = db.execute("SELECT 1 FROM publishers WHERE id = ?", (event.publisher_id,)).fetchone()
    if known is not None:
        suggest_named(db, event.publisher_id or "")


def suggest_named(db: sqlite3.Connection, publisher_id: str) -> None:
    """The hosts that a publisher's redirects have named so far become candidates."""
    query = "SELECT json_extract(detail, '$.host'), capture_id FROM events WHERE kind = ? AND publisher_id = ?"
    for host, row in db.execute(query, (NAMED, publisher_id)).fetchall():
        if row is not None:
            suggest(db, publisher_id, (host,), row)
