"""What changes on a news page from one visit to the next without anybody having edited it."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

Mutation = Callable[[str, Random], str]

LEAST = 5
"""Mutations that a page gets, at least."""

_WHOLE = re.compile(
    r"(<(?:script|style|pre|textarea|noscript)\b.*?</(?:script|style|pre|textarea|noscript)\s*>|<!--.*?-->)",
    re.I | re.S,
)
"""What is no mark-up and no text of the page."""
_ATTRIBUTE = re.compile(r"""\s+([\w:@.-]+)(\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>=]+))?""")
_TAG = re.compile(r"""<([a-z][\w:-]*)((?:\s+[\w:@.-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>=]+))?){2,})(\s*/?>)""", re.I)
_COUNTER = re.compile(
    r"""(<(?:span|div|b|em|strong|i)\b[^<>]*class=["'][^"']*\b(?:count|counter|views|shares|likes)\b[^<>]*>\s*)\d[\d.,]*(?=\s*<)""",
    re.I,
)
_ASSET = re.compile(r"""((?:src|href)=["'][^"'?#<>\s]+\.(?:js|css))(?:\?[^"']*)?(?=["'])""", re.I)
_BETWEEN = re.compile(r"<p\b[^<>]*>[^<]{80,}</p>(?=\s*<p\b(?![^<>]*(?:image|caption|credit|copyright)))", re.I)
"""A paragraph of plain text before another: where sites put adverts."""
_WORDS = "boats harbour winter council market bridge storm ferry school museum garden train letter river".split()


def mutated(page: bytes, seed: str) -> tuple[bytes, tuple[str, ...]]:
    """The page as another visitor gets it, and what was changed; the same for the same seed.

    Bytes of any encoding stay what they are: only ASCII is looked at and added.
    """
    chance, text = Random(seed), page.decode("latin-1")
    done = []
    for name, mutation in MUTATIONS.items():
        after = mutation(text, chance)
        if after != text:
            done.append(name)
        text = after
    assert len(done) >= LEAST, f"only {done}"
    return text.encode("latin-1"), tuple(done)


def _outside(change: Callable[[str], str]) -> Callable[[str], str]:
    """A change of mark-up and text, not of scripts and comments."""
    return lambda text: "".join(part if at % 2 else change(part) for at, part in enumerate(_WHOLE.split(text)))


def _words(chance: Random, count: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(count)).capitalize()


def _after(tag: str, text: str, added: str) -> str | None:
    """Behind the first tag of that name that is none in a script or comment; None where there is none."""
    parts = _WHOLE.split(text)
    for at in range(0, len(parts), 2):
        found = re.search(rf"<{tag}\b[^<>]*>", parts[at], re.I)
        if found:
            parts[at] = parts[at][: found.end()] + added + parts[at][found.end() :]
            return "".join(parts)
    return None


def _after_body(text: str, added: str) -> str:
    return _after("body", text, added) or text + added


def _at_end(text: str, added: str) -> str:
    at = text.lower().rfind("</body")
    return text[:at] + added + text[at:] if at > 0 else text + added


def nonces(text: str, chance: Random) -> str:
    """Those that are there, and a token in the head."""
    text = re.sub(r"""\bnonce=(["'])[\w+/=-]+\1""", lambda _: f'nonce="{chance.randbytes(8).hex()}"', text)
    return _after("head", text, f'<meta name="csrf-token" content="{chance.randbytes(16).hex()}">') or text


def counters(text: str, chance: Random) -> str:
    text = _outside(lambda part: _COUNTER.sub(lambda m: f"{m[1]}{chance.randrange(1, 9999)}", part))(text)
    shares = f'<span class="share-count">{chance.randrange(9999)} shares</span>'
    views = f'<span class="view-count">{chance.randrange(99999):,} views</span>'
    return _after_body(text, f'<div class="share-bar">{shares} {views}</div>')


def adverts(text: str, chance: Random) -> str:
    """Above the page, below it, and between two of its paragraphs."""

    def advert(place: str) -> str:
        number = chance.randrange(10**6)
        return (
            f'<div class="advertisement ad-{place}" id="ad-{number}"><span class="ad-label">Advertisement</span>'
            f'<a href="https://ads.example/click?{number}"><img src="https://ads.example/{number}.gif" width="300" '
            f'height="250" alt="{_words(chance, 3)}"></a></div>'
        )

    parts = _WHOLE.split(text)
    ends = [(n, m.end()) for n in range(0, len(parts), 2) for m in _BETWEEN.finditer(parts[n])]
    if ends:
        n, at = chance.choice(ends)
        parts[n] = parts[n][:at] + advert("inline") + parts[n][at:]
    return _at_end(_after_body("".join(parts), advert("top")), advert("bottom"))


def related(text: str, chance: Random) -> str:
    links = "".join(
        f'<li><a href="/2024/{chance.randrange(10**5)}/{chance.choice(_WORDS)}">{_words(chance, 6)}</a></li>'
        for _ in range(chance.randrange(3, 7))
    )
    return _at_end(text, f'<aside class="related-articles"><h3>Related articles</h3><ul>{links}</ul></aside>')


def white_space(text: str, chance: Random) -> str:
    """Other white space where there is some between two tags."""
    spaces = ("\n", " ", "\n\n    ", "\t\n", "\r\n  ")
    return _outside(lambda part: re.sub(r">\s+<", lambda _: f">{chance.choice(spaces)}<", part))(text)


def attribute_order(text: str, chance: Random) -> str:
    def shuffled(tag: re.Match[str]) -> str:
        attributes = [(m[1].lower(), m[0]) for m in _ATTRIBUTE.finditer(tag[2])]
        if len({name for name, _ in attributes}) < len(attributes):
            return tag[0]  # of two with one name the first counts
        chance.shuffle(attributes)
        end = f" {tag[3]}" if tag[3].startswith("/") else tag[3]
        return f"<{tag[1]}{''.join(written for _, written in attributes)}{end}"

    return _outside(lambda part: _TAG.sub(shuffled, part))(text)


def comments(text: str, chance: Random) -> str:
    return _at_end(text, f"<!-- generated by web-{chance.randrange(99)} in {chance.randrange(999)} ms -->")


def assets(text: str, chance: Random) -> str:
    return _ASSET.sub(lambda m: f"{m[1]}?v={chance.randrange(10**6)}", text)


def scripts(text: str, chance: Random) -> str:
    return _at_end(
        text, f"<script>window.__request = {{id: '{chance.randbytes(8).hex()}', t: {chance.random()}}}</script>"
    )


MUTATIONS: dict[str, Mutation] = {
    mutation.__name__: mutation
    for mutation in (nonces, counters, adverts, related, white_space, attribute_order, comments, assets, scripts)
}
