"""The nouns of ofrecord: values that cross folders. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Literal

Purpose = Literal["article", "feed", "sitemap", "section", "robots", "tdmrep", "requisite", "other"]
"""What a request was made for; ``captures.purpose`` in the index."""

Truncation = Literal["length", "time", "disconnect", "unspecified"]
"""Why a body is not whole (WARC-Truncated, ISO 28500:2017 §5.13)."""

BlockKind = Literal["paragraph", "subhead", "quote", "list_item", "table", "embed"]

DatePrecision = Literal["instant", "local", "day"]
"""instant: the page gives a zone; local: a time without zone; day: only a date."""

Access = Literal["free", "metered", "locked"]
ArticleForm = Literal["article", "live-blog", "multi-page"]

EmbedKind = Literal["video", "audio", "post", "graphic", "document", "page"]
"""post: of a social network; graphic: a chart, map or moving picture; page: of another site, or not known."""


def _isoformat(moment: datetime | None) -> str | None:
    """ISO 8601 for Scrapy's feed exports, which would drop the zone."""
    return moment.isoformat() if moment else None


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed, sitemap or section page claimed about an article."""

    source: Literal["feed", "sitemap", "section", "user"]
    listing_url: str | None = None
    title: str | None = None
    summary: str | None = None
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    """Aware when the listing gave a zone, naive otherwise."""
    published_raw: str | None = None
    modified: datetime | None = None
    language: str | None = None
    images: tuple[str, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()
    """(language, URL) from a sitemap's xhtml:link."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address that a page or listing names."""

    url: str
    text: str | None = None
    hints: Hints | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the body, in reading order."""

    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image that belongs to the article."""

    url: str
    """Absolute, the largest that is offered; never a data: URI."""
    caption: str | None = None
    credit: str | None = None
    """Who took it, without brackets or the word "photo": "(AFP photo)" gives "AFP"."""
    alt: str | None = None
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Embed:
    """What the article shows from elsewhere: a video, a recording, a post."""

    kind: EmbedKind
    url: str
    """Absolute; of known players the address of what they play: "https://www.youtube.com/watch?v=…"."""
    provider: str | None = None
    """"youtube", "x", "spotify" …; None: the publisher's own, or one that is not known."""
    title: str | None = None
    author: str | None = None
    """Who made or posted it, as the page has it."""
    before: int | None = None
    """How many blocks stand above it, learnt boilerplate too; None: the page does not show where it belongs."""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Text that was taken out of the body, kept as data."""

    text: str
    kind: str
    """Why: "alternate-addresses", "promotion", "consent", "disclaimer", "related", "learnt", …"""
    hosts: tuple[str, ...] = ()
    """Host names that the text names, lower case, in order."""
    position: int | None = None
    """Of a learnt piece: where it stood among the blocks, from 0. None: a rule took it out, whatever was learnt."""
    block_kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One candidate for the value of a field, and where it came from."""

    field: str
    value: str
    source: str
    """json-ld, microdata, opengraph, meta, layout, feed, sitemap, url, body; state: what a front end hydrates from."""
    locator: str | None = None
    """A path or selector that finds the value again."""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says, in canonical form. None and () mean: the page does not say."""

    url: str
    """The address the page was read at."""
    canonical_url: str | None = None
    headline: str | None = None
    kicker: str | None = None
    """The short line above the headline."""
    summary: str | None = None
    authors: tuple[str, ...] = ()
    """Whom the byline names: people, but also agencies and desks ("Staff", "Redaktion")."""
    persons: tuple[str, ...] = ()
    """Those of ``authors`` that are people."""
    agencies: tuple[str, ...] = ()
    """News agencies that byline, dateline or last line credit, by their usual names: "AFP", "dpa"."""
    dateline: str | None = None
    """As the text opens with it, which keeps it: "BAGHDAD, Jan 5 (Reuters)"."""
    dateline_place: str | None = None
    """"BAGHDAD", as written there."""
    published: datetime | None = field(default=None, metadata={"serializer": _isoformat})
    """Aware if the page gives a zone; otherwise naive, as stated: see ``published_precision``."""
    published_precision: DatePrecision | None = None
    published_raw: str | None = None
    modified: datetime | None = field(default=None, metadata={"serializer": _isoformat})
    modified_raw: str | None = None
    section_path: tuple[str, ...] = ()
    """From the general to the particular: ("News", "Iraq")."""
    topics: tuple[str, ...] = ()
    language: str | None = None
    """BCP 47, as short as the page allows: "en", "pt-br"."""
    publisher_name: str | None = None
    access: Access | None = None
    form: ArticleForm = "article"
    page: int | None = None
    """Of several that the article is spread over, from 1; None: it is on one."""
    pages: int | None = None
    """How many there are; None: one, or the page does not say."""
    next_page: str | None = None
    """Absolute, on the same host: where the article goes on."""
    corrections: tuple[str, ...] = ()
    """Notes on what was corrected or amended. The text keeps them where the page has them in it."""
    blocks: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    embeds: tuple[Embed, ...] = ()
    """In the page's order. They are no blocks: a player that comes or goes is no edit of what was written."""
    links: tuple[Link, ...] = ()
    """Links inside the body."""
    boilerplate: tuple[Boilerplate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    text: str = ""
    """The blocks, joined by blank lines."""
    article_score: float = 0.0
    """How much the page looks like one article, 0 to 1; under .5 it is something else."""
    problems: tuple[str, ...] = ()
    """Limits that the extraction ran into: "depth", "size", "time", "pages" (of which some are missing)."""

    @property
    def whole_blocks(self) -> tuple[Block, ...]:
        """The blocks with what was taken out as learnt boilerplate: the same whatever was learnt, and when."""
        blocks = list(self.blocks)
        learnt = (piece for piece in self.boilerplate if piece.position is not None)
        for piece in sorted(learnt, key=lambda piece: piece.position or 0):
            blocks.insert(piece.position or 0, Block(piece.block_kind, piece.text))
        return tuple(blocks)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known about a page beside its bytes."""

    hints: Hints | None = None
    captured_at: datetime | None = None
    """Aware; anchors relative dates ("3 hours ago")."""
    boilerplate: frozenset[str] = frozenset()
    """Paragraphs learnt to recur over this publisher's articles."""
    generation: int = 0
    """Of the learnt boilerplate; counts up when more is learnt."""


@dataclass(frozen=True, slots=True)
class Tls:
    """What the TLS handshake established."""

    version: str
    cipher: str
    certificate_sha256: str
    """Hex digest of the peer's DER certificate."""
    verified: bool
    """False only where a publisher's definition switches verification off."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, exactly as they crossed the wire."""

    url: str
    """Without fragment."""
    method: str
    captured_at: datetime
    """Aware, UTC, microseconds: when the first byte of the request went out."""
    fetch_ms: int
    request: bytes
    response: BinaryIO
    """Seekable, at 0: the final response, header and body, without 1xx. A spool: memory or a file."""
    response_length: int
    """Bytes in ``response``."""
    head_length: int
    """Bytes of the response's header, its blank line included."""
    status: int
    interim: bytes = b""
    """1xx responses that came before, as sent."""
    truncated: Truncation | None = None
    ip: str | None = None
    """The peer's address; None through a proxy, where it is not the server's."""
    tls: Tls | None = None
    via_proxy: bool = False
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class BrokenExchange:
    """A request that went out and got no complete response header: nothing that a response record could hold."""

    url: str
    """Without fragment."""
    method: str
    captured_at: datetime
    """Aware, UTC, microseconds: when the first byte of the request went out."""
    request: bytes
    received: bytes
    """What came, 1xx included; empty when there was no answer at all."""
    reason: str
    """Why it ended, in words."""
    ip: str | None = None
    """The peer's address; None through a proxy."""


@dataclass(frozen=True, slots=True)
class Notes:
    """Why an exchange was made: what its metadata record says beside the wire."""

    purpose: Purpose = "other"
    publisher_id: str | None = None
    via: str | None = None
    """The page or listing that named the URL."""
    hops: int = 0
    """Links followed from a seed."""
    retries: int = 0
    hints: Hints | None = None
    mirror_of: str | None = None
    page_of: str | None = None
    """Of a later page of an article that is joined: the record_id of its first page's capture."""
    robots: Literal["allowed", "not-asked"] | None = None
    site_asks: tuple[tuple[str, str], ...] = ()
    """What the site's tdmrep.json says of the URL, as header fields would."""
    crawl: str | None = None
    """Names the crawl, also after a reindex: the index's row ids do not last."""


@dataclass(frozen=True, slots=True)
class Capture:
    """Where an exchange is on record."""

    record_id: str
    """urn:uuid of the response or revisit record, without angle brackets."""
    url: str
    captured_at: datetime
    method: str
    status: int
    mime: str | None
    warc: str
    """File name below ``archive/``, without ".open"."""
    offset: int
    """Of the record's gzip member, in bytes."""
    length: int
    payload_digest: str | None
    """"sha1:" and Base32, over the entity-body."""
    payload_sha256: str | None
    payload_length: int
    kind: Literal["response", "revisit"] = "response"
    ip: str | None = None
    tls: Tls | None = None
    truncated: Truncation | None = None
    etag: str | None = None
    last_modified: str | None = None
    refers_to: str | None = None
    """Of a revisit: the record_id of the response whose payload this exchange brought again."""
    asks: tuple[tuple[str, str], ...] = ()
    """Header fields by which the server says what may be done with the page: X-Robots-Tag, TDMRep's, Link."""
    notes: Notes = Notes()


@dataclass(frozen=True, slots=True)
class Event:
    """A fact worth a date: an edit, a host that went down, a candidate for a mirror."""

    kind: str
    at: datetime
    publisher_id: str | None = None
    article_id: str | None = None
    record_id: str | None = None
    """Of the capture that shows it."""
    detail: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something about an archive that is not as it should be."""

    rule: str
    """Short name of what is broken, such as "block-digest"."""
    where: str
    """File and offset, or table and row."""
    what: str
    """For people: what was found, and what should have been."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins."""

    warc: str
    """File name below ``archive/``, or the whole path of an imported file."""
    offset: int
