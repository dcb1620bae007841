"""What the boxes of a page do to the lines in them: sub-headlines, parts alike, builders, consent, bylines."""

from __future__ import annotations

import pytest

from crawler.extraction.article import extract
from crawler.items import Article
from tests.extraction.test_shapes import TEXT, TITLE, URL, blocks, paragraphs


def read(inside: str) -> Article:
    return extract(f"<html><head><title>{TITLE}</title></head><body>{inside}</body></html>".encode(), URL)


def subheads(inside: str) -> list[str]:
    return [block.text for block in read(inside).blocks if block.kind == "subhead"]


@pytest.mark.parametrize(
    "heading",
    [
        "<section><div class=visually-hidden>Article content</div><div><h3>The bids</h3></div></section>",
        "<div><h3><div>The bids</div></h3></div>",
        '<h3 id="nav_the_bids_0">The bids</h3>',
        '<div><h3 class="widget-title">The bids</h3><p>There was one.</p></div>',
    ],
    ids=["in boxes of its own", "round a box", "called after a menu", "called after a widget"],
)
def test_a_sub_headline_is_one_in_whatever_box_it_stands(heading: str) -> None:
    body = f"{paragraphs(TEXT[:2])}{heading}{paragraphs(TEXT[2:])}"
    assert subheads(f"<article><h1>{TITLE}</h1><div class=article-body>{body}</div></article>") == ["The bids"]


def test_a_headline_in_pieces_above_the_text_is_no_sub_headline() -> None:
    pieces = "<h2><div>The old bridge</div><div>Council decides</div></h2>"
    assert blocks(f"<h1>{TITLE}</h1><div class=text>{pieces}{paragraphs(TEXT)}</div>") == TEXT


def test_parts_of_an_article_in_boxes_alike_are_read_though_one_holds_most() -> None:
    long = f"<div class=xq>{paragraphs(TEXT * 2)}</div>"
    short = f"<div class=xq><p>{TEXT[0].replace('Monday', 'Sunday')}</p></div>"
    assert len(blocks(f"<div><h1>{TITLE}</h1></div><main>{long}{short}</main>")) == 9


def test_what_a_page_builder_calls_a_widget_is_part_of_the_article() -> None:
    consent = paragraphs(
        [f"We use cookies for purpose {at}, as told in our statement on data protection." for at in range(9)]
    )
    built = "".join(f'<div class="elementor-element elementor-widget"><p>{text}</p></div>' for text in TEXT)
    assert blocks(f"<div class=qz><h1>{TITLE}</h1>{built}</div><div class=qx>{consent}</div>") == TEXT


def test_the_reading_that_ruby_writes_beside_a_word_is_no_text() -> None:
    text = (
        "<ruby>町<rp>(</rp><rt>まち</rt><rp>)</rp></ruby>の議会は月曜日、古い橋を来年末までに建て直すことを決めました。"
        * 3
    )
    assert blocks(f"<article><h1>{TITLE}</h1><p>{text}</p></article>") == [
        "町の議会は月曜日、古い橋を来年末までに建て直すことを決めました。" * 3
    ]


def test_names_in_bold_above_the_text_are_its_authors_and_none_of_it() -> None:
    article = read(f"<article><h1>{TITLE}</h1><p><b>Jane Doe/Hugo Berg</b></p>{paragraphs(TEXT)}</article>")
    assert article.authors == ("Jane Doe", "Hugo Berg")
    assert [block.text for block in article.blocks] == TEXT


def test_editors_in_brackets_below_the_text_are_named() -> None:
    text = "市议会星期一投票决定在明年年底之前重建旧桥，费用为四百万元，工程将于明年春天开始。" * 4
    body = f"<h1>市议会决定重建旧桥</h1><div><p>{text}</p><p>{text}</p><div>(责编：王小明、李华)</div></div>"
    page = f"<html lang=zh><body>{body}</body></html>"
    assert extract(page.encode(), URL).authors == ("王小明", "李华")
