"""Scrapy's item pipelines."""
