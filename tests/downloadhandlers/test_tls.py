"""Certificates are verified, the outcome is recorded, and an exception is one request's alone."""

from __future__ import annotations

import hashlib
import ssl
from urllib.parse import urlsplit

import pytest

from tests.downloadhandlers.crawling import Fetch, Seen, crawl
from tests.site.server import Scheme, Site

BAD: tuple[Scheme, ...] = ("untrusted", "misnamed", "malformed")


@pytest.fixture(scope="module")
def seen(site: Site) -> Seen:
    fetches = [Fetch(site.url("/page?bad", scheme)) for scheme in BAD]
    fetches += [Fetch(site.url("/page?excepted", scheme), meta={"verify_tls": False}) for scheme in BAD]
    fetches += [Fetch("https://elsewhere.example/page", meta={"proxy": site.proxy})]
    fetches += [Fetch(site.url("/page", "https")), Fetch(site.url("/page"))]
    return crawl(fetches, ca_file=site.ca_file)


def certificate_sha256(url: str) -> str:
    parts = urlsplit(url)
    pem = ssl.get_server_certificate((parts.hostname or "", parts.port or 443))
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


@pytest.mark.parametrize("scheme", BAD)
def test_bad_certificate_is_refused_before_a_request_is_sent(site: Site, seen: Seen, scheme: Scheme) -> None:
    url = site.url("/page?bad", scheme)
    assert site.logged(url) == []
    assert "failure" in seen.ends[url]
    assert seen.broken_of(url) == []


def test_certificate_for_another_host_is_refused_through_a_tunnel(site: Site, seen: Seen) -> None:
    assert site.tunnels == ["elsewhere.example:443"]
    assert "failure" in seen.ends["https://elsewhere.example/page"]
    assert site.logged("https://elsewhere.example/page") == []


@pytest.mark.parametrize("scheme", BAD)
def test_exception_for_a_request_is_recorded_as_unverified(site: Site, seen: Seen, scheme: Scheme) -> None:
    assert seen.exchange(site.url("/page?excepted", scheme))["tls"]["verified"] is False


def test_outcome_of_the_handshake_is_recorded(site: Site, seen: Seen) -> None:
    url = site.url("/page", "https")
    tls = seen.exchange(url)["tls"]
    assert tls["version"] == "TLSv1.3"
    assert tls["cipher"].startswith("TLS_")
    assert tls["certificate_sha256"] == certificate_sha256(url)
    assert tls["verified"] is True


def test_unencrypted_exchange_has_no_tls(site: Site, seen: Seen) -> None:
    assert seen.exchange(site.url("/page"))["tls"] is None


def test_authority_is_trusted_only_where_ssl_cert_file_names_it(site: Site) -> None:
    url = site.url("/page?unknown", "https")
    assert crawl([url]).exchanges == []
    assert site.logged(url) == []
