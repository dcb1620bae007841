"""What happened to an article, line by line, as a page tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from crawler.formats.happenings import WORDS, event_line
from crawler.index.history import is_edit
from crawler.index.lookup import StoredArticle
from crawler.index.timeline import Stretch
from crawler.viewer.filters import clock

READ = ("new", "revised", "unchanged")
"""Outcomes of captures whose page had the article."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One line."""

    at: str
    kind: str
    """Of an event its kind; of a capture revision, unchanged, redirect or absent."""
    name: str
    """The kind for people."""
    said: str
    """In a sentence, without a full stop; may be empty."""
    revision: int | None
    """That came of it."""
    step: tuple[int, int] | None
    """Of an edit, the revisions before and after it."""
    weight: int | None
    """Of an edit, up to 100."""
    record_id: str | None
    """Of the capture that shows it."""
    url: str | None
    """That was fetched."""


def happened(stretches: Iterable[Stretch]) -> list[Happened]:
    """A time line in words, in its order."""
    return [_event(stretch) if stretch.first.what == "event" else _capture(stretch) for stretch in stretches]


def _event(stretch: Stretch) -> Happened:
    event = stretch.first
    is_one = is_edit(event.kind)
    return Happened(
        at=event.at,
        kind=event.kind,
        name=event.kind.replace("-", " "),
        said=_edit(event.detail) if is_one else event_line(event.kind, event.detail, clock),
        revision=None,
        step=(event.detail["from"], event.detail["to"]) if is_one else None,
        weight=event.detail.get("weight") if is_one else None,
        record_id=event.record_id,
        url=event.url,
    )


def _edit(detail: dict[str, Any]) -> str:
    return ", ".join(kind.replace("-", " ") for kind in detail.get("kinds", []))


def _capture(stretch: Stretch) -> Happened:
    capture, last = stretch.first, stretch.last
    kind, name, said = _of_capture(stretch)
    return Happened(capture.at, kind, name, said, capture.revision, None, None, last.record_id, capture.url)


def _of_capture(stretch: Stretch) -> tuple[str, str, str]:
    """Kind, name, and what is said."""
    capture = stretch.first
    if capture.revision is not None:
        return "revision", f"revision {capture.revision}", ""
    if capture.kind == "unchanged":
        times = "" if stretch.times == 1 else f"{stretch.times} times, the last {clock(stretch.last.at)}"
        return "unchanged", "unchanged", times
    if capture.kind == "redirect":
        return "redirect", "redirect", f"status {capture.status}"
    return "absent", "not seen", f"the page {WORDS.get(capture.kind, capture.kind)}"


def last_readable(stretches: Iterable[Stretch]) -> str | None:
    """The record_id of the last capture whose page had the article."""
    found = [each.last.record_id for each in stretches if each.first.what == "capture" and each.first.kind in READ]
    return found[-1] if found else None


def state_said(article: StoredArticle, lines: Iterable[Happened]) -> Happened | None:
    """What last made the article's state what it is; None while it is live, or where nothing says."""
    return next(_backwards(lines, article.state), None) if article.state != "live" else None


def _backwards(lines: Iterable[Happened], kind: str) -> Iterator[Happened]:
    return (line for line in reversed(list(lines)) if line.kind == kind)
