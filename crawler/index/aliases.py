"""The ids of an article: the one it has, and those of articles that were merged into it."""

from __future__ import annotations

import sqlite3

from crawler.items import Event

MERGED = "articles-merged"
"""The kind of the event by which two articles are one, with the id of the one that stays. Its detail: ``merged``, the
other id; ``reason``; ``revisions``, the record ids of that one's revisions until then, from the first.

What an index holds follows from all of them, whenever each came: a reindex sees them first.
"""


def current_id(db: sqlite3.Connection, article_id: str) -> str:
    """The id that an article has today; its own where it was merged into none."""
    query = "SELECT article_id FROM article_ids WHERE id = :id OR merged_into = :id LIMIT 1"
    found = db.execute(query, {"id": article_id}).fetchone()
    return found[0] if found else article_id


def former_ids(db: sqlite3.Connection, article_id: str) -> list[str]:
    """All other ids under which an article is known."""
    query = """
        SELECT id FROM article_ids WHERE article_id = :id AND id <> :id UNION
        SELECT merged_into FROM article_ids WHERE article_id = :id AND merged_into <> :id
    """
    return [former for (former,) in db.execute(query, {"id": article_id})]


def merge_ids(db: sqlite3.Connection, event: Event) -> None:
    """What an event of the kind ``MERGED`` says of ids; the articles' rows are not touched."""
    merged, into = str(event.detail.get("merged", "")), event.article_id or ""
    if not merged or not into or merged == into:
        return
    roots = {current_id(db, merged), current_id(db, into)}
    edges = {(merged, into)}
    for root in roots:
        edges.update(db.execute("SELECT id, merged_into FROM article_ids WHERE article_id = ?", (root,)).fetchall())
        db.execute("DELETE FROM article_ids WHERE article_id = ?", (root,))
    stays = _that_stays(edges)
    db.executemany("INSERT INTO article_ids VALUES (?, ?, ?)", ((*edge, stays) for edge in sorted(edges)))


def _that_stays(edges: set[tuple[str, str]]) -> str:
    """The id that was never merged into another. Where events contradict each other: the same one in whatever order
    they come.
    """
    merged, all_of_them = {one for one, _ in edges}, {each for edge in edges for each in edge}
    return min(all_of_them - merged or all_of_them)


REVISION_THEN = """
    SELECT r.number FROM events e
    JOIN captures c ON c.record_id = json_extract(e.detail, '$.revisions[' || (:number - 1) || ']')
    JOIN revisions r ON r.article_id = :article AND r.seen_at <= c.captured_at
    WHERE e.kind = :kind AND e.article_id = :into AND json_extract(e.detail, '$.merged') = :id
    ORDER BY e.at DESC, r.seen_at DESC, r.number DESC LIMIT 1
"""


def former_revision(db: sqlite3.Connection, former_id: str, number: int) -> int | None:
    """The number that a revision has today which an article had before it was merged into another."""
    query = "SELECT merged_into, article_id FROM article_ids WHERE id = ?"
    for into, article in db.execute(query, (former_id,)).fetchall():
        asked = {"number": number, "article": article, "kind": MERGED, "into": into, "id": former_id}
        if found := db.execute(REVISION_THEN, asked).fetchone():
            return int(found[0])
    return None
