"""The digest that decides whether two captures say the same: over what was written, not where it was served."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from crawler.items import Article, Block
from crawler.normalisation.text import clean, may_name_a_host

# A mirror writes its own host into the text: "www.example.ir", "https://example.com/live", "example.org-Leser".
_HOST = re.compile(
    r"(?:https?://)?(?<![\w.])(?<!\w@)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?!\w)(?::\d+)?", re.I
)
_ADVERT = re.compile(
    r"\W*(?:ads?|advert(?:isement|ising|orial)?s?|sponsored(?: content| post)?|promoted|anzeige|werbung|publicité"
    r"|annonces?|publicidad|anuncios?|publicidade|pubblicità|advertentie|reclame|annonse?|reklame?|reklama|mainos|реклама"
    r"|广告|廣告|広告|광고|إعلان|آگهی|تبلیغات)\W*",
    re.I,
)
_FIELD, _PART = "\x1e", "\x1f"

LABEL = 40
"""Characters; what is longer is no label."""


def content_sha256(article: Article) -> str:
    """Hex digest over the normalised headline, summary, blocks and captions, host names folded away.

    Learnt boilerplate counts, wherever it is: what was learnt since the last capture is no edit. Labels of adverts do
    not.
    """
    return hashlib.sha256(_content(article).encode()).hexdigest()


def _content(article: Article) -> str:
    blocks = [f"{block.kind}{_PART}{block.text}" for block in written(article.whole_blocks)]
    captions = [image.caption for image in article.images if image.caption]
    fields = ([article.headline or ""], [article.summary or ""], blocks, captions)
    return _FIELD.join(_PART.join(without_hosts(part) for part in field) for field in fields)


def written(blocks: Iterable[Block]) -> list[Block]:
    """The blocks without labels of adverts, which come and go with these, in the midst of a text too."""
    return [block for block in blocks if len(block.text) > LABEL or not _ADVERT.fullmatch(block.text)]


def without_hosts(text: str) -> str:
    """The text in canonical form with one sign for every host name."""
    kept = _PART.join(clean(part) for part in text.split(_PART))
    if not may_name_a_host(kept):
        return kept
    # A host name has no space in it: looking at few words costs a third of looking everywhere.
    return " ".join(_HOST.sub("\x1d", word) if "." in word else word for word in kept.split(" "))
