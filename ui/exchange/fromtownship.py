"""Differences with lists of other offices, found by the township or here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from ui.asking import Reading
from ui.context import Context
from ui.listwords import LIST_NAMES, remark_word
from ui.page import Page, button, label, row
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.desk import Desk
    from villagedesk.drafts.household import HouseholdDraft, MemberDraft
    from villagedesk.values import Step


@dataclass(frozen=True)
class _Remark:
    """A difference with the person it concerns."""

    kind: str
    on_list: bool
    here: bool  # found on this computer, not by the township
    household: HouseholdDraft
    member: MemberDraft


class FromTownshipPage(Page):
    """A table of persons to look into."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Lists of other offices"),
            tr(
                "Look into each difference; mend the file, or tell the office that keeps the list. A list needs the "
                "headings 姓名 and 身份证号码; nothing of it is kept but the differences."
            ),
        )
        self._context = context
        self.model = PagedTable[Any](_columns(), self)
        self.table = TableView(self.model, tr("Differences with lists"))
        self.table.opened.connect(self._on_opened)
        self._reading = Reading(context, say("Lists of other offices"), self)
        self._reading.answered.connect(self._on_read)
        self._body = Sheets()
        self._body.addWidget(self.table)
        self._body.addWidget(EmptyState(tr("No difference. The township gives lists along, or open one here.")))
        tools = [button(word, "import", partial(self._on_open, kind)) for kind, word in LIST_NAMES.items()]
        self.column.addLayout(row(label(tr("Compare with"), "label"), *tools))
        self.column.addWidget(self._body, 1)

    def show_place(self, **_place: Any) -> None:
        """Show what the latest reply brought."""
        self._reading.ask(partial(_remarks, self._context.desk))

    def _on_read(self, rows: list[_Remark]) -> None:
        self.model.show_rows(rows)
        self._body.setCurrentIndex(0 if rows else 1)

    def _on_open(self, kind: str) -> None:
        file = self._context.messages.open_file(say("Open the list"), f"{tr('Table')} (*.xlsx *.xls *.csv)")
        if file is not None:
            work = partial(_compare, self._context.desk, kind, file)
            self._context.jobs.store(say("Comparing"), work, self._on_compared)

    def _on_compared(self, found: int) -> None:
        self._context.messages.tell(say("Compared: {n} {n:difference|differences}.", n=found), "ok")
        self.show_place()

    def _on_opened(self, one: _Remark) -> None:
        self._context.navigator.go("household", household_id=one.household.id, member_id=one.member.id)


def _remarks(desk: Desk) -> list[_Remark]:
    """Each difference with its person; who is not on file any more is left out."""
    own = {(one.kind, one.member_id): one.on_list for one in desk.comparisons.differences()}
    given = {(one.kind, one.member): one.on_list for one in desk.sync.list_remarks()}
    every = {**given, **own}
    if not every:
        return []
    people = {member.id: (household, member) for household in desk.households.all() for member in household.members}
    return [
        _Remark(kind, on_list, (kind, member) in own, *people[member])
        for (kind, member), on_list in every.items()
        if member in people
    ]


def _compare(desk: Desk, kind: str, file: Path, _step: Step) -> int:
    return desk.comparisons.compare(kind, file)


def _columns() -> Sequence[Column[Any]]:
    return (
        Column(say("List"), lambda one: str(LIST_NAMES[one.kind]), 8),
        Column(say("Household"), lambda one: one.household.no, 12),
        Column(say("Person"), lambda one: one.member.name, 8),
        Column(say("What was found"), lambda one: remark_word(one.kind, on_list=one.on_list), 30),
        Column(say("Found by"), lambda one: tr("this computer") if one.here else tr("the township"), 8),
    )
