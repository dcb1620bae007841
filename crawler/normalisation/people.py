"""Names of people and agencies as bylines have them, in their one canonical form: no "By", no jobs, one name each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from crawler.normalisation.text import clean, folded

_BY = re.compile(
    r"^(?:(?:written|posted|published|story|words|text|texte|texto|tekst|reporting|report|article|reported|analysis|interview"
    r"|geschrieben|veröffentlicht|escrito|publicado|publié|rédigé|scritto|foto)\s+)?"
    r"(?:by|von|vom|par|por|di|door|af|av|yazan|oleh|автор|autore?|autor(?:in|en)?|autor[/:]in|author|auteure?|skribent|texte?|text|текст|(?:und |and )?interview|words|"
    r"redaktion|szerző|autoři|kirjoittaja|przez|ein\s+(?:artikel|beitrag|gastbeitrag|interview|kommentar)\s+von)\s*[:\s]\s*(?=\S)",
    re.I,
)
_BYLINE = re.compile(
    r"^\W{0,3}(?:(?:(?:written|posted|published|story|words|text|texte|texto|reporting|report|article|reported|geschrieben|verfasst|"
    r"veröffentlicht|eingestellt|escrito|publicado|publié|rédigé|scritto|pubblicato|an? (?:article|analysis|essay|column)|ein(?:e)? "
    r"(?:artikel|beitrag|gastbeitrag|interview|kommentar|analyse|kolumne|essay))\s+)?(?:by|von|par|por|di|door|av|af|przez|autor:|oleh)"
    r"|(?:autor(?:in|en)?|author|auteur|autore|autora|text|texte|words|redaktion|foto und text|text und foto|skribent|автор|pengarang|责编|责任编辑|編集|记者|記者|作者|撰文|نویسنده|الكاتب|خبرنگار)\s*[:：])\s*(?=\S)",
    re.I,
)
_DATED = re.compile(r"^([A-ZÀ-ÞĀ-Ž][\w'’.-]+(?: [A-ZÀ-ÞĀ-Ž][\w'’.-]+){1,3})\s*[|•·–-]\s*\W?(?:\w+,? )?\d{1,2}\b")
"""A name, a bar and a date."""
_POSTED = re.compile(
    r"^\W{0,3}(?:posted|published|veröffentlicht|publiziert|geschrieben|verfasst|erstellt|publié|publicado|submitted|eingestellt|gepostet)\b"
    r".{0,60}?\s(?:by|von|par|por|durch)\s+(?=\S)",
    re.I,
)
_AFTER_NAMES = re.compile(
    r"\s[|•·–—]\s|\s[-/]\s|\s(?:am|on|um|at|le|el|il|published|updated|posted|veröffentlicht|in der kategorie|in kategorie|under|unter)\s|[(\[]|"
    r"(?:,\s+\w+)?,?\s+\d|\s(?:for|für) |,\s(?:der|die|the|a|in)\s",
    re.I,
)
_SPLIT = re.compile(
    r"\s*(?:;|\||\n|•|·|\s/\s|,\s*(?:and|und|et|y|e|och|og|en|i|ve)\s+|,|、|，|&amp;|&|"
    r"\s(?:and|und|et|y|och|og|ve|sowie|with|mit)\s)\s*",
    re.I,
)
_SPACED_E = re.compile(r"\s(?:e|en|i|и|و)\s")
_JUNK = re.compile(
    r"https?:|www\.|@|\d{3,}|\b(?:updated|published|posted|min(?:ute)?s? read|follow|share|subscribe|comments?|click|reserved|"
    r"all articles|more stories|view profile|see more|read more|twitter|facebook|email|unknown|admin|administrator|"
    r"anonymous|null|undefined|\w+admin|webmaster|veröffentlicht|publiziert|kommentare?|beiträge|beitrag|artikel|datum|uncategorized|profil|mein profil|"
    r"mehr|alle|autoren?seite|jetzt|zum|reviews?)\b|[{}<>]|\d:\d\d|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? \d",
    re.I,
)
_JOB = re.compile(
    r"\b(?:reporter|editor|correspondent|writer|journalist(?:in)?|contributor|columnist|producer|redakteur(?:in)?|chefredakteur(?:in)?|"
    r"korrespondent(?:in)?|volont(?:ä|ae)r(?:in)?|autor(?:in)? und|chief|staff|director|professor|senior|analyst|freelance|"
    r"photographer|fotograf(?:in)?|redactor|periodista|giornalista|rédact(?:eur|rice)|muhabir|editörü|leiter(?:in)?|deputy|bureau|"
    r"guest|special to|political|opinion|ph\.?d|m\.?d)\b",
    re.I,
)
_TAIL = re.compile(
    r"\s*(?:(?i:\sim (?:gespräch|interview)\b.*)|\(.*?\)|\[.*?\]|<.*?>|\s[-–—|/]\s.*|,.*|\sfor\s(?:the\s)?[A-Z].*|\sin\s[A-ZÄÖÜ]\w+$)\s*$"
)
_INITIAL = re.compile(r"(?:^|[\s.])[^\W\d_]\.$")
_PICTURES_BY = re.compile(r"\s(?:fotos?|photos?|bild(?:er)?|illustration(?:en|s)?|grafik)\s?:.*", re.I | re.S)
"""Who made the pictures, behind who wrote the text."""
_EMAIL = re.compile(r"\S+@\S+|(?<!\w)@\w+")
MAX_LENGTH = 60
MAX_WORD = 24
"""Characters of a name without a space; a longer one is a sentence in a script that has none, or an address."""
MAX_STATED = 1000
"""Characters that are looked at; what is longer lists no authors."""


def people(stated: Iterable[str], *, strict: bool = True) -> tuple[str, ...]:
    """The names in what pages state as authors, each once, in order; jobs and desks too where not ``strict``."""
    found: dict[str, str] = {}
    for raw in stated:
        for name in _names(raw[:MAX_STATED]) or ([] if strict else _as_stated(raw)):
            found.setdefault(folded(name), name)
    return tuple(found.values())


def byline(line: str) -> str | None:
    """The names in a line that begins as bylines do ("By Jane Doe", "Posted on 3 May by Jane Doe"), as it has them."""
    if dated := _DATED.match(line):
        return dated[1]
    match = _BYLINE.match(line) or _POSTED.match(line)
    if match is None:
        return None
    names = _AFTER_NAMES.split(line[match.end() :], maxsplit=1)[0].strip(" ,;:|–—-·•)）]】")
    return (
        names
        if names and (names[0].isupper() or not names[0].isascii() or match[0][-1] == ":") and len(names.split()) <= 12
        else None
    )


def _as_stated(raw: str) -> list[str]:
    """What names no person; nothing where there is no letter in it, as in an empty field of JSON-LD."""
    name = clean(raw[:MAX_LENGTH])
    return [name] if any(c.isalpha() for c in name) else []


def _names(raw: str) -> list[str]:
    text = unescape(raw) if "&" in raw else raw  # some pages escape it twice
    text = clean(_EMAIL.sub(" ", text.replace("_", " ") if " " not in text.strip() else text))
    text = _PICTURES_BY.sub("", text)
    while (without := _BY.sub("", text)) != text:
        text = without
    parts = [part for piece in _SPLIT.split(text) for part in _SPACED_E.split(piece) if part]
    return [name for part in parts if (name := person(part))]


def person(stated: str) -> str | None:
    """One name without what surrounds it; None for what is no name."""
    name = clean(stated)
    while (without := _BY.sub("", name)) != name:
        name = without
    name = _TAIL.sub("", name).strip(" ,;:|-–—*•/\"'“”")
    name = name if _INITIAL.search(name) else name.strip(" .")
    if not name or len(name) > MAX_LENGTH or _JUNK.search(name) or not any(c.isalpha() for c in name):
        return None
    if _JOB.search(name) or len(name.split()) > 6 or len(name) < 2 or (" " not in name and len(name) > MAX_WORD):
        return None
    return name
