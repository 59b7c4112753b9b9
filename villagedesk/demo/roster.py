"""A generated village as a roster file, as the state system exports it: every cell text, heading on the third row."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from villagedesk import resources
from villagedesk.demo.earnings import net
from villagedesk.demo.households import GeneratedHousehold
from villagedesk.demo.mistakes import Mistake, PlantedMistake, plant
from villagedesk.demo.village import GeneratedVillage
from villagedesk.drafts.household import MemberDraft
from villagedesk.exchange.fields import Field, load_fields
from villagedesk.policy.codes import CodeBook, load_codes
from villagedesk.values import per_head, yuan

Form = Literal["26", "47", "full"]
Cell = Callable[[GeneratedHousehold, MemberDraft], str]

HEADING_ROW = 3
"""The row of the headings in a workbook, counted from 1. A CSV file begins with it."""

_CREATED = datetime(2020, 1, 1)  # noqa: DTZ001  a workbook's properties know no zone
_DANGER = {"C": "是", "D": "是", "W": "是", "": ""}
_NOT_ON_FULL = frozenset({"household.hamlet", "household.dwelling_danger", "household.dwelling_grade"})


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    path: str


def write_roster(village: GeneratedVillage, path: Path, form: Form = "47",
                 mistakes: Sequence[Mistake] = ()) -> tuple[PlantedMistake, ...]:  # fmt: skip
    """Write the village as a roster to ``path``: a workbook for ``.xlsx``, GB18030 text for ``.csv``.

    ``form`` is the 26- or the 47-column list of DOMAIN §4.1, or ``full``: every field a roster can carry. Each of
    ``mistakes`` is made once, in a household of its own; what was planted where is returned. The same village gives
    the same bytes. Raises OSError when the file cannot be written.
    """
    columns = _columns(form)
    rows = [[column.heading for column in columns], *_rows(village, columns)]
    first = 1 if path.suffix == ".csv" else HEADING_ROW
    planted = plant(rows, mistakes, first)
    if path.suffix == ".csv":
        _write_csv(path, rows)
    else:
        _write_workbook(path, _titles(village, form), rows)
    return planted


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(rows)


def _write_workbook(path: Path, titles: Sequence[str], rows: list[list[str]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        as_text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("Sheet1")
        for at, title in enumerate(titles):
            sheet.write_string(at, 0, title)
        for at, row in enumerate(rows, start=len(titles)):
            for column, value in enumerate(row):
                if value:
                    sheet.write_string(at, column, value, as_text)


def _titles(village: GeneratedVillage, form: Form) -> tuple[str, str]:
    forms = _forms()
    return forms[f"title{form}"], forms["subtitle"].format(village=village.division.path, day=village.today)


def _rows(village: GeneratedVillage, columns: Sequence[_Column]) -> Iterator[list[str]]:
    cells = [_cell(column.path, village) for column in columns]
    for household in village.households:
        for member in household.draft.members:
            yield [cell(household, member) for cell in cells]


def _cell(path: str, village: GeneratedVillage) -> Cell:
    """How the column ``path`` is written."""
    scope, _, name = path.partition(".")
    match scope:
        case "":
            return lambda _household, _member: ""
        case "place":
            constant = _place(village, name)
            return lambda _household, _member: constant
        case "head":
            return lambda household, _member: str(getattr(household.draft.members[0], name))
        case "sum":
            return lambda household, _member: _sum(household, name)
    write = _writer(load_fields().fields[path], load_codes(), village.today.year)
    if scope == "household":
        return lambda household, _member: write(getattr(household.draft, name))
    return lambda _household, member: write(getattr(member, name))


def _place(village: GeneratedVillage, name: str) -> str:
    if name == "year":
        return str(village.today.year)
    return village.division.short_name if name == "village" else str(getattr(village.division, name))


def _sum(household: GeneratedHousehold, name: str) -> str:
    match name:
        case "persons":
            return str(len(household.draft.members))
        case "danger":
            return _DANGER.get(household.draft.dwelling, "否")
    before = household.incomes[0]
    return yuan(per_head(net(before.lines), before.persons))


def _writer(field: Field, codes: CodeBook, year: int) -> Callable[[Any], str]:
    """How values of this kind stand in a cell."""
    match field.kind:
        case "boolean":
            return lambda value: "" if value is None else "是" if value else "否"
        case "code":
            words = {code: codes.word(field.code_list, code, year) for code, _ in codes.choices(field.code_list)}
            return lambda value: words.get(value, "")
        case "codes":
            return lambda value: ",".join(codes.word(field.code_list, code, year) for code in value)
        case "hundredths":
            return lambda value: "" if value is None else yuan(value)
    return lambda value: "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _columns(form: Form) -> tuple[_Column, ...]:
    if form == "full":
        kept = [field for field in load_fields().fields.values() if field.scope != "roster" and field.read]
        return tuple(_Column(field.label, field.path) for field in kept if field.path not in _NOT_ON_FULL)
    return tuple(_Column(heading, path) for heading, path in _forms()[f"form{form}"])


@lru_cache(maxsize=1)
def _forms() -> dict[str, Any]:
    with resources.path("demo", "rosters.toml").open("rb") as stream:
        return tomllib.load(stream)
