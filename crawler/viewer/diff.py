"""The page of what changed between two revisions of an article: word by word, side by side or in one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from datasette.utils.asgi import Request, Response

from crawler.changes.comparison import Part
from crawler.changes.sides import Sides, sides
from crawler.collection.diffs import RevisionDiff, revision_diff
from crawler.errors import BadArgument
from crawler.index.database import Connection
from crawler.index.lookup import StoredArticle, stored_article
from crawler.index.timeline import RevisionLine
from crawler.viewer.article import known_dossier, no_revision
from crawler.viewer.filters import address, article_path
from crawler.viewer.pages import NotThere, Route, part, read, render

View = Literal["side", "inline"]

AROUND = 1
"""Paragraphs as before that are shown on either side of a change."""
FOLDED = 3
"""Paragraphs in a row that are folded away; fewer take no more room than the line that stands for them."""
LARGEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address of the page asks for."""

    old: int | None
    new: int | None
    """None: not said."""
    view: View


@dataclass(frozen=True, slots=True)
class Run:
    """Lines that are shown, or folded away until one asks for them."""

    is_folded: bool
    lines: tuple[Sides, ...]


@dataclass(frozen=True, slots=True)
class PartShown:
    """Headline, summary, text or captions."""

    part: Part
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """All that the page needs of the index."""

    article: StoredArticle
    """At the revision that was named with it, else at its newest."""
    revisions: tuple[RevisionLine, ...]
    diff: RevisionDiff
    parts: tuple[PartShown, ...]


async def diff(datasette: Any, request: Request) -> Response:
    """What changed between two revisions; without numbers, what the newest one changed, or ``ID@N``."""
    reference, asked = part(request, "id"), _asked(request)
    found = await read(datasette, lambda db: _changed(db, reference, asked))
    old, new = found.diff.old.revision, found.diff.new.revision
    here = f"{article_path(found.article.id)}/diff"

    def at(old: int, new: int, view: View = asked.view) -> str:
        return address(here, [("from", old), ("to", new), ("view", view if view == "inline" else None)])

    if reference != found.article.id:
        return Response.redirect(at(old.number, new.number))
    return await render(
        datasette,
        request,
        "diff.html",
        article=found.article,
        diff=found.diff,
        old=old,
        new=new,
        parts_changed=found.parts,
        steps=_steps(found),
        revisions=found.revisions,
        view=asked.view,
        path=here,
        at=at,
    )


def _asked(request: Request) -> Asked:
    view = request.args.get("view") or "side"
    if view not in ("side", "inline"):
        raise BadArgument(f"view={view!r} is no way to show a diff; there are: side, inline")
    return Asked(_number(request, "from"), _number(request, "to"), "inline" if view == "inline" else "side")


def _number(request: Request, name: str) -> int | None:
    text = request.args.get(name)
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST)) else 0
    if not number:
        raise BadArgument(f"{name}={text!r} is no number of a revision; they are counted from 1")
    return number


def _changed(db: Connection, reference: str, asked: Asked) -> Changed:
    known = known_dossier(db, reference)
    article = known.article
    old, new = (_revision(db, article, number) for number in _pair(asked, article))
    found = revision_diff(db, old, new)
    return Changed(article, known.revisions, found, tuple(_parts(sides(found.comparison.lines))))


def _pair(asked: Asked, article: StoredArticle) -> tuple[int, int]:
    """The older and the newer revision that are meant. Raises BadArgument, NotThere."""
    if asked.old and asked.old == asked.new:
        raise BadArgument(f"from={asked.old} and to={asked.new} are the same revision; choose two")
    if article.revisions == 1 and not (asked.old and asked.new):
        raise NotThere(f"{article.id} has one revision; there is nothing to compare it with")
    named = article.revision.number
    new = asked.new or (named if asked.old != named else named - 1)
    old = asked.old or new - 1
    if old == 0:
        raise NotThere(f"revision 1 of {article.id} is the first; nothing was before it")
    return min(old, new), max(old, new)


def _revision(db: Connection, article: StoredArticle, number: int) -> StoredArticle:
    found = stored_article(db, article.id, number)
    if found is None:
        raise NotThere(no_revision(article, number))
    return found


def _steps(found: Changed) -> list[RevisionLine]:
    """The revisions from the older to the newer one, without that."""
    old, new = found.diff.old.revision.number, found.diff.new.revision.number
    return [line for line in found.revisions if old < line.number <= new]


def _parts(lines: Iterable[Sides]) -> Iterator[PartShown]:
    for name, group in groupby(lines, key=lambda line: line.part):
        yield PartShown(name, tuple(_runs(list(group))))


def _runs(lines: Sequence[Sides]) -> Iterator[Run]:
    """Changes with what is around them; what else is as before is folded."""
    at = 0
    for is_same, group in groupby(lines, key=lambda line: line.change == "same"):
        run = tuple(group)
        start = AROUND if at else 0
        at += len(run)
        stop = len(run) - (AROUND if at < len(lines) else 0)
        if not is_same or stop - start < FOLDED:
            yield Run(False, run)
            continue
        yield Run(False, run[:start])
        yield Run(True, run[start:stop])
        yield Run(False, run[stop:])


ROUTES: tuple[Route, ...] = ((r"^/article/(?P<id>[^/]+/.+)/diff$", diff),)
