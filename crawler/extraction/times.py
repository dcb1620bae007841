"""When an article was published and changed: what the page states, best source first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, islice

from crawler.extraction.daysearch import days_anywhere
from crawler.extraction.facts import Candidate, Facts, place_of
from crawler.extraction.outline import COMMENT, FOOTER, FOREIGN, NAV, Line
from crawler.extraction.structured import string
from crawler.items import DatePrecision
from crawler.normalisation.dates import Moment, moment
from crawler.normalisation.text import clean
from crawler.normalisation.url_dates import date_in_url

_PUBLISHED = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article_date_original", "publication_date", "publish-date",
    "publish_date", "pubdate", "pub_date", "dc.date.issued", "dcterms.issued",
    "citation_publication_date", "citation_date", "published-date", "published_date", "article.published", "originalpublicationdate",
    "displaydate", "ptime", "rnews:datepublished", "bt:pubdate", "vr:published_time", "last-published", "og:pubdate",
    "article.created", "dcterms.available", "shareaholic:article_published_time", "iso-8601-publish-date", "date.release", "published", "publishdate",
)  # fmt: skip
_OF_SOMETHING = ("dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "date", "created", "datecreated")
"""Says when, and not of what: what the page shows near its headline is worth more."""
_MODIFIED = (
    "article:modified_time", "og:updated_time", "article:updated", "article:modified", "datemodified", "dcterms.modified", "dc.date.modified",
    "last-modified", "lastmod", "updated", "cxenseparse:recs:modifiedtime", "revision_date", "og:modified_time", "shareaholic:article_modified_time",
)  # fmt: skip
_CHANGED = re.compile(
    r"updat|modifi|aktualis|geändert|mis à jour|actualiz|aggiornat|güncelle|обновл|edited|bearbeitet|last change|修正|更新|تحديث|به‌روز",
    re.I,
)
_OF_OTHERS = re.compile(
    r"^(?:registriert|joined|member since|erscheinungs|release date|erschienen bei|mitglied seit|isbn)", re.I
)
"""How lines begin that tell when something else was made."""
_AGO = re.compile(r"\b(\d{1,2})\s*(minute|min|hour|day|week)s?\s+ago\b", re.I)
_DIGIT = re.compile(r"\d")
BESIDE = 60
"""Elements after the headline; a marked date further down may be another article's."""
ON_RECORD = 8
"""Candidates of a date that are put on record, the first ones."""
NEAR = 40
"""Lines round the headline in which a date without markup is believed."""


@dataclass(frozen=True, slots=True)
class Times:
    published: datetime | None = None
    precision: DatePrecision | None = None
    published_raw: str | None = None
    modified: datetime | None = None
    modified_raw: str | None = None
    is_stated: bool = False
    """Whether the page, its address or a listing gives the date as one, rather than somewhere in the text."""


def times(facts: Facts, language: str | None, headline: Line | None) -> Times:
    """Both dates as the page states them; never a guess, never today."""
    reader = _Reader(facts, language)
    published = reader.first("published", chain(_stated(facts), _shown(facts, headline), _hinted(facts)))
    modified = reader.first("modified", _changed(facts))
    is_stated = published is not None
    published = published or reader.anywhere(headline)
    if published is None:
        return Times(modified=modified and modified[1].at, modified_raw=modified and modified[0])
    return Times(
        published[1].at,
        published[1].precision,
        published[0],
        modified[1].at if modified else None,
        modified[0] if modified else None,
        is_stated,
    )


class _Reader:
    def __init__(self, facts: Facts, language: str | None) -> None:
        self._facts = facts
        self._language = language
        self._zone = facts.publisher.timezone if facts.publisher else None

    def first(self, name: str, candidates: Iterable[Candidate]) -> tuple[str, Moment] | None:
        """The first candidate that is a date; a later one that tells the time of the same day is better.

        Most pages state it at once: candidates further on are not even looked for.
        """
        chosen: tuple[Candidate, Moment] | None = None
        if self._facts.rule(name):
            found = list(candidates)
            candidates = chain(*self._facts.preferred(name, [[each] for each in found]), found)
        rest = iter(candidates)
        first = list(islice(rest, ON_RECORD))
        for candidate in chain(first, rest):
            read = self.read(candidate.value)
            if read is None:
                continue
            if chosen is None or _finer(read, chosen[1]):
                chosen = (candidate, read)
            if chosen[1].precision == "instant":
                break
        self._facts.settle(name, chosen[0] if chosen else None, first)
        return (clean(chosen[0].value)[:200], chosen[1]) if chosen else None

    def anywhere(self, headline: Line | None) -> tuple[str, Moment] | None:
        """The last resort: the best place on the whole page that tells a day."""
        days = days_anywhere(self._facts, headline)
        # Far from the headline "an hour ago" is said of other articles.
        telling = (each for each in days if not _AGO.search(each.value) and self.read(each.value))
        return self.first("published", islice(telling, 1))

    def read(self, text: str) -> Moment | None:
        found = moment(text, language=self._language, zone=self._zone) or self._relative(text)
        captured = self._facts.context.captured_at
        if found and captured and found.at.date() > (captured + timedelta(days=2)).date():
            return None
        return found

    def _relative(self, text: str) -> Moment | None:
        ago, captured = _AGO.search(text), self._facts.context.captured_at
        if ago is None or captured is None:
            return None
        unit = ago[2].lower()
        unit = "minute" if unit == "min" else unit
        at = captured - timedelta(**{f"{unit}s": int(ago[1])})
        if unit in ("minute", "hour"):
            return Moment(at, "instant")
        return Moment(at.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None), "day")


