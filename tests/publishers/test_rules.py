"""What a definition may say of a layout; what it may not is refused when it is read, with the place."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crawler.errors import BadDefinition
from crawler.extraction.article import extract
from crawler.items import Article
from crawler.publishers import base
from crawler.publishers.base import RULES, Layout, Publisher, publishers
from crawler.publishers.rules import SOURCES

PAGE = b"""<!DOCTYPE html><html lang="en"><head><title>Gauge replaced | Gazette</title>
<meta property="og:title" content="Gauge on the quay replaced"><meta name="author" content="Desk">
<meta property="article:tag" content="Tides"><meta property="article:tag" content="Quays">
<meta property="article:published_time" content="2024-04-02T08:00:00Z"><meta name="byline" content="Ida Brook">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A new gauge", "keywords": ["gauge"],
"author": {"name": "Ann Lee"}, "datePublished": "2024-04-02T10:00:00Z", "dateModified": "2024-04-03T10:00:00Z",
"description": "The gauge at the quay was replaced after forty years.", "about": [{"name": "Harbour"}]}</script></head>
<body><header><div class="way"><a href="/c">Coast</a><a href="/c/h">Harbour</a></div></header><main><article>
<p class="over">Tides</p><h1>Gauge replaced</h1><p class="standfirst">The old one had been read by hand every hour.</p>
<time class="out" datetime="2024-04-02T09:00:00Z">2 April</time><p class="who">By Mia Ortega and Jonas Pell</p>
<div class="text">
<p>The gauge at the end of the quay was replaced on Tuesday,
forty years after it had been set up there.</p>
<p class="small-heading">What it measures</p>
<p>It tells the height of the water every minute, and the pilots read it from the tower.</p>
<h2>Not a heading at all, says this publisher</h2>
<div class="box"><p>Read all about the tides in our book of the coast, now in shops.</p></div>
<div class="pic"><img src="/gauge.jpg" title="Jo Reed / Coast Press"><i>The new gauge.</i></div>
<p>The old one goes to the museum of the harbour, which already has the lamp of the lighthouse.</p>
</div></article></main></body></html>"""


def plain(**rules: Any) -> Layout:
    return Layout("plain", **rules)


def read(layout: Layout, **more: Any) -> Article:
    publisher = Publisher(id="gazette", name="Gazette", domains=("gazette.example",), layouts=(layout,), **more)
    return extract(PAGE, "https://gazette.example/gauge-replaced", publisher=publisher)


@pytest.mark.parametrize(
    ("rule", "steps", "expected"),
    [
        ("headline", ("title",), "Gauge replaced | Gazette"),
        ("headline", ("h1.none", "opengraph"), "Gauge on the quay replaced"),
        ("headline", ("json-ld", "opengraph"), "A new gauge"),
        ("headline", ("microdata", "body"), "Gauge replaced"),
        ("kicker", ("p.over",), "Tides"),
        ("summary", ("p.standfirst",), "The old one had been read by hand every hour."),
        ("summary", ("json-ld",), "The gauge at the quay was replaced after forty years."),
        ("authors", ("p.who",), ("Mia Ortega", "Jonas Pell")),
        ("authors", ("json-ld",), ("Ann Lee",)),
        ("authors", ("meta[name=byline]",), ("Ida Brook",)),
        ("authors", ("json-ld.author.name", "meta"), ("Ann Lee",)),
        ("section_path", ("div.way a",), ("Coast", "Harbour")),
        ("topics", ("opengraph",), ("Tides", "Quays")),
        ("topics", ("json-ld.about",), ("Harbour",)),
        ("topics", ("json-ld.none", "json-ld"), ("gauge",)),
        ("language", ("html::attr(lang)",), "en"),
    ],
)
def test_a_field_is_taken_from_the_first_step_that_the_page_has(
    rule: str, steps: tuple[str, ...], expected: object
) -> None:
    assert getattr(read(plain(**{rule: steps})), rule) == expected


@pytest.mark.parametrize(
    ("rule", "steps", "hour"),
    [
        ("published", ("time.out",), 9),
        ("published", ("opengraph",), 8),
        ("published", ("json-ld",), 10),
        ("modified", ("time.out",), 9),
    ],
)
def test_a_date_is_taken_from_the_first_step_that_the_page_has(rule: str, steps: tuple[str, ...], hour: int) -> None:
    assert getattr(read(plain(**{rule: steps})), rule).hour == hour


def test_access_is_read_from_where_the_layout_says() -> None:
    assert read(plain(access=("meta[name=author]",))).access is None
    page = PAGE.replace(b'content="Desk"', b'content="metered"')
    layout = plain(access=("meta[name=author]",))
    publisher = Publisher(id="gazette", name="Gazette", domains=("gazette.example",), layouts=(layout,))
    assert extract(page, "https://gazette.example/gauge", publisher=publisher).access == "metered"


def test_the_evidence_names_the_step_and_keeps_what_lost() -> None:
    article = read(plain(headline=("title",)))
    found = [(each.value, each.source, each.locator) for each in article.evidence if each.field == "headline"]
    assert found[0] == ("Gauge replaced | Gazette", "layout", "title of plain")
    assert ("Gauge replaced", "body", "h1") in found


def test_a_rule_that_finds_nothing_leaves_the_field_as_on_any_page() -> None:
    assert read(plain(headline=("h1.none",), authors=("microdata",))).authors == ("Ann Lee",)


def test_the_layout_says_what_is_a_sub_headline_and_what_is_not() -> None:
    article = read(plain(body=("div.text",), subhead=("p.small-heading",)))
    assert [block.text for block in article.blocks if block.kind == "subhead"] == ["What it measures"]
    assert "Not a heading at all, says this publisher" in article.text


def test_what_is_removed_is_in_no_text_with_or_without_a_rule_for_the_body() -> None:
    for layout in (plain(body=("div.text",), remove=("div.box",)), plain(remove=("div.box",))):
        assert "book of the coast" not in read(layout).text
        assert "museum of the harbour" in read(layout).text


def test_what_is_removed_takes_its_images_along() -> None:
    assert [image.url for image in read(plain(image=("div.pic",))).images] == ["https://gazette.example/gauge.jpg"]
    assert not read(plain(image=("div.pic",), remove=("div.pic",))).images


def test_a_caption_and_a_credit_are_found_inside_the_image() -> None:
    layout = plain(image=("div.pic",), caption=("i",), credit=("img::attr(title)",))
    (image,) = read(layout).images
    assert (image.caption, image.credit) == ("The new gauge.", "Jo Reed / Coast Press")


def test_the_body_may_be_several_elements() -> None:
    article = read(plain(body=("div.text > p:not(.small-heading)",)))
    assert [block.text[:8] for block in article.blocks] == ["The gaug", "It tells", "The old "]


def test_a_body_in_json_ld_goes_before_the_page_where_the_layout_says_so() -> None:
    whole = " ".join(["The whole text stands in the script, and the page shows but an abridged form of it."] * 12)
    page = PAGE.replace(b'"headline"', b'"articleBody": "' + whole.encode() + b'", "headline"')
    stated = Publisher("gazette", "Gazette", ("gazette.example",), layouts=(plain(body=("json-ld",)),))
    url = "https://gazette.example/gauge-replaced"
    assert extract(page, url, publisher=stated).text == whole


def test_a_publisher_of_a_single_language_writes_in_it() -> None:
    assert read(plain(), languages=("xh",)).language == "xh"
    assert read(plain(), languages=("xh", "en")).language == "en"


@pytest.mark.parametrize(
    ("rule", "steps", "said"),
    [
        ("headline", ("div..title",), "layout 'plain', headline: 'div..title' is no CSS selector"),
        ("headline", ("h1:has-text(x)",), "headline: 'h1:has-text(x)' is no CSS selector"),
        ("authors", ("jsonld",), "authors: 'jsonld' is no element of HTML (sources are json-ld"),
        ("topics", ("url",), "topics: 'url' is no source of it; known: json-ld"),
        ("caption", ("json-ld",), "caption: 'json-ld' is no source of it; known: none"),
        ("image", ("json-ld.image",), "image: 'json-ld.image': no value is taken from JSON-LD for it"),
        ("body", ("div::attr(title)",), "body: 'div::attr(title)': elements are wanted here"),
        ("body", "div", "body: 'div' is no tuple of texts"),
        ("marker", "#", "marker: '#' is no CSS selector"),
        ("marker", ("h1",), "marker: ('h1',) is no text"),
        ("until", "2020-01-31", "until: '2020-01-31' is no day; write date(2024, 1, 31)"),
        ("until", datetime(2020, 1, 31, tzinfo=UTC), "is no day"),
        ("tidy", lambda root: None, "is no function of the definition's own module"),
        ("tidy", "name", "tidy: 'name' is no function of the definition's own module"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_its_place(rule: str, steps: Any, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        plain(**{rule: steps})


def test_a_layout_that_no_page_could_have_is_refused() -> None:
    with pytest.raises(ValueError, match="'new' has the marker and the last day of another"):
        Publisher("gazette", "Gazette", ("gazette.example",), layouts=(Layout("old"), Layout("new")))
    Publisher(
        "gazette", "Gazette", ("gazette.example",), layouts=(Layout("old", until=date(2020, 1, 1)), Layout("new"))
    )


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("article_patterns", (r"^/(\d+",), r"article_patterns: '^/(\\d+' is no regular expression"),
        ("not_article_patterns", (r"^/(\d+",), "not_article_patterns: "),
        ("article_patterns", r"^/\d+", "is no tuple of texts"),
        ("domains", "gazette.example", "domains: 'gazette.example' is no tuple of texts; one text is written ('gaz"),
        ("domains", ("https://Gazette.example/news",), "is no host name; write 'gazette.example'"),
        ("retired", ("Gazette.example",), "retired: 'Gazette.example' is no host name; write 'gazette.example'"),
        ("languages", "en", "languages: 'en' is no tuple of texts; one text is written ('en',)"),
        ("languages", ("English",), "languages: 'English' is no language code in lower case"),
        ("timezone", "Europe/Londn", "timezone: 'Europe/Londn' is no IANA name"),
        ("timezone", "Europe", "timezone: 'Europe' is no IANA name"),
        ("feeds", "/feed.xml", "feeds: '/feed.xml' is no tuple of texts"),
        ("layouts", Layout("a"), "layouts: Layout is no tuple of Layout; one is written (Layout(…),)"),
        ("boilerplate", ("promotion", "^Tickets"), "boilerplate: ('promotion', '^Tickets') are no pairs"),
        ("boilerplate", (("promotion", "^Tickets("),), "boilerplate: '^Tickets(' is no regular expression"),
        ("requisites", "image", "requisites: 'image' is none of none, images"),
    ],
)
def test_a_value_that_would_only_fail_in_a_crawl_is_refused(field: str, value: Any, said: str) -> None:
    values: dict[str, Any] = {"id": "gazette", "name": "Gazette", "domains": ("gazette.example",), field: value}
    with pytest.raises(ValueError, match=re.escape(said)):
        Publisher(**values)


def test_every_rule_is_read_somewhere() -> None:
    """A source that is named for a field must be that of a rule."""
    assert set(SOURCES) <= set(RULES)


def test_a_definition_that_cannot_be_read_names_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> object:
        return plain(headline=("div..title",))

    monkeypatch.setattr(base, "import_module", broken)
    with pytest.raises(
        BadDefinition, match=r"publishers/\w+\.py cannot be read .*layout 'plain', headline: 'div\.\.title'"
    ):
        base.reload_publishers()


def test_a_layout_with_a_function_reaches_a_worker_after_the_definitions_were_read_again() -> None:
    before = publishers()["taz"]
    base.reload_publishers()
    (layout,) = pickle.loads(pickle.dumps(before)).layouts
    assert layout.tidy is publishers()["taz"].layouts[0].tidy
    assert layout == replace(before.layouts[0], tidy=layout.tidy)
