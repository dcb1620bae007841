"""The guard on itself: a resolver of the test's own answers, nobody is dialled."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.testing import MemoryReactor

from crawler.middlewares.addresses import AddressMiddleware, GuardedResolver, PrivateAddress
from tests.conftest import Scrapy

ANSWERS = {"public.example": "93.184.215.14", "inside.example": "10.0.0.7", "metadata.example": "169.254.169.254"}


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> GuardedResolver:
    def answer(self: object, name: str, timeout: object = ()) -> Deferred[str]:
        return succeed(ANSWERS.get(name, name))

    monkeypatch.setattr("scrapy.resolver.ThreadedResolver.getHostByName", answer)
    return GuardedResolver(MemoryReactor(), 0, 1.0)  # type: ignore[no-untyped-call, arg-type]


def test_a_name_with_a_public_address_resolves(resolver: GuardedResolver) -> None:
    assert resolved(resolver, "public.example") == "93.184.215.14"


@pytest.mark.parametrize("name", ["inside.example", "metadata.example"])
def test_a_name_with_a_private_address_does_not(resolver: GuardedResolver, name: str) -> None:
    with pytest.raises(DNSLookupError, match=f"{name} resolves to .*ALLOW_PRIVATE_ADDRESSES"):
        resolved(resolver, name)


def test_it_does_where_that_is_allowed(resolver: GuardedResolver) -> None:
    resolver.allow_private = True
    assert resolved(resolver, "inside.example") == "10.0.0.7"


def test_the_address_of_a_proxy_is_not_guarded(resolver: GuardedResolver) -> None:
    assert resolved(resolver, "127.0.0.1") == "127.0.0.1"


def test_a_url_with_a_private_address_is_refused_behind_a_proxy_too() -> None:
    guard = AddressMiddleware(get_crawler(settings_dict={"ALLOW_PRIVATE_ADDRESSES": False}))
    guard.process_request(Request("https://public.example/"))
    with pytest.raises(PrivateAddress, match="in a private network"):
        guard.process_request(Request("http://169.254.169.254/latest", meta={"proxy": "http://proxy.example"}))


def test_the_guard_is_off_only_where_private_addresses_are_allowed() -> None:
    with pytest.raises(NotConfigured):
        AddressMiddleware(get_crawler(settings_dict={"ALLOW_PRIVATE_ADDRESSES": True}))


def test_a_crawl_says_why_a_private_address_is_not_fetched(scrapy: Scrapy, tmp_path: Path) -> None:
    done = scrapy(
        "crawl", "news", "-a", "site=http://127.0.0.1:9/", environment={"OFRECORD_ALLOW_PRIVATE_ADDRESSES": "False"}
    )
    assert done.returncode == 4
    assert "http://127.0.0.1:9/ is in a private network; set ALLOW_PRIVATE_ADDRESSES" in done.stderr


def resolved(resolver: GuardedResolver, name: str) -> str:
    answers: list[str] = []
    failures: list[BaseException] = []
    resolver.getHostByName(name).addCallbacks(answers.append, lambda failure: failures.append(failure.value))
    if failures:
        raise failures[0]
    return answers[0]
