"""A caption and its credits, told apart by their words."""

from __future__ import annotations

import re

from crawler.normalisation.text import clean

_LABEL = (
    r"(?:(?:symbol|archiv|handout|press[ea]|agentur|titel|beitrags|teaser)?-?(?:foto|bild)s?|photo(?:graph|grapher)?s?|foto(?:grafie|graf|grafía|grafia|ğraf|kredit|credit|s)?|"
    r"images?|pictures?|pics?|(?:photo|image|picture|media|file)? ?credits?(?: photo)?|bild(?:er|quelle|nachweis|rechte|material)|quelle|sources?|courtesy|"
    r"crédits?(?: photo)?|créditos?|crediti?|imagen|imagem|reprodução|divulgação|immagine|fotograf|fotó|zdjęcie|zdj|fot|снимка|фото|kuva|bilde|billede|"
    r"valokuva|nuotrauka|ảnh|foto ilustrasi|collage|montage|grafik|graphic|infographic|illustrations?|video|screenshot|rendering|"
    r"写真|撮影|提供|사진(?: ?출처)?|자료|图片来源|来源|摄影|图源|摄|عکس|الصورة|صورة|تصوير|צילום|φωτογραφία|फोटो|ภาพ)"
)
_BY = r"(?:by|von|de|di|da|do|af|av|van|door|par|por|przez|courtesy of)"
_PAREN = re.compile(r"\s*[(\[（【]([^()\[\]（）【】]{2,90}(?:\([^()]{2,40}\))?)[)\]）】]\s*\.?\s*$")
_TAIL = re.compile(
    rf"(?:^|[\s.,;|/–—-]|(?=©))\s*(?:{_LABEL}(?:\s+{_BY})?\s*[:：=]\s*|(?<!^){_LABEL}\s+{_BY}\s+|{_LABEL}\s+(?:by|von|courtesy of)\s+|©\s*|\(c\)\s*|copyright:?\s+)([^:：]{{2,90}})$",
    re.I,
)
_MAY_BE_LABELLED = re.compile(rf"[:：=©]|\(c\)|copyright|\s{_BY}\s")
"""In every caption, in lower case, that ``_TAIL`` fits: ten times as fast to look for."""
_LABEL_ONLY = re.compile(_LABEL, re.I)
_PREFIX = re.compile(
    rf"^(?:(?:{_LABEL}(?:\s+{_BY})?\s*(?:[:：=]|\.{{3}}|…)|{_LABEL}\s+{_BY}\s|©|\(c\)|copyright\b:?|courtesy(?: of)?[:\s]|via\s|by\s|von\s)\s*)+",
    re.I,
)
_SUFFIX = re.compile(
    r"\s*(?:撮影|写真|提供|摄影?|摄|촬영|제공)$|\s+(?:nuotr|fot)\.?$|(?<=\S)\s*/\s*(?:photo|foto|handout|file)$", re.I
)
_WORD_PHOTO = re.compile(
    r"\s*\b(?:file\s+)?(?:photos?|foto|pictures?|image|handout)\s*$|^(?:file\s+)?photos?\s+(?=\S)", re.I
)
_AGENCIES = (
    r"AFP|AP|Reuters|Getty(?: Images)?|dpa|EPA|EFE|ANSA|Xinhua|TASS|IRNA|Tasnim|Shutterstock|iStock(?:photo)?|Alamy|PA(?: Wire| Media| Images)?|UPI|"
    r"Associated Press|Bloomberg|picture[ -]alliance|imago(?:[ -]images)?|APA|KEYSTONE|ddp|NTB|Ritzau|TT|AAP|PTI|ANI|Anadolu(?: Agency)?|AA|Kyodo|"
    r"Yonhap|SIPA|Europa Press|LUSA|Belga|ANP|STA|MTI|ČTK|PAP|Scanpix|Unsplash|Pixabay|Pexels|Flickr|Wikimedia(?: Commons)?|Adobe ?Stock|ZUMA|"
    r"Cuartoscuro|LaPresse|Rex Features|Splash|MEGA|WENN|Newscom|NASA|Instagram|Facebook|Twitter|共同|時事|新华社|연합뉴스|뉴스1|뉴시스"
)
_AGENCY = re.compile(rf"(?<!\w)(?:{_AGENCIES})(?!\w)", re.I)
_SLASHED = re.compile(r"(?:^|(?<=[.!?…”\"’)])\s+)([^.!?:]{0,60}?(?:[/|]|\bvia\b)\s?[^.!?:]{2,50})\.?$")
_PARTED = re.compile(r"\s*(?:[|;&,]|&amp;)\s*(?![^()]*\))")
"""What parts credits, outside of brackets."""
_BARRED = re.compile(r"\s+[|•]\s*([^|•.!?]{2,60}(?:\s*[|•]\s*[^|•.!?]{2,60})?)$")
_AFTER_SENTENCE = re.compile(r"(?<=[.!?…”\"’)]) ([^.!?…\s][^.!?…]{1,60})$")
_SLASHED_NAMES = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){0,4}\s?[/|]\s?[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}$"
)
_LINK = frozenset("via for de von of the und and et y le la du van der den da do di del & i og och".split())
_UNTITLED = re.compile(r"^[\W\d]+$")
_LEADS = tuple("|/–—©")
_MORE = re.compile(r"\s*(?:visa mer|vis mer|show more|read more|mehr anzeigen|voir plus)$", re.I)
MAX_CREDIT = 120
MAX_WORDS = 6
"""Of a credit that only its own element sets apart."""


