"""``scrapy show`` as users type it."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

import pytest

from crawler.index.database import open_index
from crawler.publishers.base import publishers
from tests.conftest import Scrapy
from tests.index.pages import ARTICLE, URL, capture, saying, store


@pytest.fixture
def index(archives: Path) -> Path:
    """An article of two revisions."""
    path = archives / "news" / "index.db"
    with closing(open_index(path)) as db:
        store(db, capture(0))
        store(db, capture(1), saying("Harbour wall mended"))
    return path


def test_the_newest_revision_is_shown_and_where_its_bytes_are(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("show", f"{URL}?utm_source=x")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[:2] == ["Storm", "Harbour wall mended"]
    facts = dict(line.split(maxsplit=1) for line in lines[2:14] if line and not line.startswith("seen at"))
    assert facts["id"] == "gazette/harbour"
    assert facts["section"] == "News / Coast"
    assert facts["authors"] == "Ann Lee, Bo Øre"
    assert facts["revision"] == "2 of 2, seen 2026-01-05T10:31:00Z (changed: headline)"
    assert facts["bytes"] == "ofrecord-20260105103000000-00001-1~host.warc.gz at 1000, 2000 long"
    assert "What comes next" in lines
    assert "image     The breach at low tide (AFP) https://www.gazette.example/wall.jpg" in lines


def test_an_earlier_revision_is_shown(scrapy: Scrapy, index: Path) -> None:
    assert "Harbour wall breached" in scrapy("show", "gazette/harbour", "--revision", "1").stdout


def test_evidence_names_the_source_of_each_value(scrapy: Scrapy, index: Path) -> None:
    lines = scrapy("show", "gazette/harbour", "--evidence").stdout.splitlines()
    assert "* headline        layout h1: Harbour wall breached" in lines
    assert "  headline        meta title: Wall breached | Gazette" in lines


def test_json_holds_the_article_whole(scrapy: Scrapy, index: Path) -> None:
    (line,) = scrapy("show", "gazette/harbour", "--json", "--evidence").stdout.splitlines()
    article = json.loads(line)
    assert article["id"] == "gazette/harbour"
    assert [block["text"] for block in article["revision"]["blocks"]] == [block.text for block in ARTICLE.blocks]
    assert article["revision"]["images"][0]["credit"] == "AFP"
    assert article["revision"]["capture"]["offset"] == 1000
    assert article["urls"] == [
        {"url": URL, "first_seen_at": "2026-01-05T10:30:00Z", "last_seen_at": "2026-01-05T10:31:00Z"}
    ]
    assert article["evidence"][0]["chosen"] is True


def test_a_mirror_at_which_it_was_never_seen_finds_it(scrapy: Scrapy, archives: Path) -> None:
    presstv = publishers()["presstv"]
    seen, other = (f"https://{host}/Detail/2022/01/05/674100/a-slug" for host in presstv.domains[:2])
    with closing(open_index(archives / "news" / "index.db")) as db:
        store(db, capture(0, seen), key="674100")
        db.execute("PRAGMA foreign_keys = OFF")
        for table, column in {"articles": "id", "article_urls": "article_id", "revisions": "article_id"}.items():
            db.execute(f"UPDATE {table} SET {column} = 'presstv/674100'")
    assert "presstv/674100" in scrapy("show", other).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ["gazette/harbor-wall"],
            1,
            "no article gazette/harbor-wall in the index\nDid you mean:\n  gazette/harbour  Harbour",
        ),
        (["https://nowhere.example/"], 1, "no article https://nowhere.example/ in the index\n"),
        (["gazette/harbour", "--revision", "7"], 1, "gazette/harbour has no revision 7; it has 2, counted from 1"),
        (["http://[::1"], 1, "no article http://[::1 in the index"),
        ([os.fsdecode(b"br\xff")], 1, "no article br? in the index"),
        (["gazette/harbour", "--revision", "99999999999999999999"], 2, "is no number from 1 to 2147483647"),
        ([], 2, "give one article"),
        (["gazette/harbour", "-s", "COLLECTION=other"], 5, "other/index.db is not there"),
    ],
)
def test_what_cannot_be_shown_is_said_without_output(
    scrapy: Scrapy, index: Path, arguments: list[str], code: int, message: str
) -> None:
    done = scrapy("show", *arguments)
    assert message in done.stderr + done.stdout * (code == 2)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
