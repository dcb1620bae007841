"""A process that writes until it is killed: prints the id of each capture once its future has resolved."""

from __future__ import annotations

import os
import resource
import sys
from concurrent.futures import Future
from pathlib import Path

from crawler.errors import OfRecordError
from crawler.items import Capture, Notes
from crawler.warc.writer import WarcWriter
from tests.warc.exchanges import INFO, exchange, message


def main(folder: Path, file_limit: int) -> None:
    if file_limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    writer = WarcWriter(folder, info=INFO, max_bytes=400_000)
    number = 0
    while True:
        futures = [writer.record(exchange(f"/{number + n}", message(os.urandom(9_000))), Notes()) for n in range(8)]
        number += 8
        for future in futures:
            told(future)


def told(future: Future[Capture]) -> None:
    try:
        os.write(1, f"{future.result().record_id}\n".encode())
    except OfRecordError as error:
        os.write(1, f"{type(error).__name__}: {error}\n".encode())
        os._exit(3)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
