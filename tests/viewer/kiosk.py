"""A publisher whose pages show what an article may be: right to left, with pictures, hostile, taken down."""

from __future__ import annotations

import json
import struct
import subprocess
import zlib
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from tests.conftest import clean_environment, project_with, scrapy_command
from tests.gazette import Gazette, Story
from tests.site.parts import always, page
from tests.site.server import Site

DEFINITION = """
from crawler.publishers.base import Publisher
PUBLISHER = Publisher(id="courier", name="The Courier", domains=("127.0.0.1",), requisites="images",
    article_patterns=(r"/2024/\\d\\d/\\d\\d/(?P<id>\\d+)/",))
"""

HOSTILE = "<script>alert(1)</script>"
ENDLESS = "x" * 10_000

PERSIAN = [
    "شورای شهر روز دوشنبه تصویب کرد که پل قدیمی تا پایان سال آینده با هزینهٔ ۴ میلیون بازسازی شود.",
    "شهردار در تالار پر از جمعیت گفت که کار در بهار آغاز می‌شود و قایق تا آن روز رفت و آمد خواهد کرد.",
    "دو نفر از اعضا به این طرح رأی منفی دادند، زیرا پیشنهادها تنها از یک شرکت رسیده بود.",
    "ساکنان محلهٔ پایین می‌گویند راه دور زدن رودخانه هر روز یک ساعت از وقت آنان را می‌گیرد.",
]


@dataclass
class Leaf(Story):
    """A story with a page of its own."""

    title: str = ""
    language: str = "en"
    dir: str = "ltr"
    data: dict[str, Any] = field(default_factory=dict)
    body: list[str] = field(default_factory=list)
    """Elements."""

    @property
    def key(self) -> str:
        return f"courier/{1000 + self.number}"

    @property
    def headline(self) -> str:
        return self.title

    def html(self) -> str:
        stated = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": self.title}
        stated |= {"datePublished": f"{self.day}T08:30:00+00:00", **self.data}
        script = json.dumps(stated).replace("</", "<\\/")
        return (
            f"<!doctype html><html lang={self.language} dir={self.dir}><meta charset=utf-8><title>{escape(self.title)}"
            f'</title><script type="application/ld+json">{script}</script>'
            f"<body><article><h1>{escape(self.title)}</h1>{''.join(self.body)}</article></body></html>"
        )


def paragraphs(*texts: str) -> list[str]:
    return [f"<p>{escape(text)}</p>" for text in texts]


PLAIN = paragraphs(
    "The council of the lower town voted on Monday to buy the old tram sheds, which have stood empty for eleven years.",
    "“They are the last of their kind,” said the archivist, Ida Molin, who has led visitors through them since spring.",
    "What is to become of them is left open; a market, a school for boat builders and a museum have been proposed.",
)


def png(width: int, height: int) -> bytes:
    """An image of one colour."""
    rows = (b"\0" + b"\x6d\x8f\xa8" * width) * height

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def persian() -> Leaf:
    data = {"author": {"@type": "Person", "name": "مریم کاشانی"}, "description": "بازسازی پل قدیمی پس از سه زمستان"}
    title = "شورا به بازسازی پل رأی داد"
    return Leaf(1, "2024-03-11", title=title, language="fa", dir="rtl", data=data, body=paragraphs(*PERSIAN))


def pictured() -> Leaf:
    figure = (
        "<figure><img src=/sheds.png width=800 height=450 alt='a long brick shed'>"
        "<figcaption>The tram sheds on Monday. (Photo: Ada Brun)</figcaption></figure>"
    )
    parts = [figure, *PLAIN, "<h2>What was proposed</h2>", "<ul><li>A market</li><li>A school</li></ul>"]
    parts += ["<blockquote><p>We shall not sell them again.</p></blockquote>", *PLAIN[:1]]
    return Leaf(2, "2024-03-12", title="Tram sheds are bought", body=parts)


def hostile() -> Leaf:
    data = {"author": {"@type": "Person", "name": f"Eve {HOSTILE} Vane"}, "keywords": [f'"><b>{HOSTILE}', "a\u202eb"]}
    parts = [*PLAIN, f"<p>{ENDLESS}</p>", f"<p>{escape(HOSTILE)}</p>", "<p><a href='javascript:1'>On</a></p>"]
    return Leaf(3, "2024-03-13", title=f"A page with {HOSTILE} in it", data=data, body=parts)


def leaving() -> Leaf:
    return Leaf(4, "2024-03-14", title="Ferry timetable is withdrawn", body=PLAIN)


def archived(archives: Path, scratch: Path) -> None:
    """Crawls the publisher, lets it edit one article and take down another, and crawls it again."""
    project = project_with(DEFINITION, scratch)
    kiosk = Gazette(routes={"/sheds.png": always(page(png(800, 450), "Content-Type: image/png"))})
    kiosk.stories = [persian(), pictured(), hostile(), leaving()]
    with kiosk.served() as site:
        _crawl(project, archives, site)
        first = kiosk.stories[0]
        assert isinstance(first, Leaf)
        first.title = "شورا به بازسازی هر دو پل رأی داد"
        first.body = paragraphs(PERSIAN[0].replace("۴", "۵"), *PERSIAN[1:3])
        kiosk.stories[3].status = "410 Gone"
        _crawl(project, archives, site, "-a", "recheck=now")


def _crawl(project: Path, archives: Path, site: Site, *more: str) -> None:
    settings = {"OFRECORD_ALLOW_PRIVATE_ADDRESSES": "True", "OFRECORD_DOWNLOAD_DELAY": "0"}
    command = ["crawl", "news", "-a", f"site={site.url('/')}", "-s", f"ARCHIVES_DIR={archives}", *more]
    environment = clean_environment(settings)
    done = subprocess.run(
        scrapy_command(command), cwd=project, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
