"""What was edited between two readings of one article, and how much each edit weighs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from crawler.changes.alignment import Pair, aligned
from crawler.changes.content import without_hosts, written
from crawler.changes.kinds import WEIGHTS, EditKind, kind_of
from crawler.changes.words import is_word
from crawler.items import Block, Image


class Reading(Protocol):
    """What is compared: an Article has it, and so has a revision of the index."""

    @property
    def headline(self) -> str | None: ...
    @property
    def summary(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def whole_blocks(self) -> tuple[Block, ...]: ...
    @property
    def images(self) -> tuple[Image, ...]: ...


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that is not as it was."""

    kind: EditKind
    weight: int
    old: str | None
    """None: it was not there."""
    new: str | None
    """None: it is not there any more."""


def edits(old: Reading, new: Reading) -> tuple[Edit, ...]:
    """All edits: headline, summary, paragraphs in the order of the new text, captions.

    There are some where ``content_sha256`` differs, and none where it does not: names of hosts, and what was learnt to
    be boilerplate, are none.
    """
    language = new.language or old.language
    return (
        *_headline(old.headline, new.headline),
        *_summary(old.summary, new.summary, language),
        *_paragraphs(written(old.whole_blocks), written(new.whole_blocks), language),
        *_captions(old.images, new.images),
    )


def _headline(old: str | None, new: str | None) -> Iterator[Edit]:
    if without_hosts(old or "") == without_hosts(new or ""):
        return
    is_slight = old is not None and new is not None and kind_of(old, new)[0] == "punctuation"
    yield Edit("headline", WEIGHTS["punctuation" if is_slight else "headline"], old, new)


def _summary(old: str | None, new: str | None, language: str | None) -> Iterator[Edit]:
    if without_hosts(old or "") == without_hosts(new or ""):
        return
    is_slight = old is not None and new is not None and kind_of(old, new, language)[0] == "punctuation"
    yield Edit("summary", WEIGHTS["punctuation" if is_slight else "summary"], old, new)


def _paragraphs(old: Sequence[Block], new: Sequence[Block], language: str | None) -> Iterator[Edit]:
    before, after = ([without_hosts(block.text) for block in blocks] for blocks in (old, new))
    for pair in aligned(before, after):
        was = old[pair.old] if pair.old is not None else None
        now = new[pair.new] if pair.new is not None else None
        if was is not None and now is not None:
            yield from _both(pair, was, now, language)
        elif was is not None:
            yield Edit("paragraph-removed", _weight("paragraph-removed", was.text), was.text, None)
        elif now is not None:
            yield Edit("paragraph-added", _weight("paragraph-added", now.text), None, now.text)


def _both(pair: Pair, was: Block, now: Block, language: str | None) -> Iterator[Edit]:
    if pair.change == "moved":
        yield Edit("moved", WEIGHTS["moved"], was.text, now.text)
    elif pair.change == "reworded":
        kind, weight = kind_of(was.text, now.text, language)
        yield Edit(kind, weight, was.text, now.text)
    elif was.kind != now.kind:  # a paragraph that is a sub-headline now, say
        yield Edit("punctuation", WEIGHTS["punctuation"], was.text, now.text)


def _captions(old: Sequence[Image], new: Sequence[Image]) -> Iterator[Edit]:
    before, after = ([image.caption for image in images if image.caption] for images in (old, new))
    for pair in aligned([without_hosts(text) for text in before], [without_hosts(text) for text in after]):
        if pair.change == "same":
            continue
        was = before[pair.old] if pair.old is not None else None
        now = after[pair.new] if pair.new is not None else None
        kind: EditKind = "moved" if pair.change == "moved" else "caption"
        yield Edit(kind, WEIGHTS[kind], was, now)


def _weight(kind: EditKind, text: str) -> int:
    """Of a paragraph that came or went: what is no sentence (a sub-headline, a line of stars) weighs less."""
    return WEIGHTS[kind] if sum(map(is_word, text.split())) > 3 else WEIGHTS[kind] // 2
