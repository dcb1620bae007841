"""A page that was read, in the index: as a crawl stores it, a reindex, and whoever makes two articles one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.changes.identity import article_key, own_id
from crawler.changes.likeness import Piece, marks, piece
from crawler.collection.doubts import Doubt, doubt_about
from crawler.collection.editing import note_edit
from crawler.collection.fates import Absent, restate, settle_absent
from crawler.collection.pages import ReadPage
from crawler.extraction.recurring import without_learnt
from crawler.extraction.version import extractor_of
from crawler.index.aliases import current_id
from crawler.index.articles import Seen, Stored, store_article
from crawler.index.captures import set_outcome, set_policy
from crawler.index.database import Connection
from crawler.index.forgetting import is_forgotten
from crawler.index.learnt import learnt_among
from crawler.index.ledger import PublisherRow, put_publisher
from crawler.index.merging import Written, add_marks, is_known
from crawler.index.moments import stamp
from crawler.index.readings import Outdated, outdated, refresh
from crawler.index.sightings import article_at, has_misses
from crawler.items import Article
from crawler.publishers.base import Publisher, publishers


@dataclass(frozen=True, slots=True)
class Named:
    """Whose page it is, and of which article."""

    publisher_id: str
    key: str
    piece: Piece

    @property
    def article_id(self) -> str:
        return f"{self.publisher_id}/{self.key}"


def named(db: Connection, page: ReadPage) -> Named:
    """The article of a page: by its own key, or that into which the article of this key was merged."""
    article, publisher = page.as_meant(), page.publisher
    key = article_key(article, publisher)
    publisher_id, _, now = current_id(db, f"{publisher.id}/{key}").partition("/")
    return Named(publisher_id, now, piece(article, now, has_own_id=_has_own_id(page, key)))


def _has_own_id(page: ReadPage, key: str) -> bool:
    article = page.as_meant()
    addresses = (article.url, article.canonical_url or "")
    return any(own_id(url, page.publisher) == key for url in addresses if url)


Made = Stored | Absent | Outdated | Doubt | None
"""What became of a page: see ``store_page``."""


def store_page(db: Connection, page: ReadPage, of: Named | None = None) -> Made:
    """The article in the index; Absent where the page says that it is not there any more; None when it is no article,
    or one that was taken down. Outdated or Doubt where the WARC files must be asked first: then nothing is stored.

    ``of`` is what ``named`` says of the page, for who has asked already.
    """
    capture = page.capture
    of = of or named(db, page)
    known = of.article_id if is_known(db, of.article_id) else article_at(db, capture.url)
    if page.verdict is not None:
        return settle_absent(db, capture, Absent(page.verdict, known))
    if known is not None and (doubt := doubt_about(db, known, page)) is not None:
        return doubt
    if not page.is_article():
        set_outcome(db, capture.record_id, "not-article")
        return None
    older = outdated(db, of.article_id, stamp(capture.captured_at), extractor_of(page.publisher), page.content_sha256)
    return older or put_page(db, page, of)


def put_page(db: Connection, page: ReadPage, of: Named | None = None) -> Stored | None:
    """The same of a page that is an article's, without asking further: it is compared with what is there."""
    of = of or named(db, page)
    if is_forgotten(db, of.article_id):
        set_outcome(db, page.capture.record_id, "blocked")
        return None
    put_publisher(db, publisher_row(page.publisher, page.article.publisher_name))
    if of.publisher_id != page.publisher.id:
        put_publisher(db, publisher_row(_owner(of.publisher_id, page.publisher), None))
    seen = Seen(
        capture=page.capture,
        article=_as_known(db, of, page.article),
        publisher_id=of.publisher_id,
        key=of.key,
        content_sha256=page.content_sha256,
        extractor=extractor_of(page.publisher),
        further=page.further,
        captured_as=page.publisher.id,
    )
    stored = store_article(db, seen, page.publisher.hosts())
    set_policy(db, page.capture, page.article.evidence)
    if stored.outcome != "unchanged":
        add_marks(db, stored.article_id, marks(of.publisher_id, of.piece))
    if stored.outcome == "revised":
        note_edit(db, stored, of.publisher_id, page.capture.record_id)
    if has_misses(db, stored.article_id):
        restate(db, stored.article_id)
    return stored


def refresh_page(db: Connection, revision_id: str, page: ReadPage) -> None:
    """A revision as its page is read now."""
    of = named(db, page)
    refresh(db, revision_id, _as_known(db, of, page.article), page.content_sha256, extractor_of(page.publisher))
    add_marks(db, of.article_id, marks(of.publisher_id, of.piece))


def written_of(db: Connection, page: ReadPage) -> Written:
    """What ``store_page`` made of a page beside its article."""
    of = named(db, page)
    taken = _as_known(db, of, page.article).boilerplate
    both = {*marks(of.publisher_id, of.piece), *marks(page.publisher.id, of.piece)}
    return Written(page.capture.record_id, page.publisher.id, tuple(both), taken)


def _as_known(db: Connection, of: Named, article: Article) -> Article:
    """Something may have been learnt since the page was read, by another process too."""
    return without_learnt(article, learnt_among(db, of.publisher_id, article.whole_blocks))


def _owner(publisher_id: str, captured_for: Publisher) -> Publisher:
    """The definition into which articles were merged; what stands for it where it is gone."""
    return publishers().get(publisher_id) or replace(captured_for, id=publisher_id, name=publisher_id)


def publisher_row(publisher: Publisher, stated_name: str | None) -> PublisherRow:
    """A definition as the index names it; a stand-in for one, by the name that its pages state."""
    is_stand_in = publisher.name == publisher.id
    return PublisherRow(
        id=publisher.id,
        name=(stated_name or publisher.name) if is_stand_in else publisher.name,
        domains=publisher.domains,
        country=publisher.country,
        languages=publisher.languages,
        notes=publisher.notes,
        is_stated=is_stand_in,
    )
