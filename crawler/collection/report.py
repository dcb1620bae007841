"""The report of an evidence package: what the article said, when, and how to check it with what every system has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from crawler.index.lookup import StoredArticle
from crawler.items import Capture, Place
from crawler.warc.manifest import SealedWarc

STYLE = """
body { font: 1rem/1.5 Georgia, serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a;
  background: #fff }
h1, h2, h3 { line-height: 1.2; margin: 2rem 0 .5rem } h1 { font-size: 1.8rem }
table { border-collapse: collapse; width: 100%; font: .85rem/1.4 system-ui, sans-serif }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-top: 1px solid #ccc;
  overflow-wrap: anywhere }
th { white-space: nowrap; font-weight: 600 }
pre, code { font: .8rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
pre { background: #f4f4f2; padding: .8rem; white-space: pre-wrap } .text { border-left: 3px solid #ccc;
  padding-left: 1rem }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616 } pre { background: #222 } }
"""

# macOS has no base32, and its sed and awk are not for bytes: awk gets hexadecimal digits, five for four of Base32.
# Its shell takes what follows # on a typed line for arguments, which the function passes over.
BASE32 = """\
in_base32() { od -An -v -tx1 | awk '
  { gsub(/[^0-9a-f]/, ""); hex = hex $0 }
  END { for (at = 1; at < length(hex); at += 5) {
    bits = 0
    for (digit = at; digit < at + 5; digit++) bits = bits * 16 + index("123456789abcdef", substr(hex, digit, 1))
    for (unit = 32768; unit >= 1; unit /= 32) {
      printf "%s", substr("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", int(bits / unit) % 32 + 1, 1) } } print "" }'; }"""

FIELDS = (
    *("headline", "kicker", "summary", "authors", "section_path", "topics", "language", "published_at"),
    *("published_raw", "modified_at", "modified_raw", "extractor", "changed"),
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A capture in the package, and where its bytes come from."""

    capture: Capture
    """``warc`` and ``offset`` are those in the package."""
    source: Place
    """File and offset in the archive."""
    sealed: SealedWarc | None
    """That file in the manifest."""
    kind: str
    """WARC-Type of the record."""
    block_digest: str
    block_start: int
    """In the content of the record's gzip member, in bytes."""
    block_length: int


def report_html(
    article: StoredArticle,
    revisions: Sequence[Mapping[str, Any]],
    proofs: Sequence[Proof],
    *,
    head: str | None,
    software: str,
    made_at: datetime,
) -> str:
    """One page without a script, a link or anything to be loaded."""
    title = revisions[-1]["headline"] or article.id
    parts = (
        f"<h1>{escape(title)}</h1>",
        _table(_facts(article, software, made_at)),
        "<h2>When it was captured</h2>",
        _captures(proofs),
        "<h2>What it said</h2>",
        *(_revision(revision, len(revisions)) for revision in revisions),
        "<h2>How to check this</h2>",
        *_checks(proofs, head),
    )
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}: evidence</title>'
    return f"{page}<style>{STYLE}</style>{''.join(parts)}</html>\n"


def _facts(article: StoredArticle, software: str, made_at: datetime) -> Iterator[tuple[str, str]]:
    yield "article", article.id
    yield "publisher", article.publisher
    yield "addresses", "\n".join(address.url for address in article.urls)
    yield "first seen", article.first_seen_at
    yield "last seen", article.last_seen_at
    yield "state", article.state
    yield "report made", f"{made_at:%Y-%m-%dT%H:%M:%SZ} by {software}"


def _captures(proofs: Iterable[Proof]) -> str:
    rows = "".join(_table(_proof(proof)) + "<p></p>" for proof in proofs)
    return f"<p>Each exchange with a server, as it crossed the wire. All are in captures.warc.gz.</p>{rows}"


def _proof(proof: Proof) -> Iterator[tuple[str, str]]:
    capture = proof.capture
    yield "captured", f"{capture.captured_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    yield "request", f"{capture.method} {capture.url}"
    yield "answer", f"{capture.status}, {capture.mime or 'no type'}, {capture.payload_length} bytes of payload"
    if capture.refers_to:
        yield "payload", f"the same as that of record {capture.refers_to}"
    yield "payload digest", f"{capture.payload_digest or ''}\nsha256:{capture.payload_sha256 or 'not known'}"
    yield "server", f"{capture.ip or 'through a proxy'}{_tls(proof)}"
    yield "record", f"{capture.record_id} at {capture.offset} of captures.warc.gz, {capture.length} bytes"
    sealed = (
        f", sealed {proof.sealed.sealed_at:%Y-%m-%dT%H:%M:%SZ}, sha256 {proof.sealed.sha256}" if proof.sealed else ""
    )
    yield "taken from", f"{proof.source.warc} at {proof.source.offset}{sealed}"


def _tls(proof: Proof) -> str:
    tls = proof.capture.tls
    if tls is None:
        return ", without TLS"
    verified = "verified" if tls.verified else "not verified"
    return f", {tls.version}, certificate sha256 {tls.certificate_sha256}, {verified}"


def _revision(revision: Mapping[str, Any], count: int) -> str:
    facts = [(name.replace("_", " "), _shown(revision[name])) for name in FIELDS if revision[name]]
    blocks = "".join(f"<p>{escape(block['text'])}</p>" for block in revision["blocks"])
    images = [(f"image {n}", _image(image)) for n, image in enumerate(revision["images"], 1)]
    heading = f"<h3>Revision {revision['number']} of {count}, seen {escape(revision['seen_at'])}</h3>"
    return f'{heading}{_table(facts)}<div class="text">{blocks}</div>{_table(images)}'


def _image(image: Mapping[str, Any]) -> str:
    return "\n".join(filter(None, (image["caption"], image["credit"], image["url"])))


def _checks(proofs: Sequence[Proof], head: str | None) -> Iterator[str]:
    yield "<p>In a terminal of Linux or macOS, in the folder of this report: the files of this package are as they "
    yield "were made; the first line is for Linux, the second for macOS.</p>"
    yield "<pre>sha256sum -c SHA256SUMS\nshasum -a 256 -c SHA256SUMS</pre>"
    yield "<p>Each record is whole: the digest of its block is the one that the record names, which is in Base32.</p>"
    yield f"<pre>{escape(BASE32)}\n"
    for proof in proofs:
        yield escape(f"{block_check(proof)}   # {proof.block_digest}\n")
    yield "</pre><p>To read the exchanges themselves:</p><pre>gunzip -c captures.warc.gz | less</pre>"
    yield "<p>Each record is byte for byte what the archive holds; where that is at hand:</p><pre>"
    for proof in proofs:
        start, length = proof.source.offset + 1, proof.capture.length
        there = f"tail -c +{start} archive/{proof.source.warc} | head -c {length} | openssl sha256"
        here = f"tail -c +{proof.capture.offset + 1} captures.warc.gz | head -c {length} | openssl sha256"
        yield escape(f"{there}; {here}\n")
    yield "</pre>"
    if head:
        yield "<p>manifest.sha256 lists every file that the archive sealed, each with the hash of the one before it. "
        yield "Its own hash is the head of the archive; one that was published or deposited elsewhere proves that no "
        yield f"earlier entry was changed since. It is {escape(head)}.</p><pre>openssl sha256 manifest.sha256</pre>"


def block_check(proof: Proof) -> str:
    """A shell command that prints the block's digest as the record has it. ``BASE32`` comes before it."""
    member = f"tail -c +{proof.capture.offset + 1} captures.warc.gz | head -c {proof.capture.length} | gunzip"
    block = f"tail -c +{proof.block_start + 1} | head -c {proof.block_length}"
    return f"{member} | {block} | openssl sha1 -binary | in_base32"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _table(rows: Iterable[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value).replace(chr(10), '<br>')}</td></tr>" for name, value in rows
    )
    return f"<table>{cells}</table>" if cells else ""
