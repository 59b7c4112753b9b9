"""Mapping files: what the columns of an unusual roster mean, written once and used again.

.. code-block:: toml

    header_row = 4                      # optional: the line of the headings
    ignore = ["网格员"]                  # columns that are not taken

    [columns]
    "户号" = "household.no"              # heading → field of the dictionary

    [values."健康状况"]                  # heading → old word → word of the code list
    "偏瘫" = "残疾"
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from villagedesk.exchange import shapes
from villagedesk.exchange.fields import Field, FieldDictionary, plain_heading
from villagedesk.text import say

_KEYS = frozenset(("columns", "ignore", "values", "header_row"))
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """A user's own reading of headings; it goes before the dictionary. Keys are plain headings."""

    columns: Mapping[str, Field] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    header_row: int | None = None

    def words_for(self, heading: str) -> Mapping[str, str]:
        """Old word → word of the code list, for one column."""
        return self.values.get(plain_heading(heading), _NOTHING)


def load(path: Path, fields: FieldDictionary) -> ColumnMapping:
    """Read and check a mapping file. Raises Unreadable naming file, key and reason."""
    raw = shapes.read_toml(path)
    shapes.only_keys(path, "", raw, _KEYS)
    row = shapes.whole_of(path, "", raw, "header_row")
    if row is not None and not 1 <= row <= 100:
        raise shapes.fault(path, "header_row", say("the headings stand in one of the lines 1 to 100"))
    values = shapes.table_of(path, "", raw, "values")
    return ColumnMapping(
        columns=MappingProxyType(_columns(path, raw, fields)),
        ignored=frozenset(map(plain_heading, shapes.texts_of(path, "ignore", raw, "ignore"))),
        values=MappingProxyType({plain_heading(key): shapes.words_of(path, "values", values, key) for key in values}),
        header_row=row,
    )


def _columns(path: Path, raw: shapes.Table, fields: FieldDictionary) -> dict[str, Field]:
    found: dict[str, Field] = {}
    for heading, name in shapes.words_of(path, "columns", raw, "columns").items():
        target = fields.fields.get(name)
        if target is None or not target.read:
            raise shapes.fault(path, f"columns.{heading}", say("there is no field “{name}”", name=name))
        if found.setdefault(plain_heading(heading), target) is not target:
            raise shapes.fault(path, f"columns.{heading}", say("this heading is named twice"))
    return found
