"""Takes an article down: out of the WARC files, the index, the full text and the queue; a tombstone stays."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from crawler.collection.collection import Collection, Limits
from crawler.collection.lock import Lock, alone
from crawler.collection.reindex import rebuild
from crawler.collection.traces import traces
from crawler.errors import BadArgument, BadRecord
from crawler.index.database import read_index
from crawler.index.forgetting import Holding, Listed, address_digest, holding, listings, redirects, tombstone
from crawler.warc.names import archive_folder, is_imported
from crawler.warc.reader import decode, read
from crawler.warc.recovery import remove_torn
from crawler.warc.rewriting import rewrite

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was taken out."""

    captures: int
    files: int
    """WARC files that were written anew."""
    listings: tuple[str, ...]
    """Feeds, sitemaps and sections that name the article, and are still there, in files of others where those that
    are ours were to go too; "URL at moment"."""
    imported: tuple[str, ...]
    """Files of others that still hold it: out of the index, and not ours to change."""


def forget(
    folder: Path,
    article_id: str,
    reason: str,
    *,
    info: Mapping[str, str],
    limits: Limits,
    with_listings: bool = False,
    on_progress: Callable[[str], None] = lambda said: None,
) -> Forgotten:
    """Forgets an article. Interrupted, it is to be run again.

    ``with_listings``: captures of listings that name it go as well, with all else that they name.
    Raises BadArgument where there is no such article, CollectionInUse, BadRecord where a file is damaged, DiskFull.
    """
    with alone(folder):  # who must wait for a crawl is told before anything is on record
        pass
    held = _marked(folder, article_id, reason, info, limits)
    lock = Lock(folder)
    try:
        named = list(_naming(folder, held, on_progress))
        dropped = {warc: set(records) for warc, records in held.records.items()}
        for listed in (*_leading(folder, held), *(named if with_listings else ())):
            dropped.setdefault(listed.warc, set()).add(listed.record_id)
        own = list(_rewritten(folder, held, dropped, on_progress))
        remove_torn(folder, held.urls)
        # What cannot be read is no reason to keep an index that still has the article.
        made = rebuild(folder, workers=limits.workers, incomplete=True, on_progress=on_progress, afresh=True)
        for each in made.left_out:
            logger.error("left out of the index: %s", each)
    finally:
        lock.release()
    left = [listed for listed in named if is_imported(listed.warc) or not with_listings]
    return Forgotten(
        captures=sum(len(dropped.get(warc, ())) for warc in own),
        files=len(own),
        listings=tuple(f"{listed.url} at {listed.captured_at}" for listed in left),
        imported=tuple(filter(is_imported, sorted(held.records))),
    )


def _marked(folder: Path, article_id: str, reason: str, info: Mapping[str, str], limits: Limits) -> Holding:
    """What there is of the article. The tombstone is on record, and its addresses out of the queue."""
    collection = Collection(folder, info=info, limits=limits)
    try:
        held = collection.index.submit(lambda db: holding(db, article_id)).result()
        if held is None:
            raise BadArgument(f"there is no article {article_id}; scrapy search finds its id")
        collection.warc.event(tombstone(article_id, held, reason, datetime.now(UTC))).result()
        collection.frontier.forget(held.urls)
    finally:
        collection.close()
    return held


def _rewritten(
    folder: Path, held: Holding, dropped: Mapping[str, set[str]], say: Callable[[str], None]
) -> Iterator[str]:
    """The files that had to be written anew: those of captures, and those of events that name the article."""
    paths = sorted(archive_folder(folder).glob("*.warc.gz"))
    for number, path in enumerate(paths, 1):
        say(f"file {number} of {len(paths)}: {path.name}")
        found = traces(path, held.ids, held.urls)
        gone = dropped.get(path.name, set()) | found.dropped
        if gone or found.blocks:
            rewrite(folder, path.name, gone, found.blocks)
            yield path.name


def _leading(folder: Path, held: Holding) -> Iterator[Listed]:
    """The redirects to the article."""
    own = {address_digest(url) for url in held.urls}
    with closing(read_index(folder / "index.db")) as db:
        candidates = list(redirects(db, held.urls))
    for each in candidates:
        try:
            location = read(folder, each.warc, each.offset).http_header("location")
        except BadRecord as error:
            logger.error("not looked into: %s", error)
            continue
        if location and address_digest(urljoin(each.url, location)) in own:
            yield each


def _naming(folder: Path, held: Holding, say: Callable[[str], None]) -> Iterator[Listed]:
    """The listings in which the article's headline or one of its addresses stands, and the revisits of those."""
    names = [name for name in (held.headline, *held.urls) if name]
    wanted = [
        text.encode() for name in names for text in dict.fromkeys((name, escape(name), escape(name, quote=False)))
    ]
    found: set[str] = set()
    with closing(read_index(folder / "index.db")) as db:
        every = list(listings(db))
    for number, listed in enumerate(every, 1):
        if number % 200 == 0:
            say(f"listing {number} of {len(every)}")
        if listed.refers_to in found or (listed.refers_to is None and _holds(folder, listed, wanted)):
            found.add(listed.record_id)
            yield listed


def _holds(folder: Path, listed: Listed, wanted: list[bytes]) -> bool:
    try:
        text = decode(read(folder, listed.warc, listed.offset)).data
    except BadRecord as error:
        logger.error("not looked into: %s", error)
        return False
    return any(each in text for each in wanted)
