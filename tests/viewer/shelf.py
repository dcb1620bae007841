"""An index of articles that no crawl brings soon: long, merged, watched for long, and of hostile texts."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler.index.database import open_index
from crawler.index.ledger import add_event
from crawler.items import Article, Block, BlockKind, Embed, Event, Evidence, Image, Link
from tests.index.pages import ARTICLE, START, capture, saying, store

EVIL = "<script>alert('evil')</script> \"'&\x01\u202e"
RUNS = "javascript:alert('evil')"
ENDLESS = "x" * 10_000
KINDS: tuple[BlockKind, ...] = ("paragraph", "subhead", "quote", "list_item", "table", "embed")

HOSTILE = replace(
    ARTICLE,
    headline=EVIL,
    kicker=EVIL,
    summary=EVIL,
    authors=(EVIL, '"'),
    agencies=(EVIL,),
    dateline=EVIL,
    section_path=(EVIL, ENDLESS),
    topics=(EVIL, "a:b (c) OR d*"),
    language='en" onload="alert(1)',
    published_raw=EVIL,
    corrections=(EVIL,),
    next_page=RUNS,
    blocks=(*(Block(kind, EVIL) for kind in KINDS), Block("paragraph", ENDLESS)),
    images=(Image(RUNS, EVIL, EVIL, EVIL), Image("https://x.example/" + ENDLESS, None, None, EVIL)),
    embeds=(Embed("video", RUNS, EVIL, EVIL, EVIL, 1), Embed("post", RUNS)),
    links=(Link(RUNS, EVIL), Link("http://[broken", None)),
    evidence=(Evidence("headline", EVIL, "body", EVIL, chosen=True),),
)

LONG = replace(ARTICLE, blocks=tuple(Block("paragraph", f"Paragraph {n} of a very long report.") for n in range(5000)))

LIVE = replace(
    ARTICLE,
    form="live-blog",
    access="metered",
    agencies=("AFP",),
    dateline="BAGHDAD, Jan 5 (AFP)",
    published_precision="local",
    corrections=("An earlier version gave the wrong height of the wall.",),
    blocks=(Block("subhead", "12:30 The pumps are running"), Block("list_item", "One"), Block("list_item", "Two")),
    links=(Link("https://www.gazette.example/long", "the long report"), Link("https://elsewhere.example/", "tides")),
    embeds=(Embed("video", "https://video.example/1", "tubes", "The wave", None, 1),),
)


def filled(archives: Path) -> None:
    """Makes the collection ``news`` in a folder for ARCHIVES_DIR."""
    with closing(open_index(archives / "news" / "index.db")) as db:
        store(db, capture(0))
        store(db, capture(1), saying("Harbour wall mended"))
        merged: dict[str, object] = {"merged": "gazette/wall", "reason": "text", "revisions": []}
        add_event(db, Event("articles-merged", START, "gazette", "gazette/harbour", detail=merged))
        changed = (*LONG.blocks[:2500], Block("paragraph", "A paragraph that was not there."), *LONG.blocks[2501:])
        later = {"hostile": replace(HOSTILE, headline=f"{EVIL} again"), "long": replace(LONG, blocks=changed)}
        for key, article in (("hostile", HOSTILE), ("long", LONG), ("live", LIVE), ("watched", ARTICLE)):
            store(db, _of(key, 0), _at(article, key), key)
            store(db, _of(key, 1), _at(later.get(key, article), key), key)
        for minute in range(2, 1000):
            store(db, _of("watched", minute, minute % 2), _at(ARTICLE, "watched"), "watched")


def _at(article: Article, key: str) -> Article:
    return replace(article, url=f"https://www.gazette.example/{key}")


def _of(key: str, minutes: float, print_version: int = 0) -> Any:
    return capture(minutes, f"https://www.gazette.example/{key}" + ("?print=1" if print_version else ""))
