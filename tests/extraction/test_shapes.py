"""What is told by shape and words alone: pages without a class that means anything."""

from __future__ import annotations

import json

import pytest

from crawler.extraction.article import extract
from crawler.extraction.phrases import is_of_the_site

URL = "https://gazette.example/2024/03/11/bridge"
TITLE = "Council votes to rebuild the bridge"
TEXT = [
    "The town council voted on Monday to rebuild the old bridge before the end of next year, for four million crowns.",
    "“We have waited long enough,” the mayor told a full hall, adding that the work would begin in spring next year.",
    "Two members voted against the plan, since the bids had come from one firm only, the treasurer said on Tuesday.",
    "The old bridge was closed in November, when divers found cracks in two of its piers below the line of low water.",
]


def blocks(inside: str, head: str = "") -> list[str]:
    page = f"<html><head><title>{TITLE} | The Gazette</title>{head}</head><body>{inside}</body></html>"
    return [block.text for block in extract(page.encode(), URL).blocks]


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_a_row_of_teasers_is_left_out() -> None:
    teaser = "<div class=xq><a href=/{0}>Harbour pilots ask for gauge number {0}</a><p>An excerpt of that story, of some length.</p></div>"
    row = "".join(teaser.format(at) for at in range(4))
    assert blocks(f"<div><h1>{TITLE}</h1>{paragraphs(TEXT)}{row}</div>") == TEXT


def test_sections_of_an_article_that_look_alike_are_no_teasers() -> None:
    sections = "".join(f"<div class=xq><h2>Part {at}</h2><p>{text}</p></div>" for at, text in enumerate(TEXT))
    found = blocks(f"<div><h1>{TITLE}</h1>{sections}</div>")
    assert [text for text in found if text in TEXT] == TEXT


def test_a_body_in_several_boxes_is_read_to_its_end() -> None:
    first = f"<div class=xq><h1>{TITLE}</h1>{paragraphs([*TEXT, TEXT[0].replace('Monday', 'Sunday')])}</div>"
    more = "".join(
        f"<div class=xq>{paragraphs([text.replace('bridge', f'bridge {at}') for text in TEXT])}</div>"
        for at in range(3)
    )
    assert len(blocks(f"<main>{first}{more}</main>")) == 5 + 12


@pytest.mark.parametrize(
    "head",
    ["3 Kommentare", "Comments (12)", "Leave a Reply", "Schreibe einen Kommentar", "12 responses to “The bridge”"],
)
def test_comments_are_told_by_the_line_above_them(head: str) -> None:
    said = (
        "I have crossed that bridge every day for thirty years, and nobody ever asked what I thought about its piers."
    )
    comments = "".join(f"<li><p>{said} {at}</p></li>" for at in range(6))
    assert (
        blocks(
            f"<main><div><h1>{TITLE}</h1>{paragraphs(TEXT)}</div><div><h3>{head}</h3><ol>{comments}</ol></div></main>"
        )
        == TEXT
    )


def test_items_of_a_list_between_paragraphs_stay() -> None:
    entries = "<ul><li>two new piers</li><li>a wider deck</li></ul>"
    found = blocks(
        f"<div><h1>{TITLE}</h1>{paragraphs(TEXT)}{entries}{paragraphs([TEXT[0].replace('Monday', 'Friday')])}</div>"
    )
    assert "two new piers" in found


def test_bylines_and_dates_between_paragraphs_are_left_out() -> None:
    assert (
        blocks(f"<div><h1>{TITLE}</h1><p>By Ada Wren</p><p>Updated 11 March 2024, 10:30</p>{paragraphs(TEXT)}</div>")
        == TEXT
    )


@pytest.mark.parametrize(
    "line",
    [
        "Veröffentlicht: 11.03.2024 | Autor: Ada Wren | Abgelegt unter: Brücken, Stadt",
        "11/03/2024 - Publicado por: Ada Wren - Categoria: Cidade - Tags: ponte rio",
        "Posted by: Ada Wren Category: Town",
    ],
)
def test_a_line_that_only_files_the_article_is_left_out(line: str) -> None:
    assert blocks(f"<div><h1>{TITLE}</h1><p>{line}</p>{paragraphs(TEXT)}</div>") == TEXT


