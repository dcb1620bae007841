"""The fields of the query language: what each means, and what may be written after its colon."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from crawler.normalisation.languages import language_code
from crawler.queries import days
from crawler.queries.tree import Query, Value


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is asked for its value."""

    meaning: str
    """For people: what ``name:`` finds."""
    read: Callable[[str], Query | None] | None = None
    """What a value asks for; None for one that cannot be. No function: any words, phrases and beginnings."""
    forms: str = ""
    """What may be given, for people."""


def _one_of(field: str, *values: str) -> Callable[[str], Query | None]:
    return lambda text: Value(field, text.lower()) if text.lower() in values else None


def _language(text: str) -> Query | None:
    code = language_code(text)
    return Value("language", code) if code else None


def _policy(text: str) -> Query | None:
    return Value("policy", text.lower()) if _TERM.fullmatch(text) else None


def _host(text: str) -> Query | None:
    host = text.lower().strip("/.")
    return Value("host", host) if host and not set(host) & set("/:@ ") else None


_TERM = re.compile(r"[a-z0-9_+-]+", re.IGNORECASE | re.ASCII)

STATES = ("live", "gone", "moved", "blocked")
ACCESS = ("free", "metered", "locked")
FORMS = ("article", "live-blog", "multi-page")

FIELDS: Mapping[str, Field] = {
    "headline": Field("words in the headline"),
    "summary": Field("words in the summary"),
    "text": Field("words in the text"),
    "caption": Field("words in an image's caption"),
    "author": Field("a name in the byline"),
    "agency": Field("a news agency that is credited"),
    "section": Field("a section at any level; `section:news/iraq` for levels that follow one another"),
    "topic": Field("a topic or tag of the page"),
    "credit": Field("who is credited for an image"),
    "publisher": Field(
        "a publisher, by its short name or its name", lambda text: Value("publisher", text), "a publisher's name"
    ),
    "language": Field("a language, with all its regions unless one is named", _language, "a code such as en or pt-br"),
    "state": Field("what became of the article", _one_of("state", *STATES), ", ".join(STATES)),
    "access": Field("whom the publisher shows it to", _one_of("access", *ACCESS), ", ".join(ACCESS)),
    "form": Field("what kind of page it is", _one_of("form", *FORMS), ", ".join(FORMS)),
    "day": Field(
        "published on a day, in a month or year, or within a range: `day:2022-01..2022-03`",
        days.on,
        f"{days.FORMS}, or a range such as 2022-01-05..2022-01-31",
    ),
    "since": Field("published then or later", days.since, days.FORMS),
    "until": Field("published then or earlier", days.until, days.FORMS),
    "policy": Field(
        "what the page last asked, in header, meta or its site's tdmrep.json: no archive, no AI, text and data mining "
        "reserved, a licence",
        _policy,
        "noarchive, noai, noindex, nosnippet, tdm-reserved, licensed, cc-by, …",
    ),
    "host": Field("seen on a host, or on one below it", _host, "a host name such as example.org"),
    "url": Field("seen at an address; the address alone does the same", lambda text: Value("url", text), "an address"),
}

# What other tools call them.
_ELSEWHERE = {
    **dict.fromkeys(("title", "intitle", "allintitle", "heading"), "headline"),
    **dict.fromkeys(("by", "byline", "from", "authors", "creator", "writer"), "author"),
    **dict.fromkeys(("tag", "tags", "keyword", "keywords", "subject", "topics"), "topic"),
    **dict.fromkeys(("category", "rubric", "desk", "sections"), "section"),
    **dict.fromkeys(("lang", "languages"), "language"),
    **dict.fromkeys(("site", "domain", "inurl"), "host"),
    **dict.fromkeys(("link", "address", "uri"), "url"),
    **dict.fromkeys(("date", "published", "on", "created", "year", "month"), "day"),
    **dict.fromkeys(("after", "start", "newer"), "since"),
    **dict.fromkeys(("before", "end", "to", "older"), "until"),
    **dict.fromkeys(("photo", "photographer", "image"), "credit"),
    **dict.fromkeys(("body", "content", "intext"), "text"),
    **dict.fromkeys(("source", "outlet", "paper", "publication", "newspaper"), "publisher"),
    **dict.fromkeys(("status", "is"), "state"),
    **dict.fromkeys(("paywall",), "access"),
    **dict.fromkeys(("license", "licence", "robots", "tdm", "rights"), "policy"),
}


def meant(name: str) -> str | None:
    """The field that was probably meant by a name that is none; None: no idea."""
    close = get_close_matches(name, FIELDS, n=1, cutoff=0.7)
    return _ELSEWHERE.get(name) or (close[0] if close else None)
