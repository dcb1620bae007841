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
from crawler.extraction.facts import Candidate, Facts, removed_elements, value_of
from crawler.extraction.hints import classed
from crawler.extraction.outline import ASIDE, BYLINE, CAPTION, COMMENT, CREDIT, FOOTER, FOREIGN, HEADER, NAV, Line
from crawler.extraction.structured import types
from crawler.items import Image
from crawler.normalisation.text import clean, clean_or_none, folded
from crawler.publishers.rules import selector

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
_SRCSET = re.compile(r"(\S+)(?:\s+(\d+(?:\.\d+)?)([wx]))?\s*(?:,\s+|,(?=https?:|/)|$)")
_ELSEWHERE = FOREIGN | ASIDE | NAV | FOOTER | COMMENT | BYLINE
MIN_SIDE = 80
"""Pixels below which an image is an icon."""


def images(facts: Facts, body: Body, shown: Line | None) -> tuple[Image, ...]:
    """Every image with or in the article, in the page's order; the lead image first where only metas name it."""
    found: list[Image] = []
    for holder, picture in _held(facts, body, shown):
        image = _image(facts, holder, picture)
        if image and not any(_same(image, other) for other in found):
            found.append(image)
    return tuple(found or _stated(facts))


def _held(facts: Facts, body: Body, shown: Line | None) -> Iterator[tuple[HtmlElement | None, HtmlElement]]:
    """(the element that holds image and caption, the image)."""
    if facts.rule("image"):
        yield from _laid_out(facts)
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


def _laid_out(facts: Facts) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """The images of the first step of the layout's rule that finds any, but for those that it removes."""
    removed = removed_elements(facts.layout, facts.root)
    for step in facts.rule("image"):
        pairs = [(figure, _picture(figure)) for figure in selector(step).find(facts.root)]
        if held := [(figure, picture) for figure, picture in pairs if picture is not None and picture not in removed]:
            yield from held
            return


def _picture(figure: HtmlElement) -> HtmlElement | None:
    """The image in a figure; some sites have an element of their own for it."""
    standard = next(figure.iter("img"), None)
    if standard is not None:
        return standard
    return next((inner for inner in figure.iter() if inner.get("data-srcset") or inner.get("data-src")), None)


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


def _image(facts: Facts, holder: HtmlElement | None, picture: HtmlElement) -> Image | None:
    url = _address(facts, picture)
    if url is None:
        return None
    caption, credit = _texts(facts, holder) if holder is not None else (None, None)
    width, height = _pixels(picture.get("width")), _pixels(picture.get("height"))
    if not caption and ((width and width < MIN_SIDE) or (height and height < MIN_SIDE)):
        return None
    return Image(url, caption, credit, clean_or_none(picture.get("alt")), width, height)


def _texts(facts: Facts, holder: HtmlElement) -> tuple[str | None, str | None]:
    laid_out, credit = _inside(facts, holder, "caption"), "; ".join(_inside(facts, holder, "credit"))
    if facts.rule("caption"):
        return caption_and_credit(laid_out[0] if laid_out else "", credit or None)
    captions = _captions(holder)[:1]
    marked = [element for element in holder.iterdescendants() if isinstance(element.tag, str) and _is_credit(element)]
    text = _text(captions)
    stated = credit or _text(marked[:1]) or None
    if stated and folded(stated) == folded(text) and not tidy_credit(stated):
        stated = None
    if stated and len(stated) > 120:
        stated = None
    return caption_and_credit(text, stated)


def _inside(facts: Facts, holder: HtmlElement, name: str) -> list[str]:
    """What the first step of the layout's rule that finds anything finds in what holds an image."""
    for step in facts.rule(name):
        css, attribute = selector(step)
        if texts := [text for element in css(holder) if (text := value_of(element, attribute))]:
            return texts
    return []


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
    # libxml2 does not know that a source has no content: what follows it stands inside.
    parent = next((each for each in islice(picture.iterancestors(), 12) if each.tag != "source"), None)
    if parent is not None and parent.tag == "picture":
        for source in parent.iter("source"):
            offers.extend(_offers(source.get("srcset") or source.get("data-srcset") or ""))
    for _, value in sorted(offers, key=lambda offer: -offer[0]):
        url = facts.absolute(value)
        if url and not _SMALL.search(urlsplit(url).path):
            return url
    return None


def _offers(srcset: str) -> Iterator[tuple[float, str]]:
    for match in _SRCSET.finditer(srcset[:8000]):
        if not match[1].startswith("data:"):
            yield (float(match[2] or 1) if match[3] == "w" else float(match[2] or 1) * 100, match[1].rstrip(","))


def _pixels(value: str | None) -> int | None:
    digits = (value or "").strip().removesuffix("px")
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < int(digits[:6]) < 20_000 else None


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
