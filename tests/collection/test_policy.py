"""What header and page ask is on record per capture, and a reindex finds the same in the WARC."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from crawler.collection.collection import Collection
from crawler.collection.verify import verify
from crawler.index.database import read_index
from crawler.index.exporting import exported
from crawler.items import Exchange
from crawler.queries.parser import parse
from tests.collection.test_collection import INFO, LIMITS, NOW, TEXT, asked, exchange, notes
from tests.collection.test_reindex import contents, remake

OPEN, CLOSED, LATER, SITE = (f"https://gazette.example/2024/{slug}" for slug in ("open", "closed", "changed", "site"))
LICENCE = '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">'
ASKS = (
    '<meta name="robots" content="noarchive, max-snippet:-1"><meta name="tdm-policy" content="https://g.example/tdm">'
)
HEADER = b"X-Robots-Tag: noai\r\nX-Robots-Tag: googlebot: nosnippet\r\nTDM-Reservation: 1\r\n"
TERMS = "https://gazette.example/terms"
LINK = f"Link: <{TERMS}>; rel=license\r\n".encode()
COLUMNS = "robots, x_robots_tag, meta_robots, tdm_reservation, tdm_policy, license, policy"


def answered(url: str, hours: int, header: bytes = b"", page: str = "") -> Exchange:
    """A page with further header fields, and further elements in its head."""
    plain = exchange(url, NOW + timedelta(hours=hours), TEXT.replace("council", f"council of {url}"))
    head, _, body = plain.response.read().partition(b"\r\n\r\n")
    head += b"\r\n" + header.rstrip() if header else b""
    body = body.replace(b"<title>", f"<head>{page}<title>".encode())
    whole = head + b"\r\n\r\n" + body
    sizes = {"response_length": len(whole), "head_length": len(head) + 4}
    return replace(plain, response=BytesIO(whole), **sizes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four articles: one asks for something when it is seen again, of one site, header and page disagree."""
    folder = tmp_path_factory.mktemp("policy")
    collection = Collection(folder, info=INFO, limits=LIMITS)
    seen = [
        answered(OPEN, 0, page=LICENCE),
        answered(CLOSED, 1, HEADER, ASKS),
        answered(LATER, 2),
        answered(LATER, 3, b"X-Robots-Tag: noarchive\r\n"),
        answered(SITE, 4, LINK),
        answered(SITE, 5, b"TDM-Reservation: 0\r\n"),
        answered(SITE, 6, b"TDM-Reservation: 0\r\n", '<meta name="tdm-reservation" content="1">'),
    ]
    for each in seen:
        why = replace(notes("gazette.example"), robots="allowed")
        if each.url == SITE:
            why = replace(why, site_asks=(("tdm-reservation", "1"), ("tdm-policy", TERMS)))
        capture = collection.record(each, why).result(30)
        collection.articles.store(collection.articles.read(capture).result(30)).result(30)
    collection.close()
    return folder


def test_header_and_page_are_kept_as_sent_with_what_they_come_to(folder: Path) -> None:
    assert asked(folder, f"SELECT {COLUMNS} FROM captures ORDER BY captured_at") == [
        (*("allowed", None, None, None, None), "https://creativecommons.org/licenses/by/4.0/", '["licensed", "cc-by"]'),
        (
            *("allowed", "noai | googlebot: nosnippet", "noarchive, max-snippet:-1", 1, "https://g.example/tdm", None),
            '["noai", "noarchive", "tdm-reserved"]',
        ),
        ("allowed", None, None, None, None, None, "[]"),
        ("allowed", "noarchive", None, None, None, None, '["noarchive"]'),
        ("allowed", None, None, 1, TERMS, TERMS, '["tdm-reserved", "licensed"]'),
        ("allowed", None, None, 0, TERMS, None, "[]"),
        ("allowed", None, None, 1, TERMS, None, '["tdm-reserved"]'),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("policy:noarchive", [CLOSED, LATER]),
        ("policy:tdm-reserved", [CLOSED, SITE]),
        ("-policy:noarchive -policy:noai", [OPEN, SITE]),
        ("policy:cc-by", [OPEN]),
    ],
)
def test_what_was_asked_last_bounds_what_is_exported(folder: Path, query: str, found: list[str]) -> None:
    with closing(read_index(folder / "index.db")) as db:
        articles = list(exported(db, parse(query)))
    assert [article.captured_url for article in articles] == found
    assert all(article.policy for article in articles)


def test_what_a_page_says_beside_its_header_is_no_fault(folder: Path) -> None:
    assert list(verify(folder, workers=1).faults) == []


def test_a_reindex_finds_the_same_in_the_warc(folder: Path) -> None:
    before = contents(folder)
    (folder / "index.db").unlink()
    remake(folder)
    assert contents(folder) == before
