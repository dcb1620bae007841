"""Which extraction made a revision: two captures are compared only under one generation."""

from __future__ import annotations

GENERATION = 7
"""Counts up with every change that can alter a field of an unchanged page."""

EXTRACTOR = f"ofrecord {GENERATION}"
