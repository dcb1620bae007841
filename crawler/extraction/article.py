"""From the bytes of a page to an article."""

from __future__ import annotations

from crawler.extraction.access import access
from crawler.extraction.addresses import canonical_address
from crawler.extraction.authors import authors, without_byline
from crawler.extraction.blocks import blocks_of
from crawler.extraction.body import body_of
from crawler.extraction.boilerplate import sifted
from crawler.extraction.comments import mark_comments
from crawler.extraction.container import pardon
from crawler.extraction.corrections import corrections
from crawler.extraction.dateline import agencies, dateline, persons
from crawler.extraction.embeds import embeds
from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.forms import form
from crawler.extraction.headline import headline, kicker
from crawler.extraction.images import images, note
from crawler.extraction.language import language
from crawler.extraction.layouts import hide_removed, is_in_script, laid_out_body, layout_of, subheads
from crawler.extraction.likeness import article_score
from crawler.extraction.liveblog import live_blocks
from crawler.extraction.media import links
from crawler.extraction.page import Page, parsed
from crawler.extraction.pictures import captioned
from crawler.extraction.policy import note_policy
from crawler.extraction.recurring import without_learnt
from crawler.extraction.scripted import scripted_blocks
from crawler.extraction.sections import section_path
from crawler.extraction.structured import article_node, nodes, read_json, string
from crawler.extraction.summary import summary
from crawler.extraction.teasers import mark_teasers
from crawler.extraction.times import times
from crawler.extraction.topics import topics
from crawler.extraction.walk import walked
from crawler.items import Article, Context
from crawler.normalisation.text import clean_or_none, folded
from crawler.publishers.base import Publisher


def extract(
    html: bytes,
    url: str,
    *,
    publisher: Publisher | None = None,
    context: Context | None = None,
    content_type: str | None = None,
) -> Article:
    """What the page says, with the evidence for it.

    Never raises for what the bytes are: a page that cannot be read gives an article with ``problems``.
    """
    page = parsed(html, url, content_type)
    facts = _facts(page, publisher, context or Context())
    if facts.outline.too_deep:
        page.problems.append("depth")
    return without_learnt(_article(facts, tuple(page.problems)), facts.context.boilerplate)


def _facts(page: Page, publisher: Publisher | None, context: Context) -> Facts:
    layout = layout_of(page.root, publisher, page.url, context.captured_at)
    if layout is not None and layout.tidy is not None:
        layout.tidy(page.root)
    outline = walked(page.root)
    pardon(outline)
    hide_removed(outline, layout, page.root)
    captioned(outline)
    mark_teasers(outline)
    mark_comments(outline)
    found = nodes(read_json(text) for kind, _, text in outline.scripts if "ld+json" in kind)
    metas: dict[str, list[str]] = {}
    for name, content in outline.metas:
        metas.setdefault(name, []).append(content)
    return Facts(page.url, page.root, outline, found, article_node(found) or {}, publisher, layout, context, metas)


def _article(facts: Facts, problems: tuple[str, ...]) -> Article:
    title, shown = headline(facts)
    above = kicker(facts, shown)
    stand_first = summary(facts, title, shown)
    body = laid_out_body(facts) or body_of(facts.outline, shown, _known(title, above))
    name = publisher_name(facts)
    names = authors(facts, shown, body, name)
    kept, taken = sifted(facts, blocks_of(without_byline(body.lines, names), subheads(facts)))
    scripted = scripted_blocks(facts, () if is_in_script(facts) else kept, title)
    blocks = live_blocks(facts, kept) or scripted or kept
    shape = form(facts, body)
    text = "\n\n".join(block.text for block in blocks)
    tongue = language(facts, text)
    dates = times(facts, tongue, shown)
    pictures = images(facts, body, shown)
    note(facts, pictures)
    note_policy(facts)
    opening = dateline(facts, blocks)
    return Article(
        url=facts.url,
        canonical_url=canonical_address(facts),
        headline=title,
        kicker=above,
        summary=stand_first,
        authors=names,
        persons=persons(names),
        agencies=agencies(facts, opening, names, blocks),
        dateline=opening.text if opening else None,
        dateline_place=opening.place if opening else None,
        published=dates.published,
        published_precision=dates.precision,
        published_raw=dates.published_raw,
        modified=dates.modified,
        modified_raw=dates.modified_raw,
        section_path=section_path(facts, title, shown),
        topics=topics(facts, body, name),
        language=tongue,
        publisher_name=name,
        access=access(facts, body, blocks),
        form=shape.kind,
        page=shape.page,
        pages=shape.pages,
        next_page=shape.next_page,
        corrections=corrections(facts, body, blocks),
        blocks=tuple(blocks),
        images=pictures,
        embeds=embeds(facts, body, blocks),
        links=links(facts, body),
        boilerplate=tuple(taken),
        text=text,
        article_score=article_score(facts, blocks, title, dated=dates.is_stated),
        problems=problems,
        evidence=tuple(facts.evidence),
    )


def _known(*texts: str | None) -> frozenset[str]:
    return frozenset(folded(text) for text in texts if text)


def publisher_name(facts: Facts) -> str | None:
    """The publication's name: the definition's, else what the page states."""
    if facts.publisher is not None and facts.publisher.name != facts.publisher.id:
        return facts.publisher.name
    stated = string(facts.article.get("publisher"))
    candidates = [Candidate(stated, "json-ld", "publisher")] if stated else []
    candidates += facts.meta("og:site_name", "application-name", "dc.publisher", "publisher")
    facts.settle("publisher_name", candidates[0] if candidates else None, candidates)
    return clean_or_none(candidates[0].value) if candidates else None
