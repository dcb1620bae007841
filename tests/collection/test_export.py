"""What is exported is what is archived, byte for byte; and an evidence package can be checked without ofrecord."""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest

from crawler.collection import export
from crawler.collection.collection import Collection
from crawler.collection.evidence import export_evidence
from crawler.collection.export import Selection, export_wacz, export_warc
from crawler.collection.forget import forget
from crawler.collection.imports import import_files
from crawler.collection.reindex import reindex
from crawler.errors import BadArgument, BadRecord, FolderNotUsable
from crawler.index.database import Connection, read_index
from crawler.items import Event
from crawler.queries.tree import Published, Value
from crawler.warc.events import event_of, is_event
from crawler.warc.reader import Record, read_file, records
from tests.collection import archives
from tests.collection.archives import MIRROR, PAGE
from tests.collection.test_collection import LIMITS, NOW, TEXT, asked, exchange, notes
from tests.collection.test_verify import KINDS

INFO = {
    "software": "ofrecord/test",
    "format": "WARC File Format 1.1",
    "robots": "obey",
    "operator": "desk",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "description": "a test",
    "isPartOf": "news",
    "hostname": "localhost",
    "http-header-user-agent": "ofrecord",
}


@pytest.fixture
def index(sound: Path) -> Iterator[Connection]:
    with closing(read_index(sound / "index.db")) as db:
        yield db


def article_at(folder: Path, url: str) -> str:
    return str(asked(folder, f"select article_id from article_urls where url = '{url}'")[0][0])


def exchanged(path: Path) -> list[Record]:
    return [record for record in records(path) if record.type in ("response", "revisit")]


def member(path: Path, record: Record) -> bytes:
    return path.read_bytes()[record.offset : record.offset + record.length]


def test_an_export_of_everything_holds_every_exchange_byte_for_byte(
    sound: Path,
    index: Connection,
    tmp_path: Path,
) -> None:
    copied = export_warc(sound, index, Selection(), tmp_path / "all.warc.gz", INFO)
    originals = [member(path, record) for path in archives.warcs(sound) for record in exchanged(path)]
    assert [member(tmp_path / "all.warc.gz", record) for record in exchanged(tmp_path / "all.warc.gz")] == originals
    assert (copied.records, copied.bytes) == (5 * 3 + 9 + 3 + 1, (tmp_path / "all.warc.gz").stat().st_size)


def test_a_file_that_an_export_holds_itself_is_not_looked_for_elsewhere(sound: Path, tmp_path: Path) -> None:
    path, folder = tmp_path / "other.warc.gz", tmp_path / "news"
    with closing(read_index(sound / "index.db")) as db:
        export_warc(sound, db, Selection(), path, INFO)
    collection = Collection(folder, info=INFO, limits=LIMITS)
    import_files(collection, [path])
    collection.close()
    (tmp_path / "copy/archive").mkdir(parents=True)
    with closing(read_index(folder / "index.db")) as db:
        export_warc(folder, db, Selection(), tmp_path / "copy/archive/all.warc.gz", INFO)
    path.unlink()
    reindex(tmp_path / "copy", workers=1)
    texts = "select id, text from revisions order by id"
    assert asked(tmp_path / "copy", texts) == asked(sound, texts)


def test_a_slice_holds_the_events_of_its_articles(archive: Path, tmp_path: Path) -> None:
    chosen, other = (article_at(archive, url) for url in (f"{PAGE}-2", f"{PAGE}-3"))
    collection = Collection(archive, info=INFO, limits=LIMITS)
    for hour, article in enumerate((other, chosen, None)):
        collection.warc.event(Event("gone", NOW + timedelta(hours=hour), article_id=article)).result(30)
    collection.close()
    with closing(read_index(archive / "index.db")) as db:
        export_warc(archive, db, Selection(articles=(chosen,)), tmp_path / "one.warc.gz", INFO)
    events = [event_of(record) for record in records(tmp_path / "one.warc.gz") if is_event(record)]
    assert [(event.kind, event.article_id) for event in events] == [("gone", chosen)]


