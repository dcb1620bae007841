"""Boilerplate that was learnt of publishers, and its place in revisions that were stored before."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from crawler.index.fulltext import add_text, remove_text
from crawler.index.moments import stamp
from crawler.items import Article, Block, BlockKind, Boilerplate, Event, Image
from crawler.normalisation.edges import edges, recurring
from crawler.normalisation.encodable import encodable

LEARNT = "boilerplate-learnt"
"""The kind of event by which paragraphs become a publisher's boilerplate: ``paragraphs``, and how many ``articles``
were looked at. What an index holds follows from all of them, whenever each came: a reindex sees them first.
"""

_KINDS: dict[str, BlockKind] = {kind[0]: kind for kind in get_args(BlockKind)}


@dataclass(frozen=True, slots=True)
class Learnt:
    """What is known of one publisher."""

    texts: frozenset[str] = frozenset()
    generation: int = 0
    """How many times something was learnt."""


def learnt_of(db: sqlite3.Connection, publisher_id: str) -> Learnt:
    """All that is known of a publisher."""
    query = "SELECT text, learnt_at FROM learnt_boilerplate WHERE publisher_id = ?"
    rows = db.execute(query, (publisher_id,)).fetchall()
    return Learnt(frozenset(text for text, _ in rows), len({at for _, at in rows}))


def learnt_among(db: sqlite3.Connection, publisher_id: str, blocks: tuple[Block, ...]) -> frozenset[str]:
    """What of an article's head and tail is learnt boilerplate of its publisher."""
    texts = [blocks[at].text for part in edges(blocks) for at in part]
    query = "SELECT 1 FROM learnt_boilerplate WHERE publisher_id = ? AND text = ?"
    return frozenset(text for text in texts if db.execute(query, (publisher_id, text)).fetchone())


def newest_articles(db: sqlite3.Connection, publisher_id: str, count: int) -> list[tuple[Block, ...]]:
    """The blocks of the articles of a publisher that were first seen last, with what was taken out of them."""
    query = """
        SELECT r.text, r.block_kinds, r.learnt FROM articles a JOIN revisions r ON r.id = a.revision_id
        WHERE a.publisher_id = ? ORDER BY a.first_seen_at DESC, a.id LIMIT ?
    """
    return [whole_blocks(*row) for row in db.execute(query, (publisher_id, count))]


def whole_blocks(text: str, block_kinds: str, learnt: str | None) -> tuple[Block, ...]:
    """A revision's blocks, out of these columns, with what was taken out of them as learnt."""
    blocks = [Block(_KINDS[letter], text[start : start + length]) for letter, start, length in json.loads(block_kinds)]
    for position, letter, taken in json.loads(learnt or "[]"):
        blocks.insert(position, Block(_KINDS[letter], taken))
    return tuple(blocks)


def text_columns(blocks: Iterable[Block], taken: Iterable[tuple[int, Block]]) -> dict[str, Any]:
    """The columns of a revision that hold its text, and what was taken out of that, at which position."""
    kept = list(blocks)
    spans, start = [], 0
    for block in kept:
        spans.append((block.kind[0], start, len(block.text)))
        start += len(block.text) + 2
    pieces = [(position, block.kind[0], block.text) for position, block in taken]
    text = "\n\n".join(block.text for block in kept)
    return {
        "text": text,
        "word_count": len(text.split()),
        "block_kinds": json.dumps(spans, separators=(",", ":")),
        "learnt": json.dumps(pieces, ensure_ascii=False) if pieces else None,
    }


def learn(db: sqlite3.Connection, event: Event) -> None:
    """What an event of the kind ``LEARNT`` adds, and its removal from all revisions of the publisher."""
    given = event.detail.get("paragraphs")
    texts = [text for text in given if isinstance(text, str)] if isinstance(given, list) else []
    publisher_id, at = event.publisher_id or "", stamp(event.at)
    for text in texts:
        db.execute(
            "INSERT INTO learnt_boilerplate (publisher_id, text, learnt_at) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET learnt_at = min(learnt_at, excluded.learnt_at)",
            (publisher_id, text, at),
        )
    for row in _revisions_with(db, publisher_id, texts):
        _take_out(db, publisher_id, *row)


