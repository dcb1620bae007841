"""Pages that nobody would write: real ones mutated, markup in any order, one field of a page filled with one text."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from tests.conftest import PROJECT, SHARED

URL = "https://gazette.example/2024/03/11/1001/council-votes-to-rebuild-bridge"
TYPES = (
    None,
    "text/html",
    "text/html; charset=utf-8",
    "text/html; charset=utf-16",
    "text/html; charset=shift_jis",
    "x",
)
MOST = 400_000
"""Bytes of a mutated page: what is longer takes long for its length, which shows nothing."""


@dataclass(frozen=True, slots=True)
class Input:
    """One page, and how it came about."""

    how: str
    html: bytes
    url: str = URL
    content_type: str | None = None


SLOTS = {
    "title": "<title>{}</title>",
    "heading": "<h1>{}</h1>",
    "subheading": "<article><h1>A story</h1><p>Some words.</p><h2>{}</h2><p>More words.</p></article>",
    "paragraph": "<article><h1>A story</h1><p>{}</p></article>",
    "bold": "<article><h1>A story</h1><p><b>{}</b></p><p>Words, and more of them.</p></article>",
    "list-item": "<article><h1>A story</h1><ul><li>{}</li></ul></article>",
    "cell": "<article><h1>A story</h1><table><tr><td>{}</td></tr></table></article>",
    "caption": "<article><h1>A story</h1><figure><img src=/a.jpg><figcaption>{}</figcaption></figure><p>Word.</p>",
    "credit": "<figure><img src=/a.jpg><figcaption>A town <span class=credit>{}</span></figcaption></figure>",
    "alt": '<article><h1>A story</h1><img src=/a.jpg alt="{}"><p>Words.</p></article>',
    "src": '<article><h1>A story</h1><img src="{}"><p>Words.</p></article>',
    "srcset": '<article><h1>A story</h1><picture><source srcset="{}"><img src=/a.jpg></picture><p>Words.</p></article>',
    "byline": '<h1>A story</h1><div class="byline author">{}</div>',
    "rel-author": '<h1>A story</h1><a rel=author href=/x>{}</a>',
    "time": '<h1>A story</h1><time datetime="{0}">{0}</time>',
    "date-line": '<h1>A story</h1><div class="date published">{}</div>',
    "crumbs": '<nav class="breadcrumb"><a href=/>{0}</a> / <a href=/x>{0}</a></nav><h1>A story</h1>',
    "tag": '<h1>A story</h1><a rel=tag href=/x>{}</a>',
    "class": '<h1>A story</h1><div class="{}"><p>Some words, and more.</p></div>',
    "id": '<h1>A story</h1><div id="{}"><p>Some words, and more.</p></div>',
    "style": '<h1>A story</h1><div style="{}"><p>Some words, and more.</p></div>',
    "href": '<article><h1>A story</h1><p>See <a href="{}">here</a>.</p></article>',
    "base": '<base href="{}"><h1>A story</h1><a href=x>y</a>',
    "lang": '<html lang="{}"><h1>A story</h1>',
    "charset": '<meta charset="{}"><h1>A story</h1>',
    "canonical": '<link rel=canonical href="{}"><h1>A story</h1>',
    "iframe": '<article><h1>A story</h1><iframe src="{}"></iframe><p>Words.</p></article>',
    "itemprop": '<div itemscope itemtype=https://schema.org/NewsArticle><span itemprop="{0}">{0}</span></div>',
    "json": '<script type="application/ld+json">{}</script><h1>A story</h1>',
    "state": '<script>window.__STATE__ = {}</script><h1>A story</h1>',
    "hydration": '<script id="__NEXT_DATA__" type="application/json">{}</script><h1>A story</h1>',
    "tag-name": "<{}>A story",
    "attribute": "<h1 {}>A story</h1>",
    "comment": "<!-- {} --><h1>A story</h1>",
    "noscript": "<noscript>{}</noscript><h1>A story</h1>",
    "bare": "{}",
    **{
        f"meta-{name}": f'<meta property="{name}" name="{name}" content="{{}}"><h1>A story</h1><p>Words.</p>'
        for name in (
            *("og:title", "og:description", "og:image", "og:url", "og:locale", "og:site_name", "description", "author"),
            *("article:published_time", "article:modified_time", "article:tag", "article:section", "article:author"),
            *("keywords", "news_keywords", "parsely-page", "date", "dc.date", "twitter:label1", "refresh"),
        )
    },
    **{
        f"ld-{name}": f'''<script type="application/ld+json">{{{{"@type":"NewsArticle","headline":"A story","{name}":"{{}}"}}}}
        </script><h1>A story</h1><p>Words.</p>'''
        for name in (
            *("headline", "description", "articleBody", "datePublished", "dateModified", "author", "keywords", "image"),
            *("articleSection", "inLanguage", "publisher", "isAccessibleForFree", "@id", "url", "text", "caption"),
        )
    },
}  # fmt: skip
"""Pages with one place for a text."""

PIECES = (
    *(
        " ",
        "\n",
        "\t",
        "\xa0",
        "a",
        "A",
        "0",
        "1",
        ".",
        ",",
        "-",
        "|",
        "/",
        ":",
        ";",
        "(",
        "[",
        "<",
        ">",
        "&",
        "é",
        "\u200b",
    ),
    *(
        "A ",
        "a.",
        "a.b ",
        "a-",
        "a, ",
        "1:",
        "1/1/",
        "12.",
        "2020-",
        "&amp;",
        "&#",
        "\\",
        "\\u",
        "{",
        "[[",
        "[1,",
        '{"a":',
    ),
    *("By ", "by A and ", " and", " und ", "und", "Photo: ", "(AFP) ", "photo by ", "via / ", "©", "Reuters/", "/AP "),
    *("/*", "//", "<!--", "]]>", "-->", ";;", "<br>", "</p>", "<p>", "\n \n", "<b>", "<a href=x>", "<div>", "<span>"),
    *("https://", "a.b.", "a.co, ", "x 1x, ", "1w,", "/a/", "/..", "?a=", "%", "%20", "amp/", "~amp", "@a ", "a@", "#"),
    *(
        "\u0660",
        "\u4e00",
        "\u3042",
        "\u05d0",
        "\u0633",
        "e\u0301",
        "\u0301",
        "\ufdfa",
        "\U0001f600",
        "ß",
        "İ",
        "x\u00ad",
    ),
    *(
        "Monday, ",
        "January 1, ",
        "1st ",
        "am ",
        "GMT+",
        "+00:",
        "T00:",
        "day ago ",
        "z",
        "st,",
        "-a",
        "a -",
        " - ",
        " | a",
    ),
    *(
        "Read more",
        "Follow us ",
        "also be found at ",
        "More: ",
        "alternate address ",
        "mirror ",
        "(",
        ")",
        "[",
        "]",
        "”",
        "'",
    ),
)
"""What a text may be made of, again and again."""

TOKENS = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        *("<p>", "</p>", "<div>", "</div>", "<article>", "</article>", "<b>", "<a href=/x>", "</a>", "<br><br>", "<h1>"),
        *("<table><tr><td>", "</table>", "<ul><li>", "<svg>", "<math>", "<select><option>", "<template>", "<noscript>"),
        *("<script>", "</script>", '<script type="application/ld+json">', "<style>", "<textarea>", "<title>", "<plaintext>"),
        *("<!--", "-->", "<![CDATA[", "]]>", "<?xml ?>", "<!doctype", "<frameset>", "<iframe src=//x>", "<base href=//[>"),
        *("&#0;", "&#xD800;", "&#x110000;", "&nbsp;", "&lt", "\x00", "\x1b$B", "\ufeff", "\ud800", "\u2028", "\u202e"),
        *('"', "'", "=", ">", "<", "/>", "\\", "{", "}", "[", "]", "null", "1e999", "NaN", "-", "%zz", "javascript:", "data:,"),
        *("http://[", "http://[::1", "//\u2100.com", "http://a:b", "http://a:99999999", "xn--a", "https://" + "a" * 300),
        *("2024-02-30", "0000-00-00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "99999999999999", "1e400"),
        *('itemprop=author', 'class="byline"', "hidden", 'style="display:none"', 'rel=canonical href="http://["', "lang=x-y-z"),
        *('srcset=", ,,x 1w 2x"', 'src="http://["', 'datetime="T"', '"@graph":', '"@type":["NewsArticle",null]', '"author":[[]]'),
    )
)  # fmt: skip


@cache
def own_pages() -> tuple[bytes, ...]:
    """The pages that are kept beside the tests, whole."""
    folder = PROJECT / "tests"
    found = sorted([*folder.glob("publishers/*/*/page.html*"), *folder.glob("data/**/*.html")])
    return tuple(_read(path) for path in found)


@cache
def real_pages() -> tuple[Path, ...]:
    """Those of newsnet, where they are."""
    return tuple(sorted((SHARED / "newsnet").glob("*/html/*.html.gz")))


def _read(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def filled(slot: str, text: str) -> Input:
    """A page with a text in one of its places."""
    return Input(f"{slot} = {text[:20]!r} ({len(text)})", SLOTS[slot].format(text).encode("utf-8", "surrogatepass"))


def inputs(seed: int, count: int) -> Iterator[Input]:
    """The same for the same seed and the same pages."""
    random = Random(seed)
    for number in range(count):
        make = random.choices((_mutated, _cut_out, _soup, _filled, _bytes), (30, 30, 20, 15, 5))[0]
        made = make(random)
        how, kind = f"{number}: {made.how}", random.choice(TYPES)
        yield Input(
            how, made.html, random.choice((URL, URL, URL, "https://a.example/", "http://xn--a.example/%zz?a=&b")), kind
        )


def _page(random: Random) -> bytes:
    real = real_pages()
    if real and random.random() < 0.8:
        return _read(random.choice(real))
    return random.choice(own_pages())


def _mutated(random: Random) -> Input:
    """A page with a few faults."""
    page = bytearray(_page(random)[:MOST])
    steps = random.choices(_FAULTS, k=random.randint(1, 8))
    for fault in steps:
        fault(random, page)
    return Input("mutated by " + ", ".join(fault.__name__[1:] for fault in steps), bytes(page[:MOST]))


def _cut_out(random: Random) -> Input:
    """A part of a page with many faults."""
    page = _page(random)
    at = random.randrange(max(1, len(page)))
    part = bytearray(page[at : at + random.choice((200, 3000, 20_000))])
    for _ in range(random.randint(2, 40)):
        random.choice(_FAULTS)(random, part)
    return Input("cut out", bytes(part[:MOST]))


def _soup(random: Random) -> Input:
    words = random.choices(TOKENS, k=random.randint(1, 40))
    tokens = random.choices([*words, b" a few words ", b"text"], k=random.choice((5, 50, 500, 3000)))
    return Input("soup", b"".join(tokens))


def _filled(random: Random) -> Input:
    pieces = "".join(random.choices(PIECES, k=random.randint(1, 3)))
    times = random.choice((1, 30, 1000, 10_000, 50_000)) // len(pieces) + 1
    return filled(random.choice(list(SLOTS)), pieces * times + random.choice(("", random.choice(PIECES))))


def _bytes(random: Random) -> Input:
    noise = random.randbytes(random.choice((0, 1, 2, 3, 10, 1000)))
    return Input("bytes", random.choice((b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"<p>", b"\x1b$B")) + noise)


def _some(random: Random, page: bytearray) -> slice:
    at = random.randrange(len(page) + 1)
    return slice(at, at + min(len(page), random.choice((1, 10, 100, 1000, 10_000))))


def _drop(random: Random, page: bytearray) -> None:
    del page[_some(random, page)]


def _double(random: Random, page: bytearray) -> None:
    part = page[_some(random, page)]
    times = random.choice((1, 3, 300)) if len(part) < 1000 else 1
    at = random.randrange(len(page) + 1)
    page[at:at] = part * times


def _garble(random: Random, page: bytearray) -> None:
    for _ in range(random.randint(1, 20)):
        if page:
            page[random.randrange(len(page))] = random.randrange(256)


def _insert(random: Random, page: bytearray) -> None:
    at = random.randrange(len(page) + 1)
    page[at:at] = random.choice(TOKENS) * random.choice((1, 1, 1, 5, 300, 3000))


def _write(random: Random, page: bytearray) -> None:
    at = random.randrange(len(page) + 1)
    page[at:at] = (random.choice(PIECES) * random.choice((1, 10, 1000, 20_000))).encode("utf-8", "surrogatepass")


def _splice(random: Random, page: bytearray) -> None:
    other = random.choice(own_pages())
    page[_some(random, page)] = other[_some(random, bytearray(other))]


def _swap(random: Random, page: bytearray) -> None:
    """The text between two of the same character goes elsewhere: attributes and strings change places."""
    at = random.randrange(len(page) + 1)
    sign = random.choice((b'"', b"<", b">", b"{", b" "))
    begin = page.find(sign, at)
    end = page.find(sign, begin + 1)
    if 0 <= begin < end:
        part = page[begin:end]
        del page[begin:end]
        to = page.find(sign, random.randrange(len(page) + 1))
        page[max(0, to) : max(0, to)] = part


def _cut(random: Random, page: bytearray) -> None:
    del page[random.randrange(len(page) + 1) :]


_FAULTS = (_drop, _drop, _double, _garble, _insert, _insert, _write, _splice, _swap, _swap, _cut)
