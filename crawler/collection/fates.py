"""What a capture that holds no article means for the article that was at its address."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from crawler.changes.absences import WEIGHTS, Turn, turns
from crawler.changes.state import VERDICTS, verdict_of_redirect, verdict_of_status
from crawler.collection.pages import is_redirect
from crawler.errors import BadRecord
from crawler.index.database import Connection
from crawler.index.moments import stamp
from crawler.index.sightings import Look, article_at, looks, note_verdict, publisher_of, put_state, revision_at
from crawler.items import Capture, Event
from crawler.warc.reader import read

logger = logging.getLogger(__name__)

OUTCOMES = {"absent": "gone", "blocked": "blocked"}
"""Of a page that did not hold the article, by what that means; of a redirect there is none."""


@dataclass(frozen=True, slots=True)
class Absent:
    """What became of a page that should have been an article's, and says that there is none."""

    verdict: str
    article_id: str | None
    """That was there before."""

    @property
    def outcome(self) -> str:
        """As ``captures.outcome`` has it."""
        return OUTCOMES.get(VERDICTS.get(self.verdict, ""), "failed" if self.verdict == "unreadable" else "blocked")


def location_of(folder: Path, capture: Capture) -> str | None:
    """Where a redirect on record leads, as sent; None for what is none, and for what cannot be read."""
    if not is_redirect(capture):
        return None
    try:
        return read(folder, capture.warc, capture.offset).http_header("location")
    except (OSError, BadRecord) as error:
        logger.error("where a redirect leads is lost: %s", error)
        return None


def settle_unread(db: Connection, capture: Capture, location: str | None) -> None:
    """What an article's address means that gave no page: a status that says so, or a redirect."""
    status = capture.status
    is_led = is_redirect(capture)
    verdict = verdict_of_redirect(capture.url, location, status) if is_led else verdict_of_status(status)
    article_id = article_at(db, capture.url)
    outcome = OUTCOMES.get(VERDICTS.get(verdict or "", ""))
    note_verdict(
        db,
        capture.record_id,
        verdict,
        outcome=outcome,
        location=location,
        article_id=article_id if verdict else None,
    )
    if article_id is not None and verdict is not None:
        restate(db, article_id)


def settle_absent(db: Connection, capture: Capture, absent: Absent) -> Absent:
    """The same of a page that came with success, and holds no article. Returns what was given."""
    is_news = absent.verdict in VERDICTS
    article_id = absent.article_id if is_news else None
    note_verdict(db, capture.record_id, absent.verdict, outcome=absent.outcome, article_id=article_id)
    if article_id is not None:
        restate(db, article_id)
    return absent


def restate(db: Connection, article_id: str) -> None:
    """An article's state, and the events of its changes, from all looks at its addresses until now."""
    state, changes = turns(looks(db, article_id))
    put_state(db, article_id, state, _events(db, article_id, changes))


def _events(db: Connection, article_id: str, changes: list[Turn[Look]]) -> Iterator[Event]:
    publisher_id = publisher_of(db, article_id)
    for turn in changes:
        detail = {name: value for name, value in _detail(db, article_id, turn) if value is not None}
        yield Event(turn.kind, turn.look.at, publisher_id, article_id, turn.look.record_id, detail)


def _detail(db: Connection, article_id: str, turn: Turn[Look]) -> Iterator[tuple[str, object]]:
    """Why, and since when; the last capture that was good, and the revision that stood then."""
    first, last = turn.first, turn.last_live
    yield "weight", WEIGHTS[turn.kind]
    yield "url", first.url if first else turn.look.url
    yield "reason", first.verdict if turn.kind != "moved" and first else None
    yield "since", stamp(first.at) if first else None
    yield "to", turn.to and urljoin(turn.look.url, turn.to)
    yield "last_seen", stamp(last.at) if last else None
    yield "last_capture", last.record_id if last else None
    yield "revision", revision_at(db, article_id, stamp(last.at if last else turn.look.at))
