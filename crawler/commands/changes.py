"""How changes are shown to people: old and new in colours on a terminal, between signs elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.text import Text

from crawler.changes.passages import Passage, passages
from crawler.commands.output import counted, plain
from crawler.index.aliases import MERGED
from crawler.index.mirrors import DIFFERS

STYLES = {"same": "", "removed": "red strike", "added": "green"}
SIGNS = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
"""As ``git diff --word-diff`` has them."""

WORDS = {
    "not-found": "answered 404, not found",
    "removed": "answered 410, gone",
    "legal-reasons": "answered 451, unavailable for legal reasons",
    "refused": "was refused",
    "blocked": "was a wall against robots, or for readers",
    "soft-404": "said that there is nothing, with status 200",
    "emptied": "was there without its text",
    "redirected-home": "led to the front page",
    "redirected": "led elsewhere",
    "redirected-for-now": "led elsewhere for now",
    "unreadable": "was there, but its text was not found",
    "seized": "was a notice of seizure",
    "parked": "was a parked domain",
    "consent": "was a question for consent",
}
"""Verdicts for people, after "the page"."""

REASONS = {
    "own-id": "by the publisher's own id",
    "address": "which was at this address",
    "redirect": "whose address leads here, or the other way",
    "number": "with the same number in its address and the same text",
    "text": "with the same text",
}
"""Why two articles are one, after "the same article as …,"."""

SHOWN = 3
"""Edits of an entry that are shown; of the others it is said how many."""


def moment(at: str) -> str:
    """A time of the index to the second."""
    return f"{at[:10]} {at[11:19]}{'Z' if at.endswith('Z') else ''}"


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
        word = passage.text.rstrip()
        text += plain(f"{opening}{word}{closing}{passage.text[len(word) :]}")
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


def event_line(kind: str, detail: Mapping[str, Any]) -> str:
    """What an event of an article says that is no edit, in a sentence."""
    if kind == MERGED:
        return f"the same article as {detail.get('merged')}, {REASONS.get(detail.get('reason', ''), 'as was found')}"
    if kind == DIFFERS:
        fields = ", ".join(difference["field"] for difference in detail.get("differences", []))
        return f"{detail.get('host')} does not say the same as {detail.get('of')}: {fields}"
    return state_line(kind, detail)


def state_line(kind: str, detail: Mapping[str, Any]) -> str:
    """What a change of an article's state says, in a sentence."""
    if kind == "restored":
        return f"is back at {detail.get('url')}"
    if kind == "moved":
        return f"moved from {detail.get('url')} to {detail.get('to')}"
    if kind == "dropped-from-sitemap":
        return f"no longer listed in {detail.get('sitemap')}"
    since, last = detail.get("since"), detail.get("last_seen")
    said = WORDS.get(detail.get("reason", ""), detail.get("reason") or "was not there")
    number = str(detail.get("revision", "")).rpartition("@")[2]
    dates = f", first at {moment(since)}" if since else ""
    return f"the page {said}{dates}" + (f"; last seen {moment(last)}, as revision {number}" if last else "")
