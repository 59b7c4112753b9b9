"""No sentence of the window is put together from pieces: word order is the translator's.

Found in the syntax tree: a translated piece that is added to, joined with, or set into another string.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "ui"

FILTER = ("a kind of files in a file dialog: the word, then Qt's own list of endings in brackets", (
    "exchange/fromtownship.py", "exchange/laptops.py", "exchange/page.py", "exchange/page.py", "exits/evidence.py",
    "imports/page.py", "notices/page.py", "papers/page.py", "scans/page.py", "settings/about.py", "township/lists.py",
    "township/settings.py", "township/settings.py", "township/tables.py", "township/villages.py", "welcome/entrance.py",
))  # fmt: skip
NAME = ("the name proposed for a file, and its ending", (
    "findings/page.py", "imports/page.py", "safety/audit.py",
))  # fmt: skip
LINES = ("whole sentences, one after the other", (
    "signing/page.py", "welcome/policy_step.py", "welcome/policy_step.py", "welcome/policy_step.py",
))  # fmt: skip
KNOWN = Counter(file for _reason, files in (FILTER, NAME, LINES) for file in files)
"""Places that may join, each with its reason. What reaches a string by way of a variable is not seen by this test."""


def joins(tree: ast.AST) -> Iterator[int]:
    """The lines on which a translated piece becomes part of a larger string."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            parts = [node.left, node.right]
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join":
            parts = [inner for arg in node.args if isinstance(arg, ast.Tuple | ast.List) for inner in arg.elts]
        if any(_speaks(part) for part in parts):
            yield node.lineno


def _speaks(part: ast.expr) -> bool:
    """Whether an expression is itself a translated piece, not a value handed to one."""
    return isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id in {"tr", "say"}


def test_no_sentence_of_the_window_is_put_together_from_pieces() -> None:
    found: Counter[str] = Counter()
    for file in sorted(UI.rglob("*.py")):
        found[file.relative_to(UI).as_posix()] += len(set(joins(ast.parse(file.read_text("utf-8")))))
    assert {name: n for name, n in found.items() if n > KNOWN[name]} == {}
    assert {name for name in KNOWN if found[name] < KNOWN[name]} == set(), "fewer than listed: take it off the list"


@pytest.mark.parametrize(
    "source", ['tr("a") + "b"', '"b" + tr("a")', "f\"{tr('a')} b\"", '"; ".join([tr("a"), "b"])', 'tr("a %s") % b']
)
def test_a_joined_sentence_is_seen(source: str) -> None:
    assert list(joins(ast.parse(source)))


@pytest.mark.parametrize("source", ['tr("{n} of {m}", n=n, m=m + 1)', 'say("a")', '", ".join(names)'])
def test_a_whole_sentence_is_left_alone(source: str) -> None:
    assert not list(joins(ast.parse(source)))
