"""The worker process of the extraction pool: reads captured pages from the WARC, answers with articles."""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from crawler.changes.content import content_sha256
from crawler.changes.notices import notice_of
from crawler.changes.state import says_it_is_gone
from crawler.collection.pool import LENGTH, READY, Extracted, Task
from crawler.errors import ExtractionFailed
from crawler.extraction.article import extract
from crawler.items import Article
from crawler.warc.reader import Record, decode, read_file

MANY_CHARACTERS = 4000
"""Of an article's text; with more its page is no notice, and need not be looked at for one."""


def main(memory: int, page_seconds: float) -> None:
    """Serves tasks from stdin until it is closed, which also happens when the crawler dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the crawler's to handle: it drains us first
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    tasks, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the replies
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    replies.write(READY)
    replies.flush()
    while (task := _next_task(tasks)) is not None:
        # Ends the process even where the crawler that watches the time is gone.
        signal.setitimer(signal.ITIMER_REAL, page_seconds + 1)
        reply = pickle.dumps(_answer(task), pickle.HIGHEST_PROTOCOL)
        signal.setitimer(signal.ITIMER_REAL, 0)
        replies.write(LENGTH.pack(len(reply)) + reply)
        replies.flush()


def _next_task(tasks: BinaryIO) -> Task | None:
    header = tasks.read(LENGTH.size)
    if len(header) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(header)
    task: Task = pickle.loads(tasks.read(length))
    return task


def _answer(task: Task) -> Extracted | Exception:
    try:
        return _extracted(task)
    except Exception as error:
        return ExtractionFailed(f"{task.url}: {type(error).__name__}: {error} ({task.warc.name}:{task.offset})")


def _extracted(task: Task) -> Extracted:
    record = read_file(task.warc, task.offset)
    decoded = decode(record)
    article = extract(
        decoded.data,
        task.url,
        publisher=task.publisher,
        context=task.context,
        content_type=record.http_header("content-type"),
    )
    problems = (*(("coding",) if decoded.problem else ()), *article.problems)
    return Extracted(article, content_sha256(article), problems, _verdict(decoded.data, article, record))


def _verdict(page: bytes, article: Article, record: Record) -> str | None:
    """What a page of few words says it is; one with more has something to say."""
    if len(article.text) > MANY_CHARACTERS:
        return None
    head = record.http()
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in head.fields]
    notice = notice_of(page, status=head.status(), url=record.url, headers=headers)
    if notice is not None:
        return notice.kind
    return "soft-404" if says_it_is_gone(page.decode("utf-8", "replace"), article) else None


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # nobody waits any more: a command that was short, or a crawler that is gone
        main(int(sys.argv[1]), float(sys.argv[2]))
