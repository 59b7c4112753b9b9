"""What an import would do, a line a change; what is not taken, a line a cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.households.words import value_word
from ui.tables import Column
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.policy.codes import CodeBook
    from villagedesk.services.rosters import ImportPreview, Place


@dataclass(frozen=True)
class DiffLine:
    """One thing the import would write; put into words when it is looked at, for there may be fifty thousand."""

    no: str
    name: str
    field: str
    old: Any
    new: Any
    place: Place | None = None  # None: the household as a whole
    value: bool = False  # a field of the draft, of which old and new are values

    def said(self, value: Any, codes: CodeBook) -> str:
        """What stood there, or will, as people read it."""
        return value_word(self.field, value, codes) if self.value else str(value)


@dataclass(frozen=True)
class RejectLine:
    """One row or cell that is not taken."""

    place: str
    column: str
    value: str
    reason: str


def reject_columns() -> Sequence[Column[RejectLine]]:
    """The columns of what is not taken."""
    return (
        Column(say("Row"), lambda line: line.place, 10),
        Column(say("Column"), lambda line: line.column, 10),
        Column(say("Value"), lambda line: line.value, 12),
        Column(say("Why not, and what to do"), lambda line: line.reason, 40, tip=lambda line: line.reason),
    )


def diff_lines(preview: ImportPreview) -> Iterator[DiffLine]:
    """Every change of an import, household by household."""
    for household in preview.diff.new:
        if household.no not in preview.left_out:
            names = "、".join(str((one.member or {}).get("name", "")) for one in household.rows)
            yield DiffLine(
                household.no, names, tr("new household"), "", tr("{n} {n:person|persons}", n=len(household.rows))
            )
    for diff in preview.diff.changed:
        no = diff.household.no
        for field, (old, new) in diff.fields.items():
            yield DiffLine(no, "", field, old, new, (diff.id, 0, field), value=True)
        for row_ in diff.new_members:
            yield DiffLine(no, str(row_.value("name") or ""), tr("new member"), "", "", (diff.id, row_.line, ""))
        for member in diff.changed_members:
            name = str((member.row.member or {}).get("name", ""))
            for field, (old, new) in member.fields.items():
                yield DiffLine(no, name, field, old, new, (member.id, 0, field), value=True)


def reject_line(one: Any) -> RejectLine:
    """A row or cell that is not taken."""
    return RejectLine(tr("{sheet} row {n}", sheet=one.sheet, n=one.row), one.column, one.value, str(one.reason))


def notes_of(preview: ImportPreview) -> Iterator[str]:
    """What a person should know about how the file was read."""
    yield from (str(note) for note in preview.roster.notes)
    if preview.roster.unknown_columns:
        yield tr("Columns kept as they are: {columns}.", columns="、".join(preview.roster.unknown_columns))
    for heading, why in preview.roster.dropped_columns:
        yield f"{heading}: {why}"
    missing = preview.diff.missing_members
    if missing:
        names = "、".join(one.name for one in missing[:8])
        yield tr(
            "{n} {n:person|persons} of the desk "
            "{n:is not in the list and stays|are not in the list and stay}: {names} …",
            n=len(missing),
            names=names,
        )
