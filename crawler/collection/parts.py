"""Sealed files checked in parts by several processes, and told in order: one big file keeps all of them busy too."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from crawler.warc.checking import Part, PartReport, check_part
from crawler.warc.names import warc_path

PART_BYTES = 16 << 20
"""Of a file. What a part holds is in memory at once."""

AHEAD = 2
"""Parts for each process that are checked or wait to be told."""


def reports(folder: Path, files: Iterable[str], workers: int) -> Iterator[PartReport]:
    """All of each file, part by part. A part begins where the last one ended, whatever looked like a record's start."""
    end = 0
    for part, report in _checked(folder, [part for name in files for part in _parts(folder, name)], workers):
        end = 0 if part.start == 0 else end
        is_behind = part.stop is not None and end >= part.stop  # a record reached over all of it
        if is_behind:
            continue
        if report.begin != end:
            report = check_part(folder, Part(part.filename, end, part.stop, is_exact=True))
        end = report.end
        yield report


def _parts(folder: Path, filename: str) -> Iterator[Part]:
    size = 0
    with suppress(OSError):
        size = warc_path(folder, filename).stat().st_size
    starts = list(range(0, size, PART_BYTES)) or [0]
    for start, stop in zip(starts, [*starts[1:], None], strict=True):
        yield Part(filename, start, stop, is_exact=start == 0)


def _checked(folder: Path, parts: list[Part], workers: int) -> Iterator[tuple[Part, PartReport]]:
    if len(parts) < 2 or workers < 2:
        yield from ((part, check_part(folder, part)) for part in parts)
        return
    left, running = iter(parts), deque[tuple[Part, Future[PartReport]]]()
    with ProcessPoolExecutor(min(workers, len(parts)), mp_context=get_context("spawn")) as pool:
        for part in islice(left, workers * AHEAD):
            running.append((part, pool.submit(check_part, folder, part)))
        while running:
            part, report = running.popleft()
            yield part, report.result()
            for following in islice(left, 1):
                running.append((following, pool.submit(check_part, folder, following)))
