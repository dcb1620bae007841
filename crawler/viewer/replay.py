"""Full replay of an article's pages by ReplayWeb.page, where the user has put its two files."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Request, Response
from itsdangerous import BadSignature

from crawler.collection.export import Selection, export_wacz
from crawler.errors import BadArgument
from crawler.index.database import Connection, read_index
from crawler.index.lookup import StoredArticle, stored_article
from crawler.viewer.filters import address
from crawler.viewer.pages import NotThere, Route, collection, part, read, render
from crawler.viewer.ranges import ranged

FILES = ("ui.js", "sw.js")
FOLDER = "replayweb.page"
"""Beside the collections: AGPL, so not ours to bring along."""

WACZ_BYTES = 256 * 1024 * 1024
"""Of an article with all its captures, at most: a browser is given all of it."""

NAMESPACE = "replay"
"""Of the keys."""

SECONDS = len("20220131120000")
"""Of a moment as replay writes it."""

POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'self'"
)
"""Of the page that replay runs in: nothing comes from elsewhere."""


def replays(folder: Path) -> bool:
    """Whether the files of ReplayWeb.page are there for this collection."""
    return all((folder.parent / FOLDER / file).is_file() for file in FILES)


async def about(datasette: Any, request: Request) -> Response:
    """What replay is, how to set it up, and the way to that of an article."""
    asked = request.args.get("article")
    article = await read(datasette, lambda db: _article(db, asked)) if asked else None
    here = datasette.folder.parent / FOLDER
    way = _way(datasette, request, article) if article else None
    return await render(datasette, request, "replay.html", article=article, way=way, names=datasette.names, folder=here)


async def player(datasette: Any, request: Request) -> Response:
    """The page that replay runs in; its scripts are the user's, and nothing of the viewer is in it."""
    key = request.args.get("key") or ""
    article = await _opened(datasette, key)
    at = "".join(filter(str.isdecimal, request.args.get("at") or ""))[:SECONDS]
    url = request.args.get("url") or article.url
    return await _bare(datasette, request, article=article, key=key, url=url, at=at)


async def inside(datasette: Any, request: Request) -> Response:
    """The frame of that page, which ReplayWeb.page's service worker answers as soon as it is at work."""
    return await _bare(datasette, request)


async def _bare(datasette: Any, request: Request, **shown: Any) -> Response:
    html = await datasette.render_template("ofrecord/player.html", shown, request=request)
    return Response.html(html, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})


async def script(datasette: Any, request: Request) -> Response:
    """One of the files of ReplayWeb.page."""
    file = collection(datasette).parent / FOLDER / request.url_vars["file"]
    return Response(await asyncio.to_thread(file.read_bytes), content_type="text/javascript; charset=utf-8")


async def package(datasette: Any, request: Request) -> Response:
    """The captures of an article as WACZ, in the ranges that are asked for."""
    article = await _opened(datasette, part(request, "key"))
    info = tuple(datasette.info.items())
    made = await asyncio.to_thread(_packaged, collection(datasette), article.id, article.last_seen_at, info)
    return ranged(request.headers.get("range"), made, "application/wacz")


async def _opened(datasette: Any, key: str) -> StoredArticle:
    """The article that a key of ``_way`` is for. Raises NotThere."""
    try:
        asked = datasette.unsign(key, NAMESPACE)
    except BadSignature as error:
        raise NotThere("no such replay is open; open it from the article's snapshot again") from error
    found: StoredArticle = await read(datasette, lambda db: _article(db, asked))
    return found


def _article(db: Connection, asked: str) -> StoredArticle:
    found = stored_article(db, asked)
    if found is None:
        raise NotThere(f"there is no article {asked}; search finds those there are")
    return found


def _way(datasette: Any, request: Request, article: StoredArticle) -> str:
    """With a key that opens this article only: an archived script that runs there knows of no other."""
    port = request.host.rpartition(":")[2]
    wanted = [
        ("key", datasette.sign(article.id, NAMESPACE)),
        *((name, request.args.get(name)) for name in ("url", "at")),
    ]
    return f"http://{datasette.names.replay}:{port}{address('/replay/view', wanted)}"


@lru_cache(maxsize=2)
def _packaged(folder: Path, article_id: str, seen: str, info: tuple[tuple[str, str], ...]) -> bytes:
    """As the article was last seen: made once, since replay asks for many ranges."""
    with tempfile.TemporaryDirectory(prefix="ofrecord-") as place, closing(read_index(folder / "index.db")) as db:
        path = Path(place) / "article.wacz"
        export_wacz(folder, db, Selection(articles=(article_id,)), path, dict(info))
        if path.stat().st_size > WACZ_BYTES:
            raise BadArgument(
                f"{article_id} has more than {WACZ_BYTES // 2**20} MiB of captures; make a file with "
                f"scrapy export --format wacz --article {article_id} -o article.wacz, and open that"
            )
        return path.read_bytes()


ROUTES: tuple[Route, ...] = (
    (r"^/replay$", about),
    (r"^/replay/$", inside),
    (r"^/replay/view$", player),
    (rf"^/replay/(?P<file>{'|'.join(FILES)})$", script),
    (r"^/replay/(?P<key>[^/]+)\.wacz$", package),
)
