"""What an article is about, as its publisher tagged it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.structured import strings
from crawler.normalisation.text import clean, folded

_METAS = (
    "article:tag",
    "og:article:tag",
    "news_keywords",
    "keywords",
    "parsely-tags",
    "sailthru.tags",
    "cxenseparse:keywords",
    "dc.subject",
    "dcterms.subject",
)
_SPLIT = re.compile(r"\s*[,;、，؛،|]\s*")
_JUNK = re.compile(r"^(?:https?:|/)|^[\w.-]+[:=]\S|^\d+$|^[\W_]+$", re.I)
MAX_LENGTH = 80


def topics(facts: Facts) -> tuple[str, ...]:
    """The tags of the first source that has any, each once."""
    groups = list(_groups(facts))
    chosen: tuple[str, ...] = ()
    for group in groups:
        chosen = _cleaned(group)
        if chosen:
            break
    heads = [Candidate(", ".join(c.value for c in group), group[0].source, group[0].locator) for group in groups]
    winner = next((c for c, group in zip(heads, groups, strict=True) if _cleaned(group)), None)
    facts.settle("topics", winner, heads)
    return chosen


def _groups(facts: Facts) -> Iterator[list[Candidate]]:
    if facts.layout and (laid_out := facts.laid_out(facts.layout.topics, "topics")):
        yield laid_out
    tags = list(facts.meta("article:tag", "og:article:tag"))
    stated = [Candidate(value, "json-ld", "keywords") for value in _stated(facts.article.get("keywords"))]
    if len(tags) > 1:
        yield tags
    if stated:
        yield stated
    if tags:
        yield tags
    for name in _METAS[2:]:
        if given := list(facts.meta(name)):
            yield given
    if linked := [Candidate(clean(tag.text_content()), "body", "a[rel=tag]") for tag in facts.outline.tags]:
        yield linked
    if about := [Candidate(value, "json-ld", "about") for value in strings(facts.article.get("about"))]:
        yield about


def _stated(value: Any) -> Iterator[str]:
    yield from strings(value)


def _cleaned(group: list[Candidate]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    # A list of tags may hold commas inside one; a single string is a list of its own.
    values = [c.value for c in group] if len(group) > 1 else _SPLIT.split(clean(group[0].value))
    for value in values:
        topic = clean(value).strip(" ,;.#\"'")
        if topic and len(topic) <= MAX_LENGTH and not _JUNK.search(topic):
            found.setdefault(folded(topic), topic)
    return tuple(found.values())
