"""What is exported reads back as what the index says, whatever the pages say."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.formats.documents import markdown, plain_text
from crawler.formats.feeds import About, atom, rss
from crawler.formats.lines import COLUMNS, csv_rows, json_lines
from crawler.index.database import open_index, read_index
from crawler.index.exporting import ExportedArticle, exported
from crawler.items import Block, Image
from crawler.queries.parser import parse
from tests.index.pages import ARTICLE, capture, saying, store

ABOUT = About(
    "Ports & tides", "Articles <archived>", "https://desk.example/", datetime(2026, 2, 1, tzinfo=UTC), "ofrecord/1"
)
HOSTILE = "=1+1 <script>alert(1)</script> *bold* [x](y) ]]> & \x07 \"'\n# no heading\n1. no list\n- nor this"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Three articles: one with two revisions, one with day and hostile texts, one with next to nothing."""
    with closing(open_index(tmp_path / "index.db")) as writing:
        store(writing, capture(0))
        store(writing, capture(1), saying("Harbour wall mended", topics=("storms", "walls")))
        hostile = replace(
            ARTICLE,
            headline=HOSTILE,
            summary=HOSTILE,
            published=datetime(2025, 3, 1, tzinfo=UTC),
            published_precision="day",
            authors=("=Ann", "王小明"),
            blocks=(
                Block("paragraph", HOSTILE),
                Block("quote", "a\nb"),
                Block("list_item", "c"),
                Block("list_item", "d"),
            ),
            images=(Image("https://www.gazette.example/a(b)<c>.jpg", HOSTILE, "AFP"),),
        )
        store(writing, capture(2, "https://www.gazette.example/hostile"), hostile, "hostile")
        bare = replace(ARTICLE, headline=None, summary=None, kicker=None, published=None, published_precision=None)
        bare = replace(bare, authors=(), images=(), links=(), section_path=(), topics=(), language=None)
        store(writing, capture(3, "https://www.gazette.example/bare"), bare, "bare")
    with closing(read_index(tmp_path / "index.db")) as reading:
        yield reading


@pytest.fixture
def articles(db: sqlite3.Connection) -> list[ExportedArticle]:
    return list(exported(db, parse("")))


def as_strict_xml(pieces: Iterator[str]) -> ElementTree.Element:
    return ElementTree.fromstring("".join(pieces).encode())


def test_json_lines_read_back_equal_the_index(db: sqlite3.Connection, articles: list[ExportedArticle]) -> None:
    lines = [json.loads(line) for line in json_lines(articles)]
    assert [line["id"] for line in lines] == ["gazette/harbour", "gazette/hostile", "gazette/bare"]
    for line in lines:
        row = dict(db.execute("SELECT * FROM latest WHERE id = ?", (line["id"],)).fetchone())
        same = row.keys() & line.keys()
        assert {"headline", "authors", "text", "published_at", "warc", "offset", "state"} <= same
        listed = {name: json.loads(row[name]) if isinstance(line[name], list) else row[name] for name in same}
        assert listed == {name: line[name] for name in same}
        for table in ("blocks", "images", "links", "embeds"):
            rows = db.execute(f"SELECT * FROM {table} WHERE revision_id = ? ORDER BY position", (line["revision_id"],))
            stored = [{k: v for k, v in dict(each).items() if k not in ("revision_id", "position")} for each in rows]
            assert line[table] == stored


def test_one_line_is_one_article_whatever_it_says(articles: list[ExportedArticle]) -> None:
    separators = replace(articles[0], headline="a\u2028b\x85c\nd")
    assert "".join(json_lines([separators, articles[1]])).count("\n") == 2


