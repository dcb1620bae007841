"""Style sheets that can fetch nothing: only what is known to be harmless is written again, in one spelling.

A sheet is taken apart into tokens (CSS Syntax Level 3) and put together anew. What comes out holds no ``url(``, no
other function that is not in the list, no at-rule that is not in the list and no ``<``, and all its brackets match:
however a browser reads it, there is nothing in it to fetch and no way out of its element.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator

MAX_CHARACTERS = 2_000_000
"""Of a style sheet that are read; the largest in a page seen was a third of it."""
MAX_DEPTH = 12
"""Of blocks in blocks."""

FUNCTIONS = frozenset(
    (
        "rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark calc min max clamp abs round mod rem "
        "sign var env counter counters translate translatex translatey translatez translate3d rotate rotatex rotatey "
        "rotatez rotate3d scale scalex scaley scalez scale3d skew skewx skewy matrix matrix3d perspective cubic-bezier "
        "steps linear linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeat minmax "
        "repeating-radial-gradient repeating-conic-gradient -webkit-linear-gradient -webkit-radial-gradient "
        "fit-content blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia inset "
        "circle ellipse polygon rect not is where has matches any -webkit-any nth-child nth-last-child nth-of-type "
        "nth-last-of-type lang dir host slotted"
    ).split()
)
"""That take no address. Others are not written: url, src, image-set, cross-fade, element, paint, expression …"""

AT_RULES = frozenset(
    ("@media", "@supports", "@container", "@layer", "@page", "@keyframes", "@-webkit-keyframes", "@-moz-keyframes")
)
"""That hold rules, and fetch nothing. Others are not written: @import, @font-face, @namespace, @property …"""

PROPERTIES_LEFT_OUT = frozenset(("behavior", "-ms-behavior", "-moz-binding", "src"))
"""By which old browsers ran or fetched something."""

_TOKEN = re.compile(
    r"""
      (?P<comment>/\*.*?(?:\*/|\Z))
    | (?P<run>(?:[-\w\s:.,#%>+~=*|&$^?!\u00a0-\U0010ffff]|\\[^\n])+)
    | (?P<string>"(?:[^"\\\n]|\\.)*(?:"|\Z)|'(?:[^'\\\n]|\\.)*(?:'|\Z))
    | (?P<at>@(?:[-\w]|\\[^\n])*)
    | (?P<structure>[{};])
    | (?P<bracket>[()\[\]])
    | (?P<slash>/)
    | (?P<other>.)
    """,
    re.S | re.X,
)
_ADDRESS = re.compile(r"""\s*"(?:[^"\\\n]|\\.)*"\s*\)|\s*'(?:[^'\\\n]|\\.)*'\s*\)|(?:[^)\\]|\\.)*(?:\)|\\?\Z)""", re.S)
"""What follows ``url(``, quoted or not."""
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.S)
_NAME = "-_\\abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_LONGEST_NAME = 40
"""Characters; no function that is written has a longer one."""
_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FRAME = re.compile(r"\A\s*<!--|-->\s*\Z")
"""By which old pages hid their sheets from older browsers."""
_UNSAFE = re.compile(r"[\"\\<\n]")
_OPENS = {")": "(", "]": "["}


def disarmed_sheet(text: str) -> str:
    """A style sheet without what could fetch or run; "" where nothing is left. Twice gives what once does."""
    return "".join(_Sheet(text, in_rule=False).written())


def disarmed_declarations(text: str) -> str:
    """The same for what stands in a ``style`` attribute."""
    return "".join(_Sheet(text, in_rule=True).written()).strip()


