"""An export of all articles of a large index: seconds, memory, every article once, JSON lines equal to the index.

    uv run python -m tests.benchmarks.large FOLDER
    uv run python -m tests.benchmarks.export FOLDER [--format jsonl]

FOLDER is a collection: the folder that holds it is ARCHIVES_DIR.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from crawler.index.database import open_index, read_index
from tests.conftest import PROJECT, clean_environment, scrapy_command


def checked(folder: Path, lines: Path) -> int:
    """How many articles there are; each must be on one line, with what the view ``latest`` says of it."""
    seen = set()
    with closing(read_index(folder / "index.db")) as db, lines.open(encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            row = dict(db.execute("SELECT * FROM latest WHERE id = ?", (article["id"],)).fetchone())
            for name in row.keys() & article.keys():
                stored = json.loads(row[name]) if isinstance(article[name], list) else row[name]
                assert stored == article[name], (article["id"], name)
            assert article["id"] not in seen
            seen.add(article["id"])
        (count,) = db.execute("SELECT count(*) FROM articles").fetchone()
    assert len(seen) == count
    return len(seen)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--format", default="jsonl")
    given = parser.parse_args()
    open_index(given.folder / "index.db").close()  # one that was built before is brought up to date
    with TemporaryDirectory() as temporary:
        out = Path(temporary) / "export"
        environment = clean_environment(
            {"OFRECORD_ARCHIVES_DIR": str(given.folder.resolve().parent), "OFRECORD_COLLECTION": given.folder.name}
        )
        began = time.monotonic()
        command = scrapy_command(["export", "--format", given.format, "-o", str(out)])
        subprocess.run(command, cwd=PROJECT, env=environment, check=True)
        seconds = time.monotonic() - began
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{seconds:.0f} s, at most {memory:.0f} MB of memory")
        if given.format == "jsonl":
            print(f"{checked(given.folder, out)} articles, each once and as the index has it")


if __name__ == "__main__":
    main()
