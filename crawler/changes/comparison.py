"""Two readings side by side, whole: what a reader of a diff is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.changes.alignment import Change, aligned
from crawler.changes.content import without_hosts, written
from crawler.changes.edits import Edit, Reading, edits
from crawler.changes.kinds import weight_of_all

Part = Literal["headline", "summary", "text", "captions"]


@dataclass(frozen=True, slots=True)
class Line:
    """A headline, a paragraph or a caption, before and after."""

    part: Part
    change: Change
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All of both readings."""

    weight: int
    kinds: tuple[str, ...]
    """Of the edits, the heaviest first, each once."""
    edits: tuple[Edit, ...]
    lines: tuple[Line, ...]
    """Headline and summary where they changed, all paragraphs, captions where any changed."""


def compared(old: Reading, new: Reading) -> Comparison:
    """The comparison of an older with a newer reading."""
    found = edits(old, new)
    heaviest = sorted(found, key=lambda edit: -edit.weight)
    return Comparison(
        weight_of_all([edit.weight for edit in found]),
        tuple(dict.fromkeys(edit.kind for edit in heaviest)),
        found,
        tuple(_lines(old, new)),
    )


def _lines(old: Reading, new: Reading) -> Iterator[Line]:
    yield from _one("headline", old.headline, new.headline)
    yield from _one("summary", old.summary, new.summary)
    before, after = ([block.text for block in written(reading.whole_blocks)] for reading in (old, new))
    yield from _many("text", before, after)
    captions = ([image.caption for image in reading.images if image.caption] for reading in (old, new))
    lines = list(_many("captions", *captions))
    if any(line.change != "same" for line in lines):
        yield from lines


def _one(part: Part, old: str | None, new: str | None) -> Iterator[Line]:
    if without_hosts(old or "") == without_hosts(new or ""):
        return
    yield Line(part, "added" if not old else "reworded" if new else "removed", old, new)


def _many(part: Part, old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for pair in aligned(*([without_hosts(text) for text in texts] for texts in (old, new))):
        was = old[pair.old] if pair.old is not None else None
        now = new[pair.new] if pair.new is not None else None
        yield Line(part, pair.change, was, now)
