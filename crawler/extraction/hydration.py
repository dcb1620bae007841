"""The article's paragraphs in a state that a front end hydrates from, whatever its names.

Looked for is the list of pieces, or the one text of HTML, that holds most and stands nearest to the headline.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from crawler.items import Block, BlockKind
from crawler.normalisation.text import clean, folded, weight

MAX_NODES = 120_000
"""Values of a state that are looked at."""
MAX_STEPS = 400_000
"""Pieces that are read, each as often as it is referred to, and what they say in units of 50 characters."""
MAX_TITLES = 50
"""Places of the headline that are kept."""
MAX_DEPTH = 40
MAX_HTML = 600_000
PARAGRAPH = 40
"""Weight from which a piece counts as text, and not as a label."""
LEAST = 500
"""Weight of all pieces together; less is a teaser."""
NEAR = 11
"""Steps from the text to the headline."""
KNOWN = 60
"""Characters in which a paragraph is known again."""

Path = tuple[str | int, ...]

_TEXT = ("text", "content", "html", "value", "paragraph", "body", "copy", "markup", "textContent", "richText", "plainText", "contentHtml")  # fmt: skip
_INNER = ("children", "content", "model", "data", "items", "blocks", "fields", "attributes", "props", "value", "nodes", "elements", "document", "json", "node", "spans", "paragraphs")  # fmt: skip
_TYPES = ("type", "_type", "nodeType", "__typename", "kind", "style", "tag", "tagName", "component", "name", "blockName", "element", "blockType")  # fmt: skip
_SUBHEAD = re.compile(r"head|^h[2-6]$|-h[2-6]$|subtitle|intertitle|crosshead|zwischen|titre", re.I)
_QUOTE = re.compile(r"quote|zitat|citation", re.I)
_LIST = re.compile(r"list|^[uo]l$|^li$|bullet", re.I)
_TELLS = re.compile(r"paragraph|text|^p$|html|unstyled|normal|block|body|rich|wysiwyg|markdown|copy|absatz|fragment|span|strong|em|link|^a$|bold|italic", re.I)  # fmt: skip
_OTHER = re.compile(
    r"image|img|photo|picture|video|audio|podcast|gallery|slideshow|advert|^ads?$|embed|promo|related|teaser|newsletter|author|byline|caption|credit|"
    r"iframe|script|oembed|social|tweet|instagram|youtube|poll|quiz|divider|interstitial|correction|media|map|chart|button|comment|tag$|recirc|paywall|reference|numeric",
    re.I,
)
_UNPARSABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")
_MARKUP = re.compile(r"<(?:p|br|h[2-6]|li|blockquote|div)\b", re.I)
_ELSEWHERE = re.compile(
    r"cookie|consent|privacy|i18n|messages?$|transl|locale|footer|config|relat|recommend|popular|trending|comment|newsletter|legal|popup|sidebar|jsonld|schema",
    re.I,
)
"""Names of what is no article."""
_LETTERS = re.compile(r"[^\W\d_]")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")


@dataclass(slots=True)
class Candidate:
    """Text that may be the article's."""

    path: Path
    blocks: list[Block]

    @property
    def size(self) -> int:
        return sum(weight(block.text) for block in self.blocks if block.kind != "subhead")


