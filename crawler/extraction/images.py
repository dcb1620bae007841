"""The images of an article: their largest address, caption, credit and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.extraction.body import Body
from crawler.extraction.credits import caption_and_credit, tidy_credit
from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.hints import classed
from crawler.extraction.outline import ASIDE, BYLINE, CAPTION, COMMENT, CREDIT, FOOTER, FOREIGN, HEADER, NAV, Line
from crawler.extraction.structured import types
from crawler.items import Image
from crawler.normalisation.text import clean, clean_or_none, folded

_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-url",
    "data-hi-res-src",
    "data-srcset",
    "data-lazy-srcset",
    "srcset",
    "src",
)
_SMALL = re.compile(r"(?:pixel|spacer|blank|1x1|logo|icon|avatar|sprite|placeholder)[\w.-]*$", re.I)
_BETWEEN_OFFERS = re.compile(r",\s|,(?=https?:|/)")
_DESCRIPTOR = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)([wx]),?")
_ELSEWHERE = FOREIGN | ASIDE | NAV | FOOTER | COMMENT | BYLINE
MIN_SIDE = 80
"""Pixels below which an image is an icon."""
MAX_PICTURES = 1000
"""That are looked at; no article shows as many."""
MAX_NAME = 200
"""Characters of a file's name, of which the last are looked at."""


def images(facts: Facts, body: Body, shown: Line | None) -> tuple[Image, ...]:
    """Every image with or in the article, in the page's order; the lead image first where only metas name it."""
    found: list[Image] = []
    texts: dict[HtmlElement, tuple[str | None, str | None]] = {}  # a figure may hold any number of images
    for holder, picture in islice(_held(facts, body, shown), MAX_PICTURES):
        if holder is not None and holder not in texts:
            texts[holder] = _texts(facts, holder)
        image = _image(facts, texts[holder] if holder is not None else (None, None), picture)
        if image and not any(_same(image, other) for other in found):
            found.append(image)
    return tuple(found or _stated(facts))


def _held(facts: Facts, body: Body, shown: Line | None) -> Iterator[tuple[HtmlElement | None, HtmlElement]]:
    """(the element that holds image and caption, the image)."""
    if facts.layout and facts.layout.image:
        for figure in facts.selected(facts.layout.image):
            if (picture := next(figure.iter("img"), None)) is not None:
                yield figure, picture
        return
    start = (shown.order if shown else body.start) - 60
    for order, picture, flags in facts.outline.pictures:
        inside = body.start <= order <= body.end
        if not (inside or start <= order <= body.start):
            continue
        if flags & _ELSEWHERE and not (
            inside and _holder(picture) is not None and not flags & (NAV | FOOTER | COMMENT)
        ):
            continue
        holder = _holder(picture)
        if holder is None and (flags & HEADER or not inside):
            continue
        yield holder, picture


def _holder(picture: HtmlElement) -> HtmlElement | None:
    """The figure round an image, or the nearest element that holds it and one caption."""
    for level, ancestor in enumerate(picture.iterancestors()):
        if ancestor.tag == "figure":
            return ancestor
        if ancestor.tag in ("body", "main", "article") or level > 5:
            return None
        if level and sum(1 for _ in islice(ancestor.iter("img"), 2)) > 1:
            return None
        if level and _captions(ancestor):
            return ancestor
    return None


def _captions(holder: HtmlElement) -> list[HtmlElement]:
    marked = list(holder.iter("figcaption"))
    if marked:
        return marked
    return [
        element for element in holder.iterdescendants() if isinstance(element.tag, str) and _named(element) & CAPTION
    ]


def _named(element: HtmlElement) -> int:
    return classed(element.get("class") or "") | (
        CAPTION if element.get("itemprop") in ("caption", "description") else 0
    )


def _image(facts: Facts, texts: tuple[str | None, str | None], picture: HtmlElement) -> Image | None:
    url = _address(facts, picture)
    if url is None:
        return None
    caption, credit = texts
    width, height = _pixels(picture.get("width")), _pixels(picture.get("height"))
    if not caption and ((width and width < MIN_SIDE) or (height and height < MIN_SIDE)):
        return None
    return Image(url, caption, credit, clean_or_none(picture.get("alt")), width, height)


