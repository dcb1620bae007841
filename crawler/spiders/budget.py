"""``limit=N``: how many articles may still be begun."""

from __future__ import annotations


class ArticleBudget:
    """Counts articles from when their request goes out, so that none is fetched beyond the limit."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._begun: set[str] = set()
        self._stored = 0

    def begin(self, url: str) -> bool:
        """Whether a request for this article may go out; a retry of one that did may."""
        if self._limit is None or url in self._begun:
            return True
        if len(self._begun) >= self._limit:
            return False
        self._begun.add(url)
        return True

    def give_back(self, url: str) -> None:
        """The request led to no article: another may go out in its place."""
        self._begun.discard(url)

    def stored(self) -> None:
        """An article is in the index."""
        self._stored += 1

    def is_spent(self) -> bool:
        """Whether as many articles are stored as were asked for."""
        return self._limit is not None and self._stored >= self._limit
