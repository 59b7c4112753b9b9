"""Lists of other offices held against the files: 低保, 特困, disability, deaths (DOMAIN §7; JS-6.4, SZ-2.8.2).

A township holds them against all its villages, which get theirs with the next reply; a village against its own files.
Of a list only the ID numbers are read, and nothing of it is kept but the differences: who stands on it and not so in
the file, or the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select

from villagedesk.errors import Unreadable, Usage
from villagedesk.exchange.fields import load_fields
from villagedesk.exchange.headings import find_layout
from villagedesk.exchange.mapping import ColumnMapping
from villagedesk.exchange.readers import open_book
from villagedesk.records.schema import RECORDS
from villagedesk.store import lines
from villagedesk.store.bulk import chunks
from villagedesk.store.place import Place
from villagedesk.store.store import read_setting, write_setting
from villagedesk.sync.receipt import ListRemark
from villagedesk.text import say

_DIGITS = 18  # a disability certificate begins with the ID number

_member, _household = RECORDS["member"].table, RECORDS["household"].table

_IN_FILE: Mapping[str, Callable[[Any], bool] | None] = MappingProxyType(
    {
        "dibao": lambda row: bool(row.dibao),
        "tekun": lambda row: bool(row.tekun),
        "disability": lambda row: bool(row.disability_class),
        "death": None,  # only who stands on it: everybody in the file is alive
    }
)
KINDS = tuple(_IN_FILE)
"""The lists that can be compared, in the order they are offered."""


@dataclass(frozen=True)
class Difference:
    """Somebody whose file and list differ. ``on_list``: the list has him, the file says otherwise."""

    kind: str
    village: str
    household_no: str
    household_id: str
    member_id: str
    name: str
    on_list: bool
    at: str


class Comparisons:
    """What a hub or a desk found when it held lists of other offices against its files; it stays on this computer."""

    def __init__(self, place: Place) -> None:
        self._store = place.store

    def compare(self, kind: str, file: Path) -> int:
        """Hold a list against all files; what an earlier list of this kind brought is replaced.

        Returns how many differences there are. Raises Usage for an unknown kind, Unreadable for the file.
        """
        if kind not in _IN_FILE:
            raise Usage(say("There is no such list. Use one of: {known}.", known=", ".join(KINDS)))
        numbers = read_numbers(file)
        at = lines.iso(self._store.clock())
        with self._store.write() as connection:
            found = [row for row in _persons(connection) if _differs(kind, row, numbers)]
            by_village: dict[str, list[dict[str, Any]]] = {}
            for row in found:
                on_list = row.id_number[:_DIGITS] in numbers
                by_village.setdefault(row.village, []).append({"member": row.id, "on_list": on_list})
            write_setting(connection, f"list:{kind}", {"at": at, "villages": by_village})
        return len(found)

    def differences(self, village: str = "") -> tuple[Difference, ...]:
        """What the latest list of each kind shows, of one village or all, as the files stand now."""
        with self._store.read() as connection:
            return tuple(
                Difference(kind, row.village, row.no, row.household_id, row.id, row.name, on_list, at)
                for kind, at, marks in _kept(connection, village)
                for row in _persons(connection, list(marks))
                if _still(kind, row, on_list := marks[row.id])
            )


def remarks_of(connection: Connection, village: str) -> tuple[ListRemark, ...]:
    """The differences of a village as its reply carries them."""
    return tuple(
        ListRemark(kind, at, member, on_list)
        for kind, at, marks in _kept(connection, village)
        for member, on_list in marks.items()
    )


def read_numbers(file: Path) -> frozenset[str]:
    """The ID numbers of a list. Raises Unreadable when no column holds them."""
    fields = load_fields()
    numbers: set[str] = set()
    for sheet in open_book(file).sheets:
        layout = find_layout(sheet, fields, ColumnMapping())
        column = layout.column("member.id_number") if layout else None
        if layout is not None and column is not None:
            cells = (row[column.position] for row in islice(sheet.rows, layout.first_row, None))
            numbers |= {str(cell).strip().upper()[:_DIGITS] for cell in cells if str(cell).strip()}
    if not numbers:
        raise Unreadable(
            say("“{file}” has no column with ID numbers. It needs the headings 姓名 and 身份证号码.", file=file.name)
        )
    return frozenset(numbers)


def _persons(connection: Connection, ids: list[str] | None = None) -> Iterator[Any]:
    """Living members with an ID number, all or these."""
    query = (
        select(_member, _household.c.no)
        .join_from(_member, _household, _household.c.id == _member.c.household_id)
        .where(_member.c.removed.is_(False), _member.c.left_on.is_(None), _member.c.id_number != "")
        .order_by(_member.c.village, _household.c.no, _member.c.n)
    )
    if ids is None:
        yield from connection.execute(query)
        return
    for chunk in chunks(ids):
        yield from connection.execute(query.where(_member.c.id.in_(chunk)))


def _differs(kind: str, row: Any, numbers: frozenset[str]) -> bool:
    says = _IN_FILE[kind]
    listed = row.id_number[:_DIGITS] in numbers
    return listed if says is None else listed != says(row)


def _still(kind: str, row: Any, on_list: bool) -> bool:
    """Whether the file has not been mended since."""
    says = _IN_FILE[kind]
    return says is None or says(row) != on_list


def _kept(connection: Connection, village: str) -> Iterable[tuple[str, str, dict[str, bool]]]:
    for kind in KINDS:
        said = read_setting(connection, f"list:{kind}", {"at": "", "villages": {}})
        rows = [row for code, rows in said["villages"].items() if village in ("", code) for row in rows]
        if rows:
            yield kind, said["at"], {row["member"]: row["on_list"] for row in rows}