def _texts(facts: Facts, holder: HtmlElement) -> tuple[str | None, str | None]:
    if facts.layout and facts.layout.caption:
        captions = [element for selector in facts.layout.caption for element in holder.cssselect(selector)]
        marked = [element for selector in facts.layout.credit for element in holder.cssselect(selector)]
        return caption_and_credit(_text(captions[:1]), _text(marked[:1]) or None)
    captions = _captions(holder)[:1]
    marked = [element for element in holder.iterdescendants() if isinstance(element.tag, str) and _is_credit(element)]
    text = _text(captions)
    stated = _text(marked[:1]) or None
    if stated and folded(stated) == folded(text) and not tidy_credit(stated):
        stated = None
    if stated and len(stated) > 120:
        stated = None
    return caption_and_credit(text, stated)


def _is_credit(element: HtmlElement) -> bool:
    if element.get("itemprop") in ("copyrightHolder", "author", "creditText", "creator"):
        return True
    return bool(element.get("class")) and bool(_named(element) & CREDIT) and not _named(element) & CAPTION


def _text(elements: list[HtmlElement]) -> str:
    return clean(" ".join(" ".join(element.itertext()) for element in elements)) if elements else ""


def _address(facts: Facts, picture: HtmlElement) -> str | None:
    """The largest address that the image offers."""
    offers: list[tuple[float, str]] = []
    for name in _LAZY:
        value = picture.get(name)
        if value and not value.startswith("data:"):
            offers.extend(_offers(value) if "srcset" in name else [(1.0, value)])
    parent = picture.getparent()
    if parent is not None and parent.tag == "picture":
        for source in parent.iter("source"):
            offers.extend(_offers(source.get("srcset") or source.get("data-srcset") or ""))
    for _, value in sorted(offers, key=lambda offer: -offer[0]):
        url = facts.absolute(value)
        if url and not _SMALL.search(urlsplit(url).path[-MAX_NAME:]):
            return url
    return None


def _offers(srcset: str) -> Iterator[tuple[float, str]]:
    for offer in _BETWEEN_OFFERS.split(srcset[:8000]):
        address, *descriptors = offer.split()[:2] or [""]
        if address.rstrip(",") and not address.startswith("data:"):
            size = _DESCRIPTOR.fullmatch(descriptors[0]) if descriptors else None
            width = float(size[1]) if size else 1.0
            yield (width if size and size[2] == "w" else width * 100, address.rstrip(","))


def _pixels(value: str | None) -> int | None:
    digits = (value or "").strip().removesuffix("px")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 6
    return int(digits) if is_number and 0 < int(digits) < 20_000 else None


def _same(image: Image, other: Image) -> bool:
    return image.url == other.url or bool(
        image.caption and image.caption == other.caption and image.credit == other.credit
    )


def _stated(facts: Facts) -> Iterator[Image]:
    """The image that structured data or metas name."""
    for node in _image_nodes(facts.article.get("image")):
        if url := facts.absolute(str(node.get("url") or node.get("contentUrl") or "")):
            caption, credit = caption_and_credit(str(node.get("caption") or ""), _maybe(node.get("creditText")))
            yield Image(
                url,
                caption,
                credit,
                None,
                _pixels(str(node.get("width") or "")),
                _pixels(str(node.get("height") or "")),
            )
            return
    for candidate in facts.meta("og:image", "og:image:url", "twitter:image"):
        if url := facts.absolute(candidate.value):
            yield Image(url)
            return


def _maybe(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _image_nodes(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [each if isinstance(each, dict) else {"url": each} for each in values if isinstance(each, (dict, str))]


def note(facts: Facts, found: tuple[Image, ...]) -> None:
    """Puts captions and credits on record."""
    for at, image in enumerate(found):
        for name, value in (("caption", image.caption), ("credit", image.credit)):
            if value:
                facts.note(name, Candidate(value, "body", f"image {at}"), chosen=True)


def of_type(node: dict[str, Any]) -> bool:
    """Whether a JSON-LD node is an image."""
    return "ImageObject" in types(node)
