"""Text that stands in the body and is none of the article, by what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.extraction.consent import is_placeholder
from crawler.extraction.facts import Facts
from crawler.items import Block, Boilerplate
from crawler.normalisation.text import may_name_a_host

_HOST = re.compile(
    r"(?<![\w@.-])(?:https?://)?((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})(?![\w@-])", re.I
)
_HOST_ALONE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,24}\.?", re.I)
_BETWEEN_HOSTS = re.compile(r"https?://|[\s,;/|·•()]+|(?<!\S)-+(?!\S)", re.I)
_JOINS = frozenset(("", "and", "und", "et", "y", "or"))
_ALTERNATE = re.compile(
    r"(?:alternat(?:e|ive)|mirror|other|following)\s+(?:web\s*)?(?:address|site|domain|link|url)|also be (?:accessed|reached|found) at|"
    r"(?:new|backup) (?:domain|address)(?:es|s)?\s*:|alternative adressen|adresses? alternatives?|direcciones alternativas|зеркал[оа]|"
    r"آدرس(?:‌های)? جایگزین|عناوين بديلة",
    re.I,
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        ("promotion", r"^(?:please )?(?:subscribe|sign up|join (?:our|us)|follow (?:us|@|our)|like us|download (?:our|the)|get (?:our|the) |"
                      r"click here|tap here|support (?:our|us)|donate|become a (?:member|subscriber)|register (?:now|for)|already a subscriber|"
                      r"abonnieren sie|folgen sie uns|jetzt (?:abonnieren|testen|anmelden)|hier (?:geht es|anmelden)|newsletter|abonnez-vous|"
                      r"suivez-nous|inscrivez-vous|suscr[ií]bete|s[ií]guenos|iscriviti|seguici|подпис(?:ывайтесь|аться)|subskrybuj|abone ol|"
                      r"watch live|listen (?:now|live)|stay (?:up to date|informed)|for more (?:news|information|stories),? (?:visit|follow|click)|you can (?:also )?follow)"),
        ("related", r"^(?:read (?:more|also|next|the full)|(?:also )?read\s*:|more\s*:|related(?: (?:stories|articles|content|news|links))?\s*:?|see also|also read|"
                    r"read (?:this|our)|must read|watch\s*:|recommended|you (?:may|might) (?:also )?(?:like|be interested)|more (?:from|on|stories)|don'?t miss|"
                    r"(?:das )?könnte sie auch interessieren|lesen sie (?:auch|mehr|hier)|mehr (?:zum thema|dazu|lesen)|auch interessant|siehe auch|"
                    r"(?:à )?lire aussi|à lire|voir aussi|lea tambi[eé]n|le[ae] m[aá]s|te puede interesar|ver tambi[eé]n|leggi anche|"
                    r"lees ook|läs (?:också|mer)|les også|læs også|lue myös|czytaj (?:też|także|więcej)|zobacz (?:też|także)|czytaj również|leia (?:também|mais)|"
                    r"читайте (?:также|ещё|еще)|читать (?:также|далее)|ilgili haber|相关阅读|関連記事|延伸閱讀|관련기사|بیشتر بخوانید|اقرأ أيضا)"),
        ("disclaimer", r"^(?:©|\(c\)|copyright|all rights reserved|alle rechte vorbehalten|tous droits réservés|this (?:article|story|content) (?:was )?(?:originally|first) (?:appeared|published)|"
                       r"disclaimer|the views expressed|opinions expressed|vervielfältigung|reproduction (?:is )?(?:prohibited|interdite)|本网站|版权)"),
        ("contact", r"^(?:send (?:tips|us)|contact (?:us|the (?:author|reporter))|e-?mail (?:us|the)|got a (?:tip|story)|do you have a (?:story|tip)|write to )"),
    )
)  # fmt: skip
LINE = 1000
"""Characters of a line that may consist of host names."""
SHORT = 220
"""Characters; a longer paragraph is text, whatever it begins with."""


def hosts_named(text: str) -> tuple[str, ...]:
    """Host names in a text, lower case, in order, each once."""
    return tuple(dict.fromkeys(match[1].lower() for match in _HOST.finditer(text)))


def names_hosts_only(text: str) -> bool:
    """Whether a line consists of host names, and what joins them."""
    if len(text) > LINE or not may_name_a_host(text):
        return False
    words = [word for word in _BETWEEN_HOSTS.split(text) if word.lower() not in _JOINS]
    return bool(words) and all(map(_HOST_ALONE.fullmatch, words))


def sifted(facts: Facts, blocks: Iterable[Block]) -> tuple[list[Block], list[Boilerplate]]:
    """The blocks of the article, and what was between them."""
    kept: list[Block] = []
    taken: list[tuple[str, list[str]]] = []  # kind, texts
    listing = False
    for block in blocks:
        kind = _kind(facts, block)
        if listing and kind is None and names_hosts_only(block.text):
            kind = "alternate-addresses"
        listing = kind == "alternate-addresses"
        if kind is None:
            kept.append(block)
        elif listing and taken and taken[-1][0] == kind:
            taken[-1][1].append(block.text)
        else:
            taken.append((kind, [block.text]))
    return kept, [_noted(" ".join(texts), kind) for kind, texts in taken]


def _noted(text: str, kind: str) -> Boilerplate:
    return Boilerplate(text, kind, hosts_named(text))


def _kind(facts: Facts, block: Block) -> str | None:
    """Why a block is none of the article; None where it is."""
    if facts.publisher:
        for kind, pattern in facts.publisher.boilerplate:
            if re.search(pattern, block.text):
                return kind
    if len(block.text) < 400 and _names_addresses(block.text):
        return "alternate-addresses"
    if is_placeholder(block.text):
        return "consent"
    if len(block.text) > SHORT:
        return None
    return next((kind for kind, pattern in _KINDS if pattern.search(block.text)), None)


def _names_addresses(text: str) -> bool:
    """Whether a text announces or lists the publisher's other hosts."""
    if not text.endswith(":") and not may_name_a_host(text):
        return False
    return _ALTERNATE.search(text) is not None and (text.endswith(":") or bool(hosts_named(text)))
