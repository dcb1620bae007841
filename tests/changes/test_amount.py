"""How many words of a text came and went."""

from __future__ import annotations

import pytest

from crawler.changes.amount import Amount, amount


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("It costs four million.", "It costs five million.", Amount(1, 1)),
        ("It costs four million.", "It costs four million", Amount(0, 0)),
        (None, "Three new words.", Amount(3, 0)),
        ("Three old words.", None, Amount(0, 3)),
        ("北京今天", "北京明天", Amount(1, 1)),
        ("The same, elsewhere.", "The same, elsewhere.", Amount(0, 0)),
    ],
)
def test_words_are_counted_and_marks_are_not(old: str | None, new: str | None, expected: Amount) -> None:
    assert amount([(old, new)]) == expected


def test_several_edits_add_up() -> None:
    assert amount([("one two", "one three"), (None, "four")]) == Amount(2, 1)
    assert amount([]) == Amount(0, 0)
