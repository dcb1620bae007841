"""A page on record, and what extraction made of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.changes.identity import own_id
from crawler.changes.state import verdict_of_status
from crawler.items import Article, Capture, Hints
from crawler.normalisation.urls import at_host, host_of
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
    problems: tuple[str, ...] = ()
    """What was wrong with it and could be passed over."""
    verdict: str | None = None
    """What the page is instead of an article, as it says itself: see changes.state.VERDICTS."""
    further: tuple[Capture, ...] = ()
    """The captures of its later pages, in order, where it was joined from several."""

    def is_article(self) -> bool:
        """Whether this is one article, and not a list, a notice or an empty page."""
        if not self.article.headline or not (self.article.text or self.article.images or self.article.embeds):
            return False
        if own_id(self.capture.notes.mirror_of or self.capture.url, self.publisher) is not None:
            return True
        return self.article.article_score >= _threshold(self.capture.notes.hints)

    def as_meant(self) -> Article:
        """What a mirror that stands in for another host serves, at the address that was meant: that says which article
        it is.
        """
        if (url := self.capture.notes.mirror_of) is None:
            return self.article
        canonical = self.article.canonical_url
        if canonical and host_of(canonical) == host_of(self.capture.url):
            canonical = at_host(canonical, host_of(url))
        return replace(self.article, url=url, canonical_url=canonical)


def _threshold(hints: Hints | None) -> float:
    return ASKED_FOR if hints is not None and hints.source == "user" else SURE


_LAST_WORDS = (b"</html>", b"</rss>", b"</feed>", b"</urlset>", b"</sitemapindex>", b"</rdf:rdf>")


def is_whole(capture: Capture, body: bytes) -> bool:
    """Whether a response is all there. Many servers hang up without TLS's closing message (RFC 9112 §9.8): a body that
    ends with the connection is then marked as cut, and is whole where its text says so.
    """
    return capture.truncated is None or (
        capture.truncated == "disconnect" and body[-200:].rstrip().lower().endswith(_LAST_WORDS)
    )


def first_outcome(capture: Capture) -> str | None:
    """What a capture's ``outcome`` is before anything was made of it; None for what is no article's page."""
    if capture.notes.purpose != "article" or capture.notes.page_of is not None:
        return None
    if capture.kind == "revisit" or is_unread(capture):
        return "pending"
    # Half a page is no revision of the whole one.
    return "pending" if capture.status == 200 and capture.truncated is None else "failed"


def is_unread(capture: Capture) -> bool:
    """Whether an article's address gave no page that could be one: its status, or where it leads, says all."""
    if capture.notes.purpose != "article" or capture.notes.page_of is not None or capture.kind == "revisit":
        return False
    return is_redirect(capture) or verdict_of_status(capture.status) is not None


def is_redirect(capture: Capture) -> bool:
    """Whether a capture sends readers elsewhere, or would: a 304 that nobody asked for leads nowhere."""
    return 300 <= capture.status < 400