def _revisions_with(db: sqlite3.Connection, publisher_id: str, texts: list[str]) -> list[tuple[Any, ...]]:
    holds = " OR ".join(["instr(r.text, ?)"] * len(texts)) or "0"
    query = f"""
        SELECT r.id, r.seen_at, r.text, r.block_kinds, r.learnt
        FROM articles a JOIN revisions r ON r.article_id = a.id WHERE a.publisher_id = ? AND ({holds})
    """
    return db.execute(query, (publisher_id, *texts)).fetchall()


def _take_out(
    db: sqlite3.Connection, publisher_id: str, revision_id: str, seen_at: str, text: str, kinds: str, learnt: str | None
) -> None:
    whole = whole_blocks(text, kinds, learnt)
    positions = recurring(whole, learnt_among(db, publisher_id, whole))
    before = {position for position, *_ in json.loads(learnt or "[]")}
    added = [at for at in positions if at not in before]
    if not added:
        return
    columns = text_columns(
        (block for at, block in enumerate(whole) if at not in positions), [(at, whole[at]) for at in positions]
    )
    _rewrite(db, revision_id, columns)
    for at in added:
        note_taken(db, publisher_id, whole[at].text, "learnt", seen_at)


def _rewrite(db: sqlite3.Connection, revision_id: str, columns: dict[str, Any]) -> None:
    shown = db.execute(
        "SELECT number, id, headline, summary FROM articles WHERE revision_id = ?", (revision_id,)
    ).fetchone()
    if shown is not None:
        remove_text(db, shown[0])
    db.execute(
        "UPDATE revisions SET text = :text, word_count = :word_count, block_kinds = :block_kinds, learnt = :learnt "
        "WHERE id = :id",
        {**columns, "id": revision_id},
    )
    if shown is None:
        return
    db.execute("UPDATE articles SET word_count = ? WHERE number = ?", (columns["word_count"], shown[0]))
    captions = db.execute("SELECT url, caption FROM images WHERE revision_id = ? ORDER BY position", (revision_id,))
    images = tuple(Image(url, caption) for url, caption in captions)
    add_text(db, shown[1], Article(url="", headline=shown[2], summary=shown[3], images=images), columns["text"])


def note_taken(db: sqlite3.Connection, publisher_id: str, text: str, kind: str, seen_at: str, times: int = 1) -> None:
    """Once more that a text was taken out, of one more revision; 0 ``times`` where the capture made none.

    That a rule knows it says more than that it was learnt.
    """
    db.execute(
        """
        INSERT INTO boilerplate (publisher_id, text, kind, first_seen_at, last_seen_at, times)
        VALUES (:publisher, :text, :kind, :at, :at, :times)
        ON CONFLICT DO UPDATE SET times = times + excluded.times,
            first_seen_at = min(first_seen_at, excluded.first_seen_at),
            last_seen_at = max(last_seen_at, excluded.last_seen_at),
            kind = CASE kind WHEN 'learnt' THEN excluded.kind ELSE kind END
        """,
        {"publisher": publisher_id, "text": text, "kind": kind, "at": seen_at, "times": times},
    )


def untake(db: sqlite3.Connection, publisher_id: str, pieces: Iterable[Boilerplate]) -> None:
    """One revision less that these were taken out of; that they were seen stays."""
    for piece in pieces:
        text = (publisher_id, encodable(piece.text))
        db.execute("UPDATE boilerplate SET times = times - 1 WHERE publisher_id = ? AND text = ?", text)


RECOUNT = """
    UPDATE boilerplate SET (first_seen_at, last_seen_at) = (
        SELECT coalesce(min(r.seen_at), first_seen_at), coalesce(max(r.seen_at), last_seen_at)
        FROM articles a JOIN revisions r ON r.article_id = a.id, json_each(r.learnt) l
        WHERE a.publisher_id = :publisher AND json_extract(l.value, '$[2]') = :text)
    WHERE publisher_id = :publisher AND text = :text AND kind = 'learnt'
"""


def recount(db: sqlite3.Connection, publisher_id: str, texts: Iterable[str]) -> None:
    """When learnt texts were seen, out of the revisions that there are; none is left of what none has any more."""
    for text in texts:
        db.execute(RECOUNT, {"publisher": publisher_id, "text": text})
    db.execute("DELETE FROM boilerplate WHERE publisher_id = ? AND kind = 'learnt' AND times = 0", (publisher_id,))
