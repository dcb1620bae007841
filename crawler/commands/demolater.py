"""The demo site a day later: what its editors changed, and where they own up to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from crawler.commands.demopages import DemoArticle, DemoTexts


@dataclass(frozen=True, slots=True)
class _Edit:
    """One article's other wording."""

    field: str
    old: str
    new: str
    modified: str | None = None
    """The date that the page states from then on; None: the same as before."""


_EDITS = {
    "/2025/03/14/council-votes-to-keep-the-lantern-library-open": _Edit(
        "body", "voted by eleven to eight on Thursday", "voted by ten to nine on Thursday"
    ),
    "/2025/03/11/night-bus-returns-to-ferry-hill-from-april": _Edit(
        "headline",
        "Night bus returns to Ferry Hill from April",
        "Night bus returns to Ferry Hill, but not before May",
        "2025-03-12T09:15:00+00:00",
    ),
}


def later(texts: DemoTexts) -> DemoTexts:
    """The texts of the next day."""
    return replace(texts, articles=tuple(map(_edited, texts.articles)))


def _edited(article: DemoArticle) -> DemoArticle:
    edit = _EDITS.get(article.path)
    if edit is None:
        return article
    text = str(getattr(article, edit.field))
    assert edit.old in text, f"{article.path} does not say {edit.old!r}"
    changes: dict[str, str | datetime] = {edit.field: text.replace(edit.old, edit.new)}
    if edit.modified:
        changes["modified"] = datetime.fromisoformat(edit.modified)
    return replace(article, **changes)  # type: ignore[arg-type]  # names of its fields