def caption_and_credit(text: str, marked: str | None = None) -> tuple[str | None, str | None]:
    """A caption without its credits, and the credits without labels, parted by "; ".

    ``marked`` is what the page itself marks as the credit.
    """
    caption = clean(text)
    if marked and (credit := tidy_credit(marked)):
        return _without(caption, clean(marked)) or None, credit
    for split in (_parenthesis, _labelled, _barred, _agency_tail, _names_at_end):
        if (found := split(caption)) is not None and (credit := tidy_credit(found[1])):
            return found[0] or None, credit
    return caption or None, None


def is_credit(text: str, before: str) -> bool:
    """Whether the last piece of a caption, in an element of its own, is the credit for what stands ``before`` it."""
    if len(text) > MAX_CREDIT:
        return False
    if (
        text[:1] in _LEADS
        or _PREFIX.match(text)
        or _SLASHED_NAMES.fullmatch(text)
        or (_AGENCY.search(text) and len(text) < 60)
    ):
        return True
    return before.rstrip()[-1:] in ".!?…。" and text[-1:] not in "!?…" and _are_names(text)


def _are_names(text: str) -> bool:
    """Whether a text is a few capitalised words and what joins them."""
    words = text.strip(" .()").split()
    return 0 < len(words) <= MAX_WORDS and all(word[:1].isupper() or word in _LINK for word in words)


def _without(caption: str, marked: str) -> str:
    if caption.endswith(marked):
        caption = caption[: -len(marked)]
    elif caption.startswith(marked):
        caption = caption[len(marked) :]
    else:
        caption = caption.replace(marked, " ", 1)
    return untailed(caption)


def untailed(caption: str) -> str:
    """A caption without what led over to the credit: a label, a dash, a bracket."""
    return re.sub(rf"(?:^|\s){_LABEL}\s*[:：=]?\s*$", "", clean(caption), flags=re.I).strip(" |/–—-([©")


def _parenthesis(caption: str) -> tuple[str, str] | None:
    match = _PAREN.search(caption)
    if match is None:
        return None
    inner = match[1]
    if _LABEL_ONLY.fullmatch(inner):
        return None
    told = _PREFIX.search(inner) or _SUFFIX.search(inner) or _AGENCY.search(inner) or _WORD_PHOTO.search(inner)
    if not told and not _SLASHED_NAMES.fullmatch(inner):
        return None
    return caption[: match.start()].strip(), inner


def _labelled(caption: str) -> tuple[str, str] | None:
    match = _TAIL.search(caption) if _MAY_BE_LABELLED.search(caption.lower()) else None
    if match is None:
        return None
    return caption[: match.start()].strip(" |/–—-,;") + (
        "." if caption[match.start() : match.start() + 1] == "." else ""
    ), match[1]


def _agency_tail(caption: str) -> tuple[str, str] | None:
    """ "… on Monday. Jane Doe/Reuters": names and an agency after the last sentence, or names parted by a slash."""
    match = _SLASHED.search(caption)
    if match is None or not (_AGENCY.search(match[1]) or _SLASHED_NAMES.fullmatch(match[1])):
        return None
    return caption[: match.start()].strip(), match[1]


def _barred(caption: str) -> tuple[str, str] | None:
    """ "… in Dublin. | Niall Carson": what stands behind a bar."""
    match = _BARRED.search(caption)
    if match is None or not match.start() or not match[1][:1].isupper():
        return None
    return caption[: match.start()].strip(), match[1]


def _names_at_end(caption: str) -> tuple[str, str] | None:
    """ "… from the ground up. Supplied": capitalised words after the last sentence, without a full stop."""
    match = _AFTER_SENTENCE.search(caption)
    if match is None or not _are_names(match[1]):
        return None
    return caption[: match.start()].strip(), match[1]


def tidy_credit(stated: str) -> str | None:
    """The credits without labels, brackets and the word "photo", parted by "; "; None for what names nobody."""
    parts = [credit for part in _PARTED.split(_MORE.sub("", clean(stated))) if (credit := _tidy(part))]
    return "; ".join(dict.fromkeys(parts)) or None


def _tidy(part: str) -> str | None:
    credit = _bare(part)
    credit = _SUFFIX.sub("", _PREFIX.sub("", credit))
    if _AGENCY.fullmatch(without := _WORD_PHOTO.sub("", credit)):
        credit = without
    credit = _bare(credit)
    return credit if 1 < len(credit) <= MAX_CREDIT and not _UNTITLED.match(credit) else None


def _bare(credit: str) -> str:
    """Without the marks round it; a closing bracket stays where it was opened."""
    credit = credit.strip(" [|/–—-,;:：=©")
    if credit.count("(") != credit.count(")"):
        credit = credit.strip(" ()")
    elif credit.startswith("(") and credit.endswith(")"):
        credit = credit[1:-1].strip()
    return credit.strip(" []（）【】|–—-,;.:：=")
