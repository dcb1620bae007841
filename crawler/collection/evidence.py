"""All that proves what one article said and when, in one folder that can be checked without ofrecord."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from crawler.collection.export import Selection, chosen, new_file
from crawler.collection.report import Proof, report_html
from crawler.errors import BadArgument
from crawler.index.database import Connection
from crawler.index.lookup import StoredArticle, evidence, stored_article
from crawler.index.moments import stated
from crawler.items import Capture, Place
from crawler.warc.cdxj import cdxj_line
from crawler.warc.manifest import NAME, Chain, chain
from crawler.warc.names import archive_folder
from crawler.warc.reader import file_sha256, read_file
from crawler.warc.slices import Slice, copy_records

CAPTURES = "captures.warc.gz"
SUMS = "SHA256SUMS"


def export_evidence(folder: Path, db: Connection, article_id: str, path: Path, info: Mapping[str, str]) -> Slice:
    """The package as a folder at ``path``, or as a zip where that ends with ".zip".

    Raises BadArgument where there is no such article, or something at ``path`` already; BadRecord, DiskFull.
    """
    article = stored_article(db, article_id)
    if article is None:
        raise BadArgument(f"there is no article {article_id}; scrapy search finds its id")
    with new_file(path, ".zip" if path.suffix == ".zip" else "") as part, TemporaryDirectory() as temporary:
        package = Path(temporary) / (path.stem if path.suffix == ".zip" else path.name)
        package.mkdir()
        copied = _fill(package, folder, db, article, info)
        if path.suffix == ".zip":
            _zipped(package, part)
        else:
            shutil.copytree(package, part)
    return copied


def _fill(package: Path, folder: Path, db: Connection, article: StoredArticle, info: Mapping[str, str]) -> Slice:
    if (manifest := archive_folder(folder) / NAME).exists():
        shutil.copy(manifest, package / NAME)
    sealing = chain(package)  # of the copy: a crawl may seal meanwhile, and the head must be that of what is given
    places = list(chosen(folder, db, Selection(articles=(article.id,))))
    captures: list[Capture] = []
    with (package / CAPTURES).open("wb") as out:
        copied = copy_records(folder, places, out, filename=CAPTURES, info=info, on_capture=captures.append)
    proofs = [_proof(package, capture, place, sealing) for capture, place in zip(captures, places, strict=True)]
    revisions = [_revision(db, article.id, number) for number in range(1, article.revisions + 1)]
    (package / "captures.cdxj").write_text("".join(f"{line}\n" for line in sorted(map(cdxj_line, captures))))
    _write_json(package / "captures.json", [asdict(proof) for proof in proofs])
    _write_json(package / "article.json", {**asdict(article), "revision": None, "revisions": revisions})
    head = sealing.heads[-1] if sealing.heads else None
    report = report_html(article, revisions, proofs, head=head, software=info["software"], made_at=datetime.now(UTC))
    (package / "report.html").write_text(report, encoding="utf-8")
    _write_sums(package)
    return copied


def _proof(package: Path, capture: Capture, source: Place, sealing: Chain) -> Proof:
    record = read_file(package / CAPTURES, capture.offset)
    return Proof(
        capture=capture,
        source=source,
        sealed=next((entry for entry in sealing.entries if entry.filename == source.warc), None),
        kind=record.type,
        block_digest=record.header("WARC-Block-Digest") or "",
        block_start=record.block_start,
        block_length=len(record.block),
    )


def _revision(db: Connection, article_id: str, number: int) -> dict[str, Any]:
    stored = stored_article(db, article_id, number)
    assert stored is not None, f"{article_id}@{number} is counted and not there; run scrapy verify"
    sources = evidence(db, stored.revision.id)
    return {**asdict(stored.revision), "evidence": [asdict(source) for source in sources]}


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n", encoding="utf-8")


def _plain(value: object) -> str | None:
    """Times as the index has them, all else in its own words."""
    return stated(value) if isinstance(value, datetime) else str(value)


def _write_sums(package: Path) -> None:
    """As ``sha256sum -c`` reads it."""
    files = sorted(path for path in package.iterdir() if path.name != SUMS)
    lines = (f"{file_sha256(path)}  {path.name}\n" for path in files)
    (package / SUMS).write_text("".join(lines))


def _zipped(package: Path, path: Path) -> None:
    with ZipFile(path, "x", ZIP_DEFLATED) as file:
        for each in sorted(package.iterdir()):
            file.write(each, f"{package.name}/{each.name}")
