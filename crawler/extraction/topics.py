"""What an article is about, as its publisher tagged it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from crawler.extraction.body import Body
from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.outline import ASIDE, COMMENT, NAV
from crawler.extraction.structured import strings
from crawler.normalisation.text import clean, folded

_METAS = (
    "news_keywords",
    "parsely-tags",
    "sailthru.tags",
    "cxenseparse:keywords",
    "dc.subject",
    "dcterms.subject",
)
_SPLIT = re.compile(r"\s*[,;、，؛،|]\s*")
_SPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]\s+[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Lists in scripts without spaces between words are parted by spaces."""
_JUNK = re.compile(
    r"^(?:https?:|/)|^[\w.-]+[:=]\S|^\d+$|^[\W_]+$|^[0-9a-f]{8}-[0-9a-f-]{20,}$|^(?:[\w-]+\.)+[a-z]{2,}$|_|^\w+(?: \w+)?:\s|^(?:tags?|keywords|topics|themen|temas)$",
    re.I,
)
_LABELLED = re.compile(r"^(?:subject|category|tags?|topics?|keywords?|section|nlp entity tokens)\s*:\s*(?=\S)", re.I)
_OF_TAGS = re.compile(
    r"/(?:tags?|topics?|themen?|thema|temas?|tema|keywords?|etiquetas?|sujets?|themes?|stichworte?|schlagworte?|schlagwoerter|"
    r"tagged|labels?|hashtags?|argomenti|etiket(?:ler)?|onderwerp(?:en)?|emne(?:r|ord)?|amne|aihe|temat|tagi|dossiers?)/",
    re.I,
)
"""In the addresses of pages that list what is tagged so."""
_NAMED_TAGS = re.compile(r"(?:^|[-_.:])(?:tags?|keywords)$")
_TAGS_IN_DATA = re.compile(
    r"""["'](?:tags|keywords|topics|article_?tags|content_?tags|page_?tags|tag_?names)["']\s*:\s*(?:["']([^"'\n]{2,400})["']|\[([^\[\]]{2,3000})\])""",
    re.I,
)
_LABELS = re.compile(r'(?:^|[,{]\s*)(?:"(?:name|label|title|text)"\s*:\s*)?"((?:[^"\\\n]|\\.){2,60})"(?=\s*(?:,|\}|$))')
_ELSEWHERE = NAV | ASIDE | COMMENT
ABOVE = 20
BELOW = 80
"""Elements round the body among which an article's tags stand."""
MAX_DATA = 1_000_000
"""Characters of a script that are searched for tags."""
MAX_TOPICS = 200
"""Of one article; more are the words of its text."""
MAX_LENGTH = 80
MAX_LINK = 40
"""Characters of a link that may be a tag."""
MAX_LINKED = 20


def topics(facts: Facts, body: Body, publisher_name: str | None) -> tuple[str, ...]:
    """The tags of the first source that has any, each once."""
    own = folded(publisher_name or "")
    stated = list(_groups(facts, body))
    ranked = [*facts.preferred("topics", stated), *stated]
    groups = [(group, found) for group in ranked if (found := _cleaned(group, own))]
    if not groups and (listed := _in_data(facts)):
        groups = [(listed, _cleaned(listed, own))]
    heads = [Candidate(", ".join(c.value for c in group), group[0].source, group[0].locator) for group, _ in groups]
    facts.settle("topics", heads[0] if groups else None, heads)
    return groups[0][1] if groups else ()


def _groups(facts: Facts, body: Body) -> Iterator[list[Candidate]]:
    if stated := [Candidate(value, "json-ld", "keywords") for value in strings(facts.article.get("keywords"))]:
        yield stated
    for name in ("article:tag", "og:article:tag", *_METAS):
        if given := list(facts.meta(name)):
            yield given
    if linked := [Candidate(clean(tag.text_content()), "body", "a[rel=tag]") for tag in facts.outline.tags]:
        yield linked
    for name in facts.metas:
        if _NAMED_TAGS.search(name) and name not in _METAS and (given := list(facts.meta(name))):
            yield given
    if linked := [Candidate(text, "body", "links to tags") for text in _linked(facts, body)]:
        yield linked
    if about := [Candidate(value, "json-ld", "about") for value in strings(facts.article.get("about"))]:
        yield about


def _linked(facts: Facts, body: Body) -> list[str]:
    """Links to pages of tags, round the body; none where they are many, as in an index."""
    found: dict[str, str] = {}
    for line in facts.outline.lines:
        if not line.anchors or not body.start - ABOVE <= line.order <= body.end + BELOW:
            continue
        if line.flags & _ELSEWHERE or line.linked < 0.6 * len(line.text):
            continue  # a link inside a sentence explains a word
        for anchor in line.anchors:
            if text := _tag(anchor):
                found.setdefault(folded(text), text)
    return list(found.values()) if len(found) <= MAX_LINKED else []


def _tag(anchor: HtmlElement) -> str | None:
    href = anchor.get("href") or ""
    if not _OF_TAGS.search(href.partition("?")[0]):
        return None
    text = clean(anchor.text_content()).lstrip("#").strip()
    return text if 1 < len(text) <= MAX_LINK else None


def _in_data(facts: Facts) -> list[Candidate]:
    """What the page's own data call tags: the last resort."""
    for _, _, script in facts.outline.scripts:
        for match in _TAGS_IN_DATA.finditer(script, 0, MAX_DATA):
            names = [name for name in _SPLIT.split(match[1]) if name] if match[1] else _LABELS.findall(match[2])
            listed = [name for name in names if len(name) <= MAX_LINK]
            if 0 < len(listed) <= MAX_LINKED:
                return [Candidate(_unescaped(name), "body", "script") for name in listed]
    return []


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def _cleaned(group: list[Candidate], publisher: str) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for value in _values(group)[: 2 * MAX_TOPICS]:
        topic = _LABELLED.sub("", clean(value)).strip(" ,;#\"'")
        key = folded(topic)
        if topic and len(topic) <= MAX_LENGTH and key != publisher and not _JUNK.search(topic):
            found.setdefault(key, topic)
    return tuple(found.values())[:MAX_TOPICS]


def _values(group: list[Candidate]) -> list[str]:
    """A list of tags may hold commas inside one; a single string is a list of its own."""
    if len(group) > 1:
        return [candidate.value for candidate in group]
    values = _SPLIT.split(clean(group[0].value))
    return values[0].split() if len(values) == 1 and _SPACED.search(values[0]) else values
