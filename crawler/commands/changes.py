"""How changes are shown to people: old and new in colours on a terminal, between signs elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.text import Text

from crawler.changes.passages import Passage, passages
from crawler.commands.output import counted, plain

STYLES = {"same": "", "removed": "red strike", "added": "green"}
SIGNS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
"""As ``git diff --word-diff`` has them."""

SHOWN = 3
"""Edits of an entry that are shown; of the others it is said how many."""


def words_changed(old: str, new: str) -> Text:
    """One text with what went and what came."""
    return marked(passages(old, new))


def marked(found: Iterable[Passage]) -> Text:
    """Passages, each in its colour or between its signs."""
    coloured = sys.stdout.isatty()
    text = Text()
    for passage in found:
        if coloured or passage.change == "same":
            text += plain(passage.text, STYLES[passage.change])
            continue
        opening, closing = SIGNS[passage.change]
        word = passage.text.strip()
        before, _, after = passage.text.partition(word)
        text += plain(f"{before}{opening}{word}{closing}{after}")
    return text


def edit_lines(detail: Mapping[str, Any], *, limit: int | None = SHOWN) -> Iterator[Text]:
    """The edits that an event lists, the heaviest first."""
    listed = detail.get("edits", [])
    shown = listed[:limit]
    for edit in shown:
        yield plain(f"{edit['kind']}: ", "dim") + _edit(edit)
    if more := detail.get("count", 0) - len(shown):
        yield plain(f"and {counted(more, 'more edit')}", "dim")


def _edit(edit: Mapping[str, Any]) -> Text:
    old, new = edit["old"], edit["new"]
    if edit["kind"] == "moved":
        return plain(new)
    if edit["kind"] == "headline" and old and new:
        return plain(old, "red") + plain(" → ", "dim") + plain(new, "green")
    return words_changed(old or "", new or "")
