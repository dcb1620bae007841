"""The fields of exports as archives/README.md lists them, out of the dataclass and its docstrings."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise

from crawler.formats.lines import NOT_IN_CSV, OF_FIRST_IMAGE
from crawler.index import exporting


def table() -> str:
    return "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    yield "| Field | | In CSV |\n| --- | --- | --- |"
    for name, meaning in _fields():
        yield f"| `{name}` | {meaning} | {'no' if name in NOT_IN_CSV else 'yes'} |"
    for name, of in OF_FIRST_IMAGE.items():
        yield f"| `{name}` | `{of}` of the first of `images` | only there |"


def _fields() -> Iterator[tuple[str, str]]:
    tree = ast.parse(inspect.getsource(exporting.ExportedArticle))
    (definition,) = tree.body
    assert isinstance(definition, ast.ClassDef)
    for named, below in pairwise(definition.body):
        if isinstance(named, ast.AnnAssign) and isinstance(named.target, ast.Name):
            assert isinstance(below, ast.Expr), f"{named.target.id} has no explanation"
            assert isinstance(below.value, ast.Constant)
            yield named.target.id, " ".join(str(below.value.value).split())
