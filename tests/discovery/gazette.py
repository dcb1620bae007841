"""A publisher of the tests' own, and the listings saved for it."""

from pathlib import Path

from crawler.discovery.scope import Scope
from crawler.publishers.base import Publisher

DATA = Path(__file__).parents[1] / "data" / "discovery"
NEWSNET = Path(__file__).parents[2].parent / "shared" / "newsnet"

GAZETTE = Publisher(
    id="gazette", name="The Gazette", domains=("www.gazette.example",), retired=("www.old-gazette.example",)
)
SCOPE = Scope(GAZETTE)


def saved(name: str) -> bytes:
    return (DATA / name).read_bytes()
