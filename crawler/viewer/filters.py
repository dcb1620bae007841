"""How values of the index are shown: moments, numbers, languages, texts with hits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup, escape

from crawler.formats.sizes import human_size
from crawler.index.snippets import Snippet
from crawler.queries.narrowing import term

RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks ku-arab nqo ps sd syr ug ur yi".split())
"""Languages (BCP 47) whose usual script runs from right to left."""


def article_path(reference: str) -> str:
    """The page of an article or of one of its revisions (``publisher/key@2``)."""
    return f"/article/{quote(reference, safe='/@')}"


def snapshot_path(record_id: str) -> str:
    """The page of a capture: by its WARC-Record-ID, which it has in every index made of the archive."""
    return f"/snapshot/{quote(record_id, safe=':')}"


def search_path(value: str, field: str) -> str | None:
    """The search for a value of a field; None for a value that no query asks for."""
    return asking({field: value})


def is_iso(text: str) -> bool:
    """Whether a date as a page has it is one for programs: to people it says no more than the one we show."""
    return bool(re.match(r"\d{4}-\d\d-\d\d(?:[T ]|$)", text))


def web_address(url: str | None) -> str | None:
    """An address that a browser may be sent to; None for what is none, or runs."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def direction(language: str | None) -> str:
    """The direction of a language's script, as the attribute ``dir`` has it."""
    if not language:
        return "auto"
    return "rtl" if {language.lower(), language.lower().split("-")[0]} & RIGHT_TO_LEFT else "ltr"


def day(moment: str | None) -> str:
    """The day of a moment as the index has it, as people write it: 3 March 2022."""
    if not moment:
        return ""
    read = datetime.fromisoformat(moment)
    return f"{read.day} {read:%B %Y}"


def clock(moment: str | None) -> str:
    """Day and time of a moment as the index has it, and that it is UTC where it is."""
    if not moment or "T" not in moment:
        return day(moment)
    read = datetime.fromisoformat(moment)
    return f"{day(moment)}, {read:%H:%M}{' UTC' if read.tzinfo else ''}"


def short(moment: str | None) -> str:
    """The same in little room: 3 Mar 2022, 14:05."""
    if not moment:
        return ""
    read = datetime.fromisoformat(moment)
    return f"{read.day} {read:%b %Y}{f', {read:%H:%M}' if 'T' in moment else ''}"


def number(value: float) -> str:
    """With thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def marked(shown: Snippet | None) -> Markup:
    """A text with its hits marked."""
    if shown is None:
        return Markup("")
    pieces, at = [], 0
    for start, end in shown.marks:
        pieces += [escape(shown.text[at:start]), Markup("<mark>"), escape(shown.text[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*pieces, escape(shown.text[at:])])


def code(text: str) -> Markup:
    """What stands between grave accents as code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def address(path: str, given: Iterable[tuple[str, Any]]) -> str:
    """A path with a query, without what is empty."""
    query = urlencode([(name, value) for name, value in given if value not in (None, "")])
    return f"{path}?{query}" if query else path


def asking(wanted: Mapping[str, str]) -> str | None:
    """The search page for articles that have all these values by field; None where no query asks for one of them."""
    terms = [term(field, value) for field, value in wanted.items()]
    return address("/search", [("q", " ".join(filter(None, terms)))]) if all(terms) else None


FILTERS: dict[str, Callable[..., Any]] = {
    "article_path": article_path,
    "asking": asking,
    "clock": clock,
    "code": code,
    "day": day,
    "direction": direction,
    "is_iso": is_iso,
    "marked": marked,
    "number": number,
    "search_path": search_path,
    "short": short,
    "size": human_size,
    "snapshot_path": snapshot_path,
    "web_address": web_address,
}
