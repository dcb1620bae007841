"""What cannot be used is said in one line, with what to do, and an exit code of its own."""

from __future__ import annotations

import shlex
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from shutil import which

import pytest

from tests.conftest import PROJECT, Scrapy, clean_environment, project_with, scrapy_command


def refused(scrapy: Scrapy, *arguments: str, stdin: str | None = None) -> tuple[int, str]:
    """The exit code and the one line that the command said."""
    done = scrapy("crawl", "news", *arguments, stdin=stdin)
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert done.stdout == ""
    assert lines[0].startswith("ofrecord: ")
    return done.returncode, lines[0]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["publisher=nosuch"], "no publisher 'nosuch'; known: "),
        (["publisher=presstv", "since=yesterday"], "since=yesterday is no date; write it like 2022-01-31"),
        (["publisher=presstv", "since=2022-02-01", "until=2022-01-01"], "since=2022-02-01 is after until=2022-01-01"),
        (["publisher=presstv", "limit=many"], "limit=many is no number of articles"),
        (["publisher=presstv", "recheck=never"], "the one value is recheck=now"),
        (["publisher=presstv", "colour=blue"], "unknown argument colour"),
        (["site=ftp://example.org/"], "give one like https://example.com/"),
        (["urls=/no/such/list.txt"], "No such file or directory; give a file, - for standard input, or one URL"),
        ([], "nothing to crawl; give -a publisher=NAME"),
    ],
    ids=lambda value: " ".join(value) or "nothing" if isinstance(value, list) else "",
)
def test_an_argument_that_cannot_be_used_is_named(scrapy: Scrapy, arguments: list[str], says: str) -> None:
    code, line = refused(scrapy, *(part for argument in arguments for part in ("-a", argument)))
    assert says in line
    assert code == 3


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("EXTRACTION_WORKERS=0", "EXTRACTION_WORKERS=0 is no whole number from 1 on"),
        ("WARC_MAX_BYTES=-1", "WARC_MAX_BYTES=-1 is no whole number from 1 on"),
        ("EXTRACTION_WORKERS=1.5", "EXTRACTION_WORKERS=1.5 is no whole number from 1 on"),
        ("WARC_MAX_BYTES=inf", "WARC_MAX_BYTES=inf is no whole number from 1 on"),
        ("WARC_MAX_SECONDS=soon", "WARC_MAX_SECONDS=soon is no whole number from 1 on"),
        ("DOWNLOAD_DELAY=fast", "DOWNLOAD_DELAY=fast is no number"),
        ("DOWNLOAD_DELAY=-1", "DOWNLOAD_DELAY=-1 is no number from 0 on"),
        ("RETRY_TIMES=1.5", "RETRY_TIMES=1.5 is no whole number"),
        ("ROBOTSTXT_OBEY=perhaps", "ROBOTSTXT_OBEY=perhaps is neither True nor False"),
        ("LOG_LEVEL=LOUD", "LOG_LEVEL=LOUD is no level; give DEBUG, INFO"),
        ("COLECTION=mine", "there is no setting COLECTION; did you mean COLLECTION?"),
        ("COLLECTION=", "COLLECTION= is no name of a folder"),
        ("COLLECTION=../evil", "COLLECTION=../evil is no name of a folder"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(scrapy: Scrapy, archives: Path, setting: str, says: str) -> None:
    code, line = refused(scrapy, "-a", "publisher=presstv", "-s", setting)
    assert says in line
    assert code == 3
    assert not archives.exists()


def test_a_setting_misspelt_in_the_environment_is_named(archives: Path) -> None:
    environment = clean_environment({"OFRECORD_ARCHIVES_DIR": str(archives), "OFRECORD_COLECTION": "mine"})
    for arguments in (["crawl", "news", "-a", "publisher=presstv"], ["search"], ["show", "x"]):
        done = subprocess.run(
            scrapy_command(arguments), cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.stderr == "ofrecord: there is no setting COLECTION; did you mean COLLECTION?\n"
        assert done.returncode == 3


def test_a_setting_of_scrapys_own_can_be_given_in_the_environment(archives: Path) -> None:
    environment = clean_environment({"OFRECORD_ARCHIVES_DIR": str(archives), "OFRECORD_RETRY_ENABLED": "perhaps"})
    command = scrapy_command(["crawl", "news", "-a", "publisher=presstv"])
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert "RETRY_ENABLED=perhaps is neither True nor False" in done.stderr


def test_a_spider_that_there_is_none_of_is_named(scrapy: Scrapy, archives: Path) -> None:
    done = scrapy("crawl", "new", "-a", "publisher=presstv")
    assert done.stderr == "ofrecord: there is no spider 'new'; there is: news\n"
    assert done.returncode == 3
    assert not archives.exists()


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        ('Publisher(id="courier", name="C", domains=("c.example",), tmezone="UTC")', "read in line 2 (TypeError: "),
        ('Publisher(id="herald", name="H", domains=("h.example",))', "defines 'herald'; name both alike"),
        ("Publisher(", "SyntaxError"),
        (
            'Publisher(id="courier", name="C", domains=("c.example",), archive_pages=("/archive",))',
            "'/archive' lacks {year}",
        ),
        (
            'Publisher(id="courier", name="C", domains=("c.example",), layouts=(Layout("2025", authors=("jsonld",)),))',
            "layout '2025', authors: 'jsonld' is no element of HTML (sources are json-ld, ",
        ),
    ],
)
def test_a_definition_that_cannot_be_read_is_named(tmp_path: Path, definition: str, says: str) -> None:
    project = project_with(
        f"from crawler.publishers.base import Layout, Publisher\nPUBLISHER = {definition}\n", tmp_path
    )
    command = scrapy_command(["crawl", "news", "-a", "publisher=presstv"])
    done = subprocess.run(
        command, cwd=project, env=clean_environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr.startswith("ofrecord: publishers/courier.py ")
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 3


def test_a_list_with_garbage_names_its_lines_and_fetches_nothing(scrapy: Scrapy, archives: Path) -> None:
    code, line = refused(
        scrapy, "-a", "urls=-", stdin="https://127.0.0.1:1/a\n\n# a comment\nnot a url\nhttp://\nhttps://u:p@h/\n"
    )
    assert "line 4: 'not a url'; line 5: 'http://'; line 6:" in line
    assert code == 3
    assert not archives.exists()


def test_an_archive_folder_that_cannot_be_made_is_named(scrapy: Scrapy, archives: Path) -> None:
    archives.write_text("a file is in the way")
    code, line = refused(scrapy, "-a", "publisher=presstv")
    assert f"{archives}/news cannot be written to" in line
    assert "-s ARCHIVES_DIR=" in line
    assert code == 5


def test_a_file_of_articles_that_cannot_be_written_is_named_before_anything_is_fetched(
    scrapy: Scrapy, archives: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    code, line = refused(scrapy, "-a", "publisher=presstv", "-O", str(tmp_path / "file" / "articles.jsonl"))
    assert "articles.jsonl cannot be written (" in line
    assert code == 5
    assert not archives.exists()


@pytest.mark.parametrize("name", ["index.db", "frontier.db"])
def test_a_database_of_a_later_version_is_left_as_it_is(scrapy: Scrapy, archives: Path, name: str) -> None:
    path = archives / "news" / name
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 9999")
    before = path.read_bytes()
    code, line = refused(scrapy, "-a", "publisher=presstv")
    assert name in line
    assert "9999" in line
    assert code == 7
    assert path.read_bytes() == before


def test_a_site_that_does_not_answer_is_named(scrapy: Scrapy) -> None:
    done = scrapy("crawl", "news", "-a", "site=http://127.0.0.1:1/", "-s", "RETRY_TIMES=0")
    assert done.returncode == 4
    assert done.stderr.strip().splitlines()[-1].startswith("ofrecord: nothing could be fetched: http://127.0.0.1:1/")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("size", ["12k", "250k"])
def test_a_disk_that_is_full_from_the_start_is_named(archives: Path, size: str) -> None:
    archives.mkdir()
    mount = f"mount -t tmpfs -o size={size} tmpfs {shlex.quote(str(archives))}"
    if not which("unshare") or subprocess.run(["unshare", "-Urm", "sh", "-c", mount], check=False).returncode:
        pytest.skip("this machine lets nobody mount a small file system of their own")
    crawl = shlex.join(scrapy_command(["crawl", "news", "-a", "publisher=presstv"]))
    done = subprocess.run(
        ["unshare", "-Urm", "sh", "-c", f"{mount} && exec {crawl}"],
        cwd=PROJECT,
        env=clean_environment({"OFRECORD_ARCHIVES_DIR": str(archives)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 6, done.stderr
    assert "no room" in done.stderr.strip().splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["search", "--newst", "tide"], "there is no option --newst; -h lists those there are"),
        (["search", "-x"], "there is no option -x; -h lists those there are"),
        (["status", "--jsn"], "there is no option --jsn; -h lists those there are"),
        (["reindex", "--force"], "there is no option --force; -h lists those there are"),
        (["watch", "--every=5"], "there is no option --every; -h lists those there are"),
        (["crawl", "news", "--polite"], "there is no option --polite; -h lists those there are"),
        (["crawl", "news", "--limit", "5"], "there is no option --limit; write -a limit=N"),
        (["status", "news"], "scrapy status takes options only"),
        (["timer", "presstv"], "scrapy timer takes options only"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_option_that_there_is_none_of_is_named(scrapy: Scrapy, arguments: list[str], says: str) -> None:
    done = scrapy(*arguments)
    assert done.stderr.endswith(f"error: {says}\n")
    assert (done.returncode, done.stdout) == (2, "")
