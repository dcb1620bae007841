"""Captions and credits: what stands with an image, whatever its classes are called."""

from __future__ import annotations

import json

import pytest

from crawler.extraction.article import extract
from crawler.extraction.credits import caption_and_credit, tidy_credit
from crawler.items import Image

URL = "https://gazette.example/2024/03/11/bridge"
PARAGRAPH = (
    "The town council voted on Monday to rebuild the old bridge before the end of next year, for four million crowns."
)


def images(figure: str) -> list[tuple[str | None, str | None]]:
    article = extract(
        f"<html><body><h1>Council votes to rebuild the bridge</h1><div><p>{PARAGRAPH}</p>{figure}"
        f"<p>{PARAGRAPH.replace('Monday', 'Tuesday')}</p><p>{PARAGRAPH.replace('Monday', 'Friday')}</p></div></body></html>".encode(),
        URL,
    )
    assert not any(image.caption and image.caption in article.text for image in article.images)
    return [(image.caption, image.credit) for image in article.images]


IMG = '<img src="/bridge.jpg">'


@pytest.mark.parametrize(
    ("figure", "caption", "credit"),
    [
        (f"<figure>{IMG}<figcaption>The bridge. Photo: Ada Wren</figcaption></figure>", "The bridge.", "Ada Wren"),
        (f"<figure>{IMG}<figcaption>The bridge.<span> AP</span></figcaption></figure>", "The bridge.", "AP"),
        (f"<figure>{IMG}<figcaption>The bridge <i>/ Ada Wren</i></figcaption></figure>", "The bridge", "Ada Wren"),
        (f"<figure>{IMG}<div>The bridge | Ada Wren/PA via Getty Images</div></figure>", "The bridge", "Ada Wren/PA via Getty Images"),
        (f"<figure>{IMG}</figure><figcaption>The bridge, Foto: Ada Wren</figcaption>", "The bridge", "Ada Wren"),
        (f'<figure>{IMG}<figcaption aria-hidden="true">The bridge</figcaption></figure>', "The bridge", None),
        (f"<div>{IMG}<p>The bridge at low tide.</p><p>Image: Ada Wren</p></div>", "The bridge at low tide.", "Ada Wren"),
        (f"<div>{IMG}<div><span>The bridge at low tide</span></div></div>", "The bridge at low tide", None),
        (f"<figure>{IMG}<button>Enlarge image</button><figcaption>The bridge</figcaption></figure>", "The bridge", None),
        (
            f'<figure>{IMG}<figcaption><span class="credit">Photo by Ada Wren</span> /<span>Getty Images</span></figcaption></figure>',
            None,
            "Ada Wren; Getty Images",
        ),
        (
            '<figure><picture><noscript><img src="/bridge.jpg"></noscript></picture><figcaption>The bridge</figcaption></figure>',
            "The bridge",
            None,
        ),
    ],
)  # fmt: skip
def test_a_caption_is_found_and_parted_from_its_credit(figure: str, caption: str | None, credit: str | None) -> None:
    assert images(figure) == [(caption, credit)]


def test_a_caption_belongs_to_the_image_above_it() -> None:
    figures = "".join(
        f'<figure><img src="/{at}.jpg"><figcaption>Pier number {at}</figcaption></figure>' for at in range(3)
    )
    assert images(figures) == [(f"Pier number {at}", None) for at in range(3)]


