"""WHAT: a page becomes an article."""
