"""Scrapy's download handlers."""
