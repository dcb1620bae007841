"""A comparison as it is read: once with what went and came, or side by side."""

from __future__ import annotations

from crawler.changes.comparison import Line
from crawler.changes.passages import Passage
from crawler.changes.sides import Sides, sides


def one(line: Line) -> Sides:
    (found,) = sides([line])
    return found


def text(runs: tuple[Passage, ...]) -> str:
    return "".join(run.text for run in runs)


def test_a_reworded_paragraph_is_read_once_or_on_both_sides() -> None:
    line = one(Line("text", "reworded", "It costs four million.", "It costs five million."))
    assert [(run.change, run.text) for run in line.runs] == [
        ("same", "It costs "),
        ("removed", "four "),
        ("added", "five "),
        ("same", "million."),
    ]
    assert (text(line.old), text(line.new)) == ("It costs four million.", "It costs five million.")


def test_what_came_has_nothing_on_the_old_side() -> None:
    line = one(Line("text", "added", None, "It is new."))
    assert (line.old, text(line.new)) == ((), "It is new.")


def test_what_went_has_nothing_on_the_new_side() -> None:
    line = one(Line("captions", "removed", "The wall.", None))
    assert (text(line.old), line.new) == ("The wall.", ())


def test_what_moved_is_the_same_on_both_sides() -> None:
    line = one(Line("text", "moved", "It stood below.", "It stood below."))
    assert line.runs == (Passage("same", "It stood below."),)
    assert line.old == line.new == line.runs