def test_the_portrait_of_an_author_is_no_image_of_the_article() -> None:
    assert images('<figure><img src="/ada.jpg"><div>By Ada Wren, reporter</div></figure>') == []


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Rubble in Gaza. (AFP photo)", "Rubble in Gaza.", "AFP"),
        ("The hall (Symbolfoto)", "The hall (Symbolfoto)", None),
        ("Imagen de un baño en la pradera", "Imagen de un baño en la pradera", None),
        ("Members vote. Jane Doe/Reuters", "Members vote.", "Jane Doe/Reuters"),
        ("Rooms redone from the ground up. Supplied", "Rooms redone from the ground up.", "Supplied"),
        ("Chaos in Berlin. [사진 출처 = 연합뉴스]", "Chaos in Berlin.", "연합뉴스"),
        ("岩本絹子容疑者（潟沼義樹撮影）", "岩本絹子容疑者", "潟沼義樹"),
        ("What clearing snow asks© Ada Wren/Stock", "What clearing snow asks", "Ada Wren/Stock"),
        ("She said it was the last time she saw him.", "She said it was the last time she saw him.", None),
    ],
)
def test_the_words_of_a_caption_tell_its_credit(text: str, caption: str, credit: str | None) -> None:
    assert caption_and_credit(text) == (caption, credit)


@pytest.mark.parametrize("stated", ["© dpa | Jens Kalaene", "Foto: dpa; Jens Kalaene", "dpa & Jens Kalaene"])
def test_several_credits_are_parted_alike(stated: str) -> None:
    assert tidy_credit(stated) == "dpa; Jens Kalaene"


def test_the_largest_offer_of_an_image_is_taken() -> None:
    figure = '<figure><img src="/s.jpg" srcset="/m.jpg 600w, /l.jpg 1200w"><figcaption>The bridge</figcaption></figure>'
    page = f"<html><body><h1>Council votes to rebuild</h1><p>{PARAGRAPH}</p>{figure}<p>{PARAGRAPH}!</p></body></html>"
    assert extract(page.encode(), URL).images == (Image("https://gazette.example/l.jpg", "The bridge"),)


def test_a_credit_is_not_parted_inside_brackets() -> None:
    assert tidy_credit("Ada Wren (with a drone; 2024) | AFP") == "Ada Wren (with a drone; 2024); AFP"


def stated(*nodes: object, head: str = "") -> tuple[Image, ...]:
    script = f'<script type="application/ld+json">{json.dumps(nodes)}</script>'
    return extract(f"<html><head>{head}{script}</head><body><p>{PARAGRAPH}</p></body></html>".encode(), URL).images


def test_an_image_that_is_stated_by_reference_is_looked_up() -> None:
    image = {"@type": "ImageObject", "@id": "#lead", "url": "/lead.jpg", "caption": {"@value": "The bridge"}}
    found = stated({"@type": "NewsArticle", "image": {"@id": "#lead"}}, image)
    assert found == (Image("https://gazette.example/lead.jpg", "The bridge"),)
    assert stated({"@type": "NewsArticle", "image": {"@id": "#none"}}) == ()


def test_a_list_of_addresses_gives_the_first() -> None:
    found = stated({"@type": "NewsArticle", "image": {"url": ["/lead.jpg", "/b.jpg"], "width": 700, "height": "400"}})
    assert found == (Image("https://gazette.example/lead.jpg", width=700, height=400),)


@pytest.mark.parametrize(
    "name", ["og-default.jpg", "share.png", "img/logo_1200.png", "default-image.jpg", "avatar/ab12.jpg"]
)
def test_the_picture_of_pages_without_any_is_no_image_of_the_article(name: str) -> None:
    assert stated(head=f"<meta property=og:image content=https://gazette.example/{name}>") == ()
    assert stated(head="<meta property=og:image content=https://gazette.example/share-prices.jpg>")


@pytest.mark.parametrize("source", ["#", " ", "#top"])
def test_an_image_without_an_address_is_not_the_page_itself(source: str) -> None:
    assert images(f'<figure><img src="{source}"><figcaption>The bridge</figcaption></figure>') == []


@pytest.mark.parametrize("stated", ["Credit...Ada Wren/The Gazette", "Photo… Ada Wren/The Gazette"])
def test_dots_after_a_label_are_none_of_the_credit(stated: str) -> None:
    assert tidy_credit(stated) == "Ada Wren/The Gazette"
