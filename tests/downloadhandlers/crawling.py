"""Crawls in a process of their own, since a process has one reactor, and tells what the wire tap handed on."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from typing import Any

from crawler.items import BrokenExchange, Capture, Exchange


@dataclass(frozen=True)
class Fetch:
    """A request to make."""

    url: str
    method: str = "GET"
    meta: dict[str, Any] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Seen:
    """What became of one crawl."""

    exchanges: list[dict[str, Any]]
    """Fields of Exchange in order of their ends; byte strings as such."""
    broken: list[dict[str, Any]]
    ends: dict[str, dict[str, Any]]
    """By URL without fragment: "status" and "body", or "failure"; and whether meta held the "capture"."""
    log: str

    def exchange(self, url: str) -> dict[str, Any]:
        (found,) = (exchange for exchange in self.exchanges if exchange["url"] == url)
        return found

    def broken_of(self, url: str) -> list[dict[str, Any]]:
        return [broken for broken in self.broken if broken["url"] == url]


def crawl(
    fetches: Sequence[Fetch | str], *, settings: Mapping[str, object] | None = None, ca_file: str | None = None
) -> Seen:
    """Fetches all, in order."""
    wanted = [fetch if isinstance(fetch, Fetch) else Fetch(fetch) for fetch in fetches]
    job = json.dumps({"fetches": [asdict(fetch) for fetch in wanted], "settings": dict(settings or {})})
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    environment |= {"SSL_CERT_FILE": ca_file} if ca_file else {}
    done = subprocess.run(
        [sys.executable, "-m", __name__], input=job, capture_output=True, text=True, env=environment, timeout=60
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    told = json.loads(done.stdout, object_hook=_bytes_again)
    return Seen(**told, log=done.stderr)


_exchanges: list[dict[str, Any]] = []
_broken: list[dict[str, Any]] = []
_ends: dict[str, dict[str, Any]] = {}


def sink(request: Any, exchange: Exchange | BrokenExchange) -> Future[Capture] | None:
    """EXCHANGE_SINK of these crawls."""
    if isinstance(exchange, BrokenExchange):
        _broken.append(_fields(exchange))
        return None
    spooled = type(exchange.response).__name__ != "BytesIO"
    _exchanges.append({**_fields(exchange), "response": exchange.response.read(), "spooled": spooled})
    exchange.response.close()
    return Future()


def _fields(exchange: Exchange | BrokenExchange) -> dict[str, Any]:
    values = {name: getattr(exchange, name) for name in exchange.__dataclass_fields__}
    values["captured_at"] = exchange.captured_at.isoformat()
    if isinstance(exchange, Exchange):
        values["tls"] = exchange.tls and asdict(exchange.tls)
    return values


def _run() -> None:
    import scrapy
    from scrapy.crawler import CrawlerProcess

    job = json.load(sys.stdin)

    class Fetcher(scrapy.Spider):
        name = "fetcher"

        async def start(self) -> Any:
            for number, fetch in enumerate(job["fetches"]):
                request = scrapy.Request(
                    fetch["url"],
                    method=fetch["method"],
                    body=fetch["body"],
                    meta=fetch["meta"],
                    priority=-number,
                    dont_filter=True,
                    callback=self.arrived,
                    errback=self.failed,
                )
                yield request

        def arrived(self, response: Any) -> None:
            end = {"status": response.status, "body": response.body, "flags": response.flags}
            _ends[response.url] = end | {"capture": "capture" in response.meta}

        def failed(self, failure: Any) -> None:
            _ends[failure.request.url.partition("#")[0]] = {
                "failure": type(failure.value).__name__,
                "capture": "capture" in failure.request.meta,
            }

    settings = {
        "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "crawler.downloadhandlers.wire.WireDownloadHandler"),
        "EXCHANGE_SINK": f"{_run.__module__}.sink" if _run.__module__ != "__main__" else sink,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        **job["settings"],
    }
    process = CrawlerProcess(settings)
    process.crawl(Fetcher)
    process.start()
    json.dump({"exchanges": _exchanges, "broken": _broken, "ends": _ends}, sys.stdout, default=_bytes_as_text)


def _bytes_as_text(value: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}


def _bytes_again(value: dict[str, Any]) -> Any:
    return base64.b64decode(value["base64"]) if value.keys() == {"base64"} else value


if __name__ == "__main__":
    _run()
