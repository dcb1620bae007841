from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.normalisation.urls import (
    canonical_url,
    has_session,
    host_of,
    plain_variant,
    registered_domain,
    surt,
    wire_url,
)

HOSTS = st.sampled_from(
    ["example.org", "www.Example.ORG", "bücher.example", "127.0.0.1:8080", "[::1]", "a.example:443", "x."]
)
PIECES = st.text(st.sampled_from("aB1/.-_%25?&=;+ äß\\'\"#:@!"), max_size=30)
ADDRESSES = st.builds("{}://{}/{}".format, st.sampled_from(["http", "https", "HTTP", "ftp"]), HOSTS, PIECES)
ANYTHING = ADDRESSES | st.text(st.characters(exclude_categories=()))


@settings(deadline=None)
@given(ANYTHING)
@example("http://example.org/?%26=%3D&utm_source")
@example("http://example.org\\a/../b")
def test_canonical_twice_equals_once(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


@settings(deadline=None)
@given(ANYTHING)
def test_wire_form_twice_equals_once(url: str) -> None:
    assert wire_url(wire_url(url)) == wire_url(url)


@settings(deadline=None)
@given(ANYTHING)
@example("http://example.org/amp/amp/print/?amp=1&print")
def test_plain_variant_twice_equals_once(url: str) -> None:
    assert plain_variant(plain_variant(url)) == plain_variant(url)


@settings(deadline=None)
@given(ADDRESSES)
def test_surt_is_printable_ascii_in_lower_case(url: str) -> None:
    key = surt(url)
    assert key == key.lower()
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key


@settings(deadline=None)
@given(ANYTHING)
def test_any_text_is_answered(url: str) -> None:
    surt(url)
    registered_domain(host_of(url))


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://WWW.Example.ORG:443", "https://www.example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("http://example.org:8080/a", "http://example.org:8080/a"),
        ("http://example.org./a#top", "http://example.org/a"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://example.org/%7euser/%e4", "https://example.org/~user/%E4"),
        ("https://example.org/a/../b/./c", "https://example.org/b/c"),
        ("https://example.org/?b=2&a=1&utm_source=rss&UTM_Medium=x", "https://example.org/?a=1&b=2"),
        ("https://example.org/a?fbclid=1&gclid=2&_hsenc=3&mc_eid=4", "https://example.org/a"),
        ("https://example.org/a?id=7&fbclid=1", "https://example.org/a?id=7"),
        ("https://example.org/a?ref=7&source=x&page=2", "https://example.org/a?page=2&ref=7&source=x"),
        ("https://example.org/Detail.aspx?ID=5", "https://example.org/Detail.aspx?ID=5"),
        ("https://example.org/a/", "https://example.org/a/"),
        (" https://example.org/a\n", "https://example.org/a"),
    ],
)
def test_spellings_of_a_page_meet_in_one_form(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url", ["http://[::1", "http://example.org:port/", "mailto:a@example.org", "javascript:void(0)", ""]
)
def test_what_is_no_web_address_comes_back_as_it_is(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://example.org/news/slug/amp/", "https://example.org/news/slug/"),
        ("https://example.org/news/slug/amp", "https://example.org/news/slug"),
        ("https://example.org/amp/news/slug", "https://example.org/news/slug"),
        ("https://example.org/news/slug.amp.html", "https://example.org/news/slug.html"),
        ("https://example.org/news/slug.amp", "https://example.org/news/slug"),
        ("https://example.org/news/slug?amp", "https://example.org/news/slug"),
        ("https://example.org/news/slug?id=1&outputType=amp", "https://example.org/news/slug?id=1"),
        ("https://example.org/news/slug/print/", "https://example.org/news/slug/"),
        ("https://example.org/news?id=1&print=1", "https://example.org/news?id=1"),
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a", "https://www.example.org/a"),
        ("https://www.google.com/amp/s/www.example.org/a", "https://www.example.org/a"),
        ("https://example.org/print", "https://example.org/print"),
        ("https://example.org/amplifier/printing?type=long", "https://example.org/amplifier/printing?type=long"),
    ],
)
def test_variants_lead_to_the_page_itself(url: str, plain: str) -> None:
    assert plain_variant(url) == plain


