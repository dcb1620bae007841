"""The pages of newsnet with all class and id names consistently renamed: what does extraction owe to names?

    uv run python -m tests.benchmarks.renamed FOLDER
    uv run python ../shared/tools/eval_fields.py FOLDER

The same name gets the same new one on every page, without meaning; scripts and styles stay as they are.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import shutil
from pathlib import Path

from tests.benchmarks.extraction import PAGES

_NAMING = re.compile(rb"""(?<=[\s"'])((?:class|id)\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)""", re.I)
_PART = re.compile(rb"(<script\b[^>]*>)(.*?</script>)|(<style\b[^>]*>.*?</style>)|(<[a-zA-Z][^<>]*>)", re.I | re.S)
_LETTERS = bytes.maketrans(b"0123456789", b"ghijklmnop")


def new_name(name: bytes) -> bytes:
    """Eight letters that depend on the name alone."""
    return b"x" + hashlib.sha256(name).hexdigest()[:7].encode().translate(_LETTERS)


def renamed(page: bytes) -> bytes:
    """A page with its class and id names renamed."""
    return _PART.sub(_part, page)


def _part(found: re.Match[bytes]) -> bytes:
    opening, script, style, tag = found.groups()
    if style:
        return bytes(style)
    return bytes(_NAMING.sub(_attribute, opening) + script) if opening else bytes(_NAMING.sub(_attribute, tag))


def _attribute(found: re.Match[bytes]) -> bytes:
    value = found[2]
    quote = value[:1] if value[:1] in b"\"'" else b""
    names = value[1:-1] if quote else value
    return bytes(found[1]) + quote + b" ".join(map(new_name, names.split())) + quote


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    (folder / "html").mkdir(parents=True, exist_ok=True)
    shutil.copy(PAGES / "manifest.jsonl", folder)
    for line in (PAGES / "manifest.jsonl").read_text().splitlines():
        name = f"html/{json.loads(line)['id']}.html.gz"
        (folder / name).write_bytes(gzip.compress(renamed(gzip.decompress((PAGES / name).read_bytes())), 1))


if __name__ == "__main__":
    main()
