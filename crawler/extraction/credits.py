"""A caption and its credit, told apart."""

from __future__ import annotations

import re

from crawler.normalisation.text import clean

_LABEL = (
    r"(?:photo(?:graph)?s?|foto(?:s|grafie|graf(?:ie)?)?|image|images|picture|pictures|pic|credits?|photo credit|image credit|picture credit|"
    r"bild(?:er|quelle|nachweis)?|quelle|source|courtesy|crédits?(?: photo)?|crédito|fotografía|imagen|imagem|reprodução|immagine|"
    r"fotograf|fotó|zdjęcie|fot|фото|fotoğraf|kuva|bilde|valokuva|foto ilustrasi|written by|collage|montage|grafik|illustration|"
    r"写真|撮影|提供|사진|图片来源|来源|摄影|摄|عکس|الصورة|تصوير)"
)
_PAREN = re.compile(r"\s*[(\[（]([^()\[\]（）]{2,90})[)\]）]\s*\.?\s*$")
_TAIL = re.compile(
    rf"(?:^|[\s.,;|/–—-])\s*(?:{_LABEL}(?:\s+by)?\s*[:：/]\s*|{_LABEL}\s+(?:by|von|de|courtesy of)\s+|©\s*|\(c\)\s*|copyright:?\s+)([^:：]{{2,90}})$",
    re.I,
)
_PREFIX = re.compile(
    rf"^(?:(?:{_LABEL}(?:\s+by)?\s*[:：]|{_LABEL}\s+(?:by|von|courtesy of|courtesy)\s|©|\(c\)|copyright\b:?|courtesy(?: of)?[:\s]|via\s|by\s)\s*)+",
    re.I,
)
_WORD_PHOTO = re.compile(
    r"\s*\b(?:file\s+)?(?:photos?|foto|pictures?|image|handout|file photo)\s*$|^(?:file\s+)?photos?\s+(?=\S)", re.I
)
_AGENCIES = (
    r"AFP|AP|Reuters|Getty(?: Images)?|dpa|EPA|EFE|ANSA|Xinhua|TASS|IRNA|Tasnim|Shutterstock|iStock|Alamy|PA(?: Wire| Media)?|UPI|"
    r"Associated Press|Bloomberg|picture[ -]alliance|imago(?: images)?|APA|KEYSTONE|ddp|NTB|Ritzau|TT|AAP|PTI|ANI|Anadolu|AA|Kyodo|Yonhap|共同|時事"
)
_AGENCY = re.compile(rf"(?<!\w)(?:{_AGENCIES})(?!\w)", re.I)
_SLASHED = re.compile(r"(?:^|(?<=[.!?…”\"’)])\s+)([^.!?:]{0,60}?(?:[/|]|\bvia\b)\s?[^.!?:]{2,50})$")
MAX_CREDIT = 120


def caption_and_credit(text: str, marked: str | None = None) -> tuple[str | None, str | None]:
    """A caption without its credit, and the credit without its label.

    ``marked`` is what the page itself marks as the credit.
    """
    caption = clean(text)
    if marked and (credit := tidy_credit(marked)):
        return _without(caption, clean(marked)) or None, credit
    for split in (_parenthesis, _labelled, _agency_tail):
        if (found := split(caption)) is not None:
            rest, credit = found
            return rest or None, tidy_credit(credit)
    return caption or None, None


def _without(caption: str, marked: str) -> str:
    if caption.endswith(marked):
        caption = caption[: -len(marked)]
    elif caption.startswith(marked):
        caption = caption[len(marked) :]
    else:
        caption = caption.replace(marked, " ", 1)
    return re.sub(rf"(?:^|\s){_LABEL}\s*[:：]?\s*$", "", clean(caption), flags=re.I).strip(" |/–—-([©")


def _parenthesis(caption: str) -> tuple[str, str] | None:
    match = _PAREN.search(caption)
    if match is None or not (_PREFIX.search(match[1]) or _AGENCY.search(match[1]) or _WORD_PHOTO.search(match[1])):
        return None
    return caption[: match.start()].strip(), match[1]


def _labelled(caption: str) -> tuple[str, str] | None:
    match = _TAIL.search(caption)
    if match is None:
        return None
    return caption[: match.start()].strip(" |/–—-,;") + (
        "." if caption[match.start() : match.start() + 1] == "." else ""
    ), match[1]


def _agency_tail(caption: str) -> tuple[str, str] | None:
    """ "… on Monday. Jane Doe/Reuters": names and an agency after the last sentence."""
    match = _SLASHED.search(caption)
    if match is None or not _AGENCY.search(match[1]):
        return None
    return caption[: match.start()].strip(), match[1]


def tidy_credit(stated: str) -> str | None:
    """A credit without label, brackets and the word "photo"; None for what names nobody."""
    credit = clean(stated).strip(" ()[]（）|–—-,;.")
    credit = _PREFIX.sub("", credit)
    if _AGENCY.search(credit):
        credit = _WORD_PHOTO.sub("", credit)
        credit = re.sub(r"(?<=\bAP) Photo(?=/)", "", credit)
    credit = credit.strip(" ()[]|–—-,;:：")
    if credit.count("(") > credit.count(")"):
        credit += ")"  # "Jane Doe (Keystone)": it encloses the agency only
    return credit if 1 < len(credit) <= MAX_CREDIT else None
