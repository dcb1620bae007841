"""What extract() makes of pages of our own, each with one thing to see."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extraction.article import extract
from crawler.items import Article, Context, Evidence, Hints

URL = "https://gazette.example/2024/03/11/1001/council-votes-to-rebuild-bridge"
PARAGRAPHS = (
    "The town council voted on Monday to rebuild the old bridge before the end of next year, for four million.",
    "“We have waited long enough,” the mayor told a full hall, adding that the work would begin in spring.",
    "Two members voted against the plan, since the bids had come from one firm only, the treasurer said on Tuesday.",
)
NODE = {
    "@type": "NewsArticle",
    "headline": "Council votes to rebuild bridge",
    "datePublished": "2024-03-11T08:30:00+01:00",
    "dateModified": "2024-03-12T10:00:00+01:00",
    "author": [{"@type": "Person", "name": "Ada Wren"}, {"@type": "Person", "name": "Tom Reed"}],
    "keywords": "bridge, council",
    "articleSection": "Town",
    "publisher": {"name": "The Gazette"},
}


def body(*more: str) -> str:
    return "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "".join(more)


def page(inside: str, head: str = "", title: str = "Council votes to rebuild bridge | The Gazette") -> bytes:
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body>{inside}</body></html>".encode()
    )


def read(inside: str, head: str = "", context: Context | None = None) -> Article:
    return extract(page(inside, head), URL, context=context)


def story(more: str = "", before: str = "") -> str:
    return f"{before}<article><h1>Council votes to rebuild bridge</h1>{body()}{more}</article>"


def linked_data(node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def texts(article: Article, kind: str = "paragraph") -> list[str]:
    return [block.text for block in article.blocks if block.kind == kind]


def test_the_body_is_the_paragraphs_in_order() -> None:
    assert texts(read(story())) == list(PARAGRAPHS)


@pytest.mark.parametrize("author", ["", " ", {"name": "", "@id": ""}, [{"name": "–"}]])
def test_an_author_whose_name_was_left_empty_is_none(author: object) -> None:
    article = read(story(), linked_data(NODE | {"author": author}))
    assert article.authors == ()
    assert not any(each.chosen for each in article.evidence if each.field == "authors")


def test_structured_data_gives_every_field_it_has() -> None:
    article = read(story(), linked_data(NODE))
    assert article.headline == "Council votes to rebuild bridge"
    assert article.authors == ("Ada Wren", "Tom Reed")
    assert article.published == datetime(2024, 3, 11, 7, 30, tzinfo=UTC)
    assert article.published_precision == "instant"
    assert article.published_raw == "2024-03-11T08:30:00+01:00"
    assert article.modified == datetime(2024, 3, 12, 9, 0, tzinfo=UTC)
    assert article.topics == ("bridge", "council")
    assert article.section_path == ("Town",)
    assert article.publisher_name == "The Gazette"
    assert article.language == "en"


def test_broken_structured_data_is_repaired_or_left() -> None:
    script = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Council votes", }</script>'
    assert Evidence("headline", "Council votes", "json-ld", "headline", False) in read(story(), script).evidence
    assert texts(read(story(), '<script type="application/ld+json">{{{</script>')) == list(PARAGRAPHS)


def test_entities_in_structured_data_are_read_as_html_reads_them() -> None:
    node = NODE | {
        "headline": "Council&#039;s &quot;bridge&quot; votes: 3 &lt; 4 & rising",
        "keywords": "bread &amp; butter",
    }
    article = read(f"<article>{body()}</article>", linked_data(node))
    assert article.headline == 'Council\'s "bridge" votes: 3 < 4 & rising'
    assert article.topics == ("bread & butter",)


def test_a_page_marked_as_paid_for_keeps_the_text_it_gives() -> None:
    assert texts(read(f'<article class="node paywall-on">{body()}</article>')) == list(PARAGRAPHS)


def test_navigation_and_related_stories_are_no_part_of_the_body() -> None:
    menu = "<nav><ul><li><a href=/>Home</a><li><a href=/town>Town</a></ul></nav>"
    more = "<div class=related><h3>More stories</h3><p><a href=/x>Another story, on something else.</a></p></div>"
    article = read(
        menu + story() + more + "<footer><p>All rights reserved by the Gazette, its owners and heirs.</p></footer>"
    )
    assert texts(article) == list(PARAGRAPHS)


def test_a_class_name_never_removes_what_holds_most_of_the_text() -> None:
    assert texts(read(f"<div class='read-more comments-on sharing'>{story()}</div>")) == list(PARAGRAPHS)


def test_a_short_paragraph_in_bold_is_a_sub_headline() -> None:
    article = read(story(f"<p><b>What happens next</b></p><p>{PARAGRAPHS[0]} Again.</p>"))
    assert texts(article, "subhead") == ["What happens next"]


def test_a_heading_is_a_sub_headline_unless_nothing_follows_it() -> None:
    assert texts(read(story(f"<h2>Cost</h2><p>{PARAGRAPHS[1]} So.</p><h2>Topics</h2>")), "subhead") == ["Cost"]


def test_a_caption_is_data_and_its_credit_apart() -> None:
    figure = "<figure><img src=/bridge.jpg><figcaption>The old bridge in winter. (AFP photo)</figcaption></figure>"
    (image,) = read(f"<article><h1>Council votes to rebuild bridge</h1>{figure}{body()}</article>").images
    assert (image.caption, image.credit) == ("The old bridge in winter.", "AFP")
    assert image.url == "https://gazette.example/bridge.jpg"


def test_a_breadcrumb_is_the_section_path() -> None:
    crumbs = "<div class=breadcrumb><a href=/>Home</a> / <a href=/n>News</a> / <a href=/n/t>Town</a></div>"
    assert read(story(before=crumbs)).section_path == ("News", "Town")


def test_a_list_of_the_sites_other_addresses_leaves_the_text_and_stays_as_data() -> None:
    notice = "<p>The Gazette can also be accessed at the following alternate addresses:</p><p>www.gazette.test</p>"
    article = read(story(notice))
    assert "alternate addresses" not in article.text
    (kept,) = article.boilerplate
    assert kept.kind == "alternate-addresses"
    assert kept.hosts == ("www.gazette.test",)


def test_what_a_feed_claimed_is_the_last_resort_for_the_date() -> None:
    hints = Hints("feed", published=datetime(2024, 3, 9, 12, tzinfo=UTC))
    without_date = "https://gazette.example/council-votes"
    assert extract(page(story()), without_date).published is None
    claimed = extract(page(story()), without_date, context=Context(hints=hints))
    assert claimed.published == datetime(2024, 3, 9, 12, tzinfo=UTC)


def test_each_chosen_value_has_its_evidence_and_losers_that_differ_are_kept() -> None:
    article = read(story(), linked_data({**NODE, "headline": "Bridge to be rebuilt"}))
    headlines = [evidence for evidence in article.evidence if evidence.field == "headline"]
    assert sum(evidence.chosen for evidence in headlines) == 1
    assert {evidence.value for evidence in headlines} >= {"Bridge to be rebuilt", "Council votes to rebuild bridge"}


def test_a_body_that_only_a_script_holds_is_found() -> None:
    node = {**NODE, "articleBody": "\n".join(f"{text} {text} {text}" for text in PARAGRAPHS)}
    article = read("<div id=root></div>", linked_data(node))
    assert len(texts(article)) == 3


def menu(entries: int = 12, rel: str = "") -> str:
    return "".join(f"<li><a href=/{at} {rel}>Entry {at}</a>" for at in range(entries))


@pytest.mark.parametrize("tag", ["nav", "footer"])
def test_a_menu_leaves_nothing_in_an_article(tag: str) -> None:
    listed = f"<{tag}><ul>{menu()}</ul></{tag}>"
    assert texts(read(listed + story() + listed)) == list(PARAGRAPHS)
    assert not read(listed + story() + listed).links


def test_a_nav_with_text_is_read_in_case_it_holds_the_article() -> None:
    article = read(f"<nav>{menu()}{story()}</nav>")
    assert texts(article) == list(PARAGRAPHS)


def test_a_trail_in_a_nav_is_the_section_path() -> None:
    trail = "<nav class=breadcrumb><a href=/>Home</a> <a href=/town>Town</a> <a href=/town/hall>Town hall</a></nav>"
    assert read(f"<nav>{menu()}</nav>{trail}{story()}").section_path == ("Town", "Town hall")


def test_topics_in_a_footer_are_topics_however_many() -> None:
    article = read(f"{story()}<footer>{menu(9, 'rel=tag')}</footer>")
    assert len(article.topics) == 9


def test_no_break_spaces_and_soft_hyphens_are_folded() -> None:
    article = read(f"<article><h1>Council&nbsp;votes to re&shy;build</h1>{body()}</article>")
    assert article.headline == "Council votes to rebuild"


def test_a_page_in_another_encoding_is_read_by_what_it_declares() -> None:
    html = "<html><head><meta charset=windows-1251><title>x</title></head><h1>Мост построят заново</h1></html>"
    assert extract(html.encode("windows-1251"), URL).headline == "Мост построят заново"


def test_a_page_in_utf_8_is_read_as_such_whatever_it_declares() -> None:
    html = "<html><head><meta charset=gbk><title>x</title></head><h1>新华社北京4月24日电</h1></html>"
    assert extract(html.encode(), URL, content_type="text/html; charset=gbk").headline == "新华社北京4月24日电"


def test_a_page_cut_inside_a_character_keeps_its_encoding() -> None:
    html = "<title>x</title><h1>Überraschung im Rathaus</h1><p>Die Brücke wird neu gebaut, sagte der Bürgermeister, fü"
    assert extract(html.encode()[:-1], URL).headline == "Überraschung im Rathaus"


@pytest.mark.parametrize(
    "inside",
    [
        "<ul>"
        + "".join(f"<li><a href=/a{n}>A story about number {n} that was told</a></li>" for n in range(30))
        + "</ul>",
        "<h1>About us</h1><p>We publish the news.</p>",
        "<h1>gone</h1>",
        "",
    ],
    ids=["list", "about", "gone", "empty"],
)
def test_a_page_that_is_no_article_scores_low(inside: str) -> None:
    assert read(inside).article_score < 0.5


def test_an_article_scores_high() -> None:
    assert read(story()).article_score >= 0.5


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"\x00\xff\xfe" * 1000,
        b"<div>" * 100_000 + b"deep",
        b"<p>" + b"x" * 3_000_000,
        b"<table><tr><td>" * 3000 + b"text",
        b'<script type="application/ld+json">' + b"[" * 200_000,
        b"%PDF-1.4\n" + bytes(range(256)) * 100,
    ],
    ids=["empty", "binary", "deep", "long-line", "nested-tables", "deep-json", "pdf"],
)
def test_a_hostile_page_gives_an_article_not_an_exception(html: bytes) -> None:
    assert extract(html, URL).url == URL


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300) | st.text("<>/=\"' apdivhref", max_size=300).map(str.encode))
def test_no_bytes_raise(html: bytes) -> None:
    extract(html, URL)


STAND_FIRST = (
    "After three winters in which floods closed the old bridge, the council has decided what comes in its place. "
    "The ferry will run until the last stone is laid."
)


def with_stand_first(text: str) -> Article:
    return read(
        f"<main><header><h1>Council votes to rebuild bridge</h1><p class=intro>{text}</p></header>"
        f"<div class=story><div class=text>{body()}</div></div></main>"
    )


def test_a_stand_first_of_two_sentences_opens_the_body_and_a_short_one_is_the_summary_only() -> None:
    assert texts(with_stand_first(STAND_FIRST)) == [STAND_FIRST, *PARAGRAPHS]
    short = with_stand_first("The ferry will run until the last stone is laid.")
    assert texts(short) == list(PARAGRAPHS)
    assert short.summary == "The ferry will run until the last stone is laid."


def test_what_is_set_apart_inside_the_body_is_no_part_of_it() -> None:
    likes = "<div class='sharedaddy likes'><p>Like this page with your friends, whoever they are.</p></div>"
    article = read(f"<div class=article-body><h1>Council votes to rebuild bridge</h1>{body(likes)}</div>")
    assert texts(article) == list(PARAGRAPHS)


@pytest.mark.parametrize("name", ["field--label-hidden", "overflow-hidden"])
def test_a_class_that_hides_only_a_label_hides_no_text(name: str) -> None:
    assert texts(read(f"<div class='{name}'>{story()}</div><p class=hidden>Please log in to see more.</p>")) == list(
        PARAGRAPHS
    )


def test_short_entries_of_a_list_in_the_article_belong_to_it() -> None:
    article = read(story("<ul><li>four bids</li><li>two votes against</li></ul><p>So the minutes say of it all.</p>"))
    assert texts(article, "list_item") == ["four bids", "two votes against"]


@pytest.mark.parametrize("label", ["Photo: Ada Wren / Gazette", "Titelbild: Ada Wren", "Abbildung 4: the old bridge"])
def test_a_line_labelled_as_a_caption_is_no_paragraph(label: str) -> None:
    assert texts(read(story(f"<p>{label}</p><p>So the minutes say of it all, in the end.</p>"))) == [
        *PARAGRAPHS,
        "So the minutes say of it all, in the end.",
    ]


def test_the_headline_is_shown_in_a_page_that_calls_itself_a_menu() -> None:
    article = extract(page(f"<div class='has-nav navigation'>{story()}</div>"), URL)
    assert article.headline == "Council votes to rebuild bridge"


def test_the_date_beside_the_headline_beats_one_that_says_not_of_what() -> None:
    shown = "<h1>Council votes to rebuild bridge</h1><time datetime=2024-03-11T08:30:00+01:00>11 March</time>"
    article = extract(
        page(f"<article>{shown}{body()}</article>", '<meta name="date" content="2024-02-01">'), "https://g.example/a"
    )
    assert article.published == datetime(2024, 3, 11, 7, 30, tzinfo=UTC)


def test_a_date_is_read_from_an_address_in_either_order() -> None:
    for path in ("2024/03/21/bridge", "news/21-03-2024", "bridge-21-03-2024.html"):
        published = extract(page(story()), f"https://gazette.example/{path}").published
        assert published is not None
        assert published.date().isoformat() == "2024-03-21", path


def test_a_date_far_from_the_headline_is_found_last_and_makes_no_article_of_a_page() -> None:
    late = f"{story()}{'<p>More of it, without a number.</p>' * 60}<p>Published: 11 March 2024</p>"
    article = extract(page(late), "https://gazette.example/bridge")
    assert article.published is not None
    assert article.published.date().isoformat() == "2024-03-11"
    assert [each.value for each in article.evidence if each.field == "published" and each.chosen] == [
        "Published: 11 March 2024"
    ]
