"""Paragraphs that recur over a publisher's articles leave its texts, older ones too; nothing else changes by that."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.collection.collection import Collection
from crawler.collection.forget import forget
from crawler.collection.verify import verify
from tests.collection.test_collection import INFO, LIMITS, NOW, archived, asked
from tests.collection.test_reindex import contents, remake

TAIL = "The Gazette belongs to its readers, and is printed in Harbour Street since the year of the great flood."
OTHER_TAIL = "Letters to the editor are read by all of us, and the best of them win a bottle of harbour wine."
QUOTE = "“We have waited for this bridge long enough, and so has everybody else in town,” the mayor said."


def text(number: int, *after: str) -> str:
    """Of an article: paragraphs of its own, then some that others may have too."""
    own = [f"The council spoke of matter {number} on Monday, and of part {part} of it at length." for part in range(5)]
    return "".join(f"<p>{paragraph}</p>" for paragraph in (*own, *after))


def url(number: int, host: str = "gazette.example") -> str:
    return f"https://{host}/2024/03/{number:02d}/matter"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "news"


def crawl(folder: Path, pages: dict[str, str], day: int = 0) -> None:
    """One crawl of these pages, in this order."""
    collection = Collection(folder, info=INFO, limits=LIMITS)
    at = NOW + timedelta(days=day)
    collection.begin_crawl("news", ["crawl", "news"], at)
    for number, (address, html) in enumerate(pages.items()):
        host = address.split("/")[2]
        archived(collection, address, host, at=at + timedelta(minutes=number), text=html)
    collection.end_crawl("finished", {}, at + timedelta(hours=9))
    collection.close()


def gazette(*numbers: int, tail: str = TAIL, host: str = "gazette.example") -> dict[str, str]:
    return {url(number, host): text(number, *([tail] if tail else [])) for number in numbers}


def texts(folder: Path) -> list[str]:
    return [row[0] for row in asked(folder, "select text from revisions order by id")]


def learnt(folder: Path) -> list[tuple[Any, ...]]:
    return asked(folder, "select publisher_id, text from learnt_boilerplate order by 1, 2")


def remade(folder: Path) -> dict[str, list[tuple[str, ...]]]:
    (folder / "index.db").unlink()
    remake(folder)
    return contents(folder)


def test_a_tail_of_many_articles_leaves_them_and_is_kept(folder: Path) -> None:
    crawl(folder, gazette(*range(1, 8)))
    assert learnt(folder) == [("gazette.example", TAIL)]
    assert not any(TAIL in each for each in texts(folder))
    assert all(each.endswith("and of part 4 of it at length.") for each in texts(folder))
    rows = asked(folder, "select publisher_id, text, kind, first_seen_at, last_seen_at, times from boilerplate")
    assert rows == [
        ("gazette.example", TAIL, "learnt", "2024-03-11T09:00:00.000001Z", "2024-03-11T09:06:00.000001Z", 7)
    ]
    ((kept,),) = asked(folder, "select distinct learnt from revisions")
    assert json.loads(kept) == [[5, "p", TAIL]]
    (detail,) = asked(folder, "select detail from events where kind = 'boilerplate-learnt'")
    assert json.loads(detail[0]) == {"paragraphs": [TAIL], "articles": 7}


def test_full_text_and_word_counts_go_without_it(folder: Path) -> None:
    crawl(folder, gazette(*range(1, 8)))
    assert asked(folder, "select count(*) from articles_fts where articles_fts match 'council'") == [(7,)]
    assert asked(folder, "select count(*) from articles_fts where articles_fts match 'printed'") == [(0,)]
    assert asked(folder, "select distinct word_count from articles union select word_count from revisions") == [(80,)]
    assert asked(folder, "select kind, text from blocks where position = 5") == []


def test_later_pages_are_stored_without_it_at_once(folder: Path) -> None:
    crawl(folder, gazette(*range(1, 8)))
    crawl(folder, gazette(20), day=1)
    assert not any(TAIL in each for each in texts(folder))
    assert asked(folder, "select times from boilerplate") == [(8,)]
    assert asked(folder, "select count(*) from events where kind = 'boilerplate-learnt'") == [(1,)]


def test_the_index_made_again_is_the_same(folder: Path) -> None:
    crawl(folder, gazette(*range(1, 8)))
    crawl(folder, gazette(20, 21) | gazette(*range(22, 28), tail=OTHER_TAIL), day=1)
    crawl(folder, gazette(*range(30, 42), tail=OTHER_TAIL), day=2)
    crawl(folder, {url(1): text(1, TAIL, "And one more thing was said.")}, day=3)
    assert learnt(folder) == [("gazette.example", OTHER_TAIL), ("gazette.example", TAIL)]
    before = contents(folder)
    assert before["learnt_boilerplate"]
    assert remade(folder) == before
    assert verify(folder, workers=1).faults == []


def test_what_was_learnt_in_between_is_no_edit(folder: Path) -> None:
    """The pages of the first crawl again, unchanged, after their tail was learnt, and after it was gone."""
    pages = gazette(*range(1, 8))
    crawl(folder, pages)
    crawl(folder, pages, day=1)
    crawl(folder, gazette(*range(1, 8)), day=2)
    assert asked(folder, "select outcome, count(*) from captures group by 1 order by 1") == [
        ("new", 7),
        ("unchanged", 14),
    ]
    assert asked(folder, "select count(*) from events where kind like '%edited%'") == [(0,)]


def test_an_edit_across_generations_names_only_what_was_edited(folder: Path) -> None:
    """A caption and topics of one article, a word in the text of another."""
    crawl(folder, gazette(*range(1, 8)))
    figure = "<figure><img src=/b.jpg><figcaption>The bridge</figcaption></figure>"
    topics = "<meta name=keywords content=bridge>"
    crawl(folder, {url(1): figure + text(1, TAIL) + topics, url(3): text(3, TAIL).replace("Monday", "Tuesday")}, day=1)
    changed = asked(folder, "select changed from revisions where number = 2 order by seen_at")
    assert changed == [('["topics", "captions"]',), ('["text"]',)]


def test_one_publisher_never_touches_another(folder: Path) -> None:
    crawl(folder, gazette(*range(1, 8)) | gazette(1, 2, 3, host="herald.example"))
    assert {row[0] for row in learnt(folder)} == {"gazette.example"}
    stored = dict(asked(folder, "select article_id, text from revisions"))
    assert all((TAIL in stored[each]) == each.startswith("herald.example/") for each in stored)


def test_a_paragraph_of_a_few_articles_stays(folder: Path) -> None:
    """Four reports on one matter quote the same; the others do not."""
    crawl(folder, gazette(1, 2, 3, 4, tail=QUOTE) | gazette(*range(5, 15), tail=""))
    assert learnt(folder) == []
    assert sum(QUOTE in each for each in texts(folder)) == 4


def test_copies_of_one_article_are_no_recurrence(folder: Path) -> None:
    crawl(folder, {url(number): text(1, TAIL) for number in range(1, 12)})
    assert learnt(folder) == []


def test_a_long_crawl_learns_on_its_way(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.collection.learning.EVERY", 6)
    collection = Collection(folder, info=INFO, limits=LIMITS)
    pages = [*gazette(*range(1, 20)).items()]
    for minute, (address, html) in enumerate(pages):
        archived(collection, address, "gazette.example", at=NOW + timedelta(minutes=minute), text=html)
    collection.close()  # without an end of the crawl, as after a kill
    assert learnt(folder) == [("gazette.example", TAIL)]
    assert not any(TAIL in each for each in texts(folder))
    before = contents(folder)
    assert remade(folder) == before


def test_forgetting_an_article_leaves_what_was_learnt(folder: Path) -> None:
    crawl(folder, gazette(*range(1, 8)))
    ((article,),) = asked(folder, "select id from articles order by id limit 1")
    forget(folder, article, "a court", info=INFO, limits=LIMITS, with_listings=False)
    assert learnt(folder) == [("gazette.example", TAIL)]
    assert asked(folder, "select times from boilerplate") == [(6,)]
    assert not any(TAIL in each for each in texts(folder))
    assert verify(folder, workers=1).faults == []
