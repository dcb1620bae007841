"""The event that a new revision is: what was edited, and whether the page owns up to it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from crawler.changes.edits import Edit, edits
from crawler.changes.excerpts import excerpts
from crawler.changes.kinds import weight_of_all
from crawler.index.articles import Stored
from crawler.index.database import Connection
from crawler.index.ledger import add_event
from crawler.index.readings import StoredReading, reading, reading_before
from crawler.items import Event

LISTED = 20
"""Edits that an event lists, the heaviest first; ``count`` says how many there are."""


def note_edit(db: Connection, stored: Stored, publisher_id: str, record_id: str) -> None:
    """Notes what a revision changed, beside the one before it.

    Nothing where there is none before, or where that was read by another extractor: then nobody knows what of the
    difference is the publisher's.
    """
    new = reading(db, stored.revision_id)
    old = reading_before(db, stored.article_id, new)
    if old is None or old.extractor != new.extractor:
        return
    found = edits(old, new)
    kind = "silently-edited" if is_silent(old, new) else "edited"
    at = datetime.fromisoformat(new.seen_at)
    add_event(db, Event(kind, at, publisher_id, stored.article_id, record_id, _detail(old, new, found)))


def is_silent(old: StoredReading, new: StoredReading) -> bool:
    """Whether a page states when it was modified, and still states the same; a note of what was corrected owns up."""
    owns_up = set(new.corrections) - set(old.corrections)
    return new.modified_at is not None and new.modified_at == old.modified_at and not owns_up


def _detail(old: StoredReading, new: StoredReading, found: tuple[Edit, ...]) -> dict[str, object]:
    heaviest = sorted(found, key=lambda edit: -edit.weight)
    detail: dict[str, object] = {
        "revision": new.id,
        "from": old.number,
        "to": new.number,
        "weight": weight_of_all([edit.weight for edit in found]),
        "kinds": list(dict.fromkeys(edit.kind for edit in heaviest)),
        "count": len(found),
        "edits": [asdict(_shortened(edit)) for edit in heaviest[:LISTED]],
    }
    return detail | {"modified_at": new.modified_at} if new.modified_at else detail


def _shortened(edit: Edit) -> Edit:
    if edit.kind == "headline":
        return edit
    old, new = excerpts(edit.old, edit.new)
    return replace(edit, old=old, new=new)
