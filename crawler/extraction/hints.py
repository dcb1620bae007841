"""What class names and ids suggest about an element, in the words that many sites share.

A class is split into its words ("articleBody__main" gives article, body, main); single words and pairs of neighbours
are looked up. These are hints: they tip a balance, and a page without any must be read as well.
"""

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
    CRUMBS,
    EMBED,
    FOOTER,
    FOREIGN,
    HIDDEN,
    KICKER,
    LEAD,
    NAV,
    QUOTE,
    TIME,
)

_WORDS: dict[int, str] = {
    CRUMBS: "breadcrumb breadcrumbs crumbs crumb ariadne brotkrumen breadcrump pathway",
    NAV: "nav navbar navigation menu submenu navi pagination pager toolbar megamenu skiplink",
    BODY: "articlebody storybody articletext articlecontent bodytext maintext bodycopy postcontent entrycontent storytext"
    " postbody newstext detailtext contentbody articlecopy artikeltext",
    COMMENT: "comment comments commentlist disqus kommentar kommentare kommentarer comentarios commentaires livefyre"
    " respond yorumlar commenting",
    FOREIGN: "related recommend recommended recommendation recommendations popular trending teaser teasers promo promos"
    " promotion outbrain taboola sponsor sponsored advert adverts advertisement advertising ad ads adv werbung anzeige"
    " publicidad publicite reklama newsletter newsletters subscribe subscription share sharing shares social"
    " cookie cookies consent gdpr signup login similar widget keywords tags taglist tagcloud disclaimer bio donate"
    " donation survey poll rating ticker weitere verwandte empfehlung empfehlungen relacionadas relacionados"
    " correlati mostread mostpopular readmore readnext upnext sharebar sociallinks addtoany sharedaddy relatedposts likes",
    CREDIT: "credit credits photocredit imagecredit photographer fotograf quelle bildquelle imgcredit bildrechte",
    CAPTION: "caption captions legend bildunterschrift figcaption bildtext legende didascalia",
    BYLINE: "byline bylines author authors autor autoren auteur autore autores writer verfasser reporter contributor"
    " contributors authorname yazar forfatter skribent",
    TIME: "date dates time datetime timestamp published pubdate datum fecha updated publishdate posted dateline"
    " articledate postdate tarih",
    LEAD: "standfirst lead dek deck subtitle subheadline intro chapo excerpt summary vorspann lede strapline synopsis"
    " sottotitolo entradilla teasertext abstract ingress ingres",
    KICKER: "kicker overline eyebrow topline dachzeile roofline rubric rubrik spitzmarke pretitle antetitulo overhead",
    ASIDE: "sidebar rail aside sidecolumn",
    FOOTER: "footer foot sitefooter",
    HIDDEN: "visuallyhidden offscreen assistive invisible",
    QUOTE: "quote blockquote pullquote zitat citation",
    EMBED: "embed embedded embeds player videoplayer tweet tweets jwplayer brightcove youtube vimeo dailymotion oembed",
    BUTTON: "btn button cta",
}
_PAIRS: dict[int, str] = {
    BODY: "article body,article content,article text,story body,story content,story text,entry content,post content,"
    "post body,body text,body content,body copy,content body,main text,detail text,item text,news text,text content,"
    "article copy,page content,field body,content text,article main,single content",
    COMMENT: "comment list,comment area,comment form",
    FOREIGN: "read more,read next,read also,more from,more on,more stories,more news,more articles,most read,most viewed,"
    "most popular,follow us,sign up,up next,also like,tag list,tag cloud,author bio,author box,author info,about author,"
    "lire aussi,mehr zum,link list,see also,you may,editors picks,in article,latest news,other news,top stories",
    HIDDEN: "is hidden,js hidden,u hidden,element hidden,content hidden,hidden content,sr only,screen reader,visually hidden,a11y hide",
    CREDIT: "image author,photo author,photo by,image source,photo source,image copyright,media credit,image credit",
    CAPTION: "img desc,img description,image desc,image caption,photo desc,image description,image text,media description,image title",
    TIME: "posted on,publish date,date published",
    EMBED: "instagram media,fb post,fb video,telegram post,video js,embed container,wp embed",
    LEAD: "sub title,sub headline,stand first,article intro,teaser text,sub head",
    KICKER: "over line,pre title,over title,top line",
}
_ALONE = frozenset(("hidden", "hide"))
"""Hides what it stands on only as a class of its own: "field--label-hidden" and "overflow-hidden" hide nothing."""

_OWNED = frozenset(("caption", "captions", "credit", "credits"))
_OWNERS = frozenset(("has", "with", "no", "without"))
"""Before these: what has a caption is none."""
_ANY_ELEMENT = frozenset(("elementorwidget",))
"""What page builders call each of their elements: no box beside the article."""

_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|\s")
_LOWER = re.compile(r"[a-z]+|\d+|\s")
_LONGEST = 1000
"""Characters of an attribute that are looked at."""
_FLAGS = {word: flag for flag, listed in _WORDS.items() for word in listed.split()}
_JOINED = {"".join(pair.split()): flag for flag, listed in _PAIRS.items() for pair in listed.split(",")} | _FLAGS
"""By two neighbours written as one."""


@lru_cache(maxsize=20_000)
def hinted(names: str) -> int:
    """The bits that a class attribute or an id suggests."""
    names = names[:_LONGEST]
    words = _LOWER.findall(names) if names.islower() else [word.lower() for word in _CAMEL.findall(names)]
    found = 0 if _ALONE.isdisjoint(names.lower().split()) else HIDDEN
    before = ""
    for word in words:
        joined = before + word
        if joined in _JOINED or word in _FLAGS:
            found |= _said(before, word, joined)
        before = "" if word.isspace() else word
    return found


def _said(before: str, word: str, joined: str) -> int:
    """What a word suggests that is a hint, or makes one with the word before it."""
    found = _JOINED.get(joined, 0) if before else 0
    if (word in _OWNED and before in _OWNERS) or joined in _ANY_ELEMENT:
        return found
    return found | _FLAGS.get(word, 0)
