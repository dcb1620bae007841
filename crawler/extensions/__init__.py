"""Scrapy's extensions."""
