"""Which lines of a page are the article's body: the container first, then what to leave out of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.extraction.blocks import is_bold_heading
from crawler.extraction.boilerplate import names_hosts_only
from crawler.extraction.container import NEVER, container, lines_in, look, pardon_comments
from crawler.extraction.elements import HEADINGS
from crawler.extraction.outline import (
    APART,
    ASIDE,
    BODY,
    BUTTON,
    BYLINE,
    CAPTION,
    COMMENT,
    CREDIT,
    FOREIGN,
    FORM,
    HEADER,
    HIDDEN,
    LEAD,
    LIST,
    QUOTE,
    TIME,
    Box,
    Line,
    Outline,
)
from crawler.extraction.phrases import is_of_the_site
from crawler.normalisation.people import byline
from crawler.normalisation.text import ends_sentence, folded

OPENING = 120
"""Characters above the body's box that make a first paragraph; a shorter stand-first is the summary only."""
AFTER = re.compile(
    r"^(?:more\b|related|read (?:more|next|also)|most (?:read|popular|viewed)|trending|popular|latest|recommended|comments?\b|"
    r"\d+ comments?|top .{0,12}comments|you (?:may|might)|also (?:on|in|read)|see also|share|follow|about the author|sponsored|"
    r"don.t miss|editor.?s.? (?:picks?|choice)|other (?:news|stories|articles)|up next|next (?:article|story|post)|newsletter|"
    r"like this|rate this|gefällt mir|bewerte|ähnlich|verwandt|teilen|beitragsnavigation|kommentar (?:verf|hint|schr|abg)|kategorien?\b|"
    r"schlagw|veröffentlicht (?:in|unter|von)|dieser (?:eintrag|beitrag) wurde|(?:das )?könnte sie|mehr (?:zum|aus|von|news)|meist|weitere (?:artikel|meldungen|themen|nachrichten)|kommentare?\b|"
    r"lesen sie auch|auch interessant|empfohlen|neueste|zum thema|passend zum|à lire|lire aussi|sur le même|commentaires?\b|"
    r"les plus lus|dans la même|más (?:noticias|leíd|sobre)|relacionad|te puede|comentarios?\b|lo más|leggi anche|potrebbe|"
    r"correlati|commenti\b|leia (?:mais|também)|mais lidas|veja (?:mais|também)|lees (?:ook|meer)|meer (?:over|nieuws)|reacties\b|"
    r"czytaj|zobacz|polecane|komentarze|читайте|также|похожие|комментари|другие|ilgili|yorum|son haber|les (?:også|mer)|"
    r"läs (?:även|mer|också)|lue (?:myös|lisää)|関連|おすすめ|あわせて|相关|推荐|更多|評論|评论|관련|댓글|인기|مرتبط|بیشتر|نظرات|اقرأ)",
    re.I,
)
"""How the heading of what follows an article begins."""
CAPTIONS = re.compile(
    r"^(?:(?:beitrags|titel|symbol|vorschau)?bild(?:quelle|nachweis|unterschrift)?|abbildung|abb\.?|fotos?|figure|fig\.|photos?|"
    r"image|picture|screenshot|crédits? photo|foto van|kuva|zdjęcie|fot\.|фото|写真|图)(?: ?\d+)? ?[:：©]|^(?:zum )?vergrößern\b",
    re.I,
)
"""How a line below a picture begins where no element says so."""
_DATED = re.compile(
    r"^(?:last )?(?:updated|uppdaterad|publicerad|published|posted|aktualisiert|stand|veröffentlicht|mis à jour|publié|actualizado|publicado|"
    r"aggiornato|pubblicato|gepubliceerd|bijgewerkt|opublikowano|julkaistu|опубликовано)\b[^.]*\d"
    r"|^\W*\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{4}\W{1,5}(?:um |at |à |kl\. )?\d{1,2}[:.h]\d{2}\b.{0,25}$",
    re.I,
)
"""How a line begins that only says when the article appeared."""
_LABELLED = re.compile(
    r"\b(?:author|autor(?:in)?|auteur|autore|(?:posted|published|publicado|publié|pubblicato|veröffentlicht|erstellt|abgelegt|filed|kategorisiert)(?: \w+)?|"
    r"kategorien?|categor(?:y|ies|ias?|ías?|ie)|catégories?|tags?|schlag(?:worte|wörter)|comments?|kommentare?|comentarios|comentários|commentaires|"
    r"date|datum|fecha|data|updated|aktualisiert|views|zugriffe|hits|lesezeit)\s?:",
    re.I,
)
"""What the lines name that say who wrote an article when, and what it is filed under."""
LABELLED_LENGTH = 200
"""Characters of such a line."""
_BARE = frozenset(("div", "section", "aside", "figure", "article"))
REPEATED = 20
"""Characters of a line that may stand twice."""
WITHOUT_LETTERS = 8
"""Characters of a line that only sets off what it stands between: "* * *"."""
BYLINE_LENGTH = 80
"""Characters of a line that only names author or date."""


@dataclass(slots=True)
class Body:
    """The lines of the article, and where in the page they stand."""

    lines: list[Line]
    box: Box
    start: int
    """Order of the first line."""
    end: int


