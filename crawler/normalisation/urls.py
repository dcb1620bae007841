"""One address, one form: for comparing, for requesting, for sorting into an index. Nothing here raises on bad input."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, safe_url_string

from crawler.normalisation.tracking import is_tracking

if TYPE_CHECKING:
    from tldextract import TLDExtract

DEFAULT_PORTS = {"http": 80, "https": 443}
ESCAPES_DEPTH = 32
"""Escapes of escapes that are undone in a SURT; only an address made to cost time has more."""


_SESSION_PAIR = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid[a-z]{8}|session_?id|sid|cftoken)=[0-9a-z.-]{16,}|cfid=\d+", re.IGNORECASE
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/;?]*|(?<=/)\(s\([0-9a-z]{24}\)\)/", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """The form under which two spellings of one page's address are equal; for comparing, not for requesting.

    Host in lower case and IDNA, no default port, no fragment, no tracking parameters, no session ids, the query sorted,
    escapes as w3lib writes them. The scheme, "www." and a trailing slash stay: they may tell pages apart.
    An address that cannot be parsed comes back without its outer white space.
    """
    try:
        parts = urlsplit(canonicalize_url(url))
        netloc = _plain_netloc(parts)
    except ValueError:
        return url.strip()
    if parts.scheme not in DEFAULT_PORTS or not netloc:
        return url.strip()
    pairs = [pair for pair in parts.query.split("&") if not is_tracking(pair.partition("=")[0])]
    query = "&".join(pair for pair in pairs if not _SESSION_PAIR.fullmatch(pair))
    return parts._replace(netloc=netloc, path=_SESSION_IN_PATH.sub("", parts.path), query=query).geturl()


def wire_url(url: str) -> str:
    """The address as Scrapy requests it and a WARC-Target-URI holds it: RFC 3986 characters only, no fragment."""
    try:
        return safe_url_string(url).partition("#")[0]
    except ValueError:
        return url.strip()


def has_session(url: str) -> bool:
    """Whether a URL names a visitor's session: there is another such URL of the page for each visit."""
    return bool(_SESSION_IN_PATH.search(url)) or any(
        _SESSION_PAIR.fullmatch(pair) for pair in url.partition("?")[2].partition("#")[0].split("&")
    )


def host_of(url: str) -> str:
    """The host in lower case and IDNA, without port and final dot; "" where there is none."""
    try:
        host = (urlsplit(url.strip()).hostname or "").rstrip(".")
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except ValueError:
        return ""