def _finer(read: Moment, chosen: Moment) -> bool:
    ranks = {"day": 0, "local": 1, "instant": 2}
    if ranks[read.precision] <= ranks[chosen.precision]:
        return False
    return abs((read.at.replace(tzinfo=None) - chosen.at.replace(tzinfo=None)).total_seconds()) < 86_400 * 1.6


def _stated(facts: Facts) -> Iterator[Candidate]:
    """What the page states for machines."""
    for name in ("datePublished", "dateCreated", "uploadDate"):
        if value := string(facts.article.get(name)):
            yield Candidate(value, "json-ld", name)
    yield from facts.meta(*_PUBLISHED[:6])
    yield from facts.props("datePublished")
    yield from facts.meta(*_PUBLISHED[6:])
    for node in facts.nodes:
        kind = node.get("@type")
        if node is facts.article or kind not in ("WebPage", "ItemPage", "VideoObject", "Article"):
            continue
        if value := string(node.get("datePublished")):
            yield Candidate(value, "json-ld", f"{kind}.datePublished")
    yield from facts.props("dateCreated")


def _shown(facts: Facts, headline: Line | None) -> Iterator[Candidate]:
    """What the page shows to readers, nearest to the headline first; then what its address says."""
    at = headline.order if headline else 0
    marked = [entry for entry in facts.outline.times if not entry[2] & (FOOTER | NAV | FOREIGN | COMMENT)]
    ranked = sorted(marked, key=lambda entry: abs(entry[0] - at) if entry[0] > at - 30 else 10_000 + at - entry[0])
    late = []
    for order, element, _ in ranked[:12]:
        stated = element.get("datetime") or element.get("content") or element.get("title") or ""
        text = clean(element.text_content())[:120]
        candidate = Candidate(stated if moment(stated) else text, "body", place_of(element))
        if _CHANGED.search(text) or _CHANGED.search(element.get("class") or "") or not -30 < order - at < BESIDE:
            late.append(candidate)
        else:
            yield candidate
    yield from facts.meta(*_OF_SOMETHING)
    yield from _from_url(facts.url)
    yield from _near(facts, headline)
    yield from late


def _from_url(url: str) -> Iterator[Candidate]:
    if day := date_in_url(url):
        yield Candidate(day.isoformat(), "url", "path")


def _near(facts: Facts, headline: Line | None) -> Iterator[Candidate]:
    lines = facts.outline.lines
    start = lines.index(headline) if headline in lines else 0
    for line in lines[start : start + NEAR] + lines[max(0, start - 6) : start]:
        if line.flags & (FOOTER | NAV | FOREIGN | COMMENT) or len(line.text) >= 160:
            continue
        if _DIGIT.search(line.text) and not _CHANGED.search(line.text) and not _OF_OTHERS.search(line.text):
            yield Candidate(line.text, "body", f"line {line.order}")


def _hinted(facts: Facts) -> Iterator[Candidate]:
    hints = facts.context.hints
    if hints and hints.published:
        yield Candidate(hints.published.isoformat(), "sitemap" if hints.source == "sitemap" else "feed", "published")


def _changed(facts: Facts) -> Iterator[Candidate]:
    if value := string(facts.article.get("dateModified")):
        yield Candidate(value, "json-ld", "dateModified")
    yield from facts.meta(*_MODIFIED)
    yield from facts.props("dateModified")
    for _, element, _ in facts.outline.times[:20]:
        text = clean(element.text_content())[:160]
        if match := _CHANGED.search(text):
            yield Candidate(element.get("datetime") or text[match.start() :], "body", place_of(element))