def body_of(outline: Outline, headline: Line | None, known: frozenset[str] = frozenset()) -> Body:
    """The body of a page; ``known`` are folded texts that other fields hold, such as the headline."""
    pardon_comments(outline, headline)
    box = container(outline, headline)
    kept = _said_once([line for line in lines_in(outline, box) if _is_kept(line)])
    after = headline.order if headline is not None and _holds(kept, headline) else 0
    lines = [line for line in kept if line.order > after and not _is_known(line.text, known)]
    lines = _trimmed(lines)
    if headline is not None and lines:
        lines = _opening(outline, headline, lines[0].order, known) + lines
    return Body(lines, box, lines[0].order if lines else 0, lines[-1].order if lines else 0)


def _said_once(lines: list[Line]) -> list[Line]:
    """Without texts in no paragraph that stand several times among the lines: placeholders, captions of slides."""
    times = Counter(line.text for line in lines)
    return [line for line in lines if times[line.text] == 1 or line.tag not in _BARE or len(line.text) < REPEATED]


def _opening(outline: Outline, headline: Line, start: int, known: frozenset[str]) -> list[Line]:
    """What stands between the headline and the box of the body, and is long enough to be its first paragraph."""
    found = [line for line in outline.lines if headline.order < line.order < start][:8]
    return [line for line in found if _opens(line) and not _is_known(line.text, known)]


def _opens(line: Line) -> bool:
    flags = line.flags
    if flags & (NEVER | FORM | COMMENT | BUTTON | CREDIT | BYLINE | TIME | QUOTE) or line.linked > 0.3 * len(line.text):
        return False
    if len(line.text) < OPENING or (line.tag in HEADINGS and len(line.text) < 2 * OPENING):
        return False
    return bool(flags & LEAD) or (not flags & (FOREIGN | ASIDE) and ends_sentence(line.text))


def _is_known(text: str, known: frozenset[str]) -> bool:
    # Folding costs something, and most paragraphs are far longer than a headline.
    return any(len(text) <= 2 * len(key) for key in known) and folded(text) in known


def _holds(lines: list[Line], headline: Line) -> bool:
    """Whether most of the text follows the headline: else it is shown below, or is another one."""
    following = sum(len(line.text) for line in lines if line.order > headline.order)
    return following > 0.5 * sum(len(line.text) for line in lines)


def _is_kept(line: Line) -> bool:
    if CAPTIONS.match(line.text) or (len(line.text) < WITHOUT_LETTERS and not any(map(str.isalnum, line.text))):
        return False
    if line.flags & (NEVER | FORM) or (line.flags & APART and not line.flags & BODY):
        return False
    if line.flags & HEADER and line.flags & LIST:
        return False
    if not line.flags & QUOTE and is_of_the_site(line.text):
        return False
    if len(line.text) < BYLINE_LENGTH and (
        _DATED.match(line.text) or (byline(line.text) and not ends_sentence(line.text))
    ):
        return False
    if _is_labelled(line.text):
        return False
    if line.tag in HEADINGS:
        return not line.flags & ASIDE and line.linked < 0.5 * len(line.text)
    if line.flags & (BYLINE | TIME | CREDIT | BUTTON) and not line.flags & BODY and len(line.text) < 200:
        return False
    if line.value > 0 or (line.tag == "p" and line.linked <= 0.6 * len(line.text)):
        return True
    # A sub-headline that is only bold; and a list of the site's other addresses, which leaves the text as data.
    return is_bold_heading(line) or names_hosts_only(line.text)


def _is_labelled(text: str) -> bool:
    """Whether a line only files the article: several labels with their values, no sentence."""
    if ":" not in text or len(text) > LABELLED_LENGTH or ends_sentence(text):
        return False
    return len(_LABELLED.findall(text)) > 1


def _trimmed(lines: list[Line]) -> list[Line]:
    """Without what stands below a heading such as "More stories", and without headings that nothing follows."""
    lines = lines[: _end_of_text(lines)]
    start, end = 0, len(lines)
    while end and lines[end - 1].tag in HEADINGS:
        end -= 1
    while start < end and lines[start].tag in HEADINGS:
        start += 1
    # A single one may be a stand-first; several are the page's headline in pieces.
    return lines[start if start > 1 else 0 : end]


def _end_of_text(lines: list[Line]) -> int:
    """Where the lines after the article begin: below a telling heading, in other boxes than those of the text."""
    told: dict[Box, float] = {}
    for line in lines:
        told[line.box] = told.get(line.box, 0.0) + line.running
    if not told:
        return len(lines)
    main = max(told, key=lambda box: told[box])
    last = max(at for at, line in enumerate(lines) if line.box is main or look(line.box) == look(main))
    for at in range(last + 1, len(lines)):
        if (lines[at].tag in HEADINGS or len(lines[at].text) < 60) and AFTER.search(lines[at].text):
            return at
    return len(lines)


def taken_from(outline: Outline, holders: list[HtmlElement]) -> Body | None:
    """All lines inside these elements, but for captions and what is hidden; None where they hold no text."""
    inside = {inner for holder in holders for inner in holder.iter()}
    lines = [line for line in outline.lines if line.element in inside and not line.flags & (CAPTION | HIDDEN)]
    return Body(lines, lines[0].box, lines[0].order, lines[-1].order) if lines else None
