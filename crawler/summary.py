"""What a crawl did, in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crawler.formats.sizes import human_size

OUTCOMES = ("new", "revised", "unchanged")
ENDINGS = {
    "finished": "finished",
    "limit": "limit reached, run again for more",
    "shutdown": "interrupted, run again to go on",
    "storage_error": "stopped",
}
"""Scrapy's reasons and ours, in words; any other is shown as it is."""

TROUBLES = {
    "ofrecord/error-status": "answered with an error",
    "ofrecord/gone": "gone, as the page says",
    "ofrecord/blocked": "blocked",
    "ofrecord/not-article": "not-article",
    "ofrecord/failed": "failed",
    "ofrecord/broken": "broken",
    "ofrecord/bad-listing": "bad-listing",
    "robots/forbidden": "forbidden by robots.txt",
}


def last_line(stats: dict[str, Any], folder: Path) -> str:
    """How the crawl ended, what it did, and where that is."""
    reason = stats.get("finish_reason", "shutdown")
    return f"{ENDINGS.get(reason, reason)}: {summary(stats)}; in {folder}"


def summary(stats: dict[str, Any]) -> str:
    """What the crawl has done so far, in one line."""
    fetched, size = stats.get("ofrecord/fetched", 0), stats.get("ofrecord/bytes", 0)
    articles = ", ".join(f"{stats.get(f'ofrecord/{name}', 0)} {name}" for name in OUTCOMES)
    troubles = "".join(f", {stats[key]} {name}" for key, name in TROUBLES.items() if stats.get(key))
    return f"{fetched} fetched ({human_size(size)}), articles: {articles}{troubles}"