@dataclass(slots=True)
class _Search:
    """One pass over a state."""

    headlines: frozenset[str]
    longest: int
    """Characters of the longest of them, with room for what folding drops."""
    titles: list[Path] = field(default_factory=list)
    """Where one of them stands."""
    found: list[Candidate] = field(default_factory=list)
    entities: dict[str, Any] = field(default_factory=dict)
    """Of a normalised cache: what references stand for."""
    seen: int = 0
    steps: int = 0

    def look(self, value: Any, path: Path) -> None:
        self.seen += 1
        if self.seen > MAX_NODES or len(path) > MAX_DEPTH:
            return
        if isinstance(value, str):
            self._look_at_text(value, path)
        elif isinstance(value, list):
            self._look_at_list(value, path)
        elif isinstance(value, dict):
            if "ROOT_QUERY" in value:
                self.entities = value
            for name, each in value.items():
                if isinstance(each, (str, list, dict)):
                    self.look(each, (*path, name))

    def _look_at_text(self, text: str, path: Path) -> None:
        if len(text) < LEAST // 3:
            if 10 < len(text) <= self.longest and folded(text) in self.headlines:
                self.titles.append(path)
                del self.titles[MAX_TITLES:]
        elif len(text) <= MAX_HTML and (_MARKUP.search(text) or "\n\n" in text):
            self._add(path, list(blocks_of_markup(text)))

    def _look_at_list(self, values: list[Any], path: Path) -> None:
        blocks = [block for value in values for block in self._pieces(value, "paragraph", 0)]
        if self._add(path, blocks):
            return
        for number, each in enumerate(values):
            if isinstance(each, (str, list, dict)):
                self.look(each, (*path, number))

    def _add(self, path: Path, blocks: list[Block]) -> bool:
        blocks = [block for block in blocks if block.text]
        told = [block for block in blocks if block.kind != "subhead" and weight(block.text) >= PARAGRAPH]
        if len(told) < 2 or 2 * len(told) < len(blocks):
            return False
        candidate = Candidate(path, blocks)
        if candidate.size < LEAST or any(isinstance(step, str) and _ELSEWHERE.search(step) for step in path):
            return False
        self.found.append(candidate)
        return True

    def _pieces(self, value: Any, kind: BlockKind, depth: int) -> Iterator[Block]:
        """The blocks of one piece: a text, or an object that says what it is."""
        if not self._may_read(value):
            return
        if isinstance(value, str):
            if _MARKUP.search(value):
                yield from blocks_of_markup(value, kind)
            elif _is_prose(value):
                yield Block(kind, clean(_plain(value)))
            return
        if not isinstance(value, dict) or depth > 6:
            return
        value = self._resolved(value)
        own = _kind_of(value, kind)
        if own is None:
            return
        inner = _listed(value) if own == "list_item" or _blocks_in(value) else []
        if inner:
            for each in inner:
                yield from self._pieces(each, own, depth + 1)
        elif text := clean(self._said(value, 0)):
            yield from blocks_of_markup(text, own) if _MARKUP.search(text) else (Block(own, _plain(text)),)

    def _said(self, value: Any, depth: int) -> str:
        """All text below a value, as one run."""
        if not self._may_read(value) or depth > 8:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            return "".join(self._said(each, depth + 1) for each in value if isinstance(each, (str, dict, list)))
        value = self._resolved(value)
        for name in _TEXT:
            if isinstance(each := value.get(name), str) and each.strip():
                return each
        for name in _INNER:
            if isinstance(each := value.get(name), (list, dict)) and (said := self._said(each, depth + 1)).strip():
                return said
        return ""

    def _may_read(self, value: Any) -> bool:
        """Counts a piece, and whether there are not too many: references may lead in a circle."""
        self.steps += 1 + (len(value) // 50 if isinstance(value, str) else 0)
        return self.steps <= MAX_STEPS

    def _resolved(self, value: dict[str, Any]) -> dict[str, Any]:
        reference = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
        found = self.entities.get(reference) if isinstance(reference, str) else None
        return found if isinstance(found, dict) else value


def _is_prose(text: str) -> bool:
    """Whether a string is for readers, and no address, key or number."""
    return (" " in text.strip() or weight(text) > len(text)) and _LETTERS.search(text) is not None


def _kind_of(value: dict[str, Any], outer: BlockKind) -> BlockKind | None:
    """What a piece calls itself; None for what is no text."""
    kind = outer
    for name in _TYPES:
        said = value.get(name)
        if not isinstance(said, str) or len(said) > 40:
            continue
        if _OTHER.search(said):
            return None
        if _QUOTE.search(said):
            return "quote"
        if _SUBHEAD.search(said):
            return "subhead"
        if _LIST.search(said):
            return "list_item"
        if _TELLS.search(said):
            return kind
    return kind


def _listed(value: dict[str, Any]) -> list[Any]:
    """The items of a list, or the blocks in a block; the object itself as one text where it has none."""
    for name in ("items", "children", "content", "list_items", "listItems", "blocks", "data", "model", "fields"):
        each = value.get(name)
        if isinstance(each, dict):
            each = next((inner for inner in each.values() if isinstance(inner, list)), None)
        if isinstance(each, list) and each and all(isinstance(item, (str, dict)) for item in each):
            return (
                [item if isinstance(item, str) else {**item, "type": "paragraph"} for item in each]
                if _is_flat(each)
                else each
            )
    return []


def _is_flat(items: list[Any]) -> bool:
    return all(isinstance(item, str) or not any(isinstance(each, list) for each in item.values()) for item in items)


def _blocks_in(value: dict[str, Any]) -> bool:
    """Whether a piece only holds others: several paragraphs, not the words of one."""
    for name in ("items", "children", "content", "blocks"):
        each = value.get(name)
        if isinstance(each, list) and len(each) > 1 and all(isinstance(item, dict) for item in each):
            named = [str(item.get("type") or item.get("nodeType") or item.get("_type") or "").lower() for item in each]
            if sum(name in ("paragraph", "p") or "para" in name for name in named) > 1:
                return True
    return False


def blocks_of_markup(text: str, kind: BlockKind = "paragraph") -> Iterator[Block]:
    """The blocks of a piece of HTML, or of a text with empty lines in it."""
    if not _MARKUP.search(text):
        yield from (Block(kind, clean(_plain(part))) for part in re.split(r"\n\s*\n", text) if part.strip())
        return
    try:
        root = html.fragment_fromstring(_parsable(text), create_parent="div")
    except (etree.LxmlError, ValueError, AssertionError):
        return
    yield from _below(root, kind)


def _parsable(text: str) -> str:
    """Without what JSON can spell and no parser takes: halves of character pairs, controls."""
    return _UNPARSABLE.sub("", text[:MAX_HTML])


def _below(root: Any, kind: BlockKind) -> Iterator[Block]:
    """The blocks of a tree: its innermost block elements."""
    etree.strip_elements(root, "script", "style", "figure", "iframe", "aside", with_tail=False)
    for gap in root.iter("br"):
        gap.tail = f"\n{gap.tail or ''}"
    leaves = ("p", "li", "blockquote", *_HEADINGS)
    elements = [each for each in root.iter(*leaves) if next(each.iterdescendants("p", "li", *_HEADINGS), None) is None]
    if not elements:
        yield from (Block(kind, clean(part)) for part in root.text_content().split("\n") if clean(part))
        return
    if opening := clean(root.text or ""):
        yield Block(kind, opening)
    for element in elements:
        own: BlockKind = kind
        if element.tag in _HEADINGS:
            own = "subhead"
        elif element.tag == "li":
            own = "list_item"
        elif element.tag == "blockquote" or next(element.iterancestors("blockquote"), None) is not None:
            own = "quote"
        yield from (Block(own, said) for part in element.text_content().split("\n\n") if (said := clean(part)))


def _plain(text: str) -> str:
    if "<" not in text and "&" not in text:
        return text
    try:
        return clean(html.fragment_fromstring(_parsable(text), create_parent="div").text_content())
    except (etree.LxmlError, ValueError, AssertionError):
        return clean(text)


def hydrated(state: Any, headlines: Collection[str], shown: Collection[str]) -> Candidate | None:
    """The article's paragraphs in a state; None where there are none, or none that can be told from others'.

    They are told by one of the headlines in the same object, or by a paragraph that the page shows as well.
    """
    folds = frozenset(folded(headline) for headline in headlines)
    search = _Search(folds, max(map(len, headlines), default=0) + 20)
    try:
        search.look(state, ())
    except RecursionError:
        return None
    if search.titles and search.found:
        near = min(search.found, key=lambda each: (_distance(each.path, search.titles), -each.size))
        return near if _distance(near.path, search.titles) <= NEAR else None
    known = {text[:KNOWN] for text in shown if len(text) >= KNOWN}
    same = [each for each in search.found if any(block.text[:KNOWN] in known for block in each.blocks)]
    return max(same, key=lambda each: each.size, default=None)


def _distance(path: Path, titles: list[Path]) -> int:
    """Steps from the text up to the object that has the headline as well, and from there down to that."""
    return min(len(path) + len(title) - 2 * _shared(path, title) for title in titles)


def _shared(one: Path, other: Path) -> int:
    shared = 0
    for a, b in zip(one, other[:-1], strict=False):
        if a != b:
            break
        shared += 1
    return shared
