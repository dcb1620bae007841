"""Pages that are not the publisher speaking are told by their words; articles about such pages are articles."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from crawler.changes import notices
from crawler.changes.notices import notice_of

URL = "https://www.example.org/news/1042"


def page(title: str, text: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{text}</body></html>".encode()


NOTICES = {
    "seized by the FBI": ("seized", "", "<img src=seal.png><p>THIS WEBSITE HAS BEEN SEIZED<p>by the Federal Bureau of"),
    "seized domain name": (
        "seized",
        "",
        "<h1>This domain name has been seized by the US Government</h1> The United States has seized presstv.example "
        "in accordance with a seizure warrant issued pursuant to 18 U.S.C. §§ 981, 982 and 50 U.S.C. 1701-1705.",
    ),
    "an operation of many": ("seized", "This hidden site has been seized", "as part of a joint law enforcement action"),
    "seized in German": ("seized", "Beschlagnahmt", "<p>Diese Domain wurde durch das Bundeskriminalamt beschlagnahmt"),
    "seized in French": ("seized", "", "<h1>Ce nom de domaine a été saisi par la Gendarmerie nationale</h1>"),
    "seized in Spanish": ("seized", "Aviso", "Este dominio ha sido incautado por orden judicial"),
    "seized in Italian": ("seized", "", "<b>Sito sottoposto a sequestro</b> dalla Guardia di Finanza"),
    "seized in Dutch": ("seized", "", "Deze website is door de politie in beslag genomen"),
    "seized in Russian": ("seized", "", "Этот домен изъят Федеральной службой безопасности"),
    "seized in Chinese": ("seized", "", "<p>该网站已被公安机关依法查封</p>"),
    "seized in Arabic": ("seized", "", "تم الاستيلاء على هذا الموقع من قبل السلطات"),
    "a parked domain": ("parked", "example.org", "<a href=/a>Loans</a> <a href=/b>Cars</a> Buy this domain"),
    "a domain for sale": (
        "parked",
        "example.org is for sale",
        "The domain name example.org is for sale. Make an offer",
    ),
    "a domain for sale in German": ("parked", "", "Diese Domain steht zum Verkauf! Domain kaufen"),
    "an expired domain": ("parked", "", "This domain has expired. Is it yours? Renew it now."),
    "a suspended account": ("parked", "Account Suspended", "This Account has been suspended. Contact your provider."),
    "a server without a site": ("parked", "Welcome to nginx!", "If you see this page, the server is installed."),
    "a consent page": ("consent", "Before you continue", "We use cookies to … <button>Accept all</button>"),
    "a consent page in German": ("consent", "Ihre Privatsphäre", "Wir und unsere 212 Partner …"),
    "a challenge": ("blocked", "Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript>"),
    "a browser check": ("blocked", "", "Checking your browser before accessing example.org. This is automatic."),
    "a captcha": ("blocked", "Security check", "<form>Please verify you are a human <input></form>"),
    "a denial": ("blocked", "Access Denied", "You don't have permission to access this. Reference #18.2f"),
    "a block by address": ("blocked", "Sorry", "<h1>Sorry, you have been blocked</h1> You are unable to access it"),
    "an order of a court": ("blocked", "", "Access to this website has been blocked under an Order of the High Court"),
    "a block of a state": ("blocked", "", "Доступ к информационному ресурсу ограничен на основании закона № 149-ФЗ"),
    "a block in Turkish": ("blocked", "", "Bu internet sitesi hakkında alınan karar gereği erişime engellenmiştir."),
    "a wall in Chinese": ("blocked", "安全验证", "请完成下方验证后继续"),
}


@pytest.mark.parametrize(("kind", "title", "text"), NOTICES.values(), ids=NOTICES)
def test_a_notice_is_told_with_the_words_that_say_it(kind: str, title: str, text: str) -> None:
    notice = notice_of(page(title, text), status=200, url=URL)
    assert notice is not None, "not told"
    assert notice.kind == kind
    assert notice.words in f"{title} {re.sub(r'<[^>]*>', '', text)}" or notice.place == "text"
    assert notice.words[:10].lower() in f"{title} {text}".lower()


def test_a_challenge_is_told_by_its_header_or_its_script() -> None:
    said = notice_of(b"", status=403, url=URL, headers=[("CF-Mitigated", "challenge")])
    assert said is not None
    assert (said.kind, said.words, said.place) == ("blocked", "CF-Mitigated: challenge", "header")
    scripted = notice_of(b"<script src=//geo.captcha-delivery.com/c.js></script>", status=403, url=URL)
    assert scripted is not None
    assert (scripted.kind, scripted.place) == ("blocked", "markup")


def test_a_consent_page_is_told_by_where_a_redirect_led() -> None:
    notice = notice_of(page("Example", "…"), status=200, url="https://consent.example.org/v2?to=news")
    assert notice is not None
    assert (notice.kind, notice.place) == ("consent", "address")


@pytest.mark.parametrize("status", [200, 404, 500])
def test_what_says_nothing_is_no_notice(status: int) -> None:
    assert notice_of(b"", status=status, url=URL) is None
    assert notice_of(page("Not Found", "<h1>Not Found</h1>"), status=status, url=URL) is None


PROSE = "The ministry said so on Tuesday, and nobody at the site would comment on what readers now see there. "
ABOUT = {
    "a long report": page("This website has been seized, readers are told", f"<p>{PROSE * 60}</p>"),
    "a short one that says it is an article": page(
        "US seizes 33 domains",
        "This domain has been seized, says a notice.",
        '<meta property="og:type" content="article">',
    ),
    "a short one with its day": page("“This domain has been seized”", "<time>22 June</time> Visitors see a notice."),
    "one that quotes the notice": page(
        "US takes 33 sites offline", "Visitors read: “This domain has been seized by the FBI”."
    ),
    "one that tells of it": page("US takes 33 sites offline", f"The website of the station has been seized. {PROSE}"),
    "one on captchas": page("Why we all hate captchas", f"{PROSE * 3} Verify you are human, they say. {PROSE * 9}"),
    "one on a ban": page("Access denied: how a town lost its library", PROSE * 14),
    "one with a banner": page("Bridge closes", f"We value your privacy. Accept all cookies. {PROSE * 30}"),
    "a moment": page("Un momento histórico", f"El puente se abrió. {PROSE}"),
}


@pytest.mark.parametrize("body", ABOUT.values(), ids=ABOUT)
def test_an_article_about_a_notice_is_no_notice(body: bytes) -> None:
    assert notice_of(body, status=200, url=URL) is None


def real_pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    for line in (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield entry["url"], gzip.decompress((folder / f"html/{entry['id']}.html.gz").read_bytes())


def test_no_real_page_is_taken_for_a_notice_even_if_it_does_not_say_what_it_is(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [each for folder in ("pages", "presstv") for each in real_pages(shared / "newsnet" / folder)]
    assert len(pages) > 650
    assert [(url, notice) for url, body in pages if (notice := notice_of(body, status=200, url=url))] == []
    monkeypatch.setattr(notices, "_ARTICLE", re.compile(rb"(?!)"))
    assert [(url, notice) for url, body in pages if (notice := notice_of(body, status=200, url=url))] == []


@pytest.mark.parametrize(
    "piece", [b"<", b"<script ", b"<!-- ", b"<title>", b"this domain ", b"\xc4\xb0<style>", b"og:type "]
)
def test_the_time_it_takes_is_linear(piece: bytes) -> None:
    body = (piece * (notices.MAX_BYTES // len(piece)))[: notices.MAX_BYTES]
    began = perf_counter()
    notice_of(body, status=200, url=URL)
    assert perf_counter() - began < 2


def test_any_bytes_will_do() -> None:
    chance = random.Random(6)
    for _ in range(200):
        body = bytes(chance.choices(b"<>!-/atitlescript \xff\xd0\x90\n&#x;0", k=400))
        notice_of(body, status=200, url=URL)
