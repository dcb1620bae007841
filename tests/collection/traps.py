"""What a page may do to the worker that reads it, as functions a layout may name: workers import them by that."""

from __future__ import annotations

import os
import signal
import sys

from lxml.html import HtmlElement


def hang(root: HtmlElement) -> None:
    """As a pattern that goes back for ever: deep in C code, where no exception of Python's gets in."""
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP})
    while True:
        pass


def eat(root: HtmlElement) -> None:
    """All memory that there is."""
    eaten = []
    while True:
        eaten.append(bytearray(64 << 20))


def crash(root: HtmlElement) -> None:
    """As a fault in a library does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def leave(root: HtmlElement) -> None:
    os._exit(0)


def sink(root: HtmlElement) -> None:
    """Deeper than the stack."""
    sys.setrecursionlimit(1000)
    sink(root)


def chatter(root: HtmlElement) -> None:
    """Writes where the answers go."""
    print("some words" * 10_000, flush=True)