def test_csv_has_the_fields_by_name_and_no_formula(articles: list[ExportedArticle]) -> None:
    rows = list(csv.DictReader(StringIO("".join(csv_rows(articles)), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["authors"] == "Ann Lee; Bo Øre"
    assert rows[0]["text"] == articles[0].text
    assert (rows[0]["image_caption"], rows[0]["image_credit"]) == ("The breach at low tide", "AFP")
    assert rows[1]["headline"] == f"'{HOSTILE}"
    assert rows[1]["authors"] == "'=Ann; 王小明"
    assert rows[2]["headline"] == rows[2]["published_at"] == ""


def test_an_rss_feed_is_read_as_it_was_meant(articles: list[ExportedArticle]) -> None:
    text = "".join(rss(iter(articles), ABOUT))
    feed = feedparser.parse(text.encode())
    assert not feed.bozo, feed.get("bozo_exception")
    assert (feed.version, feed.feed.title, feed.feed.subtitle) == (
        "rss20",
        "Ports & tides",
        "Articles &lt;archived&gt;",
    )
    harbour, hostile, bare = feed.entries
    assert (harbour.title, harbour.link) == ("Harbour wall mended", articles[0].url)
    assert harbour.published_parsed[:5] == (2026, 1, 5, 9, 0)
    assert [tag.term for tag in harbour.tags] == ["News", "Coast", "storms", "walls"]
    assert [each.name for each in harbour.authors] == ["Ann Lee", "Bo Øre"]
    assert harbour.media_content[0]["url"] == "https://www.gazette.example/wall.jpg"
    assert harbour.media_credit[0]["content"] == "AFP"
    assert "<h2>What comes next</h2>" in harbour.content[0].value
    assert "<script" not in text.lower().replace("&lt;script", "").replace("&amp;lt;script", "")
    assert hostile.updated == "2025-03-01"
    assert "published" not in bare
    assert len({entry.id for entry in feed.entries}) == 3


def test_what_rss_2_0_asks_for_is_there(articles: list[ExportedArticle]) -> None:
    channel = as_strict_xml(rss(iter(articles), ABOUT)).find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    for item in channel.findall("item"):
        assert item.findtext("title")
        assert [guid.get("isPermaLink") for guid in item.findall("guid")] == ["false"]


def test_what_rfc_4287_asks_for_is_there(articles: list[ExportedArticle]) -> None:
    space = {"a": "http://www.w3.org/2005/Atom"}
    feed = as_strict_xml(atom(iter(articles), ABOUT))
    for element in (feed, *feed.findall("a:entry", space)):
        for name in ("id", "title", "updated"):
            (only,) = element.findall(f"a:{name}", space)
            assert only.text
        assert datetime.fromisoformat(element.findtext("a:updated", "", space)).tzinfo
        assert all(author.findtext("a:name", None, space) for author in element.findall("a:author", space))
        assert len(element.findall("a:link[@rel='alternate']", space)) == 1


def test_an_atom_feed_is_read_as_it_was_meant(articles: list[ExportedArticle]) -> None:
    feed = feedparser.parse("".join(atom(iter(articles), ABOUT)).encode())
    assert not feed.bozo, feed.get("bozo_exception")
    harbour, hostile, bare = feed.entries
    assert feed.version == "atom10"
    assert harbour.title == "Harbour wall mended"
    assert harbour.summary == "The sea came in at noon."
    assert harbour.updated == articles[0].revised_at
    assert harbour.content[0].language == "en"
    assert hostile.title.startswith("=1+1 <script>")
    assert bare.title == articles[2].url
    assert bare.author == "The Gazette"


@given(st.text())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_feeds_stay_well_formed_whatever_pages_say(articles: list[ExportedArticle], said: str) -> None:
    said = said.encode("utf-8", "replace").decode()
    article = replace(
        articles[0], headline=said, summary=said, url=said, authors=(said,), blocks=(Block("quote", said),)
    )
    as_strict_xml(rss(iter([article]), ABOUT))
    as_strict_xml(atom(iter([article]), ABOUT))


def front_matter(document: str) -> dict[str, object]:
    _, matter, _ = document.split("---\n", 2)
    return {name: json.loads(value) for name, _, value in (line.partition(": ") for line in matter.splitlines())}


def test_markdown_has_front_matter_and_images_with_captions_and_credits(articles: list[ExportedArticle]) -> None:
    document = markdown(articles[0])
    matter = front_matter(document)
    assert matter["id"] == "gazette/harbour"
    assert matter["topics"] == ["storms", "walls"]
    assert matter["offset"] == 1000
    body = document.split("---\n", 2)[2]
    assert body == (
        "\n*Storm*\n\n# Harbour wall mended\n\n![a wall](<https://www.gazette.example/wall.jpg>)\n"
        "*The breach at low tide (AFP)*\n\n"
        "The wall gave way “at once”, said the harbourmaster.\n\n## What comes next\n\nEngineers are at work.\n"
    )


def test_a_page_cannot_format_the_markdown(articles: list[ExportedArticle]) -> None:
    document = markdown(articles[1])
    assert front_matter(document)["headline"] == HOSTILE
    body = document.split("---\n", 2)[2]
    assert "\\<script\\>" in body
    assert "\n\\# no heading\n1\\. no list\n\\- nor this" in body
    assert "> a\n> b" in body
    assert "\n- c\n\n- d\n" in body


def test_plain_text_has_what_a_reader_wants(articles: list[ExportedArticle]) -> None:
    assert plain_text(articles[0]) == (
        "Storm\nHarbour wall mended\nAnn Lee, Bo Øre\nThe Gazette · 2026-01-05T09:00:00Z · News / Coast\n"
        "https://www.gazette.example/2026/01/05/harbour\n"
        "gazette/harbour@2, seen 2026-01-05T10:31:00Z; ofrecord-20260105103000000-00001-1~host.warc.gz at 1000\n\n"
        "The sea came in at noon.\n\n"
        "The wall gave way “at once”, said the harbourmaster.\n\nWhat comes next\n\nEngineers are at work.\n\n"
        "Image: The breach at low tide (AFP)\n"
    )
    assert plain_text(articles[2]).startswith("Storm\n") is False


def test_articles_come_by_query_order_and_limit(db: sqlite3.Connection) -> None:
    newest = [article.id for article in exported(db, parse(""), order="newest", limit=2)]
    assert newest == ["gazette/harbour", "gazette/hostile"]
    assert [article.id for article in exported(db, parse("topic:walls"))] == ["gazette/harbour"]
    assert [article.id for article in exported(db, parse(""), ["gazette/bare"])] == ["gazette/bare"]
