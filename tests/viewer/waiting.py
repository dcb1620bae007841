"""Waits in a browser for what a page's own policy lets nobody ask for again and again by ``eval``."""

from __future__ import annotations

import time

from playwright.sync_api import Frame, Page


def wait_until(place: Page | Frame, expression: str, seconds: float = 30) -> None:
    """Until an expression of JavaScript is true there; as ``wait_for_function``, which a CSP may forbid."""
    deadline = time.monotonic() + seconds
    while not place.evaluate(expression):
        assert time.monotonic() < deadline, f"not so within {seconds:g} s: {expression}"
        place.wait_for_timeout(50)
