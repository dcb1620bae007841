"""Entries of the ledger as pages show them: what happened in words, word by word, and where to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crawler.changes.amount import Amount, amount
from crawler.changes.excerpts import CUT
from crawler.changes.passages import Passage, passages
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
    words: Amount | None
    """That came and went; None where it is no edit."""
    is_exact: bool
    """Whether these are all of them: of many or long edits an event has the beginnings."""
    look: str
    """The page that shows it best: the difference, else the article."""
    before: str | None
    """record_id of the last capture that was good, where the page is not there any more."""


def shown(entry: LedgerEntry, *, edits: int = 3, brief: bool = False) -> Shown:
    """An entry with so many of its edits word by word; brief: without the moments beside its own."""
    if not is_edit(entry.kind):
        said = state_line(entry.kind, _without_moments(entry.detail) if brief else entry.detail, clock)
        before = entry.detail.get("last_capture")
        return Shown(entry, _named(entry.kind), (), (), 0, said, None, True, article_path(entry.article_id), before)
    listed = entry.detail.get("edits", ())
    count = max(entry.detail.get("count", 0), len(listed))
    told = [ShownEdit(EDITS.get(edit["kind"], edit["kind"]), tuple(_runs(edit))) for edit in listed[:edits]]
    return Shown(
        entry=entry,
        kind=_named(entry.kind),
        kinds=tuple(EDITS.get(kind, kind) for kind in entry.detail.get("kinds", ())),
        edits=tuple(told),
        further=count - len(told),
        sentence=None,
        words=amount((edit["old"], edit["new"]) for edit in listed if edit["kind"] != "moved"),
        is_exact=count == len(listed) and not any(map(_is_cut, listed)),
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
