from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy import Request, Spider
from scrapy.utils.request import request_from_dict

from crawler.frontier.protocol import Entry
from crawler.frontier.requests import entry_of, fingerprint, followed, known_of

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
URL = "https://news.example/2024/05/01/story"


class Callbacks(Spider):
    name = "callbacks"

    def parse_article(self, response: Any) -> None: ...

    def failed(self, failure: Any) -> None: ...


SPIDER = Callbacks()


def entry(request: Request) -> Entry:
    return entry_of(request.to_dict(spider=SPIDER), NOW)


def as_stored(entry: Entry) -> Entry:
    """What a back end that keeps JSON gives back."""
    return Entry(
        entry.fingerprint,
        entry.url,
        entry.group,
        entry.purpose,
        priority=entry.priority,
        request=json.loads(json.dumps(entry.request)),
    )


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
USUAL = st.sampled_from(["publisher_id", "download_slot"])
PURPOSES = st.sampled_from(["article", "feed", "other"])
JSON = st.recursive(st.none() | st.booleans() | st.integers() | TEXT, lambda inner: st.lists(inner, max_size=2))


@given(
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    body=st.binary(max_size=20),
    headers=st.dictionaries(st.sampled_from(["X-One", "Accept", "Cookie"]), st.binary(max_size=8)),
    meta=st.dictionaries(TEXT | USUAL, JSON | PURPOSES | st.just("news.example"), max_size=5),
    usual=st.dictionaries(USUAL, st.just("news.example"), max_size=2),
    purpose=PURPOSES,
    cb_kwargs=st.dictionaries(TEXT, JSON, max_size=2),
    priority=st.integers(-99, 99),
    dont_filter=st.booleans(),
)
@settings(deadline=None)
def test_a_request_comes_back_from_json_as_it_was(
    meta: dict[str, Any], usual: dict[str, str], purpose: str, **parts: Any
) -> None:
    known = meta | usual | {"purpose": purpose}
    request = Request(URL, callback=SPIDER.parse_article, errback=SPIDER.failed, meta=known, **parts)
    again = request_from_dict(known_of(as_stored(entry(request))), spider=SPIDER)
    assert again.to_dict(spider=SPIDER) == request.to_dict(spider=SPIDER)


def test_a_plain_request_takes_little_room() -> None:
    assert entry(Request(URL, callback=SPIDER.parse_article)).request == {"callback": "parse_article"}


def test_what_most_requests_of_a_purpose_say_is_not_kept() -> None:
    meta = {"purpose": "article", "publisher_id": "gazette", "download_slot": "gazette", "hops": 1}
    request = Request(URL, callback=SPIDER.parse_article, errback=SPIDER.failed, meta=meta)
    assert entry(request).request == {"meta": {"hops": 1}}
    assert entry(Request(URL, meta={**meta, "publisher_id": "other"})).request == {
        "callback": None,
        "errback": None,
        "meta": {"hops": 1, "publisher_id": "other"},
    }


def test_what_belongs_to_one_attempt_is_not_kept() -> None:
    assert entry(Request(URL, meta={"captured": object(), "hops": 1})).request == {"meta": {"hops": 1}}


def test_arguments_of_a_callback_that_are_no_json_are_refused() -> None:
    with pytest.raises(TypeError):
        entry(Request(URL, cb_kwargs={"page": object()}))


def test_the_group_is_the_download_slot_or_else_the_host() -> None:
    assert entry(Request(URL)).group == "news.example"
    assert entry(Request(URL, meta={"download_slot": "example"})).group == "example"


@pytest.mark.parametrize("meta", [{"purpose": "feed"}, {"purpose": "article", "again": True}])
def test_listings_and_what_asks_for_it_are_made_again(meta: dict[str, Any]) -> None:
    assert entry(Request(URL, meta=meta)).again_before == NOW


def test_an_article_is_not_made_again() -> None:
    assert entry(Request(URL, meta={"purpose": "article"})).again_before is None


def test_spellings_of_one_address_have_one_fingerprint() -> None:
    one = fingerprint("GET", "https://News.example:443/a?b=2&a=1&utm_source=feed#top", b"")
    assert one == fingerprint("GET", "https://news.example/a?a=1&b=2", b"")


@pytest.mark.parametrize(("method", "body"), [("POST", b""), ("GET", b"x")])
def test_another_method_or_body_has_another_fingerprint(method: str, body: bytes) -> None:
    assert fingerprint(method, URL, body) != fingerprint("GET", URL, b"")


def test_a_redirect_takes_along_only_where_it_goes() -> None:
    first = entry(Request(URL, callback=SPIDER.parse_article, headers={"Cookie": "a"}, meta={"hops": 1}))
    made = Request(f"{URL}-2", headers={"User-Agent": "x"}, meta={"proxy": "http://secret", "redirect_times": 1})
    known = followed(first, made.to_dict())
    assert (known["url"], known["callback"], known["headers"]) == (f"{URL}-2", "parse_article", {})
    assert known["meta"] == {"hops": 1, "redirect_times": 1}
