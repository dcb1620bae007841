"""Entries of the ledger as pages show them: what happened in words, word by word, and where to look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.changes.excerpts import CUT
from crawler.changes.passages import Passage, passages
from crawler.changes.words import is_word, pieces
from crawler.formats.happenings import state_line
from crawler.index.history import LedgerEntry, is_edit
from crawler.viewer.filters import article_path, clock

KINDS = {
    "edited": "edited",
    "silently-edited": "silently edited",
    "gone": "gone",
    "blocked": "blocked",
    "moved": "moved",
    "restored": "restored",
    "dropped-from-sitemap": "dropped from a sitemap",
}
"""Kinds of events for people."""

EDITS = {
    "headline": "headline",
    "number": "number",
    "quote": "quotation",
    "name": "name",
    "paragraph-removed": "paragraph removed",
    "paragraph-added": "paragraph added",
    "caption": "caption",
    "summary": "summary",
    "reworded": "wording",
    "moved": "paragraph moved",
    "punctuation": "punctuation",
}
"""Kinds of edits for people."""


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """One edit, word by word."""

    kind: str
    runs: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """How many words an edit took and put."""

    removed: int
    added: int
    is_exact: bool
    """Whether the event lists all of them: of many or long edits it has the beginnings."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, ready for a template."""

    entry: LedgerEntry
    kind: str
    """For people."""
    kinds: tuple[str, ...]
    """Of its edits, for people, the heaviest first; () where it is no edit."""
    edits: tuple[ShownEdit, ...]
    """The heaviest ones."""
    further: int
    """Edits beside those."""
    sentence: str | None
    """Of what is no edit."""
    words: Words | None
    """None where it is no edit."""
    look: str
    """The page that shows it best: the difference, else the article."""
    before: str | None
    """record_id of the last capture that was good, where the page is not there any more."""


def shown(entry: LedgerEntry, *, edits: int = 3, brief: bool = False) -> Shown:
    """An entry with so many of its edits word by word; brief: without the moments beside its own."""
    if not is_edit(entry.kind):
        said = state_line(entry.kind, _without_moments(entry.detail) if brief else entry.detail, clock)
        before = entry.detail.get("last_capture")
        return Shown(entry, _named(entry.kind), (), (), 0, said, None, article_path(entry.article_id), before)
    listed = entry.detail.get("edits", ())
    told = tuple(ShownEdit(EDITS.get(edit["kind"], edit["kind"]), tuple(_runs(edit))) for edit in listed)
    count = max(entry.detail.get("count", 0), len(told))
    return Shown(
        entry=entry,
        kind=_named(entry.kind),
        kinds=tuple(EDITS.get(kind, kind) for kind in entry.detail.get("kinds", ())),
        edits=told[:edits],
        further=count - len(told[:edits]),
        sentence=None,
        words=_words(told, is_exact=count == len(told) and not any(map(_is_cut, listed))),
        look=difference_path(entry),
        before=None,
    )


def difference_path(entry: LedgerEntry) -> str:
    """The page that compares the two revisions of an edit."""
    first, last = entry.detail.get("from", 1), entry.detail.get("to", 2)
    return f"{article_path(entry.article_id)}/diff?from={first}&to={last}"


def _without_moments(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in detail.items() if name not in ("since", "last_seen")}


def _named(kind: str) -> str:
    return KINDS.get(kind, kind)


def _runs(edit: Mapping[str, Any]) -> list[Passage]:
    old, new = edit.get("old") or "", edit.get("new") or ""
    if edit["kind"] == "moved":
        return [Passage("same", new)]
    return passages(old, new)


def _is_cut(edit: Mapping[str, Any]) -> bool:
    """Whether the texts are not whole at the end: what follows is not known to be the same."""
    return any(len(text) > 290 and text.endswith(CUT) for text in (edit.get("old") or "", edit.get("new") or ""))


def _words(edits: Iterable[ShownEdit], *, is_exact: bool) -> Words:
    runs = [run for edit in edits for run in edit.runs]
    return Words(_count(runs, "removed"), _count(runs, "added"), is_exact)


def _count(runs: Iterable[Passage], change: str) -> int:
    return sum(is_word(piece) for run in runs if run.change == change for piece in pieces(run.text))
