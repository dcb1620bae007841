"""What happened to an article, in words: why its page was not there, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from crawler.index.aliases import MERGED
from crawler.index.mirrors import DIFFERS

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


def moment(at: str) -> str:
    """A time of the index to the second."""
    return f"{at[:10]} {at[11:19]}{'Z' if at.endswith('Z') else ''}"


def event_line(kind: str, detail: Mapping[str, Any], when: Callable[[str], str] = moment) -> str:
    """What an event of an article says that is no edit, in a sentence; ``when`` writes its moments."""
    if kind == MERGED:
        return f"the same article as {detail.get('merged')}, {REASONS.get(detail.get('reason', ''), 'as was found')}"
    if kind == DIFFERS:
        fields = ", ".join(difference["field"] for difference in detail.get("differences", []))
        return f"{detail.get('host')} does not say the same as {detail.get('of')}: {fields}"
    return state_line(kind, detail, when)


def state_line(kind: str, detail: Mapping[str, Any], when: Callable[[str], str] = moment) -> str:
    """What a change of an article's state says, in a sentence; ``when`` writes its moments."""
    if kind == "restored":
        return f"is back at {detail.get('url')}"
    if kind == "moved":
        return f"moved from {detail.get('url')} to {detail.get('to')}"
    if kind == "dropped-from-sitemap":
        return f"no longer listed in {detail.get('sitemap')}"
    since, last = detail.get("since"), detail.get("last_seen")
    said = WORDS.get(detail.get("reason", ""), detail.get("reason") or "was not there")
    number = str(detail.get("revision", "")).rpartition("@")[2]
    dates = f", first at {when(since)}" if since else ""
    return f"the page {said}{dates}" + (f"; last seen {when(last)}, as revision {number}" if last else "")
