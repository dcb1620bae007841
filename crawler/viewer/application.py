"""The archive of one collection as a web application: Datasette with our pages before its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from datasette.app import Datasette
from datasette.plugins import pm

from crawler.index.database import read_index
from crawler.viewer import plugin
from crawler.viewer.cells import INTERNAL
from crawler.viewer.live_index import LiveIndex
from crawler.viewer.origins import Asgi, Names, only_at
from crawler.viewer.replay import replays

HERE = Path(__file__).parent
SETTINGS = {
    "default_page_size": 50,
    "sql_time_limit_ms": 5000,
    "allow_download": False,  # of a file that is being written: sqlite-utils and cp do that better
    "cache_size_kb": 64 * 1024,
    "suggest_facets": False,  # a table of a hundred thousand rows is looked through for each column
}
ABOUT = (
    "Every table, with filters, SQL, JSON and CSV; the wheel beside a column's name has its facets. "
    "archives/README.md says what each column means, and has twenty queries to paste here."
)
"""Of the database, above its tables."""


class Archive(Datasette):  # type: ignore[misc]  # Datasette publishes no types
    """Datasette over the index of a collection."""

    def __init__(self, folder: Path, names: Names, info: Mapping[str, str]) -> None:
        super().__init__(
            metadata={
                "source": f"ofrecord: {folder.name}",
                "source_url": "/",
                "databases": {"index": {"description": ABOUT, "tables": {name: {"hidden": True} for name in INTERNAL}}},
            },
            template_dir=str(HERE / "templates"),
            static_mounts=[("static", str(HERE / "static"))],
            settings=SETTINGS,
        )
        self.remove_database("_memory")  # which Datasette adds where it is given no file
        self.add_database(LiveIndex(self, folder / "index.db"), name="index")
        self.folder = folder
        """The collection."""
        self.names = names
        self.info = dict(info)
        """The fields of a warcinfo record, for files that are made for download."""


def application(folder: Path, host: str, info: Mapping[str, str]) -> Asgi:
    """What answers a browser's requests about a collection, at an address of this machine; nothing is written.

    Raises FolderNotUsable, IndexTooNew.
    """
    read_index(folder / "index.db").close()  # says what cannot be read before a browser is told
    if not pm.is_registered(plugin):
        pm.unregister(name="datasette.handle_exception")
        pm.register(plugin, name="ofrecord")
    names = Names.at(host, replays=replays(folder))
    return only_at(names, Archive(folder, names, info).app())
