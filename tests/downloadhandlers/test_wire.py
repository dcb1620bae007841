"""What the wire tap hands on is what the site logged, byte for byte, over every kind of connection."""

from __future__ import annotations

import pytest

from tests.downloadhandlers.crawling import Fetch, Seen, crawl
from tests.site.routes import ROUTES
from tests.site.server import Site

CUT = {
    "/truncated": "disconnect",
    "/truncated-chunked": "disconnect",
    "/truncated-before-last-chunk": "disconnect",
    "/reset": "disconnect",
    "/until-reset": "disconnect",
    "/bad-length": "unspecified",
    "/bad-chunk": "unspecified",
    "/unknown-transfer-coding": "unspecified",
    "/slow": "time",
    "/trickle": "time",
    "/padded-chunks": "length",
}
"""Paths whose body is not whole, and why."""

BROKEN = {
    "/cut-in-header": "closed cleanly",
    "/cut-after-interim": "closed cleanly",
    "/no-answer": "closed cleanly",
    "/not-http": "wrong number of parts",
    "/status-000": "no status code",
    "/status-signed": "no status code",
    "/endless-header": "over 262144 bytes",
    "/slow-header": "took longer than 1",
    "/silent": "took longer than 1",
}
"""Paths without a whole header, and what the reason says."""

BETWEEN = {"/unasked-when-idle", "/closed-when-idle", "/closed-once"}
"""Paths that show their fault only between two exchanges: test_connections.py has them."""

WHOLE = [path for path in ROUTES if path not in {*CUT, *BROKEN, *BETWEEN}]

WAYS = ("http", "https", "proxy", "tunnel")


def fetch(site: Site, path: str, way: str) -> Fetch:
    meta = {
        "download_timeout": 1 if path in {"/slow", "/trickle", "/slow-header", "/silent"} else 20,
        "download_maxsize": 500_000,
    }
    if way in {"proxy", "tunnel"}:
        scheme = "http" if way == "proxy" else "https"
        return Fetch(f"{scheme}://news.site.example{path}", meta={**meta, "proxy": site.proxy})
    return Fetch(site.url(path, "http" if way == "http" else "https"), meta=meta)


@pytest.fixture(scope="module")
def seen(site: Site) -> Seen:
    fetches = [fetch(site, path, way) for way in WAYS for path in (*WHOLE, *CUT, *BROKEN)]
    return crawl([*fetches, *extra(site).values()], ca_file=site.ca_file)


def extra(site: Site) -> dict[str, Fetch]:
    """Requests of other kinds."""
    return {
        "head": Fetch(site.url("/page?head"), "HEAD"),
        "head of chunks": Fetch(site.url("/chunked?head"), "HEAD"),
        "body": Fetch(site.url("/page?body"), "POST", body="a=1&b=2"),
        "fragment": Fetch(site.url("/page?f#part")),
    }


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", WHOLE)
def test_whole_exchange_is_exact(site: Site, seen: Seen, path: str, way: str) -> None:
    url = fetch(site, path, way).url
    (logged,) = site.logged(url)
    exchange = seen.exchange(url)
    assert exchange["request"] == logged.request
    assert exchange["interim"] == logged.interim
    assert exchange["response"] == logged.response
    if not (path == "/vanished" and url.startswith("https")):
        assert exchange["truncated"] is None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", CUT)
def test_cut_exchange_is_exact_as_far_as_it_came(site: Site, seen: Seen, path: str, way: str) -> None:
    url = fetch(site, path, way).url
    (logged,) = site.logged(url)
    exchange = seen.exchange(url)
    assert exchange["request"] == logged.request
    assert exchange["truncated"] == CUT[path]
    assert logged.response.startswith(exchange["response"])
    if CUT[path] == "disconnect" or path == "/slow":
        assert exchange["response"] == logged.response


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", BROKEN)
def test_exchange_without_a_whole_header_is_told_apart(site: Site, seen: Seen, path: str, way: str) -> None:
    url = fetch(site, path, way).url
    # On a connection that was used before, a request without any answer is sent again.
    for logged, broken in zip(site.logged(url), seen.broken_of(url), strict=True):
        assert broken["request"] == logged.request
        assert (bytes(logged.interim) + logged.response).startswith(broken["received"])
        assert BROKEN[path] in broken["reason"]
    assert not seen.ends[url]["capture"]


def test_tls_without_its_closing_message_leaves_a_body_until_close_incomplete(site: Site, seen: Seen) -> None:
    assert seen.exchange(site.url("/vanished", "https"))["truncated"] == "disconnect"


def test_head_length_is_where_the_body_begins(seen: Seen) -> None:
    for exchange in seen.exchanges:
        if not exchange["url"].endswith("/bare-newlines"):
            assert exchange["response"].index(b"\r\n\r\n") + 4 == exchange["head_length"], exchange["url"]


def test_every_exchange_leaves_a_capture(seen: Seen) -> None:
    for exchange in seen.exchanges:
        assert exchange["response_length"] == len(exchange["response"])
        assert seen.ends[exchange["url"]]["capture"]


def test_peer_address_is_known_only_without_a_proxy(seen: Seen) -> None:
    for exchange in seen.exchanges:
        proxied = "site.example" in exchange["url"]
        assert (exchange["via_proxy"], exchange["ip"]) == ((True, None) if proxied else (False, "127.0.0.1"))


def test_request_to_a_forward_proxy_is_recorded_as_sent(seen: Seen) -> None:
    exchange = seen.exchange("http://news.site.example/page")
    assert exchange["request"].startswith(b"GET http://news.site.example/page HTTP/1.1\r\n")


def test_request_through_a_tunnel_is_recorded_without_the_tunnel(site: Site, seen: Seen) -> None:
    exchange = seen.exchange("https://news.site.example/page")
    assert "news.site.example:443" in site.tunnels
    assert exchange["request"].startswith(b"GET /page HTTP/1.1\r\n")
    assert b"X-Tunnel" not in exchange["interim"] + exchange["response"]


def test_unasked_bytes_become_nobodys_response(seen: Seen) -> None:
    assert not [exchange["url"] for exchange in seen.exchanges if b"evil" in exchange["response"]]


@pytest.mark.parametrize("kind", ["head", "head of chunks", "body"])
def test_request_of_another_kind_is_exact(site: Site, seen: Seen, kind: str) -> None:
    url = extra(site)[kind].url
    assert seen.exchange(url)["request"] == site.logged(url)[0].request


def test_response_to_head_has_no_body(site: Site, seen: Seen) -> None:
    exchange = seen.exchange(extra(site)["head"].url)
    assert exchange["response_length"] == exchange["head_length"]


def test_request_body_is_part_of_the_request(site: Site, seen: Seen) -> None:
    assert seen.exchange(extra(site)["body"].url)["request"].endswith(b"\r\n\r\na=1&b=2")


def test_fragment_is_no_part_of_the_url(site: Site, seen: Seen) -> None:
    assert seen.exchange(site.url("/page?f"))["status"] == 200
