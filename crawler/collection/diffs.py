"""What changed between two revisions of an article."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.changes.comparison import Comparison, compared
from crawler.changes.fields import FieldChange, changed_fields
from crawler.index.database import Connection
from crawler.index.lookup import StoredArticle
from crawler.index.readings import reading


@dataclass(frozen=True, slots=True)
class RevisionDiff:
    """Two revisions and all that is different."""

    old: StoredArticle
    new: StoredArticle
    comparison: Comparison
    fields: tuple[FieldChange, ...]
    """Beside headline, summary, text and captions."""

    @property
    def read_alike(self) -> bool:
        """Whether one extraction read both: else not every difference need be the publisher's."""
        return self.old.revision.extractor == self.new.revision.extractor


def revision_diff(db: Connection, old: StoredArticle, new: StoredArticle) -> RevisionDiff:
    """One article at two of its revisions, compared."""
    comparison = compared(reading(db, old.revision.id), reading(db, new.revision.id))
    return RevisionDiff(old, new, comparison, changed_fields(old.revision, new.revision))
