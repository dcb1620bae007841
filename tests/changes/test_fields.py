"""Fields beside the text that changed with a revision."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.changes.fields import FieldChange, changed_fields


@dataclass(frozen=True)
class Said:
    kicker: str | None = None
    authors: tuple[str, ...] = ("Ann Lee",)
    section_path: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    published_at: str | None = "2026-01-05"
    modified_at: str | None = None
    language: str | None = "en"


def test_lists_are_compared_whole_and_told_in_words() -> None:
    new = replace(Said(), authors=("Ann Lee", "Bo Øre"), topics=("storms",))
    assert changed_fields(Said(), new) == (
        FieldChange("authors", "Ann Lee", "Ann Lee, Bo Øre"),
        FieldChange("topics", None, "storms"),
    )


def test_what_stayed_is_not_told() -> None:
    assert changed_fields(Said(), Said()) == ()
