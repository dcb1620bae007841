"""The guard on itself: a resolver of the test's own answers, nobody is dialled."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import DNSLookupError
from twisted.internet.testing import MemoryReactor

from crawler.middlewares.addresses import AddressMiddleware, GuardedResolver, PrivateAddress
from crawler.normalisation.addresses import exceptions
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
    resolver.allowed = exceptions("10.0.0.0/8")
    assert resolved(resolver, "inside.example") == "10.0.0.7"


def test_the_address_of_a_proxy_is_not_guarded(resolver: GuardedResolver) -> None:
    assert resolved(resolver, "127.0.0.1") == "127.0.0.1"


def test_a_url_with_a_private_address_is_refused_behind_a_proxy_too() -> None:
    guard = AddressMiddleware(get_crawler(settings_dict={"ALLOW_PRIVATE_ADDRESSES": False}))
    guard.process_request(Request("https://public.example/"))
    with pytest.raises(PrivateAddress, match="in a private network"):
        guard.process_request(Request("http://169.254.169.254/latest", meta={"proxy": "http://proxy.example"}))


@pytest.mark.parametrize("host", ["2852039166", "0xa9.0xfe.43518", "169.254.169.254.", "[::ffff:169.254.169.254]"])
def test_it_is_in_whatever_form_the_address_is_written(host: str) -> None:
    """A proxy asks the address of the instance's metadata by each of them."""
    guard = AddressMiddleware(get_crawler(settings_dict={"ALLOW_PRIVATE_ADDRESSES": "127.0.0.1"}))
    with pytest.raises(PrivateAddress):
        guard.process_request(Request(f"http://{host}/latest", meta={"proxy": "http://proxy.example"}))


@pytest.mark.parametrize(
    ("setting", "url", "is_allowed"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080/", True),
        ("127.0.0.1:8080", "http://127.0.0.1:8081/", False),
        ("127.0.0.1:8080", "http://localhost:8080/", True),
        ("127.0.0.1:8080", "http://localhost/", False),
        ("127.0.0.1:8080, 10.0.0.0/8", "https://10.9.8.7/", True),
        ("10.0.0.0/8:443", "https://10.9.8.7/", True),
        ("10.0.0.0/8:443", "http://10.9.8.7/", False),
        ("[::1]:80", "http://[::1]/", True),
        ("::1", "http://[::1]:99/", True),
        ("10.0.0.0/8", "http://169.254.169.254/", False),
    ],
)
def test_some_private_addresses_may_be_allowed(setting: str, url: str, is_allowed: bool) -> None:
    guard = AddressMiddleware(get_crawler(settings_dict={"ALLOW_PRIVATE_ADDRESSES": setting}))
    with nullcontext() if is_allowed else pytest.raises(PrivateAddress):
        guard.process_request(Request(url))


def test_a_list_that_cannot_be_read_is_refused_before_anything_is_fetched(scrapy: Scrapy) -> None:
    environment = {"OFRECORD_ALLOW_PRIVATE_ADDRESSES": "intranet.example"}
    done = scrapy("crawl", "news", "-a", "site=http://127.0.0.1:9/", environment=environment)
    assert done.returncode == 3
    assert "ALLOW_PRIVATE_ADDRESSES=intranet.example is neither True nor False, nor a list like" in done.stderr


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
