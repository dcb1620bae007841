"""Scrapy's downloader and spider middlewares."""
