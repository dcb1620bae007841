"""Names of people and agencies as bylines have them, in their one canonical form: no "By", no jobs, one name each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.normalisation.text import clean, folded

_BY = re.compile(
    r"^(?:(?:written|posted|published|story|words|text|texte|texto|tekst|reporting|report|article|reported|analysis|interview"
    r"|geschrieben|veröffentlicht|escrito|publicado|publié|rédigé|scritto|foto)\s+)?"
    r"(?:by|von|vom|par|por|di|door|af|av|yazan|oleh|автор|autore?|autor(?:in|en)?|author|auteure?|skribent|texte?|text|words|"
    r"redaktion|szerző|autoři|kirjoittaja|przez|ein\s+(?:artikel|beitrag|gastbeitrag|interview|kommentar)\s+von)\s*[:\s]\s*(?=\S)",
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
    r"anonymous|null|undefined|webmaster)\b",
    re.I,
)
_JOB = re.compile(
    r"\b(?:reporter|editor|correspondent|writer|journalist(?:in)?|contributor|columnist|producer|redakteur(?:in)?|chefredakteur(?:in)?|"
    r"korrespondent(?:in)?|volont(?:ä|ae)r(?:in)?|autor(?:in)? und|chief|staff|director|professor|senior|analyst|freelance|"
    r"photographer|fotograf(?:in)?|redactor|periodista|giornalista|rédact(?:eur|rice)|muhabir|editörü|leiter(?:in)?|deputy|bureau|"
    r"guest|special to|political|opinion|ph\.?d|m\.?d)\b",
    re.I,
)
_TAIL = re.compile(r"\s*(?:\(.*?\)|\[.*?\]|<.*?>|\s[-–—|/]\s.*|,.*|\sfor\s(?:the\s)?[A-Z].*|\sin\s[A-ZÄÖÜ]\w+$)\s*$")
_EMAIL = re.compile(r"\S+@\S+|(?<!\w)@\w+")
MAX_LENGTH = 60
MAX_STATED = 1000
"""Characters that are looked at; what is longer lists no authors."""


def people(stated: Iterable[str]) -> tuple[str, ...]:
    """The names in what pages state as authors, each once, in order."""
    found: dict[str, str] = {}
    for raw in stated:
        for name in _names(raw[:MAX_STATED]):
            found.setdefault(folded(name), name)
    return tuple(found.values())


def _names(raw: str) -> list[str]:
    text = clean(_EMAIL.sub(" ", raw.replace("_", " ") if " " not in raw.strip() else raw))
    while (without := _BY.sub("", text)) != text:
        text = without
    parts = [part for piece in _SPLIT.split(text) for part in _SPACED_E.split(piece) if part]
    return [name for part in parts if (name := person(part))]


def person(stated: str) -> str | None:
    """One name without what surrounds it; None for what is no name."""
    name = clean(stated)
    while (without := _BY.sub("", name)) != name:
        name = without
    name = _TAIL.sub("", name).strip(" ,;:.|-–—*•/\"'“”")
    if not name or len(name) > MAX_LENGTH or _JUNK.search(name) or not any(c.isalpha() for c in name):
        return None
    if _JOB.search(name) or len(name.split()) > 6 or len(name) < 2:
        return None
    return name
