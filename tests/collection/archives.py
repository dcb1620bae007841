"""A small archive that has a bit of everything, for tests to look at and to damage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from crawler.collection.collection import Collection
from tests.collection.test_collection import BROKEN, INFO, LIMITS, NOW, TEXT, archived

PAGE = "https://gazette.example/2024/03/11/bridge"
MIRROR = "https://mirror.example/2024/03/11/bridge"
FIRST = TEXT * 2
EDITED = FIRST.replace("Monday", "Tuesday")


def make_archive(folder: Path) -> None:
    """Three sealed files: pages, an edit, a byte-equal copy on a mirror, an exchange without answer."""
    sessions = ([(PAGE, FIRST), (f"{PAGE}-2", TEXT * 3)], [(PAGE, EDITED), (f"{PAGE}-3", TEXT * 4)], [(MIRROR, FIRST)])
    for day, pages in enumerate(sessions):
        collection = Collection(folder, info=INFO, limits=LIMITS)
        collection.begin_crawl("news", ["crawl", "news"], NOW + timedelta(days=day))
        for hour, (url, text) in enumerate(pages):
            archived(collection, url, "gazette.example", at=NOW + timedelta(days=day, hours=hour), text=text)
        collection.broken(replace(BROKEN, captured_at=NOW + timedelta(days=day)))
        collection.end_crawl("finished", {}, NOW + timedelta(days=day, hours=9))
        collection.close()


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / "archive").glob("*.warc.gz"))
