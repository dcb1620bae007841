"""Whether everybody could read the article, as the page itself states."""

from __future__ import annotations

from itertools import chain

from crawler.extraction.facts import Candidate, Facts
from crawler.items import Access

_LOCKED = frozenset("locked premium paid subscriber subscribers subscription registered abo plus hard pay".split())
_METERED = frozenset("metered meter soft freemium".split())
_FREE = frozenset("free open public".split())


def access(facts: Facts) -> Access | None:
    """free, metered or locked; None where the page does not say."""
    candidates = [
        *_stated(facts),
        *facts.meta("article:content_tier", "og:article:content_tier", "content_tier", "access-level"),
    ]
    named = chain.from_iterable(facts.preferred("access", [[each] for each in candidates]))
    for candidate in (*named, *candidates):
        if (value := _read(candidate.value)) is not None:
            facts.settle("access", candidate, candidates)
            return value
    return None


def _stated(facts: Facts) -> list[Candidate]:
    value = facts.article.get("isAccessibleForFree")
    if value is None or isinstance(value, (dict, list)):
        return []
    free = str(value).strip().lower().rsplit("/", 1)[-1] in ("true", "1", "yes")
    return [Candidate("free" if free else "locked", "json-ld", "isAccessibleForFree")]


def _read(value: str) -> Access | None:
    key = value.strip().lower()
    if key in _LOCKED:
        return "locked"
    if key in _METERED:
        return "metered"
    return "free" if key in _FREE else None