def test_a_slice_holds_the_articles_chosen_and_what_their_revisits_refer_to(
    sound: Path,
    index: Connection,
    tmp_path: Path,
) -> None:
    mirror = article_at(sound, MIRROR)
    export_warc(sound, index, Selection(articles=(mirror,)), tmp_path / "one.warc.gz", INFO)
    assert [(record.type, record.url) for record in exchanged(tmp_path / "one.warc.gz")] == [
        ("response", PAGE),
        ("revisit", MIRROR),
    ]


def test_a_slice_by_publisher_and_day(sound: Path, index: Connection, tmp_path: Path) -> None:
    none = Published(before="1999")
    for number, selection in enumerate((Selection(none), Selection(Published(since="2030-01-01")))):
        with pytest.raises(BadArgument, match="no article passes the filters"):
            export_warc(sound, index, selection, tmp_path / f"{number}.warc.gz", INFO)
    assert list(tmp_path.iterdir()) == []
    export_warc(sound, index, Selection(Value("publisher", "gazette.example")), tmp_path / "all.warc.gz", INFO)
    assert len(exchanged(tmp_path / "all.warc.gz")) == 4  # and not the mirror's


def test_redirects_that_led_to_a_page_come_along(tmp_path: Path) -> None:
    collection = Collection(tmp_path / "news", info=INFO, limits=LIMITS)
    old = "https://gazette.example/old"
    moved = b"HTTP/1.1 301 Moved\r\nLocation: /2024/03/11/bridge\r\nContent-Length: 0\r\n\r\n"
    redirect = replace(
        exchange(old), response=BytesIO(moved), response_length=len(moved), head_length=len(moved), status=301
    )
    collection.record(redirect, notes("gazette.example")).result(30)
    led = replace(notes("gazette.example"), via=old)
    page = collection.record(exchange(PAGE, NOW + timedelta(seconds=5)), led).result(30)
    collection.articles.store(collection.articles.read(page).result(30)).result(30)
    collection.close()
    with closing(read_index(tmp_path / "news/index.db")) as db:
        chosen = Selection(articles=(article_at(tmp_path / "news", PAGE),))
        export_warc(tmp_path / "news", db, chosen, tmp_path / "one.warc.gz", INFO)
    assert [record.url for record in exchanged(tmp_path / "one.warc.gz")] == [old, PAGE]


def test_a_wacz_lists_and_digests_what_it_holds(sound: Path, index: Connection, tmp_path: Path) -> None:
    path = tmp_path / "news.wacz"
    export_wacz(sound, index, Selection(), path, INFO)
    with ZipFile(path) as wacz:
        described = json.loads(wacz.read("datapackage.json"))
        digest = json.loads(wacz.read("datapackage-digest.json"))
        assert digest["hash"] == f"sha256:{sha256(wacz.read('datapackage.json')).hexdigest()}"
        assert (described["profile"], described["wacz_version"]) == ("data-package", "1.1.1")
        paths = [resource["path"] for resource in described["resources"]]
        assert sorted([*paths, "datapackage.json", "datapackage-digest.json"]) == sorted(wacz.namelist())
        for resource in described["resources"]:
            data = wacz.read(resource["path"])
            assert (resource["hash"], resource["bytes"]) == (f"sha256:{sha256(data).hexdigest()}", len(data))
        warcs = {name.rpartition("/")[2]: wacz.read(name) for name in wacz.namelist() if name.startswith("archive/")}
        assert sorted(warcs) == ["data-00001.warc.gz", "data-00002.warc.gz", "data-00003.warc.gz"]
        assert {wacz.getinfo(f"archive/{name}").compress_type for name in warcs} == {ZIP_STORED}
        header, *pages = map(json.loads, wacz.read("pages/pages.jsonl").splitlines())
        assert header["format"] == "json-pages-1.0"
        assert [page["url"] for page in pages] == [PAGE, f"{PAGE}-2", PAGE, f"{PAGE}-3", MIRROR]
        assert all(page["ts"].startswith("2024-03-1") and page["title"] and page["text"] for page in pages)
        lines = wacz.read("indexes/index.cdx").decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 5
    for line in lines:
        facts = json.loads(line.split(" ", 2)[2])
        data, start = warcs[facts["filename"]], int(facts["offset"])
        record = gzip.decompress(data[start : start + int(facts["length"])]).decode("utf-8", "replace")
        assert f"WARC-Target-URI: {facts['url']}\r\n" in record


