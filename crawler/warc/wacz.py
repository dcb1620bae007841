"""WACZ 1.1.1: a WARC file with its index and pages in one zip, as replay in a browser wants it.

https://specs.webrecorder.net/wacz/1.1.1/
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

VERSION = "1.1.1"


@dataclass(slots=True)
class Package:
    """A WACZ that is being written: one file of less than 2 GiB after the other, the description of all at the end."""

    file: ZipFile
    created: datetime
    resources: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def entry(self, path: str, *, stored: bool = False) -> Iterator[BinaryIO]:
        """A file to be written. What is compressed already is stored, so that replay can jump into it."""
        info = ZipInfo(path, self.created.timetuple()[:6])
        info.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
        # Without a ZIP64 field in the local header, which ReplayWeb.page 2.4 takes for the beginning of the data.
        with self.file.open(info, "w") as out:
            digested = _Digested(cast(BinaryIO, out))
            yield cast(BinaryIO, digested)
        name = path.rpartition("/")[2]
        found = {"hash": f"sha256:{digested.digest.hexdigest()}", "bytes": digested.size}
        self.resources.append({"name": name, "path": path, **found})

    def pages(self, pages: Iterable[Mapping[str, str | None]]) -> None:
        """pages.jsonl: ``url`` and ``ts`` of each, ``title`` and ``text`` where there are any."""
        with self.entry("pages/pages.jsonl") as out:
            out.write(b'{"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": true}\n')
            for page in pages:
                known = {name: value for name, value in page.items() if value is not None}
                out.write(json.dumps({"id": uuid4().hex[:22], **known}, ensure_ascii=False).encode() + b"\n")

    def index(self, lines: Iterable[str]) -> None:
        """The CDXJ of the WARC file."""
        with self.entry("indexes/index.cdx") as out:
            out.write("".join(f"{line}\n" for line in sorted(lines)).encode())

    def finish(self, *, title: str, description: str, software: str) -> None:
        """The description of the package, and the digest of that."""
        described = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": title,
            "description": description,
            "software": software,
            "created": f"{self.created:%Y-%m-%dT%H:%M:%SZ}",
            "resources": list(self.resources),
        }
        text = json.dumps(described, indent=2, ensure_ascii=False).encode()
        self.file.writestr("datapackage.json", text, ZIP_DEFLATED)
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(text).hexdigest()}"}
        self.file.writestr("datapackage-digest.json", json.dumps(digest, indent=2), ZIP_DEFLATED)


@contextmanager
def package(path: Path) -> Iterator[Package]:
    """A new WACZ file. Raises OSError."""
    with ZipFile(path, "x") as file:
        yield Package(file, datetime.now(UTC))


class _Digested:
    """What is written, digested and counted on the way."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._out.write(data)
