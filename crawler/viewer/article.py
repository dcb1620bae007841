"""The page of an article: its fields, its text, its pictures, and what became of it; and the article as a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from datasette.utils.asgi import Request, Response

from crawler.collection.dossiers import Dossier, dossier
from crawler.collection.publishing import DOCUMENTS
from crawler.collection.references import referred_article
from crawler.formats.lines import json_lines
from crawler.index.database import Connection
from crawler.index.exporting import ExportedArticle, exported
from crawler.index.forgetting import takedown
from crawler.index.held import held_at
from crawler.index.lookup import StoredArticle, evidence, stored_article
from crawler.index.snapshots import requisite_near
from crawler.items import Evidence, Image
from crawler.normalisation.urls import wire_url
from crawler.queries.tree import EVERYTHING
from crawler.viewer.body import length, pieces
from crawler.viewer.filters import article_path, web_address
from crawler.viewer.happened import happened, last_readable, state_said
from crawler.viewer.pages import HEADERS, NotThere, Route, part, read, render

REVISIONS = 12
"""Revisions that are listed before one asks for all."""
LINES = 60
"""Lines of the time line, likewise, the newest."""
LOOKED_FOR = 200
"""Links of a text that are looked for in the archive, and images."""

_REVISION = re.compile(r"@\d+$")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")

TYPES = {
    "json": "application/json; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """An image as it is shown."""

    image: Image
    record_id: str | None
    """Of the capture that has the image; None: it is not in the archive."""

    @property
    def is_shown(self) -> bool:
        """Whether there is more to see of it than an address."""
        return bool(self.record_id or self.image.caption or self.image.credit)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the value of one field comes from."""

    field: str
    candidates: tuple[Evidence, ...]
    """The chosen ones first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page needs of the index."""

    known: Dossier
    figures: tuple[Figure, ...]
    held: dict[str, str]
    """Ids of articles that the text links to, by address."""
    sources: tuple[Sources, ...] | None
    """None: not asked for."""


async def article(datasette: Any, request: Request) -> Response:
    """An article at its newest revision, or at the one that is asked for."""
    asked, wants_sources = part(request, "id"), bool(request.args.get("evidence"))
    shown = await read(datasette, lambda db: _shown(db, asked, wants_sources=wants_sources))
    found, revision = shown.known.article, shown.known.article.revision
    if (current := current_path(asked, found)) is not None:
        return Response.redirect(f"{current}?{request.query_string}" if request.query_string else current)
    lines = happened(shown.known.timeline)
    return await render(
        datasette,
        request,
        "article.html",
        shown=shown,
        article=found,
        revision=revision,
        here_path=article_path(revision.id if "@" in asked else found.id),
        pieces=pieces(revision.blocks, revision.embeds),
        length=length(revision),
        lines=lines,
        state_said=state_said(found, lines),
        last_readable=last_readable(shown.known.timeline),
        lists_all=bool(request.args.get("all")),
        limits={"revisions": REVISIONS, "lines": LINES},
    )


def current_path(asked: str, found: StoredArticle) -> str | None:
    """The address that an article has today, where it was asked for by another; None: it was asked for by that."""
    reference, _, number = asked.rpartition("@") if asked.rpartition("@")[2].isdecimal() else (asked, "", "")
    if reference == found.id:
        return None
    return article_path(found.revision.id if number else found.id)


def known_dossier(db: Connection, asked: str) -> Dossier:
    """All that is known of an article. Raises NotThere, which says whether it never was, or was taken down."""
    known = dossier(db, asked)
    if known is not None:
        return known
    found = referred_article(db, asked)
    whole = stored_article(db, found) if found else None
    if whole is None:
        gone = takedown(db, asked)
        raise NotThere(gone or f"there is no article {asked}; search finds those there are")
    raise NotThere(no_revision(whole, asked.rpartition("@")[2]))


def no_revision(article: StoredArticle, number: object) -> str:
    """What to say where an article has no such revision."""
    return f"{article.id} has no revision {number}; it has {article.revisions}, counted from 1"


def _shown(db: Connection, asked: str, *, wants_sources: bool) -> Shown:
    known = known_dossier(db, asked)
    revision = known.article.revision
    urls = dict.fromkeys(link.url for link in revision.links[:LOOKED_FOR] if web_address(link.url))
    held = {url: each.id for url, each in held_at(db, urls).items() if each.id != known.article.id}
    figures = tuple(
        Figure(image, _picture(db, image, revision.capture.captured_at) if at < LOOKED_FOR else None)
        for at, image in enumerate(revision.images)
    )
    return Shown(known, figures, held, _sources(evidence(db, revision.id)) if wants_sources else None)


def _picture(db: Connection, image: Image, captured_at: str) -> str | None:
    return requisite_near(db, wire_url(image.url), captured_at) if web_address(image.url) else None


def _sources(found: Sequence[Evidence]) -> tuple[Sources, ...]:
    by_field = groupby(found, key=lambda candidate: candidate.field)
    return tuple(Sources(field, tuple(candidates)) for field, candidates in by_field)


async def document(datasette: Any, request: Request) -> Response:
    """The newest revision as scrapy export writes it."""
    asked, ending = part(request, "id"), request.url_vars["ending"]
    found = await read(datasette, lambda db: _exported(db, asked))
    if found.id != asked:
        if _REVISION.search(asked):
            raise NotThere(f"a .{ending} is of the newest revision; {article_path(asked)} is the page of that one")
        return Response.redirect(f"{article_path(found.id)}.{ending}")
    name = f"{_NOT_IN_NAMES.sub('-', found.id)}.{ending}"
    headers = {**HEADERS, "Content-Disposition": f'inline; filename="{name}"'}
    return Response(_written(found, ending), headers=headers, content_type=TYPES[ending])


def _exported(db: Connection, asked: str) -> ExportedArticle:
    known = known_dossier(db, asked)
    with closing(exported(db, EVERYTHING, [known.article.id])) as found:
        return next(found)


def _written(article: ExportedArticle, ending: str) -> str:
    return next(json_lines([article])) if ending == "json" else DOCUMENTS[ending](article)


ROUTES: tuple[Route, ...] = (
    (rf"^/article/(?P<id>[^/]+/.+)\.(?P<ending>{'|'.join(TYPES)})$", document),
    (r"^/article/(?P<id>[^/]+/.+)$", article),
)
