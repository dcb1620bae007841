"""A diff as a page of its own: no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from crawler.changes.comparison import Comparison, Line
from crawler.changes.passages import passages
from crawler.index.lookup import StoredArticle

STYLE = """
body { font: 17px/1.5 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; color: #222; background: #fff }
h1 { font-size: 1.5em; line-height: 1.25 } h2 { font-size: 1em; color: #666; margin: 2em 0 .3em }
table, .facts { font: 14px/1.5 sans-serif; color: #444 } td { padding: 0 1em .2em 0; vertical-align: top }
del { background: #ffe0e0; color: #900 } ins { background: #dcf5dc; color: #050; text-decoration: none }
.moved { border-left: 3px solid #bbb; padding-left: .7em } .same { color: #777 }
"""

TAGS = {"same": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}


def diff_page(
    old: StoredArticle,
    new: StoredArticle,
    comparison: Comparison,
    further: Sequence[tuple[str, str | None, str | None]],
) -> str:
    """HTML of the whole text, with what went struck through and what came in green."""
    title = escape(new.revision.headline or new.id)
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{escape(new.revision.language or "en")}"><head><meta charset="utf-8">',
            f"<title>{title}: revisions {old.revision.number} and {new.revision.number}</title>",
            f"<style>{STYLE}</style></head><body>",
            *_head(old, new, comparison),
            *_parts(new, comparison),
            *_further(further),
            "</body></html>",
        )
    )


def _head(old: StoredArticle, new: StoredArticle, comparison: Comparison) -> Iterator[str]:
    yield f'<p class="facts">{escape(new.id)} · {escape(new.publisher)} · {escape(new.url)}</p><table>'
    for name, each in (("before", old), ("after", new)):
        revision, capture = each.revision, each.revision.capture
        cells = (name, f"revision {revision.number}", f"seen {revision.seen_at}", f"{capture.warc} at {capture.offset}")
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    kinds = ", ".join(comparison.kinds) or "no difference"
    yield f'</table><p class="facts">weight {comparison.weight}: {escape(kinds)}</p>'


def _parts(new: StoredArticle, comparison: Comparison) -> Iterator[str]:
    headlines = [line for line in comparison.lines if line.part == "headline"]
    shown = _words(headlines[0]) if headlines else escape(new.revision.headline or "")
    yield f"<h1>{shown}</h1>"
    part = "headline"
    for line in comparison.lines:
        if line.part == "headline":
            continue
        if line.part != part and line.part != "text":
            yield f"<h2>{line.part}</h2>"
        part = line.part
        yield f'<p class="{line.change}">{_words(line)}</p>'


def _words(line: Line) -> str:
    if line.change == "moved":
        return escape(line.new or "")
    found = passages(line.old or "", line.new or "")
    return "".join(f"{TAGS[each.change][0]}{escape(each.text)}{TAGS[each.change][1]}" for each in found)


def _further(further: Sequence[tuple[str, str | None, str | None]]) -> Iterator[str]:
    if not further:
        return
    yield "<h2>Beside the text</h2><table>"
    for name, was, now in further:
        cells = (escape(name), f"<del>{escape(was or '')}</del>", f"<ins>{escape(now or '')}</ins>")
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table>"
