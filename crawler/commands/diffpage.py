"""A diff as a page of its own: no script, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from crawler.changes.fields import FieldChange
from crawler.changes.sides import Sides, sides
from crawler.collection.diffs import RevisionDiff

STYLE = """
body { font: 17px/1.5 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; color: #222; background: #fff }
h1 { font-size: 1.5em; line-height: 1.25 } h2 { font-size: 1em; color: #666; margin: 2em 0 .3em }
table, .facts { font: 14px/1.5 sans-serif; color: #444 } td { padding: 0 1em .2em 0; vertical-align: top }
del { background: #ffe0e0; color: #900 } ins { background: #dcf5dc; color: #050; text-decoration: none }
.moved { border-left: 3px solid #bbb; padding-left: .7em } .same { color: #777 }
"""

TAGS = {"same": ("", ""), "removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>")}


def diff_page(diff: RevisionDiff) -> str:
    """HTML of the whole text, with what went struck through and what came in green."""
    old, new = diff.old.revision, diff.new.revision
    title = escape(new.headline or diff.new.id)
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{escape(new.language or "en")}"><head><meta charset="utf-8">',
            f"<title>{title}: revisions {old.number} and {new.number}</title>",
            f"<style>{STYLE}</style></head><body>",
            *_head(diff),
            *_parts(diff),
            *_further(diff.fields),
            "</body></html>",
        )
    )


def _head(diff: RevisionDiff) -> Iterator[str]:
    new, comparison = diff.new, diff.comparison
    yield f'<p class="facts">{escape(new.id)} · {escape(new.publisher)} · {escape(new.url)}</p><table>'
    for name, each in (("before", diff.old), ("after", new)):
        revision, capture = each.revision, each.revision.capture
        cells = (name, f"revision {revision.number}", f"seen {revision.seen_at}", f"{capture.warc} at {capture.offset}")
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    kinds = ", ".join(comparison.kinds) or "no difference"
    yield f'</table><p class="facts">weight {comparison.weight}: {escape(kinds)}</p>'


def _parts(diff: RevisionDiff) -> Iterator[str]:
    lines = sides(diff.comparison.lines)
    headlines = [line for line in lines if line.part == "headline"]
    shown = _words(headlines[0]) if headlines else escape(diff.new.revision.headline or "")
    yield f"<h1>{shown}</h1>"
    part = "headline"
    for line in lines:
        if line.part == "headline":
            continue
        if line.part != part and line.part != "text":
            yield f"<h2>{line.part}</h2>"
        part = line.part
        yield f'<p class="{line.change}">{_words(line)}</p>'


def _words(line: Sides) -> str:
    return "".join(f"{TAGS[each.change][0]}{escape(each.text)}{TAGS[each.change][1]}" for each in line.runs)


def _further(changes: Sequence[FieldChange]) -> Iterator[str]:
    if not changes:
        return
    yield "<h2>Beside the text</h2><table>"
    for change in changes:
        was, now = escape(change.old or ""), escape(change.new or "")
        cells = (escape(change.field), f"<del>{was}</del>", f"<ins>{now}</ins>")
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table>"
