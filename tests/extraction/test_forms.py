"""Live blogs and articles of several pages."""

from __future__ import annotations

from crawler.extraction.article import extract
from crawler.items import Article, Block
from tests.extraction.test_article import NODE, PARAGRAPHS, URL, linked_data, page, read, story

ENTRIES = [
    {"@type": "BlogPosting", "headline": f"Entry {n}", "articleBody": f"{text} It was said at {n} o'clock."}
    for n, text in enumerate(PARAGRAPHS * 2)
]


def at(url: str, inside: str, head: str = "") -> Article:
    return extract(page(inside, head), url)


def test_a_plain_article_is_one() -> None:
    article = read(story(), linked_data(NODE))
    assert (article.form, article.page, article.pages, article.next_page) == ("article", None, None, None)


def test_a_live_blog_is_marked_and_its_entries_kept_in_order() -> None:
    node = {**NODE, "@type": "LiveBlogPosting", "liveBlogUpdate": ENTRIES}
    article = read("<main><h1>Council votes to rebuild bridge</h1></main>", linked_data(node))
    assert article.form == "live-blog"
    assert article.blocks[:2] == (Block("subhead", "Entry 0"), Block("paragraph", str(ENTRIES[0]["articleBody"])))
    assert [block.text for block in article.blocks if block.kind == "subhead"] == [f"Entry {n}" for n in range(6)]


def test_entries_that_the_page_shows_are_read_from_there() -> None:
    node = {**NODE, "@type": "LiveBlogPosting", "liveBlogUpdate": ENTRIES[:1]}
    article = read(story(), linked_data(node))
    assert (article.form, article.blocks[0].text) == ("live-blog", PARAGRAPHS[0])


def test_a_further_page_is_named_by_a_link_or_by_the_numbers_below_the_text() -> None:
    by_rel = read(story(), f'<link rel="next" href="{URL}?page=2">')
    assert (by_rel.form, by_rel.page, by_rel.next_page) == ("multi-page", 1, f"{URL}?page=2")
    numbers = '<div>Page 1 of 3 <a href="?page=2">2</a> <a href="?page=3">3</a></div>'
    by_number = read(story(numbers))
    assert (by_number.page, by_number.pages, by_number.next_page) == (1, 3, f"{URL}?page=2")


def test_the_last_page_knows_that_it_is_one() -> None:
    article = at(f"{URL}?page=3", story(f'<div><a href="{URL}">1</a> <a href="{URL}?page=2">2</a> 3</div>'))
    assert (article.form, article.page, article.pages, article.next_page) == ("multi-page", 3, 3, None)


def test_the_next_article_and_the_next_page_of_a_list_are_no_pages_of_it() -> None:
    other = '<link rel="next" href="https://gazette.example/2024/03/12/1002/ferry-runs-again">'
    assert read(story(), other).form == "article"
    listing = at("https://gazette.example/politics", story(), '<link rel="next" href="/politics?page=2">')
    assert (listing.form, listing.next_page) == ("article", None)


def test_pages_of_comments_are_none_of_the_article() -> None:
    below = '<h3>Comments</h3><p>I was there, and so were all of us who live in this street.</p><a href="?page=2">2</a>'
    assert read(story(below)).next_page is None
