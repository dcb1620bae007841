"""CDXJ, the index that replay tools look captures up in: pywb's format, one sorted file per sealed WARC."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from crawler.items import Capture
from crawler.normalisation.urls import surt
from crawler.warc.durable import replace_file
from crawler.warc.names import index_path


def cdxj_line(capture: Capture) -> str:
    """The line of a capture, without line break: SURT, 14 digits of time, JSON."""
    revisit = capture.kind == "revisit"
    facts = {
        "url": capture.url,
        "mime": "warc/revisit" if revisit else capture.mime,
        # A 304's block is empty: whoever indexes the file itself finds no status either.
        "status": None if revisit and capture.status == 304 else str(capture.status),
        "digest": capture.payload_digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": capture.warc,
    }
    known = {name: fact for name, fact in facts.items() if fact is not None}
    return f"{surt(capture.url)} {capture.captured_at:%Y%m%d%H%M%S} {json.dumps(known)}"


def write_index(folder: Path, filename: str, lines: Iterable[str]) -> None:
    """The CDXJ of a WARC file of a collection, sorted bytewise as binary search needs it. Raises OSError."""
    path = index_path(folder, filename)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, "".join(f"{line}\n" for line in sorted(lines)).encode())
