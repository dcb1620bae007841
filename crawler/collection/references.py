"""Which article somebody means: by its id, or by any address of it, also on a mirror where it was never seen."""

from __future__ import annotations

from crawler.changes.identity import own_id
from crawler.index.database import Connection
from crawler.index.lookup import article_id
from crawler.publishers.base import publisher_of


def referred_article(db: Connection, reference: str) -> str | None:
    """The id of an article in the index; None where there is none."""
    found = article_id(db, reference)
    if found is not None:
        return found
    url = reference if "://" in reference else f"https://{reference}"
    publisher = publisher_of(url)
    own = own_id(url, publisher) if publisher else None
    return article_id(db, f"{publisher.id}/{own}") if publisher and own else None
