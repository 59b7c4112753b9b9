"""A sheet made for one template of a paper, brought into the fields and columns of another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from villagedesk.documents.blocks import Rows
from villagedesk.documents.paper import Paper
from villagedesk.documents.sheet import Sheet


def fitted(sheet: Sheet, made_for: Paper, paper: Paper) -> Sheet:
    """The sheet without what ``paper`` does not ask for, its columns in that paper's order; a new column is empty."""
    if made_for is paper:
        return sheet
    fields = {name: value for name, value in sheet.fields.items() if name in paper.fields}
    tables = {name: _rows(name, rows, made_for, paper) for name, rows in sheet.tables.items() if name in paper.tables}
    return replace(sheet, fields=fields, tables=tables)


def _rows(name: str, rows: Rows, made_for: Paper, paper: Paper) -> Rows:
    had = [column.key for column in made_for.tables.get(name, ())]
    wanted = [column.key for column in paper.tables[name]]
    if had == wanted:
        return rows
    return tuple(_row(dict(zip(had, row, strict=False)), wanted) for row in rows)


def _row(cells: Mapping[str, str], wanted: list[str]) -> tuple[str, ...]:
    return tuple(cells.get(key, "") for key in wanted)
