"""The JSON that front ends hydrate from: values of script elements and of assignments in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from crawler.extraction.structured import MAX_SCRIPT, read_json

LEAST = 800
"""Characters; a shorter script holds no article."""
MAX_TOTAL = 6_000_000
"""Characters of all scripts of a page that are looked into."""
SENTENCES = 5
"""Ends of sentences or paragraphs."""
REVIVED = 60_000
"""Parts of a flat state that are put together."""
ASSIGNMENTS = 12
"""Of one script."""
_ASSIGNED = re.compile(
    r"(?:window|self|globalThis|Fusion|root|__[A-Za-z]|(?:var|let|const)\s+[\w$])[\w$.]{0,80}(?:\[\s*[\"'][\w$.-]+[\"']\s*\])*\s*=\s*"
    r"(?=[{\[]|(?:window\.)?JSON\.parse\(|[\"']%7B)"
)
_PARSED = re.compile(r"(?:window\.)?JSON\.parse\(\s*(decodeURIComponent\(\s*)?")
_FLIGHT = re.compile(r"self\.__next_f\.push\(\s*")
_ROW = re.compile(r"^[0-9a-f]{1,5}:(?=[\[{])", re.M)
_UNDEFINED = re.compile(r"(?<=[:,\[])\s*(?:undefined|void 0|NaN|new Date\([^)]{0,80}\))\s*(?=[,}\]])")
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'", re.S)
_DECODER = json.JSONDecoder(strict=False)


def states(scripts: Iterable[tuple[str, str, str]]) -> Iterator[Any]:
    """The values in a page's scripts (type, id, text), the longest script first; what cannot be read is passed over."""
    left = MAX_TOTAL
    flight: list[str] = []
    usable = [each for each in scripts if LEAST <= len(each[2]) <= MAX_SCRIPT and "ld+json" not in each[0]]
    usable = [each for each in usable if _may_hold_text(each[2])]
    for kind, name, text in sorted(usable, key=lambda each: -len(each[2])):
        left -= len(text)
        if left < 0:
            return
        if "json" in kind:
            value = read_json(text)
            yield _revived(value) if name == "__NUXT_DATA__" and isinstance(value, list) else value
        elif "__next_f" in text[:200]:
            flight += _pushed(text)
        elif not kind or "javascript" in kind or kind == "module":
            yield from _assigned(text)
    if flight:
        yield from _rows("".join(flight))


def _may_hold_text(text: str) -> bool:
    """Whether a script has sentences or paragraphs in it: most have not, and need not be read."""
    return text.count(". ") + 2 * text.count("。") + 2 * text.count("\\u3002") + 2 * text.count("/p>") >= SENTENCES


def _assigned(text: str) -> Iterator[Any]:
    """The objects that a script assigns to names."""
    end = 0
    for _ in range(ASSIGNMENTS):
        match = _ASSIGNED.search(text, end)
        if match is None:
            return
        value, end = _value_at(text, match.end())
        if value is not None:
            yield value


def _value_at(text: str, start: int) -> tuple[Any, int]:
    """The value that begins there, and where it ends; None where it is code."""
    parsed = _PARSED.match(text, start)
    if parsed or text[start] in "\"'":
        string, end = _string_at(text, parsed.end() if parsed else start)
        quoted = string is not None and (string.startswith("%7B") or bool(parsed and parsed[1]))
        return (read_json(unquote(string) if quoted else string) if string else None), end
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        pass
    if "undefined" not in text and "void 0" not in text:
        return None, start + 1
    try:
        return _DECODER.raw_decode(_UNDEFINED.sub("null", text[start:]))[0], len(text)
    except (ValueError, RecursionError):
        return None, start + 1


def _string_at(text: str, start: int) -> tuple[str | None, int]:
    """A string literal of JavaScript, read."""
    try:
        if text.startswith('"', start):
            value, end = _DECODER.raw_decode(text, start)
            return (value if isinstance(value, str) else None), end
        if match := _STRING.match(text, start):
            inside = match[1].replace("\\'", "'").replace('"', '\\"').replace('\\\\"', '\\"')
            return json.loads(f'"{inside}"', strict=False), match.end()
    except (ValueError, RecursionError):
        pass
    return None, start + 1


def _pushed(text: str) -> Iterator[str]:
    """The pieces of the stream that React's server components come in."""
    for match in _FLIGHT.finditer(text):
        try:
            value, _ = _DECODER.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            continue
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            yield value[1]


def _rows(stream: str) -> Iterator[Any]:
    for match in _ROW.finditer(stream):
        try:
            yield _DECODER.raw_decode(stream, match.end())[0]
        except (ValueError, RecursionError):
            continue


def _revived(values: list[Any]) -> Any:
    """What Nuxt writes flat: a list in which objects and lists name their parts by number."""
    budget = REVIVED

    def part(number: Any, depth: int) -> Any:
        nonlocal budget
        budget -= 1
        if not isinstance(number, int) or not 0 <= number < len(values) or depth > 30 or budget < 0:
            return None
        value = values[number]
        if isinstance(value, dict):
            return {name: part(each, depth + 1) for name, each in value.items()}
        if isinstance(value, list):
            if value and isinstance(value[0], str):  # a wrapper: ["Reactive", 7]
                return part(value[1], depth + 1) if len(value) == 2 else None
            return [part(each, depth + 1) for each in value]
        return value

    return part(0, 0)
