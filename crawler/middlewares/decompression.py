"""Decompresses what the spider reads; pages that become articles are read from the WARC instead."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

PAGES = ("article", "requisite")


class ListingDecompression(HttpCompressionMiddleware):
    """Scrapy's decompression, bounded by DOWNLOAD_MAXSIZE, for listings only: a page costs the reactor nothing."""

    def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Leaves Accept-Encoding as the settings have it: what is asked for must be what replay can read."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if request.meta.get("purpose") in PAGES:
            return response
        return super().process_response(request, response)