# What the Internet Archive's own canonicaliser (surt 0.3.1) gives, noted from a run of it.
@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.example.com/", "com,example)/"),
        ("https://WWW2.Example.com:443/Path/?B=2&a=1#x", "com,example)/path?a=1&b=2"),
        ("http://example.com:8080/", "com,example:8080)/"),
        ("http://user:pw@example.com/", "com,example)/"),
        ("http://192.168.1.254/info/", "254,1,168,192)/info"),
        ("http://[::1]:8080/a", "::1:8080)/a"),
        ("http://example.com//a/./b/../c//", "com,example)/a/c"),
        ("http://example.com/..", "com,example)/.."),
        ("http://example.com/ä?ö=ü%20x", "com,example)/%c3%a4?%c3%b6=%c3%bc%20x"),
        ("http://bücher.ch/", "ch,xn--bcher-kva)/"),
        ("http://example.com/%2525%20?%2525", "com,example)/%25%20?%25"),
        ("http://example.com/a%2Fb%3Fc", "com,example)/a/b?c"),
        ("http://example.com/a?=&&", "com,example)/a?&&="),
        ("http://example.com/a?x=1&sid=" + "a" * 32, "com,example)/a?&x=1"),
        ("http://example.com/?CFID=1169580&CFTOKEN=48630702&d=1", "com,example)/?d=1"),
        ("http://example.com/(S(4hqa0555fwsecu455xqckv45))/m.aspx", "com,example)/m.aspx"),
        ("http://example.com/a;jsessionid=" + "a" * 32, "com,example)/a;jsessionid=" + "a" * 32),
        ("http://www.com/", "com)/"),
        ("dns:example.com", "dns:example.com"),
        ("urn:x:Y", "urn:x:y"),
        ("", "-"),
    ],
)
def test_surt_is_what_pywb_looks_up(url: str, key: str) -> None:
    assert surt(url) == key


def test_escapes_of_escapes_cost_no_time() -> None:
    start = process_time()
    surt("https://example.org/%" + "25" * 100_000)
    assert process_time() - start < 1


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.news.example.co.uk", "example.co.uk"),
        ("WWW.Example.org.", "example.org"),
        ("www.gazette-1.example", "gazette-1.example"),
        ("a-blog.blogspot.com", "a-blog.blogspot.com"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
        ("xn--bcher-kva.example.de", "example.de"),
        ("", ""),
    ],
)
def test_registered_domain_is_what_somebody_registered(host: str, domain: str) -> None:
    assert registered_domain(host) == domain


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://WWW.Example.org.:8443/a", "www.example.org"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("http://[::1]:80/", "::1"),
        ("mailto:a@example.org", ""),
        ("http://[::1", ""),
    ],
)
def test_host_is_bare_and_in_lower_case(url: str, host: str) -> None:
    assert host_of(url) == host


def test_wire_form_has_no_fragment_and_only_rfc_3986_characters() -> None:
    assert wire_url("https://bücher.example/ä ö?q=ü#x") == "https://xn--bcher-kva.example/%C3%A4%20%C3%B6?q=%C3%BC"


@pytest.mark.parametrize(
    ("url", "has_one"),
    [
        (f"https://a.example/x?PHPSESSID={'1' * 32}", True),
        (f"https://a.example/x;jsessionid={'a' * 32}?b=1", True),
        ("https://a.example/x?b=1&sid=3", False),
        ("https://a.example/phpsessid", False),
    ],
)
def test_session_ids_are_seen(url: str, has_one: bool) -> None:
    assert has_session(url) == has_one
