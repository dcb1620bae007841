"""Articles out of WARC and WACZ files that other programs made; the files stay where they are."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.collection.collection import Collection
from crawler.collection.export import Selection, export_wacz
from crawler.collection.forget import forget
from crawler.collection.imports import Imported, import_files
from crawler.collection.reindex import reindex
from crawler.collection.verify import verify
from crawler.errors import BadArgument, Incomplete
from crawler.index.database import read_index
from crawler.warc.foreign import foreign_captures
from tests.collection.archives import PAGE
from tests.collection.test_collection import LIMITS, TEXT, asked
from tests.collection.test_export import INFO, article_at
from tests.collection.test_reindex import contents
from tests.conftest import clean_environment
from tests.gazette import Gazette

# warcio leaves the temporary files of its records open.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    collection = Collection(tmp_path / "news", info=INFO, limits=LIMITS)
    yield collection
    collection.close()


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """As warcio's own writer makes it: a page, an image, a page that is not there."""
    path = tmp_path / "foreign.warc.gz"
    html = f"<html lang=en><title>Council votes</title><h1>Council votes to rebuild</h1>{TEXT}</html>".encode()
    story = html.replace(b"<title>", b'<meta property="og:type" content="article"><title>')
    pages = ((PAGE, "200 OK", "text/html", story), ("https://gazette.example/a.png", "200 OK", "image/png", b"png"))
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        writer.write_record(writer.create_warcinfo_record("x", {"software": "another"}))
        for url, status, mime, body in (*pages, (f"{PAGE}-gone", "404 Not Found", "text/html", story)):
            headers = StatusAndHeaders(status, [("Content-Type", mime)], protocol="HTTP/1.1")
            writer.write_record(writer.create_warc_record(url, "response", payload=BytesIO(body), http_headers=headers))
    return path


def test_articles_of_a_file_that_another_made_are_indexed_as_captures_in_it(
    collection: Collection, foreign: Path
) -> None:
    assert import_files(collection, [foreign]) == Imported(captures=3, articles=1)
    ((url, warc),) = asked(collection.folder, "select a.url, l.warc from articles a join latest l using (id)")
    assert (url, warc) == (PAGE, str(foreign))
    assert import_files(collection, [foreign]) == Imported(captures=0, articles=0)


def test_they_are_part_of_what_is_verified_and_reindexed(tmp_path: Path, foreign: Path) -> None:
    folder = tmp_path / "news"
    collection = Collection(folder, info=INFO, limits=LIMITS)
    import_files(collection, [foreign])
    collection.close()
    before = contents(folder)
    assert verify(folder, workers=1).faults == []
    reindex(folder, workers=1)
    assert contents(folder) == before
    foreign.write_bytes(foreign.read_bytes()[:-20])
    assert "imported-sha256" in {fault.rule for fault in verify(folder, workers=1).faults}
    foreign.unlink()
    assert "imported-file" in {fault.rule for fault in verify(folder, workers=1).faults}
    with pytest.raises(Incomplete) as refused:
        reindex(folder, workers=1)
    assert str(foreign) in str(refused.value.left_out)
    assert contents(folder) == before


def test_they_are_part_of_an_export_of_everything(collection: Collection, foreign: Path, tmp_path: Path) -> None:
    import_files(collection, [foreign])
    path = tmp_path / "all.wacz"
    with closing(read_index(collection.folder / "index.db")) as db:
        export_wacz(collection.folder, db, Selection(), path, INFO)
    assert {capture.url for capture in foreign_captures(path)} == {capture.url for capture in foreign_captures(foreign)}


def test_what_is_forgotten_leaves_the_index_and_the_file_as_it_was(tmp_path: Path, foreign: Path) -> None:
    folder, before = tmp_path / "news", foreign.read_bytes()
    collection = Collection(folder, info=INFO, limits=LIMITS)
    import_files(collection, [foreign])
    collection.close()
    gone = forget(folder, article_at(folder, PAGE), "a court", info=INFO, limits=LIMITS)
    assert (gone.files, gone.captures, gone.imported) == (0, 0, (str(foreign),))
    assert foreign.read_bytes() == before
    assert asked(folder, f"select count(*) from captures where url = '{PAGE}'") == [(0,)]
    assert verify(folder, workers=1).faults == []
    left = contents(folder)
    reindex(folder, workers=1)
    assert contents(folder) == left
    collection = Collection(folder, info=INFO, limits=LIMITS)
    assert import_files(collection, [foreign]) == Imported(captures=0, articles=0)
    collection.close()


def test_a_wacz_gives_the_articles_it_was_made_of(sound: Path, collection: Collection, tmp_path: Path) -> None:
    path = tmp_path / "all.wacz"
    with closing(read_index(sound / "index.db")) as db:
        export_wacz(sound, db, Selection(), path, INFO)
    imported = import_files(collection, [path])
    assert imported.captures == 5
    texts = "select id, text from revisions order by id"
    assert asked(collection.folder, texts) == asked(sound, texts)
    again = tmp_path / "again.wacz"
    with closing(read_index(collection.folder / "index.db")) as db:
        export_wacz(collection.folder, db, Selection(), again, INFO)
    assert len(list(foreign_captures(again))) == 5


def test_what_wget_archived_of_a_site_is_what_we_find_in_it(collection: Collection, tmp_path: Path) -> None:
    wget = shutil.which("wget")
    if wget is None:
        pytest.skip("wget is not there")
    gazette = Gazette()
    with gazette.served() as site:
        command = [wget, "-q", "-r", "-l", "2", "-nd", "--delete-after", f"--warc-file={tmp_path}/wget", site.url("/")]
        subprocess.run(command, cwd=tmp_path, env=clean_environment(), check=False, timeout=60)
        expected = {(site.url(story.path), story.headline) for story in gazette.stories}
    import_files(collection, [tmp_path / "wget.warc.gz"])
    assert set(asked(collection.folder, "select url, headline from articles")) == expected


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "is neither .warc.gz nor .wacz"),
        (
            "whole.warc.gz",
            gzip.compress(b"WARC/1.0\r\nContent-Length: 0\r\n\r\n\r\n\r\nWARC/1.0\r\n", mtime=0),
            "warcio recompress",
        ),
        ("none.warc.gz", b"no archive at all", "holds no WARC records"),
        ("empty.wacz", b"", "holds no WARC records"),
    ],
)
def test_what_is_no_archive_is_refused_before_anything_is_changed(
    collection: Collection, tmp_path: Path, name: str, data: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(BadArgument, match=says):
        import_files(collection, [tmp_path / name])
    with pytest.raises(BadArgument, match="is not there; it may have been moved"):
        import_files(collection, [tmp_path / "absent.warc.gz"])
    assert asked(collection.folder, "select count(*) from captures") == [(0,)]
