"""Fill a paper's blocks with a sheet's words; what is missing, superfluous, empty or undrawable is refused by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from villagedesk.documents import fonts
from villagedesk.documents.blocks import Bars, Block, Form, ListTable, Rows, Second, Signatures, Title
from villagedesk.documents.paper import Paper
from villagedesk.documents.phrases import Phrases, phrases_of
from villagedesk.documents.sheet import PLAIN, Look, Sheet, Stamp
from villagedesk.errors import Problem, Refused
from villagedesk.text import say

INK_HEIGHT = 9.5
"""Millimetres of a row that is filled in by hand, at least."""


def compose(paper: Paper, sheet: Sheet, terms: Mapping[str, str]) -> tuple[Block, ...]:
    """The filled blocks of one sheet. Raises Refused naming every field, row or character that does not fit."""
    problems = [*_field_problems(paper, sheet), *_table_problems(paper, sheet), *_term_problems(paper, terms)]
    problems = problems or [*_glyph_problems(paper, sheet, terms)]
    if problems:
        raise Refused(problems)
    words = {**terms, **sheet.fields}
    written = _for_ink if sheet.look.by_hand else _as_it_is
    blocks = (
        written(_filled(block, words, sheet.tables))
        for block, when in zip(paper.blocks, paper.when, strict=True)
        if not when or sheet.fields.get(when) or sheet.tables.get(when)
    )
    return tuple(_in_two(paper, blocks, phrases_of(sheet.look.second))) if sheet.look.second else tuple(blocks)


def _in_two(paper: Paper, blocks: Iterable[Block], phrases: Phrases) -> Iterator[Block]:
    """Titles and list heads with the second language beside them; what its table does not say stays Chinese only."""
    for block in blocks:
        if isinstance(block, ListTable):
            heads = tuple(phrases.head(column.heading) for column in block.columns)
            yield dataclasses.replace(block, second=heads, second_role=phrases.role)
            continue
        yield block
        if isinstance(block, Title) and (line := phrases.title(paper.title)):
            yield Second(line, phrases.role)


def by_hand(paper: Paper, known: Mapping[str, str], stamp: Stamp, look: Look = PLAIN) -> Sheet:
    """An empty copy of a paper with the fields that are ``known``. Raises Refused for a paper that has none."""
    if paper.by_hand is None:
        raise Refused(say("The paper “{paper}” has no empty copy to be filled in by hand.", paper=paper.title))
    fields = {name: known.get(name, "") for name in paper.fields}
    tables = {name: (("",) * len(paper.tables[name]),) * rows for name, rows in paper.by_hand.items()}
    return Sheet(paper.key, fields, tables, stamp, dataclasses.replace(look, by_hand=True))


def outline_of(paper: Paper, sheet: Sheet, terms: Mapping[str, str]) -> str:
    """The outline entry of a sheet; a public paper's is its kind alone, so that it names nobody."""
    return (paper.outline or paper.title).format_map({**terms, **sheet.fields})


def _field_problems(paper: Paper, sheet: Sheet) -> Iterator[Problem]:
    for name in paper.fields.keys() - sheet.fields.keys():
        yield Problem(say("The paper “{paper}” needs the field {field} ({label}).", paper=paper.title, field=name,
                          label=paper.fields[name]), name, "field")  # fmt: skip
    for name in sheet.fields.keys() - paper.fields.keys():
        yield Problem(say("The paper “{paper}” has no field {field}.", paper=paper.title, field=name), name, "field")
    for name, label in paper.fields.items():
        if name not in paper.blank and not sheet.look.by_hand and not sheet.fields.get(name, "-").strip():
            yield Problem(say("“{label}” is empty, and the paper “{paper}” cannot do without it.", label=label,
                              paper=paper.title), name, "field")  # fmt: skip


def _table_problems(paper: Paper, sheet: Sheet) -> Iterator[Problem]:
    for name in paper.tables.keys() - sheet.tables.keys():
        yield Problem(say("The paper “{paper}” needs the table {table}.", paper=paper.title, table=name), name, "table")
    for name in sheet.tables.keys() - paper.tables.keys():
        yield Problem(say("The paper “{paper}” has no table {table}.", paper=paper.title, table=name), name, "table")
    for name in paper.tables.keys() & sheet.tables.keys():
        wanted = len(paper.tables[name])
        for number, row in enumerate(sheet.tables[name], 1):
            if len(row) != wanted:
                yield Problem(say("Row {row} of the table {table} has {cells} cells instead of {wanted}.", row=number,
                                  table=name, cells=len(row), wanted=wanted), name, "table")  # fmt: skip


def _term_problems(paper: Paper, terms: Mapping[str, str]) -> Iterator[Problem]:
    for name in paper.words:
        if name not in terms:
            yield Problem(
                say("The policy profile has no word for {term}, which the paper “{paper}” uses.", term=name,
                    paper=paper.title), name, "term")  # fmt: skip


def _glyph_problems(paper: Paper, sheet: Sheet, terms: Mapping[str, str]) -> Iterator[Problem]:
    for name, value in {**terms, **sheet.fields}.items():
        label = paper.fields.get(name, name)
        for char in fonts.undrawable(value.replace("\n", "")):
            yield dataclasses.replace(fonts.missing(char, say("“{label}”", label=label)), field=name)
    for name, rows in sheet.tables.items():
        yield from _cell_glyphs(paper, name, rows)


def _cell_glyphs(paper: Paper, name: str, rows: Rows) -> Iterator[Problem]:
    if not fonts.undrawable("".join(["".join(row) for row in rows]).replace("\n", "")):
        return
    for number, row in enumerate(rows, 1):
        for column, cell in zip(paper.tables[name], row, strict=True):
            for char in fonts.undrawable(cell.replace("\n", "")):
                where = say("“{column}” of row {row}", column=column.heading, row=number)
                yield dataclasses.replace(fonts.missing(char, where), field=name)


def _filled(block: Block, words: Mapping[str, str], tables: Mapping[str, Rows]) -> Block:
    changes: dict[str, Any] = {
        field.name: _replaced(getattr(block, field.name), words) for field in dataclasses.fields(block)
    }
    if isinstance(block, ListTable | Signatures | Bars | Form) and block.table:
        changes["rows"] = tables[block.table]
    return type(block)(**changes)


def _as_it_is(block: Block) -> Block:
    return block


def _for_ink(block: Block) -> Block:
    if isinstance(block, ListTable):
        return dataclasses.replace(block, row_height=max(block.row_height, INK_HEIGHT), end_mark=False)
    if isinstance(block, Form):
        return dataclasses.replace(block, row_height=max(block.row_height, INK_HEIGHT))
    return block


def _replaced(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return value.format_map(words) if "{" in value or "}" in value else value
    if isinstance(value, tuple):
        return tuple(_replaced(each, words) for each in value)
    return value
