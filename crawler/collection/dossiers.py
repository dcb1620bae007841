"""All that is known of one article, whatever it is asked for by: for the one page that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.collection.references import referred_article, referred_revision
from crawler.index.database import Connection
from crawler.index.history import history
from crawler.index.lookup import StoredArticle, stored_article
from crawler.index.snapshots import Policy, policy_of
from crawler.index.timeline import RevisionLine, Stretch, condensed, revision_lines


@dataclass(frozen=True, slots=True)
class Dossier:
    """An article at one of its revisions, with what happened to it."""

    article: StoredArticle
    """At the revision that was asked for, else at the newest."""
    revisions: tuple[RevisionLine, ...]
    timeline: tuple[Stretch, ...]
    """Captures and events, oldest first."""
    policy: Policy | None
    """What its page asked when it was read last."""


def dossier(db: Connection, reference: str) -> Dossier | None:
    """Of the article with this id or a former one, also with "@" and the number of a revision, or of this address.

    None where there is no such article, or no such revision of it.
    """
    found = referred_article(db, reference)
    article = stored_article(db, found, referred_revision(db, reference)) if found else None
    if article is None:
        return None
    return Dossier(
        article=article,
        revisions=tuple(revision_lines(db, article.id)),
        timeline=tuple(condensed(history(db, article.id))),
        policy=policy_of(db, article.id),
    )
