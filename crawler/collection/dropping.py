"""Articles that a publisher took out of its sitemap: on record as events, and worth a look."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from crawler.changes.listings import dropped
from crawler.collection.collection import Collection
from crawler.discovery.sitemaps import sitemap_page
from crawler.errors import BadListing, BadRecord
from crawler.index.listings import dropped_events, earlier_listing
from crawler.items import Capture, Link
from crawler.warc.reader import decode, read

logger = logging.getLogger(__name__)


def note_dropped(collection: Collection, capture: Capture, links: Sequence[Link]) -> list[str]:
    """Addresses of articles that a sitemap listed the last time and does not list now; each is an event on record.

    To be called in a thread: it reads the sitemap of then from the WARC.
    """
    earlier = collection.index.submit(lambda db: earlier_listing(db, capture)).result()
    if earlier is None:
        return []
    try:
        body = decode(read(collection.folder, earlier.payload.warc, earlier.payload.offset)).data
        before = sitemap_page(body, capture.url)
    except (OSError, BadRecord, BadListing) as error:
        logger.warning("what a sitemap listed before cannot be told: %s", error)
        return []
    urls = () if before.problems else dropped(before.links, links)
    if not urls:
        return []
    events = collection.index.submit(lambda db: dropped_events(db, capture, earlier, urls)).result()
    for noted in [collection.warc.event(event) for event in events]:
        noted.result()
    return [str(event.detail["url"]) for event in events]
