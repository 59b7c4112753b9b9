"""Printings that differ from the template: masked names, one list a group, several small pages on one leaf."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from villagedesk.documents.fonts import width
from villagedesk.documents.marks import Cut, Page, Placed, Words
from villagedesk.documents.page import SIZE_5, SIZES, Geometry, geometry, small_page
from villagedesk.documents.paper import GroupRule, Paper
from villagedesk.documents.sheet import Look, Sheet
from villagedesk.errors import Refused
from villagedesk.text import say
from villagedesk.values import group_order

BLANK_PAGE = "（本页空白）"
_SURNAME_ONLY = re.compile(r".某+")
_ORDINAL = re.compile(r"（\d+）$")

Shift = tuple[int, float, float]
"""Leaf from 0, and how far right and down on it a small page stands, in points."""


def geometry_of(paper: Paper, look: Look) -> Geometry:
    """The page that is set: a whole leaf, or the small page of which several share one.

    Raises Refused where a paper cannot be had in this size.
    """
    size = look.size or paper.size
    large = paper.large or look.large
    if look.up == 1:
        return geometry(size, landscape=paper.landscape, official=paper.layout == "official", large=large)
    if paper.footer == "corners":
        raise Refused(say("A paper that comes back signed stands alone on its leaf, so that its scan is found again."))
    if (size, look.up) == ("A3", 2):
        return geometry("A4", official=paper.layout == "official", large=large)
    if look.up == 4 and size != "A3":
        raise Refused(say("Four lists on one leaf need A3; on A4 their lines would be too narrow to read."))
    return small_page(*_slot(size, look.up), large=large)


def _slot(size: str, up: int) -> tuple[float, float]:
    """Width and height in millimetres of the small page: A4 in two, A3 in four."""
    wide, high = SIZES[size]
    return (wide, high / 2) if up == 2 else (wide / 2, high / 2)


def sheets_of(paper: Paper, sheet: Sheet) -> tuple[Sheet, ...]:
    """What is really set for one sheet: names masked, and one sheet a group, where its look asks for it."""
    wanted = _masked(paper, sheet) if sheet.look.masked else sheet
    return (tuple(_groups(paper, wanted)) if sheet.look.by_group else ()) or (wanted,)


def _masked(paper: Paper, sheet: Sheet) -> Sheet:
    hidden = {name: [column.person for column in columns] for name, columns in paper.tables.items()}
    if not any(any(columns) for columns in hidden.values()):
        raise Refused(say("The paper “{paper}” has no list of names to mask.", paper=paper.title))
    tables = {
        name: tuple(
            tuple(masked_name(cell) if person else cell for cell, person in zip(row, hidden[name], strict=True))
            for row in rows
        )
        for name, rows in sheet.tables.items()
    }
    return replace(sheet, tables=tables)


def masked_name(name: str) -> str:
    """张伟 → 张*, 张小华 → 张*华; an ordinal for namesakes stays, and so does a name that is a surname only (张某)."""
    ordinal = _ORDINAL.search(name)
    tail = ordinal.group() if ordinal else ""
    bare = name.removesuffix(tail)
    if len(bare) < 2 or _SURNAME_ONLY.fullmatch(bare):
        return name
    if len(bare) == 2:
        return f"{bare[0]}*{tail}"
    inner = "".join(char if char == "·" else "*" for char in bare[1:-1])
    return f"{bare[0]}{inner}{bare[-1]}{tail}"


def _groups(paper: Paper, sheet: Sheet) -> Iterator[Sheet]:
    rule = paper.by_group
    if rule is None:
        raise Refused(say("The paper “{paper}” has no list that could be parted by village group.", paper=paper.title))
    columns = [column.key for column in paper.tables[rule.table]]
    parts: dict[str, list[tuple[str, ...]]] = {}
    for row in sheet.tables[rule.table]:
        parts.setdefault(row[columns.index(rule.column)], []).append(row)
    for group in sorted(parts, key=group_order):
        yield _of_group(sheet, rule, columns, group, parts[group])


def _of_group(
    sheet: Sheet, rule: GroupRule, columns: Sequence[str], group: str, rows: Sequence[tuple[str, ...]]
) -> Sheet:
    serial, summed = columns.index(rule.serial), columns.index(rule.summed)
    numbered = tuple((*row[:serial], str(place), *row[serial + 1 :]) for place, row in enumerate(rows, 1))
    total = sum(int(row[summed]) for row in rows if row[summed].isdigit())
    fields = {
        **sheet.fields,
        rule.place: sheet.fields[rule.place] + group,
        rule.count: str(len(rows)),
        rule.sum: str(total),
    }
    return replace(sheet, fields=fields, tables={**sheet.tables, rule.table: numbered})


def to_front(pages: list[Page]) -> None:
    """Add a back side where the sheet ends on a front, so that the next one begins a leaf of its own."""
    if len(pages) % 2:
        last = pages[-1]
        extent = width(BLANK_PAGE, "song") * SIZE_5
        mark = Words((last.width - extent) / 2, last.height / 2, "song", SIZE_5, BLANK_PAGE)
        pages.append(Page(last.width, last.height, [Placed(0.0, 0.0, (mark,))]))


def shift_of(number: int, page: Geometry, up: int) -> Shift:
    """Where small page ``number`` (from 0) stands: in reading order, left to right where two are wide enough."""
    leaf, slot = divmod(number, up)
    across = 1 if up == 2 and page.width > page.height else 2
    return leaf, slot % across * page.width, slot // across * page.height


def impose(pages: Sequence[Page], page: Geometry, up: int) -> list[Page]:
    """Small pages put together on leaves, with dashed lines to cut along."""
    if up == 1:
        return list(pages)
    across = 1 if up == 2 and page.width > page.height else 2
    wide, high = page.width * across, page.height * up / across
    cuts = [Cut(page.width, 0.0, page.width, high)] if across == 2 else []
    cuts += [Cut(0.0, page.height, wide, page.height)] if up > across else []
    leaves = [Page(wide, high, [Placed(0.0, 0.0, tuple(cuts))]) for _ in range(-(-len(pages) // up))]
    for number, small in enumerate(pages):
        leaf, right, down = shift_of(number, page, up)
        leaves[leaf].placed += [Placed(placed.x + right, placed.y + down, placed.marks) for placed in small.placed]
        leaves[leaf].bookmarks += small.bookmarks
    return leaves
