"""A revision that is the first to write many records (a village's list coming in), read by the column.

What is odd about one is left to the reading record by record in :mod:`villagedesk.store.apply`, which says what is
wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, repeat
from operator import itemgetter
from typing import Any

import orjson

from villagedesk.records.schema import RECORDS, RecordType, empty
from villagedesk.store import lines

MANY = 50
_LEFT_OUT = object()  # what a draft's default says already stands in no line


@dataclass(frozen=True, slots=True)
class Arrival:
    """New records of one kind and one village; ``columns`` hold their values as the table does, ``id`` among them.

    Days are spelt out (``2026-03-01``).
    """

    record: RecordType
    village: str
    columns: Mapping[str, Sequence[Any]]

    @property
    def ids(self) -> Sequence[str]:
        """The ids of the records."""
        return self.columns["id"]

    def column(self, name: str, blank: Mapping[str, Any]) -> Iterable[Any]:
        """The values of a column, its default where no line names it."""
        return self.columns[name] if name in self.columns else repeat(blank[name], len(self.ids))


def together(many: Sequence[Arrival]) -> dict[str, Sequence[Any]]:
    """The columns of several arrivals of one kind, one after the other."""
    if len(many) == 1:
        return dict(many[0].columns)
    blank = empty(many[0].record)
    names = dict.fromkeys(chain.from_iterable(each.columns for each in many))
    return {name: list(chain.from_iterable(each.column(name, blank) for each in many)) for name in names}


def arrivals(raw: Mapping[str, Any]) -> tuple[Arrival, ...]:
    """What a line says by the column; () for one that does not only bring many new records, or not as it should."""
    changes = raw["c"]
    if not isinstance(changes, list) or len(changes) < MANY:
        return ()
    try:
        groups = _by_kind(changes)
        return tuple(_arrival(RECORDS[kind], ids, fields) for kind, (ids, fields) in groups.items())
    except (KeyError, TypeError, ValueError, AttributeError):
        return ()


def _by_kind(changes: Sequence[Mapping[str, Any]]) -> dict[str, tuple[list[str], list[Mapping[str, Any]]]]:
    if list(map(_PARENTS, changes)).count([]) != len(changes):
        raise ValueError("not new")
    groups = dict.fromkeys(map(_KIND, changes), changes)
    if len(groups) > 1:
        groups = {kind: [change for change in changes if change["t"] == kind] for kind in groups}
    known = set(map(_ID, changes))
    if len(known) != len(changes) or set(map(type, known)) != {str}:
        raise ValueError("ids")
    return {kind: (list(map(_ID, group)), list(map(_FIELDS, group))) for kind, group in groups.items()}


_PARENTS, _KIND, _ID, _FIELDS = map(itemgetter, "ptrf")


def _arrival(record: RecordType, ids: list[str], fields: list[Mapping[str, Any]]) -> Arrival:
    plain, days = lines.plain_types(record.table), lines.day_types(record.table)
    readers, blank = lines.column_readers(record.table), empty(record)
    get: Callable[..., Any] = dict.get
    columns: dict[str, Sequence[Any]] = {"id": ids}
    for name in dict.fromkeys(chain.from_iterable(fields)):
        if name not in record.fields and name != "village":
            raise KeyError(name)
        stated = list(map(get, fields, repeat(name), repeat(_LEFT_OUT)))
        if name in plain:
            columns[name] = _as_it_stands(stated, plain[name], blank.get(name))
        elif name in days:
            columns[name] = _as_it_stands(_days(stated), days[name], blank.get(name))
        else:
            columns[name] = _read(stated, readers[name], blank.get(name))
    village, *others = set(columns.pop("village"))
    if others or not isinstance(village, str):
        raise ValueError("village")
    return Arrival(record, village, columns)


def _as_it_stands(column: list[Any], fitting: frozenset[type], blank: Any) -> list[Any]:
    """A column whose values the table holds as the line spells them."""
    found = set(map(type, column))
    if not found - {object} <= fitting:
        raise TypeError("unfit")
    return [blank if value is _LEFT_OUT else value for value in column] if object in found else column


def _days(column: list[Any]) -> list[Any]:
    """The column itself, once every day in it is spelt as the table spells days."""
    spelt = [value for value in set(column) if type(value) is str]
    if list(map(date.isoformat, map(date.fromisoformat, spelt))) != spelt:
        raise ValueError("day")
    return column


def _read(column: Sequence[Any], reader: Callable[[Any], Any], blank: Any) -> list[Any]:
    """A column as its table holds it; each distinct value is read once. True and 1 would pass for one another."""
    kinds = set(map(type, column)) - {object, type(None)}
    if len(kinds) > 1:
        raise TypeError("mixed")
    spelt = kinds & {list, dict}  # what these can be told apart by
    keys = [value if value is _LEFT_OUT else orjson.dumps(value) for value in column] if spelt else column
    made = {key: reader(value) for key, value in dict(zip(keys, column, strict=True)).items() if key is not _LEFT_OUT}
    made[_LEFT_OUT] = blank
    return list(map(made.__getitem__, keys))
