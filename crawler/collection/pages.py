"""A page on record, and what extraction made of it."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.changes.identity import own_id
from crawler.items import Article, Capture, Hints
from crawler.publishers.base import Publisher

SURE = 0.5
"""The article score from which a page that a listing named counts as an article."""

ASKED_FOR = 0.3
"""The same for a page that the user named."""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A captured page, read."""

    capture: Capture
    publisher: Publisher
    article: Article
    content_sha256: str

    def is_article(self) -> bool:
        """Whether this is one article, and not a list, a notice or an empty page."""
        if not self.article.headline or not (self.article.text or self.article.images or self.article.videos):
            return False
        if own_id(self.capture.url, self.publisher) is not None:
            return True
        return self.article.article_score >= _threshold(self.capture.notes.hints)


def _threshold(hints: Hints | None) -> float:
    return ASKED_FOR if hints is not None and hints.source == "user" else SURE


def first_outcome(capture: Capture) -> str | None:
    """What a capture's ``outcome`` is before anything was extracted; None for what is no article's page."""
    if capture.notes.purpose != "article" or capture.status in range(300, 400):
        return None
    if capture.status in (404, 410):
        return "gone"
    if capture.status in (401, 402, 403, 407, 451):
        return "blocked"
    # Half a page is no revision of the whole one.
    return "pending" if capture.status == 200 and capture.truncated is None else "failed"