@pytest.fixture
def proof(sound: Path, index: Connection, tmp_path: Path) -> Path:
    export_evidence(sound, index, article_at(sound, PAGE), tmp_path / "proof", INFO)
    return tmp_path / "proof"


def test_an_evidence_package_is_checked_with_what_every_system_has(sound: Path, proof: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("this system has no openssl")
    sums, records, _, places, head = printed(proof)
    summed = (proof / "SHA256SUMS").read_text().splitlines()
    tool = "sha256sum" if shutil.which("sha256sum") else "shasum"
    (sum_check,) = (line for line in sums.splitlines() if line.startswith(tool))
    assert ran(sum_check, proof) == "".join(f"{line.split()[1]}: OK\n" for line in summed)
    digests = re.findall(r" # sha1:(\w+)$", records, re.M)
    assert len(digests) == 2
    assert ran(records, proof).split() == digests
    for line in places.splitlines():
        there, here = ran(line, proof, archive=sound / "archive").splitlines()
        assert there == here
    assert f"It is {ran(head, proof).split()[-1]}." in (proof / "report.html").read_text()


@pytest.mark.parametrize("awk", ["original-awk", "mawk", "gawk --posix", "busybox awk"])
def test_the_digests_are_the_same_with_every_awk(proof: Path, tmp_path: Path, awk: str) -> None:
    """The first is that of macOS and the BSDs."""
    if shutil.which("openssl") is None or shutil.which(awk.split()[0]) is None:
        pytest.skip(f"this system has no openssl or no {awk}")
    records = printed(proof)[1].replace("| awk ", f"| {awk} ")
    assert ran(records, proof).split() == re.findall(r" # sha1:(\w+)$", records, re.M)


def printed(proof: Path) -> list[str]:
    """The commands of a report, as they stand in it together."""
    return [unescape(each) for each in re.findall(r"<pre>(.*?)</pre>", (proof / "report.html").read_text(), re.S)]


def ran(commands: str, folder: Path, archive: Path | None = None) -> str:
    if archive is not None:
        commands = commands.replace(" archive/", f" {archive}/")
    done = subprocess.run(["sh", "-c", commands], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def test_an_evidence_package_tells_all_revisions_with_the_source_of_each_value(proof: Path) -> None:
    article = json.loads((proof / "article.json").read_text())
    assert [revision["number"] for revision in article["revisions"]] == [1, 2]
    assert "Tuesday" in article["revisions"][1]["blocks"][0]["text"]
    assert all(source["source"] for revision in article["revisions"] for source in revision["evidence"])
    captures = json.loads((proof / "captures.json").read_text())
    for capture in captures:
        assert read_file(proof / "captures.warc.gz", capture["capture"]["offset"]).record_id in str(capture)
        assert capture["sealed"]["sha256"] in (proof / "manifest.sha256").read_text()
        assert re.fullmatch(r"2\d{3}-\d\d-\d\dT[\d:.]+Z", capture["capture"]["captured_at"])


def test_the_report_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    """Whatever a page says, as its headline too."""
    collection = Collection(tmp_path / "news", info=INFO, limits=LIMITS)
    hostile = exchange(PAGE, text=f"<p>&lt;script src=//evil.example&gt; and &lt;img src=x&gt;</p>{TEXT}")
    page = collection.record(hostile, notes("gazette.example")).result(30)
    collection.articles.store(collection.articles.read(page).result(30)).result(30)
    collection.close()
    with closing(read_index(tmp_path / "news/index.db")) as db:
        export_evidence(tmp_path / "news", db, article_at(tmp_path / "news", PAGE), tmp_path / "proof", INFO)
    report = (tmp_path / "proof/report.html").read_text()
    assert "&lt;script src=//evil.example&gt;" in report
    assert not re.search(r"<(script|img|link|iframe|a)\b|url\(|@import", report)


def test_as_a_zip_it_holds_the_same(sound: Path, index: Connection, proof: Path, tmp_path: Path) -> None:
    export_evidence(sound, index, article_at(sound, PAGE), tmp_path / "bridge.zip", INFO)
    with ZipFile(tmp_path / "bridge.zip") as packed:
        assert {f"bridge/{path.name}" for path in proof.iterdir()} == set(packed.namelist())
        assert packed.read("bridge/article.json") == (proof / "article.json").read_bytes()


def test_what_is_there_already_is_not_written_over(sound: Path, index: Connection, tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_text("mine")
    with pytest.raises(BadArgument, match="exists already"):
        export_warc(sound, index, Selection(), tmp_path / "a.warc.gz", INFO)
    with pytest.raises(BadArgument, match=r"does not end with \.wacz"):
        export_wacz(sound, index, Selection(), tmp_path / "a.zip", INFO)
    assert (tmp_path / "a.warc.gz").read_text() == "mine"


def test_where_nothing_can_be_written_another_name_is_asked_for(sound: Path, index: Connection, tmp_path: Path) -> None:
    with pytest.raises(FolderNotUsable, match=r"absent/.* cannot be written: No such file or directory; .* with -o"):
        export_warc(sound, index, Selection(), tmp_path / "absent" / "a.warc.gz", INFO)


def test_of_a_damaged_archive_nothing_half_is_left(archive: Path, tmp_path: Path) -> None:
    KINDS["a bit of a page"][0](archive)
    with closing(read_index(archive / "index.db")) as db:
        for exporting, name in ((export_warc, "a.warc.gz"), (export_wacz, "a.wacz")):
            with pytest.raises(BadRecord):
                exporting(archive, db, Selection(), tmp_path / name, INFO)
    assert [path.name for path in tmp_path.iterdir()] == ["news"]


def test_an_article_that_is_not_there_is_named(sound: Path, index: Connection, tmp_path: Path) -> None:
    with pytest.raises(BadArgument, match="there is no article x/y; scrapy search finds its id"):
        export_evidence(sound, index, "x/y", tmp_path / "proof", INFO)


def test_articles_of_an_imported_wacz_are_exported_with_its_own_warcinfos(sound: Path, tmp_path: Path) -> None:
    """It holds three WARC files, and begins with none of their records."""
    path, folder = tmp_path / "other.wacz", tmp_path / "news"
    with closing(read_index(sound / "index.db")) as db:
        export_wacz(sound, db, Selection(), path, INFO)
    collection = Collection(folder, info=INFO, limits=LIMITS)
    import_files(collection, [path])
    collection.close()
    with closing(read_index(folder / "index.db")) as db:
        article = article_at(folder, PAGE)
        export_warc(folder, db, Selection(articles=(article,)), tmp_path / "out.warc.gz", INFO)
        export_evidence(folder, db, article, tmp_path / "evidence", INFO)
    infos: set[str] = set()
    for record in records(tmp_path / "out.warc.gz"):
        if record.type == "warcinfo":
            infos.add(record.record_id)
        else:
            assert record.uri("WARC-Warcinfo-ID") in infos
    assert [record.url for record in exchanged(tmp_path / "out.warc.gz")] == [PAGE, PAGE]


def test_everything_has_what_was_imported_and_not_taken_down(sound: Path, tmp_path: Path) -> None:
    path, folder = tmp_path / "other.warc.gz", tmp_path / "news"
    with closing(read_index(sound / "index.db")) as db:
        export_warc(sound, db, Selection(), path, INFO)
    collection = Collection(folder, info=INFO, limits=LIMITS)
    import_files(collection, [path])
    collection.close()
    forget(folder, article_at(folder, f"{PAGE}-2"), "a court", info=INFO, limits=LIMITS)
    with closing(read_index(folder / "index.db")) as db:
        export_warc(folder, db, Selection(), tmp_path / "all.warc.gz", INFO)
    assert [record.url for record in exchanged(tmp_path / "all.warc.gz")] == [PAGE, PAGE, f"{PAGE}-3", MIRROR]


def test_a_long_file_goes_into_a_package_in_parts(
    sound: Path, index: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PART_BYTES", 1000)
    path = tmp_path / "news.wacz"
    export_wacz(sound, index, Selection(), path, INFO)
    with ZipFile(path) as package:
        parts = {name.rpartition("/")[2]: package.read(name) for name in package.namelist() if "data-" in name}
        lines = package.read("indexes/index.cdx").decode().splitlines()
    assert len(parts) > 3
    assert len(lines) == 5
    for line in lines:
        facts = json.loads(line.split(" ", 2)[2])
        record = gzip.decompress(parts[facts["filename"]][int(facts["offset"]) :][: int(facts["length"])])
        assert f"WARC-Target-URI: {facts['url']}\r\n".encode() in record
