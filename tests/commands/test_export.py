"""``scrapy export`` of articles, as users type it."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from crawler.index.database import open_index
from tests.conftest import Scrapy
from tests.index.pages import ARTICLE, capture, saying, store


@pytest.fixture
def index(archives: Path) -> Path:
    """Three articles in two languages."""
    path = archives / "news" / "index.db"
    with closing(open_index(path)) as db:
        store(db, capture(0))
        opens = saying("Harbour opens", published=datetime(2025, 3, 1, tzinfo=UTC), section_path=("Culture",))
        store(db, capture(1, "https://www.gazette.example/opens"), opens, "opens")
        store(
            db, capture(2, "https://www.gazette.example/Ö?"), replace(ARTICLE, language="de", authors=("Cy",)), "Ö?/.."
        )
    return path


def test_lines_go_to_a_file(scrapy: Scrapy, index: Path, tmp_path: Path) -> None:
    done = scrapy("export", "--format", "jsonl", "-o", str(tmp_path / "all.jsonl"))
    lines = (tmp_path / "all.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["gazette/harbour", "gazette/opens", "gazette/Ö?/.."]
    assert done.stderr.startswith(f"{tmp_path}/all.jsonl: 3 articles, ")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--publisher", "gazette", "--since", "2025", "--until", "2025-12"], ["gazette/opens"]),
        (["--section", "culture"], ["gazette/opens"]),
        (["--author", "cy", "--language", "de", "--state", "live"], ["gazette/Ö?/.."]),
        (["--topic", "storms", "headline:opens OR author:cy"], ["gazette/opens", "gazette/Ö?/.."]),
        (["--article", "gazette/opens"], ["gazette/opens"]),
        (["--limit", "1"], ["gazette/harbour"]),
    ],
)
def test_filters_bound_what_is_exported(scrapy: Scrapy, index: Path, filters: list[str], expected: list[str]) -> None:
    done = scrapy("export", "--format", "csv", "-o", "-", *filters)
    assert [row["id"] for row in csv.DictReader(done.stdout.splitlines())] == expected


def test_a_feed_goes_to_standard_output_newest_first(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("export", "--format", "atom", "-o", "-", "harbour author:lee")
    feed = feedparser.parse(done.stdout.encode())
    assert not feed.bozo
    assert feed.feed.title == "ofrecord: harbour author:lee"
    assert [entry.title for entry in feed.entries] == ["Harbour wall breached", "Harbour opens"]


def test_documents_go_into_a_folder_under_names_for_every_system(scrapy: Scrapy, index: Path, tmp_path: Path) -> None:
    done = scrapy("export", "--format", "md", "-o", str(tmp_path / "notes"))
    assert done.returncode == 0, done.stderr
    names = sorted(path.relative_to(tmp_path / "notes").as_posix() for path in (tmp_path / "notes").rglob("*.md"))
    assert names[:2] == ["gazette/harbour.md", "gazette/opens.md"]
    assert len(names) == 3
    assert "# Harbour opens" in (tmp_path / "notes/gazette/opens.md").read_text(encoding="utf-8")


def test_documents_go_one_after_another_into_a_file(scrapy: Scrapy, index: Path, tmp_path: Path) -> None:
    scrapy("export", "--format", "txt", "-o", str(tmp_path / "all.txt"))
    assert (tmp_path / "all.txt").read_text(encoding="utf-8").count("Harbour ") == 3


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--format", "jsonl", "-o", "-", "--author", "nobody"], 3, "nothing to export: no article passes the filters"),
        (["--format", "jsonl", "-o", "-", "author:"], 3, "query, character 1: nothing follows author:"),
        (["--format", "jsonl", "-o", "-", "--state", "dead"], 3, "state: cannot be 'dead'; write live, gone"),
        (["--format", "jsonl", "-o", "-", "--publisher", "x"], 3, "no articles of 'x' here; there are: gazette"),
        (["--format", "jsonl", "-o", "/nowhere/a.jsonl"], 5, "/nowhere/.a.jsonl.part cannot be written: No such file"),
        (["--format", "csv", "-o", "{folder}"], 3, "exists already; give another name, or remove it"),
        (["--format", "md", "-o", "/nowhere/notes"], 5, "/nowhere/.notes.part cannot be written: No such file"),
        (["--format", "wacz", "-o", "-"], 3, "leave --limit and -o - to other formats"),
        (["--format", "csv"], 2, "give a format and a file"),
        (["--format", "docx", "-o", "a"], 2, "invalid choice: 'docx'"),
    ],
)
def test_what_cannot_be_done_is_said(
    scrapy: Scrapy, index: Path, tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    done = scrapy("export", *(argument.replace("{folder}", str(tmp_path)) for argument in arguments))
    assert message in done.stderr
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
