"""Notes that say what of an article was corrected or amended."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from crawler.extraction.body import Body
from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.outline import COMMENT, HIDDEN, NAV
from crawler.extraction.structured import strings
from crawler.items import Block
from crawler.normalisation.text import clean, folded

LONGEST = 900
"""Characters of a note; a longer paragraph is text."""
BESIDE = 6
"""Lines before and after the body among which a note may stand."""
FIRST, LAST = 2, 5
"""Blocks of the text among which one may: notes are put at an end."""

_LABEL = re.compile(
    r"[\s\[(*【※●■-]*(?:"
    r"(?:corrections?|correction(?: and|s &) clarifications?|clarifications?|erratum|correctifs?|rectificatifs?|précision|erratum|"
    r"korrektur(?:hinweis)?|berichtigung|richtigstellung|corrección|correcciones|fe de (?:errores|erratas)|aclaración|rectificación|"
    r"correzione|rettifica|errata(?: corrige)?|precisazione|correção|erramos|retificação|correctie|rectificatie|sprostowanie|korekta|"
    r"rättelse|korrigering|förtydligande|rettelse|presisering|korreksjon|korjaus|oikaisu|täsmennys|исправление|поправка|уточнение|"
    r"виправлення|уточнення|düzeltme|oprava|helyesbítés|corectură|διόρθωση|تصحيح|تصویب|اصلاحیه|تصحیح)"
    r"(?:[ ,]*(?:added|on|vom|du|del|van|of|to|,|\(|\d)[^:：]{0,40})?\s*[:：.\])】—–-]"
    r"|(?:更正|勘误|勘誤|訂正|お詫びと訂正|정정|바로잡습니다)[^。]{0,20}[:：\])】—–]"
    r")",
    re.I,
)
"""How a note begins that is nothing else."""
_EDITORS = re.compile(
    r"[\s\[(*]*(?:editor.{0,2}s.? notes?|update|updated|anmerkung(?: der redaktion)?|anm\. ?d\. ?red|hinweis(?: der redaktion)?|transparenzhinweis|"
    r"in eigener sache|redaktioneller hinweis|note de la rédaction|ndlr|mise à jour|nota (?:del editor|de la redacción|de redacción|da redação|della redazione)|"
    r"noot van de redactie|naschrift|aanvulling|od redakcji|red\. anm|от редакции|примечание редакции|editörün notu|ملاحظة المحرر|تنويه|编者注|编者按)\b",
    re.I,
)
"""How a note of the editors begins, which may be on anything."""
_AMENDED = re.compile(
    r"\b(?:this|the|our) (?:article|story|post|headline|piece|report|item|column|page|video|caption|version) (?:was|has been|have been)(?: since)? "
    r"(?:amended|corrected|clarified|edited|revised|changed|updated (?:on|to|with|at|after))"
    r"|\b(?:an? )?(?:earlier|previous|original|initial|prior) version of (?:this|the|our)\b|\boriginally (?:mis|incorrectly|said|stated|reported)"
    r"|\b(?:incorrectly|mistakenly|erroneously) (?:stated|said|reported|identified|referred|described|attributed)|\bmisstated\b|\bmisidentified\b|\bwe regret the error"
    r"|\bin (?:einer|der) (?:früheren|ersten|ursprünglichen|vorherigen|vorigen|alten|älteren) (?:version|fassung)|\b(?:haben wir|wurde|wir haben) .{0,60}(?:korrigiert|berichtigt|präzisiert|richtiggestellt|nachträglich)"
    r"|\bune (?:première )?version (?:antérieure|précédente|initiale|originale)? ?de (?:cet|l)|\bcet article a été (?:modifié|corrigé|mis à jour)"
    r"|\buna versión (?:anterior|previa|inicial) de est|\b(?:este artículo|esta noticia|esta información) ha sido (?:corregid|modificad|actualizad)"
    r"|\buna (?:precedente )?versione (?:precedente |iniziale )?di questo|\b(?:uma )?versão anterior dest|\b(?:este texto|esta reportagem|esta matéria) foi (?:corrigid|alterad|atualizad)"
    r"|\bin een eerdere versie van dit|\bi en tidigare version|\bi en tidligere versjon|\bw poprzedniej wersji|\bв (?:предыдущей|первоначальной|ранней) версии|\bönceki versiyon",
    re.I,
)
"""What only such a note says."""


def corrections(facts: Facts, body: Body, blocks: Sequence[Block]) -> tuple[str, ...]:
    """The notes of the page, each once: those in the text, which keeps them, and those beside it."""
    found: dict[str, Candidate] = {}
    for candidate in _candidates(facts, body, blocks):
        text = clean(candidate.value)
        found.setdefault(folded(text), Candidate(text, candidate.source, candidate.locator))
    for candidate in found.values():
        facts.note("corrections", candidate, chosen=True)
    return tuple(candidate.value for candidate in found.values())


def _candidates(facts: Facts, body: Body, blocks: Sequence[Block]) -> Iterator[Candidate]:
    stated = facts.article.get("correction")
    for item in stated if isinstance(stated, list) else [stated]:
        text = item.get("text") or item.get("description") if isinstance(item, dict) else item
        yield from (Candidate(each, "json-ld", "correction") for each in strings(text) if len(each) > 20)
    at_ends = [*blocks[:FIRST], *blocks[max(FIRST, len(blocks) - LAST) :]]
    texts = [block.text for block in at_ends] + list(_beside(facts, body))
    # Few pages hold any of the words, and finding those is quick.
    together = "\n".join(texts).lower()
    may_amend = any(word in together for word in _WORDS)
    yield from (Candidate(text, "body", "text") for text in texts if is_correction(text, may_amend=may_amend))


def _beside(facts: Facts, body: Body) -> Iterator[str]:
    lines = facts.outline.lines
    first = bisect_left(lines, body.start, key=attrgetter("order"))
    last = bisect_right(lines, body.end, key=attrgetter("order"))
    for line in (*lines[max(0, first - BESIDE) : first], *lines[last : last + BESIDE]):
        if not line.flags & (NAV | COMMENT | HIDDEN):
            yield line.text


def is_correction(text: str, *, may_amend: bool = True) -> bool:
    """Whether a paragraph is a note on a correction: by its first words, or by what it says of the article.

    ``may_amend``: whether one of the words that all of the latter have is there at all.
    """
    if not 25 <= len(text) <= LONGEST:
        return False
    if text[:24].lower().lstrip("[(*【※●■- ").startswith(_LABELS) and _LABEL.match(text):
        return True
    if not may_amend or (len(text) > LONGEST // 2 and not _EDITORS.match(text)):
        return False
    lowered = text.lower()
    return any(word in lowered for word in _WORDS) and _AMENDED.search(text) is not None


_LABELS = tuple(
    "corr clarif errat rect préc kor ber rich fe acl err ret spr rät för pre oik täs испр попр уточ випр düz opr hel διόρ تصح تصو اصل"
    " 更正 勘 訂正 お詫び 정정 바로".split()
)
"""How the labels begin."""
_WORDS = tuple(
    "versi fassung amended correct clarif updated revised edited changed misst misident mistaken erroneous regret korrigiert berichtigt"
    " präzisiert richtiggest nachträglich corrig modifi jour actualiza atualiza alterad wersji верси".split()
)
"""One of which every note has."""
