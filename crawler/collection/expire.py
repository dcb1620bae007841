"""Takes old captures of listings out: of the WARC files, which are written anew, and of the index."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from crawler.collection.collection import Collection, Limits
from crawler.collection.lock import alone
from crawler.errors import BadRecord, CollectionInUse, FolderNotUsable
from crawler.index.database import read_index
from crawler.index.expiry import expired, expiry, is_due
from crawler.warc.rewriting import rewrite

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Expired:
    """What was taken out."""

    captures: int = 0
    files: int = 0
    """WARC files that were written anew."""


def expire(
    folder: Path,
    days: int,
    now: datetime,
    *,
    info: Mapping[str, str],
    limits: Limits,
    on_progress: Callable[[str], None] = lambda said: None,
) -> Expired:
    """Takes out the feeds, sitemaps and sections captured more than so many days ago that nothing refers to.

    Interrupted, it is to be run again; the next crawl brings the index up to date with what was done by then.
    Raises CollectionInUse, BadRecord where a file is damaged, DiskFull.
    """
    with alone(folder):  # who must wait for a crawl is told before anything is on record
        pass
    before = now - timedelta(days=days)
    if not _is_noted(folder, before, now, info, limits):
        return Expired()
    with alone(folder):
        with closing(read_index(folder / "index.db")) as db:
            going = expired(db, before)
        # The newest first: what refers to a record goes before that does.
        for number, (warc, records) in enumerate(sorted(going.items(), reverse=True), 1):
            on_progress(f"file {number} of {len(going)}: {warc}")
            rewrite(folder, warc, records)
    Collection(folder, info=info, limits=limits).close()  # the index is told of files it does not know
    return Expired(sum(map(len, going.values())), len(going))


def expire_daily(folder: Path, days: int, now: datetime, *, info: Mapping[str, str], limits: Limits) -> None:
    """The same before a crawl, once a day, where no other crawl is running. Raises DiskFull."""
    try:
        with closing(read_index(folder / "index.db")) as db:
            if not is_due(db, now - timedelta(days=days), now):
                return
        expire(folder, days, now, info=info, limits=limits)
    except (CollectionInUse, FolderNotUsable) as error:
        logger.info("old listings stay for now: %s", error)
    except BadRecord as error:
        logger.error("old listings stay, since a file is damaged: %s", error)


def _is_noted(folder: Path, before: datetime, now: datetime, info: Mapping[str, str], limits: Limits) -> bool:
    """Whether there is anything to take out; then it is on record that it will be."""
    collection = Collection(folder, info=info, limits=limits)
    try:
        count = sum(map(len, collection.index.submit(lambda db: expired(db, before)).result().values()))
        if count:
            collection.warc.event(expiry(count, before, now)).result()
    finally:
        collection.close()
    return count > 0
