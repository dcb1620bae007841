"""Where two copies of one article, on two hosts of its publisher, do not say the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher

from crawler.changes.content import without_hosts
from crawler.items import Article
from crawler.normalisation.text import words

_FIELDS = ("headline", "kicker", "summary", "authors", "published", "modified", "section_path", "topics", "language")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
SHOWN = 20
"""Paragraphs that differ, at most, that a difference of texts tells."""
ALIKE = 0.9
"""The part of the words, from which on two texts are two copies of one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field; both values as JSON can hold them. Host names in texts do not count: a mirror writes its own."""

    field: str
    """Of Article; "text": the paragraphs that differ; "numbers": those in only one of the texts; "captions"."""
    here: object
    there: object


def differences(here: Article, there: Article) -> tuple[Difference, ...]:
    """The fields in which two copies differ, in the order of ``Article``."""
    return tuple(_differences(here, there))


def _differences(here: Article, there: Article) -> Iterator[Difference]:
    for field in _FIELDS:
        ours, theirs = _value(getattr(here, field)), _value(getattr(there, field))
        if _plain(ours) != _plain(theirs):
            yield Difference(field, ours, theirs)
    blocks = [[block.text for block in article.whole_blocks] for article in (here, there)]
    ours_only, theirs_only = _unlike(*blocks)
    if ours_only or theirs_only:
        yield Difference("text", ours_only[:SHOWN], theirs_only[:SHOWN])
    numbers = [Counter(_NUMBER.findall(without_hosts("\n".join(texts)))) for texts in blocks]
    if numbers[0] != numbers[1]:
        yield Difference("numbers", _more(numbers[0], numbers[1]), _more(numbers[1], numbers[0]))
    captions = [[image.caption for image in article.images if image.caption] for article in (here, there)]
    ours_only, theirs_only = _unlike(*captions)
    if ours_only or theirs_only:
        yield Difference("captions", ours_only, theirs_only)


def are_copies(here: Article, there: Article) -> bool:
    """Whether two pages are the same article, whatever one of them may have changed in it."""
    ours, theirs = (Counter(words(f"{article.headline or ''}\n{article.text}")) for article in (here, there))
    return bool(ours) and 2 * (ours & theirs).total() >= ALIKE * (ours.total() + theirs.total())


def lag(here: Article, there: Article) -> timedelta | None:
    """By how much the copy there is older, by the times of change that both state; None where they do not."""
    if here.modified is None or there.modified is None or here.modified_raw == there.modified_raw:
        return None
    if (here.modified.tzinfo is None) != (there.modified.tzinfo is None):
        return None
    return here.modified - there.modified


def _more(ours: Counter[str], theirs: Counter[str]) -> list[str]:
    return list((ours - theirs).elements())


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).isoformat()
    return list(value) if isinstance(value, tuple) else value


def _plain(value: object) -> object:
    return without_hosts(value) if isinstance(value, str) else value


def _unlike(ours: Sequence[str], theirs: Sequence[str]) -> tuple[list[str], list[str]]:
    """What stands in only one of two sequences, in order."""
    plain, other = [without_hosts(text) for text in ours], [without_hosts(text) for text in theirs]
    only: tuple[list[str], list[str]] = [], []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, plain, other, autojunk=False).get_opcodes():
        if tag != "equal":
            only[0].extend(ours[start:end])
            only[1].extend(theirs[other_start:other_end])
    return only