def test_labels_in_a_sentence_stay() -> None:
    said = "The form asks for two things: the date: today's, and the author: yours."
    assert said in blocks(f"<div><h1>{TITLE}</h1>{paragraphs([*TEXT, said])}</div>")


def test_a_mark_or_two_between_paragraphs_are_no_sub_headline() -> None:
    page = f"<div><h1>{TITLE}</h1>{paragraphs(TEXT[:2])}<div>?</div><div>ab</div>{paragraphs(TEXT[2:])}</div>"
    assert [block.kind for block in extract(page.encode(), URL).blocks if block.kind == "subhead"] == []


@pytest.mark.parametrize(
    "text",
    [
        "Sign up for our morning newsletter and get the day's stories.",
        "Create an account or sign in to continue with your reading experience.",
        "An dieser Stelle findest du einen externen Inhalt von YouTube, der den Artikel ergänzt.",
        "Follow The Gazette's Opinion section: follow us on Facebook and Twitter.",
        "Share",
        "続きを読むには無料で会員登録をしてください。",
    ],
)
def test_what_the_site_says_of_itself_is_no_text_of_an_article(text: str) -> None:
    assert is_of_the_site(text)
    assert blocks(f"<div><h1>{TITLE}</h1>{paragraphs([*TEXT[:2], text, *TEXT[2:]])}</div>") == TEXT


@pytest.mark.parametrize("text", TEXT)
def test_paragraphs_are_not_taken_for_that(text: str) -> None:
    assert not is_of_the_site(text)


def test_the_site_s_name_in_a_first_heading_is_no_headline() -> None:
    page = f"<html><head><title>The Gazette » {TITLE}</title></head><body><h1><a href=/>The Gazette</a></h1><h2>{TITLE}</h2>{paragraphs(TEXT)}</body></html>"
    assert extract(page.encode(), URL).headline == TITLE


def test_a_headline_with_the_site_s_name_behind_it_is_the_one_without() -> None:
    metas = f'<meta property="og:title" content="{TITLE} - The Gazette"><meta name="twitter:title" content="{TITLE} - The Gazette">'
    page = f"<html><head><title>{TITLE} - The Gazette</title>{metas}</head><body><h1>{TITLE}</h1>{paragraphs(TEXT)}</body></html>"
    assert extract(page.encode(), URL).headline == TITLE


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("<p>By Ada Wren and Tom Reed</p>", ("Ada Wren", "Tom Reed")),
        ("<p>Posted on 11 March 2024 by Ada Wren</p>", ("Ada Wren",)),
        ("<p><a href=/author/ada-wren>Ada Wren</a></p>", ("Ada Wren",)),
        ("<p>Autor: Ada Wren | 11.03.2024</p>", ("Ada Wren",)),
        ("<p>By the end of the year it will be done, they say.</p>", ()),
    ],
)
def test_authors_are_told_by_links_and_words(byline: str, names: tuple[str, ...]) -> None:
    page = f"<html><body><h1>{TITLE}</h1>{byline}{paragraphs(TEXT)}</body></html>"
    assert extract(page.encode(), URL).authors == names


def test_topics_are_told_by_where_links_lead() -> None:
    tags = "<p><a href=/tag/bridge>Bridge</a> <a href=/tag/council>Council</a></p>"
    page = f"<html><body><div><h1>{TITLE}</h1>{paragraphs(TEXT)}</div>{tags}</body></html>"
    assert extract(page.encode(), URL).topics == ("Bridge", "Council")


def test_zulu_under_a_template_s_english_is_heard() -> None:
    said = "Amaphoyisa athi kusho ukuthi umuntu ufihlwe ngesikhathi lapho kodwa futhi akukho okutholakele ngoba uthe ukuze kube khona. "
    page = f'<html lang="en-GB"><body><h1>Isihluku kubulawa isaguga</h1><p>{said}</p><p>{said * 2}</p></body></html>'
    assert extract(page.encode(), URL).language == "zu"


@pytest.mark.parametrize("stated", ["fr", "de-DE", "ja"])
def test_english_under_a_template_in_another_language_is_heard(stated: str) -> None:
    page = f"<html lang={stated}><body><div><h1>{TITLE}</h1>{paragraphs(TEXT)}</div></body></html>"
    assert extract(page.encode(), URL).language == "en"


