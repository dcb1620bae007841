"""``scrapy search`` as users type it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.index.database import open_index
from tests.conftest import Scrapy
from tests.index.pages import ARTICLE, capture, saying, store


@pytest.fixture
def index(archives: Path) -> Path:
    """Three articles, the last with a headline that would steer a terminal."""
    path = archives / "news" / "index.db"
    with closing(open_index(path)) as db:
        store(db, capture(0))
        older = saying("Harbour opens", published=datetime(2025, 3, 1, tzinfo=UTC))
        store(db, capture(1, "https://www.gazette.example/opens"), older, "opens")
        steering = replace(ARTICLE, headline="\x9b2J Cleared \x1b[2J", blocks=(), images=(), summary=None)
        store(db, capture(2, "https://www.gazette.example/cleared"), steering, "cleared")
    return path


def test_articles_are_shown_with_their_hits_and_ids(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("search", "harbour", "breached")
    assert (done.returncode, done.stderr) == (0, "")
    headline, facts, url, snippet = done.stdout.splitlines()
    assert headline == "[Harbour] wall [breached]"
    assert facts == "  gazette/harbour  2026-01-05T09:00:00Z · The Gazette"
    assert url == "  https://www.gazette.example/2026/01/05/harbour"
    assert snippet.startswith("  The wall gave way “at once”, said the harbourmaster.")


def test_json_is_one_object_a_line(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("search", "harbour", "--json", "--newest")
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    assert [hit["id"] for hit in hits] == ["gazette/harbour", "gazette/opens"]
    assert hits[0]["published_at"] == "2026-01-05T09:00:00Z"
    assert hits[1]["headline"] == "Harbour opens"


def test_json_says_where_the_hits_are(scrapy: Scrapy, index: Path) -> None:
    hit = json.loads(scrapy("search", "engineers", "--json", "--limit", "1").stdout)
    (mark,) = hit["snippet"]["marks"]
    assert hit["snippet"]["text"][slice(*mark)] == "Engineers"


def test_filters_bound_what_is_found(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("search", "harbour", "--until", "2025-12-31", "--publisher", "gazette", "--json")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["gazette/opens"]


def test_a_query_has_operators_and_fields(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("search", "(harbour OR cleared) -breached author:lee since:2025", "--until", "2025", "--json")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["gazette/opens"]


def test_a_range_of_a_month_is_not_the_wrong_way_round(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("search", "--since", "2025-03-01", "--until", "2025-03", "--json")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["gazette/opens"]


def test_without_words_the_newest_are_shown(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("search", "--json", "--limit", "2")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["gazette/cleared", "gazette/harbour"]
    assert done.stderr == "ofrecord: there are more than 2; see them with --limit\n"


def test_a_page_cannot_steer_the_terminal(scrapy: Scrapy, index: Path) -> None:
    done = scrapy("search", "cleared")
    assert not {"\x1b", "\x9b"} & set(done.stdout)
    assert "[Cleared]" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere"], 1, "ofrecord: nothing found"),
        (["–"], 3, "no word in '–'; give letters or digits"),
        (["()"], 3, "query, character 1: there is nothing between the parentheses"),
        (["harbour", "AND"], 3, "query, character 9: nothing to search for follows AND"),
        (["title:harbour"], 3, "query, character 1: there is no field title; write headline: instead"),
        (["harbour", "--publisher", "courier"], 3, "there are: gazette"),
        (["harbour", "--since", "yesterday"], 3, "since: cannot be 'yesterday'; write 2022-01-31, 2022-01 or 2022"),
        (["harbour", "--since", "2022-02-01", "--until", "2022-01-01"], 3, "is after --until 2022-01-01; swap them"),
        (["harbour", "--limit", "0"], 2, "'0' is no number from 1 to 2147483647"),
        (
            ["harbour", "-s", "COLLECTION=other"],
            5,
            "run a crawl first, or name another collection (news) with -s COLLECTION=",
        ),
    ],
)
def test_what_cannot_be_done_is_said_without_output(
    scrapy: Scrapy, index: Path, arguments: list[str], code: int, message: str
) -> None:
    done = scrapy("search", *arguments)
    assert message in done.stderr
    assert (done.returncode, done.stdout) == (code, "")
    assert "Traceback" not in done.stderr
