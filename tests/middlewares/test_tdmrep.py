"""What a site's tdmrep.json said counts until the site says something else."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.settings import Settings

from crawler.middlewares import tdmrep
from crawler.middlewares.tdmrep import TdmrepMiddleware

SETTINGS = Settings({"TDMREP_ENABLED": True, "DOWNLOAD_TIMEOUT": 5.0})
PAGE = "https://gazette.example/2024/one"
RULES = b'[{"location": "/", "tdm-reservation": 1}]'
RESERVED = (("tdm-reservation", "1"),)


class Site:
    """The engine of a crawl, which gets these answers one after another."""

    def __init__(self, *answers: tuple[int, bytes]) -> None:
        self._answers = iter(answers)

    async def download_async(self, request: Request) -> Response:
        status, body = next(self._answers)
        return Response(request.url, status=status, body=body)


def told(site: Site, times: int) -> list[Any]:
    """What each of so many requests is told of its page."""

    async def ask() -> list[Any]:
        crawler: Any = SimpleNamespace(settings=SETTINGS, engine=site)
        middleware, requests = TdmrepMiddleware(crawler), [Request(PAGE) for _ in range(times)]
        for request in requests:
            await middleware.process_request(request)
        return [request.meta["site_asks"] for request in requests]

    return asyncio.run(ask())


def test_the_file_is_asked_for_once_a_day() -> None:
    assert told(Site((200, RULES)), 3) == [RESERVED] * 3


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_answer_that_says_nothing_of_the_file_takes_nothing_back(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tdmrep, "CACHED_SECONDS", 0.0)
    assert told(Site((200, RULES), (status, b"")), 3) == [RESERVED] * 3


@pytest.mark.parametrize("answer", [(404, b""), (410, b""), (200, b"[]")])
def test_a_file_that_is_gone_says_nothing_any_more(answer: tuple[int, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tdmrep, "CACHED_SECONDS", 0.0)
    assert told(Site((200, RULES), answer), 2) == [RESERVED, ()]
