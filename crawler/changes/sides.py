"""A comparison as it is read: each line once with what went and what came, or old and new side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crawler.changes.alignment import Change
from crawler.changes.comparison import Line, Part
from crawler.changes.passages import Passage, passages


@dataclass(frozen=True, slots=True)
class Sides:
    """A headline, a paragraph or a caption, word by word."""

    part: Part
    change: Change
    """moved: the words are the same, and stood elsewhere."""
    runs: tuple[Passage, ...]
    """All of it, what was removed before what was added."""

    @property
    def old(self) -> tuple[Passage, ...]:
        """What was there; () where nothing was."""
        return tuple(run for run in self.runs if run.change != "added") if self.change != "added" else ()

    @property
    def new(self) -> tuple[Passage, ...]:
        """What is there; () where nothing is."""
        return tuple(run for run in self.runs if run.change != "removed") if self.change != "removed" else ()


def sides(lines: Iterable[Line]) -> list[Sides]:
    """The lines of a comparison, in order."""
    return [Sides(line.part, line.change, _runs(line)) for line in lines]


def _runs(line: Line) -> tuple[Passage, ...]:
    if line.change == "moved" or line.old == line.new:
        return (Passage("same", line.new or ""),)
    return tuple(passages(line.old or "", line.new or ""))
