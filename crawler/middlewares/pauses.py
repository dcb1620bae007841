"""Leaves hosts alone for a while, all their URLs at once: a long queue is not gone through only to be put back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from scrapy import Request

from crawler.errors import StorageError
from crawler.normalisation.urls import host_of
from crawler.publishers.base import publishers
from crawler.stopping import stop_crawl

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def leave_alone(crawler: Crawler, request: Request, until: datetime) -> None:
    """Claims nothing more of a request's group before that moment, or of its host where the group has others."""
    worker = getattr(crawler.engine.scheduler, "worker", None)
    if worker is None:
        return
    group = request.meta.get("download_slot", host_of(request.url))
    if _is_of_one_host(request):
        worker.put_off(group, until)
        return
    try:
        worker.put_site_off(group, urljoin(request.url, "/"), until)
    except StorageError as error:
        stop_crawl(crawler, error)


def _is_of_one_host(request: Request) -> bool:
    """Mirrors may answer, and a publisher's pages may be had while the host of its feeds or images is down."""
    if request.meta.get("allow_offsite"):
        return False
    host = _bare(host_of(request.url))
    publisher = publishers().get(request.meta.get("publisher_id", ""))
    names = publisher.domains if publisher else (request.meta.get("download_slot", host),)
    return {_bare(name) for name in names} == {host}


def _bare(host: str) -> str:
    return host.removeprefix("www.")
