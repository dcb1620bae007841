"""Pages of a list: their number in the address, and the words by which a link says "next"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from crawler.normalisation.text import folded
from crawler.normalisation.urls import canonical_url

_IN_PATH = re.compile(r"/(?:page|seite|pagina|pag|p|strona|sida|side|sayfa)[-_/]?(\d{1,5})(?=/|\.|$)", re.IGNORECASE)
_IN_QUERY = re.compile(
    r"(?:^|&)(?:page|paged|pg|p|seite|pagina|pag|strona|sida|side|sayfa|page_?(?:no|num|number|id)|currentpage)"
    r"=(\d{1,5})(?=&|$)",
    re.IGNORECASE,
)

# What pagers say, in the languages with the most news sites; folded, without arrows.
_NEXT = frozenset(
    (
        "next",
        "next page",
        "older",
        "older posts",
        "older entries",
        "older articles",
        "older stories",
        "previous entries",
        "more",
        "load more",
        "show more",
        "more articles",
        "more news",
        "more stories",
        "weiter",
        "nächste",
        "nächste seite",
        "ältere beiträge",
        "ältere artikel",
        "mehr laden",
        "suivant",
        "suivante",
        "page suivante",
        "articles plus anciens",
        "siguiente",
        "página siguiente",
        "siguientes",
        "entradas antiguas",
        "próximo",
        "próxima",
        "próxima página",
        "seguinte",
        "successivo",
        "successiva",
        "pagina successiva",
        "avanti",
        "volgende",
        "volgende pagina",
        "oudere berichten",
        "nästa",
        "neste",
        "næste",
        "seuraava",
        "następna",
        "następny",
        "następna strona",
        "další",
        "ďalšie",
        "следующая",
        "следующая страница",
        "далее",
        "вперед",
        "наступна",
        "далі",
        "sonraki",
        "sonraki sayfa",
        "következő",
        "următoarea",
        "înainte",
        "επόμενη",
        "επόμενο",
        "следваща",
        "sljedeća",
        "следећа",
        "berikutnya",
        "selanjutnya",
        "seterusnya",
        "trang sau",
        "ถัดไป",
        "अगला",
        "पुराने पोस्ट",
        "পরবর্তী",
        "اگلا",
        "التالي",
        "التالية",
        "الصفحة التالية",
        "بعدی",
        "صفحه بعد",
        "הבא",
        "次へ",
        "次のページ",
        "下一页",
        "下一頁",
        "下页",
        "다음",
        "다음 페이지",
    )
)
_ARROWS = " \t>›»→⟩❯⏵▶→·.<‹«←:"


def page_number(url: str) -> int:
    """Which page of a list an address is; 1 where it does not say."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return 1
    found = _IN_QUERY.search(parts.query) or _IN_PATH.search(parts.path)
    return max(int(found[1]), 1) if found else 1


def next_by_number(url: str, others: Iterable[str]) -> Iterator[str]:
    """Those of the other addresses that differ from this one in nothing but a page number one higher."""
    here, number = _without_number(url), page_number(url)
    return (other for other in others if page_number(other) == number + 1 and _without_number(other) == here)


def is_next_word(text: str | None) -> bool:
    """Whether a link's text says no more than "next page"; arrows alone do, too."""
    if not text or len(text) > 40:
        return False
    bare = folded(text.strip(_ARROWS))
    return bare in _NEXT or (not bare and any(arrow in text for arrow in ">›»→⟩❯"))


def _without_number(url: str) -> str:
    parts = urlsplit(canonical_url(url))
    path = _IN_PATH.sub("", parts.path).rstrip("/")
    return f"{parts.netloc}{path}?{_IN_QUERY.sub('', parts.query).strip('&')}"
