"""The site that the tap is tried on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.site.server import Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site
