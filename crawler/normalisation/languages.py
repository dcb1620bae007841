"""Languages in their one canonical form: lower-case BCP 47, as short as the page allows."""

from __future__ import annotations

import re

_TAG = re.compile(r"^([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_].*)?$")
# Names, and codes of older or wrong standards, that pages use in place of a code.
_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es",
    "italian": "it", "italiano": "it", "portuguese": "pt", "russian": "ru", "turkish": "tr", "türkçe": "tr", "japanese": "ja",
    "chinese": "zh", "korean": "ko", "arabic": "ar", "persian": "fa", "farsi": "fa", "eng": "en", "deu": "de", "ger": "de",
    "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "tur": "tr", "jpn": "ja", "zho": "zh",
    "chi": "zh", "kor": "ko", "ara": "ar", "fas": "fa", "per": "fa", "nld": "nl", "dut": "nl", "pol": "pl", "swe": "sv",
    "nob": "nb", "nor": "no", "dan": "da", "fin": "fi", "ces": "cs", "ell": "el", "heb": "he", "hin": "hi", "ukr": "uk",
    "iw": "he", "in": "id", "jp": "ja", "kr": "ko", "cn": "zh", "cz": "cs", "dk": "da", "se": "sv", "gr": "el", "ua": "uk",
    "zul": "zu", "xho": "xh", "swa": "sw", "kal": "kl",
}  # fmt: skip


def language_code(stated: str) -> str | None:
    """The canonical code of what a page states as its language; None for what is none.

    A region is kept ("pt-br"), a script only for Chinese and Serbian, where it says more than the region.
    """
    text = stated.strip().lower().split(",")[0].split(";")[0].strip()
    if text in _NAMES:
        return _NAMES[text]
    match = _TAG.match(text)
    if match is None:
        return None
    code, script, region = match.groups()
    code = _NAMES.get(code, code)
    kept = script if script and code in ("zh", "sr") else region
    return f"{code}-{kept}" if kept else code


def base_language(code: str) -> str:
    """ "pt" of "pt-br"."""
    return code.split("-", maxsplit=1)[0]
