"""What a source id means to a reader: the clause and the document it stands in, or that no document asks for it.

Ids are those of the packs, of ``rules.toml`` and of the field dictionary: a clause (``JS-8.4``), a key of
``sources.toml`` (``P7``, ``C1``, ``D``), or the number of a national standard (``GB 11643-1999``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

from villagedesk import resources
from villagedesk.text import Text, say

CLAUSE = re.compile(r"(N|XJ|SZ|GZ|JS)-\d[\d.]*")
_OWN: Mapping[str, Text] = {
    "G": say("common knowledge, not from a document"),
    "D": say("a proposal of this program; no document asks for it"),
    "U": say("decided by the township"),
    "S": say("the five policy documents this program is made from"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule, a figure or a field comes from. ``ids`` are the clauses and pages alone, "" when it is our own."""

    ids: str
    told: Text


@lru_cache
def known_sources() -> Mapping[str, str]:
    """Source id → what it is, from ``sources.toml``."""
    tree = tomllib.loads(resources.path("policy", "sources.toml").read_text("utf-8"))
    return {key: title for table in tree.values() for key, title in table.items()}


@lru_cache
def _entries() -> Mapping[str, Any]:
    return tomllib.loads(resources.path("columns", "entry_sources.toml").read_text("utf-8"))


def entry_source(draft: str, field: str) -> str:
    """The ids behind a field of a register's entry: ``ProjectDraft``, ``plan_id``; "" when nothing is written down."""
    entry = _entries().get(draft, {})
    return str(entry.get("fields", {}).get(field) or entry.get("source", ""))


def is_source(name: str) -> bool:
    """Whether an id leads somewhere."""
    return name in known_sources() or bool(CLAUSE.fullmatch(name))


def explain(source: str | Iterable[str]) -> Source | None:
    """The ids of a pack value, a rule or a field in words; None when there are none."""
    names = tuple(dict.fromkeys(_names(source)))
    if not names:
        return None
    told = reduce(lambda one, other: say("{one}; {other}", one=one, other=other), map(_told, names))
    return Source(" ".join(name for name in names if name not in _OWN), say("Source: {what}", what=told))


def _names(source: str | Iterable[str]) -> Iterator[str]:
    for part in source.split(";") if isinstance(source, str) else source:
        name = part.strip()
        if name.startswith("DOMAIN"):  # chapters of our own description of the field
            yield "D"
        elif name.startswith("GB"):
            yield name
        else:
            yield from name.split()


def _told(name: str) -> Text:
    if name in _OWN:
        return _OWN[name]
    if name.startswith("GB"):
        return say("national standard {id}", id=name)
    title = known_sources().get(name) or known_sources().get(name.partition("-")[0], "")
    return say("{id} ({title})", id=name, title=title)