class _Sheet:
    """One pass over a sheet's tokens."""

    def __init__(self, text: str, *, in_rule: bool) -> None:
        text = _UNWANTED.sub("", text[:MAX_CHARACTERS]).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
        self._text = text if in_rule else _FRAME.sub("", text)
        self._in_rule = in_rule
        self._statement: list[str] = []
        self._is_bad = False
        self._brackets: list[str] = []
        self._blocks = 0
        self._left_out = 0
        """How many blocks deep we are in one that is not written."""
        self._at = 0

    def written(self) -> Iterator[str]:
        while match := _TOKEN.match(self._text, self._at):
            self._at = match.end()
            kind, token = match.lastgroup, match[0]
            if kind == "structure":
                yield from self._structure(token)
            elif not self._left_out:
                _ADDING[kind or ""](self, token)
        if not self._left_out:
            yield from self._ended()
        yield "}\n" * self._blocks

    def _structure(self, token: str) -> Iterator[str]:
        if self._left_out:
            self._left_out += {"{": 1, "}": -1, ";": 0}[token]
        elif token == "{":
            yield from self._opened()
        else:
            yield from self._ended()
            if token == "}" and self._blocks:
                self._blocks -= 1
                yield "}\n"

    def _opened(self) -> Iterator[str]:
        prelude = self._taken()
        if prelude and not self._in_rule and self._blocks < MAX_DEPTH:
            self._blocks += 1
            yield f"{prelude}{{"
        else:
            self._left_out = 1

    def _ended(self) -> Iterator[str]:
        declaration = self._taken()
        name, _, value = declaration.partition(":")
        if not (self._blocks or self._in_rule) or declaration.startswith("@") or not value.strip():
            return
        if name.strip().lower() not in PROPERTIES_LEFT_OUT:
            yield f"{declaration};"

    def _taken(self) -> str:
        """What has been gathered since the last statement; "" where it cannot stay."""
        statement = "" if self._is_bad or self._brackets else "".join(self._statement).strip()
        self._statement, self._is_bad, self._brackets = [], False, []
        return statement

    def _comment(self, token: str) -> None:
        self._statement.append(" ")

    def _run(self, token: str) -> None:
        self._statement.append(_unescaped(token))

    def _string(self, token: str) -> None:
        self._statement.append(_string(token))

    def _at_rule(self, token: str) -> None:
        self._is_bad |= any(map(str.strip, self._statement)) or _unescaped(token).lower() not in AT_RULES
        self._statement.append(_unescaped(token))

    def _bracket(self, token: str) -> None:
        if token == "(" and not self._function():
            return
        if token in "([":
            self._brackets.append(token)
        else:
            self._is_bad |= not self._brackets or self._brackets.pop() != _OPENS[token]
        self._statement.append(token)

    def _function(self) -> bool:
        """Takes the name before "(" into account; False where the function has been replaced, to its end."""
        last = self._statement[-1][-_LONGEST_NAME:] if self._statement else ""
        name = last[len(last.rstrip(_NAME)) :].lower()
        if name == "url":
            if address := _ADDRESS.match(self._text, self._at):
                self._at = address.end()
            self._statement[-1] = f"{self._statement[-1][: -len(name)]}none"
            return False
        self._is_bad |= bool(name) and name not in FUNCTIONS and last.lower() not in AT_RULES
        return True

    def _slash(self, token: str) -> None:
        self._statement.append(token)

    def _refused(self, token: str) -> None:
        self._is_bad = True


_ADDING: dict[str, Callable[[_Sheet, str], None]] = {
    "comment": _Sheet._comment,
    "run": _Sheet._run,
    "string": _Sheet._string,
    "at": _Sheet._at_rule,
    "bracket": _Sheet._bracket,
    "slash": _Sheet._slash,
    "other": _Sheet._refused,
}


def _string(token: str) -> str:
    """A string, quotation marks included, in the spelling that can be nothing else in HTML or CSS."""
    quoted = token[1:-1] if len(token) > 1 and token[-1] == token[0] else token[1:]
    return f'"{_UNSAFE.sub(_escaped, _ESCAPE.sub(_in_string, quoted))}"'


def _in_string(escape: re.Match[str]) -> str:
    return "" if escape[2] == "\n" else _character(escape)


def _escaped(found: re.Match[str]) -> str:
    return f"\\{ord(found[0]):x} "


def _unescaped(token: str) -> str:
    """Names without the escapes they can do without: ``u\\72l`` is url."""
    return _ESCAPE.sub(_in_name, token) if "\\" in token else token


def _in_name(escape: re.Match[str]) -> str:
    character = _character(escape)
    # A digit may be the first character of the name, where it would be none without the escape.
    return character if character in _NAME[:2] or character.isalpha() else f"\\{ord(character):x} "


def _character(escape: re.Match[str]) -> str:
    if escape[2]:
        return escape[2]
    code = int(escape[1], 16)
    found = chr(code) if code <= sys.maxunicode else ""
    return "\ufffd" if not found or _UNWANTED.match(found) else found