def test_what_metas_escaped_twice_is_plain_text() -> None:
    head = (
        "<meta property=og:description content='The mayor&amp;#8217;s bridge &amp;amp; the river below it'>"
        "<meta name=news_keywords content='Rivers &amp;amp; bridges, Tags, town'>"
    )
    article = extract(f"<html><head>{head}</head><body><h1>{TITLE}</h1>{paragraphs(TEXT)}</body></html>".encode(), URL)
    assert article.summary == "The mayor’s bridge & the river below it"
    assert article.topics == ("Rivers & bridges", "town")


def test_the_site_s_name_is_no_section() -> None:
    crumbs = "<div class=breadcrumb><a href=/>Gazette</a><a href=/x>The Daily Gazette</a><a href=/t>Town</a></div>"
    head = "<head><meta property=og:site_name content='The Daily Gazette'></head>"
    page = f"<html>{head}<body>{crumbs}<div><h1>{TITLE}</h1>{paragraphs(TEXT)}</div></body></html>"
    assert extract(page.encode(), URL).section_path == ("Town",)


def test_tags_in_metas_and_structured_data_are_dropped() -> None:
    data = {
        "@type": "NewsArticle",
        "description": "<p>The <b>bridge</b> is to be rebuilt</p>",
        "author": [{"name": "<a href='/ada'>Ada Wren</a>"}],
    }
    head = f"<head><script type='application/ld+json'>{json.dumps(data)}</script></head>"
    article = extract(f"<html>{head}<body><h1>{TITLE}</h1>{paragraphs(TEXT)}</body></html>".encode(), URL)
    assert (article.summary, article.authors) == ("The bridge is to be rebuilt", ("Ada Wren",))


@pytest.mark.parametrize("line", ["* * *", "—", ".", "11.03.2024 - 15:48 Uhr Lesedauer: 2 Min."])
def test_what_sets_off_or_dates_paragraphs_is_left_out(line: str) -> None:
    assert blocks(f"<div><h1>{TITLE}</h1>{paragraphs([*TEXT[:2], line, *TEXT[2:]])}</div>") == TEXT


def test_an_entry_with_its_time_stays() -> None:
    entry = "11.03.2024, 15:48 Uhr: The council begins to vote on the bridge in the full hall"
    assert entry in blocks(f"<div><h1>{TITLE}</h1>{paragraphs([*TEXT[:2], entry, *TEXT[2:]])}</div>")


def test_a_paragraph_in_large_letters_is_one() -> None:
    page = f"<div><h1>{TITLE}</h1>{paragraphs(TEXT[:2])}<h3>{TEXT[2]} {TEXT[3]}</h3>{paragraphs(TEXT[2:])}</div>"
    assert {block.kind for block in extract(page.encode(), URL).blocks} == {"paragraph"}


def test_a_number_is_no_section() -> None:
    crumbs = "<div class=breadcrumb><a href=/t>Town</a><a href=/t/2024>2024</a><a href=/t/2024/03>03</a></div>"
    page = f"<html><body>{crumbs}<div><h1>{TITLE}</h1>{paragraphs(TEXT)}</div></body></html>"
    assert extract(page.encode(), URL).section_path == ("Town",)


def test_a_headline_that_all_agree_on_is_not_outweighed_by_one_below_it() -> None:
    head = f'<meta property="og:title" content="{TITLE}"><meta name="twitter:title" content="{TITLE}">'
    body = f"<h1>{TITLE}</h1>{paragraphs(TEXT[:2])}<h3>Time for the town's divers</h3>{paragraphs(TEXT[2:])}"
    page = f"<html><head><title>{TITLE}</title>{head}</head><body>{body}</body></html>"
    assert extract(page.encode(), URL).headline == TITLE


def test_a_link_to_the_front_page_below_the_headline_does_not_make_it_the_site_s_name() -> None:
    page = (
        f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><p><a href=/></a></p><h2>More on bridges</h2>"
    )
    assert extract(f"{page}{paragraphs(TEXT)}</body></html>".encode(), URL).headline == TITLE
