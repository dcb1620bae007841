"""What becomes of an article's captures: one article, revisions where the content changed, nothing twice."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime
from typing import get_args

import pytest

from crawler.index.articles import Seen, Stored, store_article
from crawler.index.captures import add_capture, pending, set_outcome
from crawler.index.revisions import LOSERS
from crawler.items import Block, BlockKind, Boilerplate, Evidence, Image, Link, Notes, Tls
from crawler.normalisation.folding import folded_phrase
from tests.index.pages import ARTICLE, URL, capture, contents, saying, store, value

MIRROR = URL.replace("www.gazette.example", "gazette.example.org")


def found(db: sqlite3.Connection, words: str) -> list[str]:
    query = "SELECT id FROM articles_fts f JOIN articles a ON a.number = f.rowid WHERE articles_fts MATCH ?"
    return [article for (article,) in db.execute(query, (words,))]


def sound(db: sqlite3.Connection) -> bool:
    """Whether full text and articles agree; FTS5 raises where they do not."""
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    return value(db, "PRAGMA integrity_check") == "ok" and not db.execute("PRAGMA foreign_key_check").fetchall()


def test_the_first_capture_makes_an_article(db: sqlite3.Connection) -> None:
    assert store(db, capture()) == Stored("new", "gazette/harbour", "gazette/harbour@1")
    row = db.execute(
        "SELECT id, headline, authors, section_path, published_at, state, access, revisions, revision_id FROM articles"
    ).fetchone()
    assert row == (
        *("gazette/harbour", "Harbour wall breached", '["Ann Lee", "Bo Øre"]', '["News", "Coast"]'),
        *("2026-01-05T09:00:00Z", "live", "free", 1, "gazette/harbour@1"),
    )


def test_a_revision_has_all_its_parts(db: sqlite3.Connection) -> None:
    store(db, capture())
    assert [tuple(row) for row in db.execute("SELECT kind, text FROM blocks ORDER BY position")] == [
        (block.kind, block.text) for block in ARTICLE.blocks
    ]
    assert db.execute("SELECT caption, credit, width FROM images").fetchall() == [
        ("The breach at low tide", "AFP", 1200)
    ]
    assert db.execute("SELECT url, text FROM links").fetchall() == [
        ("https://www.gazette.example/tides", "tide tables")
    ]


def test_evidence_keeps_losers_only_where_they_differ_and_long_texts_by_digest(db: sqlite3.Connection) -> None:
    store(db, capture())
    rows = db.execute("SELECT field, value, chosen FROM evidence ORDER BY position").fetchall()
    assert rows[:2] == [("headline", "Harbour wall breached", 1), ("headline", "Wall breached | Gazette", 0)]
    assert rows[2][1].startswith("sha256:")
    assert rows[2][1].endswith("(500 characters)")
    assert len(rows) == 3


def test_evidence_keeps_a_few_losers_a_field(db: sqlite3.Connection) -> None:
    candidates = tuple(Evidence("published", f"line {number}", "body") for number in range(9))
    store(db, capture(), replace(ARTICLE, evidence=candidates))
    assert value(db, "SELECT count(*) FROM evidence") == LOSERS


@pytest.mark.parametrize("kind", get_args(BlockKind))
def test_blocks_of_every_kind_come_back(db: sqlite3.Connection, kind: BlockKind) -> None:
    blocks = (Block("paragraph", "Before."), Block(kind, "北京\nand 𝄞 more"), Block("paragraph", "After."))
    store(db, capture(), replace(ARTICLE, blocks=blocks))
    assert db.execute("SELECT kind, text FROM blocks ORDER BY position").fetchall() == [
        (block.kind, block.text) for block in blocks
    ]


def test_a_second_capture_with_other_content_makes_a_second_revision(db: sqlite3.Connection) -> None:
    store(db, capture())
    assert store(db, capture(60), saying("Harbour wall mended")).outcome == "revised"
    assert db.execute("SELECT headline, revisions, revision_id FROM articles").fetchall() == [
        ("Harbour wall mended", 2, "gazette/harbour@2")
    ]
    assert json.loads(value(db, "SELECT changed FROM revisions WHERE number = 2")) == ["headline"]
    assert sound(db)


def test_a_second_capture_with_the_same_content_makes_none(db: sqlite3.Connection) -> None:
    store(db, capture())
    assert store(db, capture(60)).outcome == "unchanged"
    assert value(db, "SELECT count(*) FROM revisions") == 1
    assert db.execute("SELECT first_seen_at, last_seen_at FROM articles").fetchall() == [
        ("2026-01-05T10:30:00Z", "2026-01-05T11:30:00Z")
    ]
    assert db.execute("SELECT outcome, article_id FROM captures ORDER BY captured_at").fetchall() == [
        ("new", "gazette/harbour"),
        ("unchanged", "gazette/harbour"),
    ]


def test_what_was_said_before_and_is_said_again_is_a_revision(db: sqlite3.Connection) -> None:
    outcomes = [store(db, capture(at), saying(said)).outcome for at, said in enumerate(["A", "B", "A"])]
    assert outcomes == ["new", "revised", "revised"]


@pytest.mark.parametrize("times", [1, 2])
def test_storing_the_same_captures_again_changes_nothing(db: sqlite3.Connection, times: int) -> None:
    history = [(capture(), ARTICLE), (capture(60), saying("B")), (capture(90), saying("B"))]
    first = [store(db, *page) for page in history]
    before = contents(db)
    for _ in range(times):
        assert [store(db, *page).outcome for page in history] == [stored.outcome for stored in first]
    assert contents(db) == before


def test_a_mirror_s_copy_is_the_same_article_at_one_more_address(db: sqlite3.Connection) -> None:
    store(db, capture())
    assert store(db, capture(5, MIRROR)).outcome == "unchanged"
    assert value(db, "SELECT count(*) FROM articles") == 1
    assert db.execute("SELECT url, host FROM article_urls ORDER BY first_seen_at").fetchall() == [
        (URL, "www.gazette.example"),
        (MIRROR, "gazette.example.org"),
    ]


def test_an_address_that_redirects_to_an_article_is_one_of_its_own(db: sqlite3.Connection) -> None:
    oldest, old, front = "https://gazette.example/?p=7", "https://gazette.example/harbour", "https://gazette.example/"
    for url, notes in (
        (oldest, Notes("article", "gazette", front)),
        (old, Notes("article", "gazette", oldest)),
        (front, Notes("section", "gazette")),
    ):
        add_capture(db, capture(0, url, status=301, notes=notes), None)
    store(db, capture(1, notes=Notes("article", "gazette", old)))
    store(db, capture(2, MIRROR, notes=Notes("article", "gazette", front)))
    assert {url for (url,) in db.execute("SELECT url FROM article_urls")} == {URL, MIRROR, old, oldest}


def test_an_older_capture_that_comes_late_does_not_replace_what_is_newest(db: sqlite3.Connection) -> None:
    store(db, capture(60), saying("Newest"))
    assert store(db, capture(0), saying("Oldest")).outcome == "revised"
    assert db.execute(
        "SELECT headline, revision_id, revisions, first_seen_at, last_seen_at FROM articles"
    ).fetchall() == [("Newest", "gazette/harbour@1", 2, "2026-01-05T10:30:00Z", "2026-01-05T11:30:00Z")]
    assert found(db, "newest") == ["gazette/harbour"]
    assert found(db, "oldest") == []
    assert sound(db)


def test_a_late_capture_between_two_alike_makes_no_false_edit_afterwards(db: sqlite3.Connection) -> None:
    store(db, capture(0), saying("A"))
    store(db, capture(50), saying("A"))
    store(db, capture(30), saying("B"))
    assert store(db, capture(60), saying("A")).outcome == "unchanged"
    assert value(db, "SELECT headline FROM articles") == "A"


def test_a_late_capture_that_says_the_same_moves_only_the_first_sight(db: sqlite3.Connection) -> None:
    store(db, capture(60))
    assert store(db, capture(0)).outcome == "unchanged"
    assert value(db, "SELECT first_seen_at FROM articles") == "2026-01-05T10:30:00Z"


def test_full_text_holds_the_newest_revision_only(db: sqlite3.Connection) -> None:
    store(db, capture())
    store(db, capture(60), saying("كتاب عن 北京大学"))
    store(db, capture(90), saying("Quiet"))
    assert found(db, "breached") == []
    assert found(db, "北京") == []
    assert found(db, "quiet AND engineers AND tide") == ["gazette/harbour"]
    assert value(db, "SELECT count(*) FROM articles_folded") == 0
    assert sound(db)


def test_full_text_can_be_built_again_by_any_program(db: sqlite3.Connection) -> None:
    store(db, capture(), saying("كتاب عن 北京大学"))
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    assert found(db, f"{folded_phrase('کتاب')} {folded_phrase('北京')}") == ["gazette/harbour"]
    assert found(db, "engineers") == ["gazette/harbour"]
    assert sound(db)


def test_any_sqlite_finds_words_and_reads_the_original_text(db: sqlite3.Connection) -> None:
    store(db, capture())
    assert db.execute("SELECT headline, captions FROM articles_fts WHERE articles_fts MATCH 'harbour'").fetchall() == [
        ("Harbour wall breached", "The breach at low tide")
    ]


def test_unknown_hosts_of_an_address_notice_become_candidates(db: sqlite3.Connection) -> None:
    store(db, capture())
    assert db.execute("SELECT publisher_id, host, status FROM mirror_candidates").fetchall() == [
        ("gazette", "gazette.example.net", "suggested")
    ]


@pytest.mark.parametrize("host", ["gazette.example", "www.gazette.example"])
def test_known_hosts_are_no_candidates_with_or_without_www(db: sqlite3.Connection, host: str) -> None:
    notice = Boilerplate(f"Also at {host}", "alternate-addresses", (host,))
    store(db, capture(), replace(ARTICLE, boilerplate=(notice,)))
    assert db.execute("SELECT host FROM mirror_candidates").fetchall() == []


def test_boilerplate_is_counted_over_revisions(db: sqlite3.Connection) -> None:
    store(db, capture())
    store(db, capture(60), saying("Another"))
    store(db, capture(90), saying("Another"))
    query = "SELECT times, first_seen_at, last_seen_at FROM boilerplate WHERE kind = 'promotion'"
    assert db.execute(query).fetchall() == [(2, "2026-01-05T10:30:00Z", "2026-01-05T12:00:00Z")]


@pytest.mark.parametrize(
    ("published", "precision", "expected"),
    [
        (datetime.fromisoformat("2026-01-05T12:30:00+03:30"), "instant", "2026-01-05T09:00:00Z"),
        (datetime.fromisoformat("2026-01-05T12:30:00"), "local", "2026-01-05T12:30:00"),
        (datetime.fromisoformat("2026-01-05T00:00:00"), "day", "2026-01-05"),
        (None, None, None),
    ],
)
def test_times_are_utc_where_the_page_gives_a_zone_and_as_stated_elsewhere(
    db: sqlite3.Connection, published: datetime | None, precision: str | None, expected: str | None
) -> None:
    store(db, capture(), saying("Dated", published=published, published_precision=precision))
    query = "SELECT a.published_at, r.published_at, r.published_precision FROM articles a, revisions r"
    assert db.execute(query).fetchall() == [(expected, expected, precision)]


def test_what_the_page_does_not_say_is_null(db: sqlite3.Connection) -> None:
    bare = saying("Bare", kicker=None, summary=None, language=None, images=(), links=(), evidence=(), boilerplate=())
    store(db, capture(), bare)
    assert db.execute(
        "SELECT kicker, summary, language, modified_at, modified_raw, changed FROM revisions"
    ).fetchall() == [(None,) * 6]


def test_text_that_no_encoding_can_hold_is_stored_all_the_same(db: sqlite3.Connection) -> None:
    # JSON-LD may spell half of a surrogate pair: "\ud83d".
    half = "Half \ud83d a sign"
    parts = {"links": (Link(half, half),), "images": (Image(half, half),), "evidence": (Evidence("x", half, "body"),)}
    notice = Boilerplate(half, "promotion")
    store(
        db, capture(), saying(half, summary=half, authors=(half,), published_raw=half, boilerplate=(notice,), **parts)
    )
    assert value(db, "SELECT headline FROM articles") == "Half ? a sign"
    assert value(db, "SELECT value FROM evidence") == "Half ? a sign"
    assert sound(db)


def test_every_revision_leads_to_its_bytes(db: sqlite3.Connection) -> None:
    store(db, capture(offset=4711))
    query = 'SELECT c."offset" FROM revisions r JOIN captures c ON c.id = r.capture_id'
    assert value(db, query) == 4711
    assert value(db, 'SELECT "offset" FROM latest') == 4711


def test_a_capture_without_a_row_is_said_so(db: sqlite3.Connection) -> None:
    seen = Seen(capture(), ARTICLE, "gazette", "harbour", "00ff", "ofrecord/1")
    with pytest.raises(LookupError, match="no capture urn:uuid"):
        store_article(db, seen)


def test_a_record_has_one_row(db: sqlite3.Connection) -> None:
    tls = Tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", "00ff", verified=True)
    for _ in range(2):
        add_capture(db, capture(tls=tls), "pending")
    assert json.loads(value(db, "SELECT tls FROM captures"))["verified"] is True
    assert value(db, "SELECT urlkey FROM captures") == "example,gazette)/2026/01/05/harbour"


def test_pages_that_nobody_came_to_extract_are_pending(db: sqlite3.Connection) -> None:
    store(db, capture(0))
    add_capture(db, capture(2, offset=30), "pending")
    add_capture(db, capture(1, offset=20), "pending")
    add_capture(db, capture(3, offset=40), None)
    assert [page.offset for page in pending(db)] == [20, 30]
    set_outcome(db, capture(1).record_id, "not-article")
    assert [page.offset for page in pending(db)] == [30]


def test_a_failure_afterwards_does_not_hide_what_was_stored(db: sqlite3.Connection) -> None:
    store(db, capture())
    set_outcome(db, capture().record_id, "failed")
    assert value(db, "SELECT outcome FROM captures") == "new"
