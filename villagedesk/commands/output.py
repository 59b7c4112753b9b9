"""What commands print: one JSON document or plain lines on standard output, progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import orjson

from villagedesk.text import Text

_INNER = frozenset({"n", "id", "village", "revision", "digest", "profile", "profile_version", "scheme"})
"""Columns that say nothing to a person at a terminal."""


def document(value: Any) -> None:
    """Print one JSON document."""
    sys.stdout.buffer.write(orjson.dumps(plain(value), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def plain(value: Any) -> Any:
    """A value as JSON can hold it: records as objects, sentences in the language in use."""
    if isinstance(value, Text):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def lines(rows: Iterable[Iterable[object]]) -> None:
    """Print rows as tab-separated text."""
    for row in rows:
        print("\t".join("" if cell is None else str(cell) for cell in row))


def table(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows under the names of their columns, as ``--where`` takes them; inner ids and empty columns stay away."""
    names = [
        name
        for name in (rows[0] if rows else ())
        if name not in _INNER and not name.endswith("_id") and any(_told(row[name]) for row in rows)
    ]
    if names:
        lines([names, *([_told(row[name]) for name in names] for row in rows)])


def _told(value: Any) -> str:
    """A value in a line of text; lists and records are for ``--json``."""
    return "" if value is None or isinstance(value, list | dict) else " ".join(str(value).split())


def tell(sentence: object) -> None:
    """A message for the person at the terminal."""
    print(sentence, file=sys.stderr)


class Progress:
    """Counts on standard error, rewritten in place; silent when nobody watches."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        """A step of long work."""
        percent = 100 * done // total if total else 0
        if sys.stderr.isatty() and percent != self._shown:
            self._shown = percent
            end = "\n" if total and done >= total else ""
            print(f"\r{self._what} {percent:3d} %", end=end, file=sys.stderr, flush=True)
