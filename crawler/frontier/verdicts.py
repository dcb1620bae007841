"""How a request ended, by its status."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.frontier.protocol import State


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a request ended."""

    state: State
    reason: str | None = None
    status: int | None = None
    wait_seconds: float = 0.0
    """Where it stays queued: until it is worth another try."""


def verdict_of_status(status: int) -> Verdict:
    """404 and 410: gone; what else is no page: failed."""
    if status in (404, 410):
        return Verdict("gone", f"HTTP {status}", status)
    return Verdict("failed", f"HTTP {status}", status) if status >= 400 else Verdict("done", status=status)
