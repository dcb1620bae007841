"""Datelines, and the agencies that a report comes from."""

from __future__ import annotations

import pytest

from crawler.extraction.article import extract
from crawler.extraction.dateline import dateline_of
from tests.extraction.test_article import PARAGRAPHS, URL, linked_data, page, read, texts

REST = "The council voted to rebuild the bridge."


@pytest.mark.parametrize(
    ("line", "place", "agencies"),
    [
        ("BAGHDAD, Jan 5 (Reuters) - ", "BAGHDAD", ("Reuters",)),
        ("PARIS (AFP) — ", "PARIS", ("AFP",)),
        ("Berlin (dpa) - ", "Berlin", ("dpa",)),
        ("Berlin/Kiel (dpa/lno) - ", "Berlin/Kiel", ("dpa",)),
        ("SANTA FE, N.M. (AP) — ", "SANTA FE, N.M.", ("AP",)),
        ("BEIJING, Jan. 5 (Xinhua) -- ", "BEIJING", ("Xinhua",)),
        ("MADRID, 5 Ene. (EUROPA PRESS) - ", "MADRID", ("Europa Press",)),
        ("(ANSA) - ROMA, 05 GEN - ", "ROMA", ("ANSA",)),
        ("МОСКВА, 5 янв - РИА Новости. ", "МОСКВА", ("RIA Novosti",)),
        ("МОСКВА, 5 января. /ТАСС/. ", "МОСКВА", ("TASS",)),
        ("بغداد (رويترز) - ", "بغداد", ("Reuters",)),
        ("القاهرة - أ ف ب: ", "القاهرة", ("AFP",)),
        ("新华社北京1月5日电 ", "北京", ("Xinhua",)),
        ("(서울=연합뉴스) ", "서울", ("Yonhap",)),
        ("【ワシントン共同】", "ワシントン", ("Kyodo",)),
        ("KHAN YOUNIS, GAZA — ", "KHAN YOUNIS, GAZA", ()),
        ("NEW DELHI: ", "NEW DELHI", ()),
        ("AUSTIN (KXAN) — ", "AUSTIN", ()),
    ],
)
def test_a_dateline_has_its_place_and_agencies(line: str, place: str, agencies: tuple[str, ...]) -> None:
    found = dateline_of(line + REST)
    assert found is not None
    assert (found.place, found.agencies) == (place, agencies)
    assert line.startswith(found.text)


@pytest.mark.parametrize(
    "text",
    [
        "DEAR ABBY: My husband bought tickets.",
        "NATO — the alliance — met on Monday.",
        "A spokesman for Reuters - the agency - said so.",
        "The European Central Bank (ECB) meets this week.",
        "“WE ARE” – so the song begins.",
        "",
    ],
)
def test_a_sentence_is_no_dateline(text: str) -> None:
    assert dateline_of(text) is None


def test_the_text_keeps_what_the_page_says() -> None:
    article = read(
        f"<article><h1>Council votes</h1><p>BERLIN (dpa) - {PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p></article>"
    )
    assert texts(article)[0] == f"BERLIN (dpa) - {PARAGRAPHS[0]}"
    assert (article.dateline, article.dateline_place, article.agencies) == ("BERLIN (dpa)", "BERLIN", ("dpa",))


def test_agencies_and_desks_of_the_byline_are_no_persons() -> None:
    names = ["Ada Wren", "Reuters", "Web Desk"]
    node = {"@type": "NewsArticle", "headline": "Council votes", "author": [{"name": name} for name in names]}
    article = extract(page(f"<article><h1>Council votes</h1><p>{PARAGRAPHS[0]}</p></article>", linked_data(node)), URL)
    assert article.authors == tuple(names)
    assert article.persons == ("Ada Wren",)
    assert article.agencies == ("Reuters",)


def test_a_credit_in_the_last_line_names_agencies() -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    assert read(f"<article><h1>Council votes</h1>{body[:-4]} (dpa/AFP)</p></article>").agencies == ("dpa", "AFP")