def at_host(url: str, host: str) -> str:
    """The same address at another host; scheme and port stay."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit(parts._replace(netloc=f"{host}{port}"))


def bare_host(host: str) -> str:
    """A host without "www.": both are one site."""
    return host.lower().removeprefix("www.")


def is_address(text: str) -> bool:
    """Whether this is an absolute http URL that can be parsed."""
    try:
        return bool(urlsplit(text).hostname) and text.startswith(("http://", "https://"))
    except ValueError:
        return False


def same_site(url: str, other: str) -> bool:
    """Whether two URLs are below one registered domain."""
    domain = registered_domain(host_of(url))
    return bool(domain) and domain == registered_domain(host_of(other))


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str:
    """What somebody registered: "example.co.uk" of "news.example.co.uk".

    By the Public Suffix List that tldextract brings along, private suffixes included (each blog of a blog host
    is a site of its own). Under a suffix that it does not know, the last two labels; of an IP address, a single
    label or a bare suffix, the host itself.
    """
    host = host.lower().strip(".")
    if _is_ip(host) or "." not in host:
        return host
    found = _suffix_list()(host)
    if found.suffix:
        return f"{found.domain}.{found.suffix}" if found.domain else host
    return ".".join(host.split(".")[-2:])


@cache
def _suffix_list() -> TLDExtract:
    # Not at the top: it loads a library that binds a socket, to see whether this machine has IPv6.
    from tldextract import TLDExtract

    # No URLs: it never dials. No cache folder: it never writes.
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _is_ip(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _plain_netloc(parts: SplitResult) -> str:
    login, at, address = parts.netloc.rpartition("@")
    host, colon, port = address.rpartition(":")
    if not colon or "]" in port:
        host, port = address, ""
    if port and int(port) == DEFAULT_PORTS.get(parts.scheme):
        port = ""
    host = host.rstrip(".")
    return f"{login}{at}{host}:{port}" if port else f"{login}{at}{host}"


_AMP_HOSTS = re.compile(
    r"^https?://(?:[\w-]+\.cdn\.ampproject\.org/[cv]/|(?:www\.)?google\.[a-z.]{2,6}/amp/)(s/)?(?=[\w-]+\.)"
)
_AMP_HEAD = re.compile(r"^(?:/amp)+(?=/.)", re.IGNORECASE)
_VARIANT_TAIL = re.compile(r"(?<=.)(?:/(?:amp|print))+(?=/?$)", re.IGNORECASE)
_VARIANT_EXTENSION = re.compile(r"(?:[.~_-]amp)+(?=\.s?html?$)|(?<=[^/])\.amp$", re.IGNORECASE)
_VARIANT_PAIRS = re.compile(
    r"(?:amp|isamp|print|printable|printview|printmode|printfriendly)(?:=(?:1|true|yes|y|amp)?)?"
    r"|(?:outputtype|output|view|format|mode|layout|type|version)=(?:amp|print|printable)",
    re.IGNORECASE,
)


def plain_variant(url: str) -> str:
    """The address of the page itself, where the URL is that of its AMP or print version; else the URL."""
    plain = _without_variant(url)
    while plain != url:
        url, plain = plain, _without_variant(plain)
    return url


def _without_variant(url: str) -> str:
    url = _AMP_HOSTS.sub(lambda found: "https://" if found[1] else "http://", url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = _VARIANT_EXTENSION.sub("", _VARIANT_TAIL.sub("", _AMP_HEAD.sub("", parts.path)))
    kept = [pair for pair in parts.query.split("&") if not _VARIANT_PAIRS.fullmatch(pair)]
    query = "&".join(kept)
    if (path, query) == (parts.path, parts.query):
        return url
    return parts._replace(path=path, query=query).geturl()


# Session ids as the Internet Archive's canonicaliser knows them (webarchive-commons, Apache-2.0,
# org.archive.url.URLRegexTransformer): what pywb's look-ups apply to the URL they are asked for.
_PATH_SESSIONS = (
    re.compile(rb"^(.*/)(?:\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$", re.IGNORECASE),
    re.compile(rb"^(.*/)(?:\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$", re.IGNORECASE),
)
_QUERY_SESSIONS = (
    re.compile(rb"^(.*)(?:jsessionid=[0-9a-z]{32})(?:&(.*))?$", re.IGNORECASE),
    re.compile(rb"^(.*)(?:phpsessid=[0-9a-z]{32})(?:&(.*))?$", re.IGNORECASE),
    re.compile(rb"^(.*)(?:sid=[0-9a-z]{32})(?:&(.*))?$", re.IGNORECASE),
    re.compile(rb"^(.*)(?:aspsessionid[a-z]{8}=[a-z]{24})(?:&(.*))?$", re.IGNORECASE),
    re.compile(rb"^(.*)(?:cfid=[^&]+&cftoken=[^&]+)(?:&(.*))?$", re.IGNORECASE),
)
_WWW = re.compile(r"^www\d*\.")
_DOTS = re.compile(r"\.{2,}")


@lru_cache(maxsize=4096)  # a capture, its addresses and its article ask for the same one
def surt(url: str) -> str:
    """The key under which a CDX index sorts a URL: "com,example)/path?query".

    The rules are those of pywb's look-ups (Internet Archive URL canonicalisation): lower case, no scheme, login,
    "www", default port, fragment, session id or final slash; escapes undone as often as they go, then made once;
    the query sorted. A URL without a host (urn:, dns:) comes back in lower case.
    """
    cleaned = url.strip().translate({9: None, 10: None, 13: None})
    try:
        parts = urlsplit(cleaned)
        host, port = _surt_host(parts.hostname or ""), parts.port
    except ValueError:
        return cleaned.lower()
    if not host:
        return cleaned.lower() or "-"
    if port and port != DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    query = _surt_query(parts.query)
    return f"{host}){_surt_path(parts.path)}" + (f"?{query}" if query else "")


def _surt_host(host: str) -> str:
    if ":" in host:
        return host
    host = _DOTS.sub(".", _unescaped(host).decode("utf-8", "replace")).strip(".").lower()
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    return ",".join(reversed(_WWW.sub("", host).split(".")))


def _surt_path(path: str) -> str:
    segments: list[bytes] = []
    for segment in _unescaped(path).split(b"/"):
        if segment == b".." and segments:
            segments.pop()
        elif segment not in (b"", b"."):
            segments.append(segment)
    whole = b"/" + b"/".join(segments)
    for pattern in _PATH_SESSIONS:
        whole = pattern.sub(rb"\1\2", whole)
    return _escaped(whole.lower())


def _surt_query(query: str) -> str:
    raw = _unescaped(query)
    for pattern in _QUERY_SESSIONS:
        raw = pattern.sub(rb"\1\2", raw)
    pairs = sorted(raw.lower().split(b"&"), key=lambda pair: pair.split(b"=", 1))
    return _escaped(b"&".join(pairs))


def _unescaped(text: str) -> bytes:
    """Percent-escapes undone until none is left, as "%2525" was meant."""
    raw = text.encode("utf-8", "surrogatepass")
    for _ in range(ESCAPES_DEPTH):
        before, raw = raw, unquote_to_bytes(raw)
        if raw == before:
            break
    return raw


def _escaped(raw: bytes) -> str:
    return "".join(chr(byte) if 0x20 < byte < 0x7F and byte not in b"#%" else f"%{byte:02x}" for byte in raw)
