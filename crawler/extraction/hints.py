"""What class names, ids, roles and itemprops suggest about an element, in the words that many sites share."""

from __future__ import annotations

import re
from functools import lru_cache

from crawler.extraction.outline import (
    ASIDE,
    BODY,
    BUTTON,
    BYLINE,
    CAPTION,
    COMMENT,
    CREDIT,
    EMBED,
    FOOTER,
    FOREIGN,
    HIDDEN,
    LEAD,
    NAV,
    TIME,
)

CRUMBS = 1 << 30

_RULES: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (flag, re.compile(pattern))
    for flag, pattern in (
        (CRUMBS, r"bread-?_?crumb|ariadne|fil-?d-?ariane|brotkrumen|crumbs\b"),
        (NAV, r"\bnav(?:bar|igation)?\b|\bmenu\b|navigation|\btoolbar|pagination|pager\b|skip-?link"),
        (BODY, r"article-?_?_?-?(?:body|content|text)|story-?_?_?(?:body|content|text)|entry-?content|post-?(?:content|body)"
               r"|body-?(?:text|content|copy)|content-?body|articletext|main-?text|detail-?text|item-?text"),
        (COMMENT, r"\bcomments?\b|comment-?(?:list|section|area|box|body|form|thread)|disqus|kommentare?\b|respond\b|livefyre|leserbrief"),
        (FOREIGN, r"related|recommend|read-?(?:more|next|also)|more-?(?:from|on|stories|news|articles)|popular|trending|most-?(?:read|viewed)"
                  r"|teaser|promo\b|promo-|promot|outbrain|taboola|sponsor|advert|\bads?\b|\bad-|-ad\b|newsletter|subscri|paywall|share|sharing|social"
                  r"|follow-?us|cookie|consent|gdpr|signup|sign-up|login|up-?next|also-?like|similar|widget|tag-?(?:list|cloud)|tags\b|keywords|"
                  r"copyright|disclaimer|author-?(?:bio|box|info)|about-?(?:the-?)?author|bio\b|print-only|donate|survey|poll\b|rating|toolbox|"
                  r"mehr-zum|weitere|verwandt|empfehl|lire-aussi|a-lire|relacionad|correlat|ticker"),
        (CREDIT, r"credit|copyright|source\b|fotograf|photographer|agency\b|byline-?photo|image-?author|photo-?author|quelle"),
        (CAPTION, r"caption|legend\b|bildunterschrift|figcaption|img-?desc|image-?desc|photo-?desc|bildtext"),
        (BYLINE, r"by-?line|author|autor|auteur|autore|writer|verfasser|redakt|reporter|contributor|dateline"),
        (TIME, r"\bdate|-date|_date|date\b|time\b|timestamp|published|pubdate|posted-?on|datum|fecha|updated"),
        (LEAD, r"stand-?first|\blead\b|lead-|-lead|\bdek\b|\bdeck\b|sub-?title|sub-?head(?:line|ing)|\bintro\b|chapo|excerpt|summary|vorspann|lede|teaser-?text|strapline|synopsis|sottotitolo"),
        (ASIDE, r"sidebar|side-?bar|rail\b|aside"),
        (FOOTER, r"\bfooter|page-?foot|site-?foot"),
        (HIDDEN, r"visually-?hidden|sr-only|screen-?reader|\bhidden\b|a11y-hide|assistive"),
        (EMBED, r"\bembed|twitter-tweet|instagram-media|video-?player|\bplayer\b|fb-post"),
        (BUTTON, r"\bbtn\b|button"),
    )
)  # fmt: skip
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@lru_cache(maxsize=8192)
def hinted(names: str) -> int:
    """The bits that the names suggest; names are class, id and the like, joined by spaces."""
    names = _CAMEL.sub("-", names[:300]).replace("_", "-").lower()
    found = 0
    for flag, pattern in _RULES:
        if pattern.search(names):
            found |= flag
    return found
