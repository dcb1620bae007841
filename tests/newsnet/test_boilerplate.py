"""Boilerplate learnt from a large site's real pages, whose texts end with the same paragraph."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crawler.collection.reindex import reindex
from crawler.extraction.article import extract
from tests.collection.test_reindex import contents
from tests.conftest import Scrapy
from tests.newsnet.conftest import Net
from tests.newsnet.test_pages import FAST

TAIL = "The Gazette belongs to its readers, who paid for this report, and to nobody else at all."
HOST = "www.gazette-1.example"


def end_alike(net: Net) -> int:
    """How many pages of the host have got the tail, as a paragraph right after the last of their text."""
    changed = 0
    for page in net.server.hosts[HOST].values():
        blocks = extract(page.html, page.url).blocks
        last = page.html.rfind(blocks[-1].text[-25:].encode()) if blocks else -1
        end = page.html.find(b"</p>", last) if last >= 0 else -1
        if 0 <= end < last + 500:
            page.html = page.html[: end + 4] + f"<p>{TAIL}</p>".encode() + page.html[end + 4 :]
            changed += 1
    return changed


def test_only_what_recurs_is_learnt_and_a_reindex_agrees(
    newsnet: Callable[..., Net], scrapy: Scrapy, rows: Callable[..., list[tuple[Any, ...]]], archives: Path
) -> None:
    net = newsnet("pages", regroup=4)
    changed = end_alike(net)
    assert changed > 80
    crawled = net.crawl(scrapy, "-a", f"site=https://{HOST}/", *FAST)
    assert crawled.returncode == 0, crawled.stderr
    assert rows("select text from learnt_boilerplate") == [(TAIL,)]
    ((times,),) = rows("select times from boilerplate where text = ?", TAIL)
    taken = [json.loads(pieces) for (pieces,) in rows("select learnt from revisions where learnt is not null")]
    assert len(taken) == times > 0.8 * changed
    assert {piece[2] for pieces in taken for piece in pieces} == {TAIL}
    ((left,),) = rows("select count(*) from revisions where instr(text, ?)", TAIL)
    assert left < 0.05 * times, left
    before = contents(archives / "news")
    (archives / "news" / "index.db").unlink()
    reindex(archives / "news", workers=1)
    assert contents(archives / "news") == before
