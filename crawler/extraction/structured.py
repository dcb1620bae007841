"""Structured data in scripts: JSON-LD nodes, repaired where broken, and JSON states that front ends hydrate from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

Node = dict[str, Any]

ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle",
        "OpinionNewsArticle", "AskPublicNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle",
        "LiveBlogPosting", "BlogPosting", "SocialMediaPosting", "Report", "ScholarlyArticle", "TechArticle",
        "SatiricalArticle", "Review", "Blog",
    }
)  # fmt: skip
MAX_SCRIPT = 3_000_000
MAX_NODES = 20_000
_OPENING = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.*?\*/)?\s*", re.S)
_CLOSING = re.compile(r"\s*(?:-->|//\s*\]\]>|\]\]>|;)*\s*$")
_LONGEST_CLOSING = 40
"""Characters: only the end of a script is searched for it."""
_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_CONTROL = re.compile(r"[\x00-\x1f]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


def read_json(script: str) -> Any:
    """The value of a JSON script; common faults are repaired, None where that does not help."""
    if not script or len(script) > MAX_SCRIPT:
        return None
    stripped = _unwrapped(script)
    for attempt in (lambda text: text, _repaired, lambda text: _repaired(unescape(text))):
        try:
            return json.loads(attempt(stripped), strict=False)
        except (ValueError, RecursionError):
            continue
    return _first_value(stripped)


def _unwrapped(script: str) -> str:
    """A script without the comment or CDATA marks round it."""
    text = _OPENING.sub("", script, count=1).rstrip()
    return text[:-_LONGEST_CLOSING] + _CLOSING.sub("", text[-_LONGEST_CLOSING:])


def _repaired(text: str) -> str:
    return _TRAILING_COMMA.sub("", _BAD_ESCAPE.sub(r"\\\\", _CONTROL.sub(" ", text)))


def _first_value(text: str) -> Any:
    """What comes before trailing garbage: some pages print two objects, or a stray brace."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None


def nodes(values: Iterable[Any]) -> list[Node]:
    """Every object of the JSON-LD values that has a type, outermost first."""
    found: list[Node] = []
    queue = [(value, 0) for value in values]
    for seen, (value, depth) in enumerate(queue):
        if seen > MAX_NODES or depth > 12:
            continue
        if isinstance(value, list):
            queue.extend((item, depth + 1) for item in value)
        elif isinstance(value, dict):
            if "@type" in value:
                found.append(value)
            queue.extend((item, depth + 1) for item in value.values() if isinstance(item, (dict, list)))
    return found


def types(node: Node) -> set[str]:
    """The node's types without the address of the vocabulary."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return {name.rsplit("/", 1)[-1].removeprefix("schema:") for name in names if isinstance(name, str)}


def article_node(found: list[Node]) -> Node | None:
    """The node of the page's article: of several the one that says most."""
    articles = [node for node in found if types(node) & ARTICLE_TYPES]
    return max(articles, key=_says, default=None)


def _says(node: Node) -> int:
    fields = ("headline", "datePublished", "author", "articleBody", "description", "image", "mainEntityOfPage")
    return sum(bool(node.get(name)) for name in fields)


def unescaped(text: str) -> str:
    """A text without the entities of HTML that were escaped once too often."""
    return _ENTITY.sub(lambda found: unescape(found[0]), text) if "&" in text else text


def plain(text: str) -> str:
    """A text without HTML's entities and tags, which some pages put where plain text belongs."""
    text = unescaped(text)
    return _TAG.sub(" ", text) if "<" in text and ">" in text else text


def strings(value: Any) -> Iterator[str]:
    """The texts of a value that may be text, an object with a name, or a list of these; some are escaped as HTML is."""
    if isinstance(value, str):
        yield unescaped(value)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        yield from strings(value.get("name") or value.get("@value") or value.get("headline"))


def string(value: Any) -> str | None:
    """The first text of such a value."""
    return next((text for text in strings(value) if text.strip()), None)


def strings_at(node: Node, path: Iterable[str]) -> list[str]:
    """The texts at the end of a path of keys; lists on the way are walked through."""
    values: list[Any] = [node]
    for key in path:
        held = [item for value in values for item in (value if isinstance(value, list) else [value])]
        values = [item[key] for item in held if isinstance(item, dict) and key in item]
    return [text for text in strings(values) if text.strip()]
