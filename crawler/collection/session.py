"""The collections that this process has open: one per folder, shared by all components of a crawl."""

from __future__ import annotations

import platform
import socket
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from crawler.collection.collection import Collection, Limits
from crawler.errors import BadArgument

_open: dict[Path, Collection] = {}


def collection_folder(settings: Mapping[str, Any]) -> Path:
    """ARCHIVES_DIR/COLLECTION, absolute. Raises BadArgument for a name that is no folder in it."""
    name = str(settings["COLLECTION"])
    if name in ("", ".", "..") or "/" in name:
        raise BadArgument(f"COLLECTION={name} is no name of a folder; give one like news")
    return (Path(settings["ARCHIVES_DIR"]) / name).resolve()


def collection_of(settings: Mapping[str, Any]) -> Collection:
    """The collection that the settings name, opened for writing at the first call. Raises OfRecordError."""
    folder = collection_folder(settings)
    if folder not in _open:
        _open[folder] = Collection(folder, info=warcinfo(settings), limits=limits_of(settings))
    return _open[folder]


def close_collection(settings: Mapping[str, Any]) -> None:
    """Seals and closes; nothing happens where it is not open."""
    collection = _open.pop(collection_folder(settings), None)
    if collection is not None:
        collection.close()


def warcinfo(settings: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a warcinfo record (ISO 28500:2017 annex B; `robots` as Heritrix names its policies)."""
    operator = settings["OPERATOR"] or settings["CONTACT"] or "unknown"
    return {
        "software": f"ofrecord/{version('ofrecord')} (Scrapy {version('scrapy')}; Python {platform.python_version()})",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey" if str(settings["ROBOTSTXT_OBEY"]) in ("True", "1") else "ignore",
        "operator": str(operator),
        "description": f"news articles, collection {settings['COLLECTION']}",
        "isPartOf": str(settings["COLLECTION"]),
        "hostname": socket.gethostname(),
        "http-header-user-agent": str(settings["USER_AGENT"]),
    }


def limits_of(settings: Mapping[str, Any]) -> Limits:
    """What the settings allow a collection to use."""
    return Limits(
        workers=int(settings["EXTRACTION_WORKERS"]),
        warc_bytes=int(settings["WARC_MAX_BYTES"]),
        warc_seconds=int(settings["WARC_MAX_SECONDS"]),
        min_free_bytes=int(settings["MIN_FREE_BYTES"]),
    )
