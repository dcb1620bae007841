"""``scrapy serve``: the archive in a browser."""

from __future__ import annotations

import argparse
import sys

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.collection.session import warcinfo
from crawler.commands.archive import ArchiveCommand
from crawler.commands.exits import DONE
from crawler.errors import BadArgument

HOST = "127.0.0.1"
PORT = 8001
LARGEST_PORT = 65535


class Command(ArchiveCommand, ScrapyCommand):
    """Reads the index and the WARC files, also while a crawl writes to them; writes nothing."""

    def syntax(self) -> str:
        return "[options]"

    def short_desc(self) -> str:
        return "Show the archive in a browser"

    def long_desc(self) -> str:
        return "Search, articles, revisions, snapshots and every table, at one address of this machine. Ctrl-C ends it."

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--host", metavar="H", default=HOST, help=f"address to listen at (default: {HOST})")
        parser.add_argument("--port", metavar="N", type=int, default=PORT, help=f"default: {PORT}; 0: any free one")

    def act(self, args: list[str], opts: argparse.Namespace) -> int:
        if args:
            raise UsageError("scrapy serve takes options only")
        if not 0 <= opts.port <= LARGEST_PORT:
            raise BadArgument(f"--port {opts.port} is no port; give one from 0 to {LARGEST_PORT}")
        _serve(self, opts.host, opts.port)
        return DONE


def _serve(command: Command, host: str, port: int) -> None:
    try:
        # Not at the top: they are an extra, and take a second to load.
        from crawler.viewer.application import application
        from crawler.viewer.origins import is_loopback
        from crawler.viewer.serving import address, listening, serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("crawler"):
            raise
        raise BadArgument(f"scrapy serve needs {error.name}; install it with: uv sync --extra serve") from error
    own = host.strip("[]").lower()
    app = application(command.folder, own, warcinfo(command.given))
    with listening(own, port) as listener:
        where = address(listener, own)
        if not is_loopback(own):
            print(f"ofrecord: whoever reaches {host} can read this archive: there is no password", file=sys.stderr)
        serve(app, listener, lambda: print(f"{command.folder.name} is at {where} (Ctrl-C ends it)", flush=True))
