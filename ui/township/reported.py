"""Exits that villages have reported: answered by a letter with its number and day, or sent back with a comment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QAbstractItemView

from ui.context import HubContext
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.page import button, card, row
from ui.stack import Sheets
from ui.tables import ROW, Column, EmptyState, PagedTable, TableView
from ui.township.page import HubPage
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.review import ReportedExit


class ReportedPage(HubPage):
    """One list of all villages; what is chosen in it is answered together."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(
            context,
            tr("Reported exits"),
            tr("Choose one or several; the answer reaches each village with its next reply."),
        )
        self._names: dict[str, str] = {}
        self.model = PagedTable[Any](self._columns(), self)
        self.table = TableView(self.model, tr("Reported exits"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.opened.connect(self._on_opened)
        self.number, self.day = text_field(), date_field()
        fields = [FieldRow(tr("Number of the letter"), self.number), FieldRow(tr("Day of the letter"), self.day)]
        agree = button(say("Answer those chosen"), "ok", self._on_reply, kind="primary")
        back = button(say("Send those chosen back with a comment"), "back", self._on_return)
        self._body = Sheets()
        self._body.addWidget(self.table)
        self._body.addWidget(
            EmptyState(tr("No exit waits for the township. Take in the villages' files to see new ones."))
        )
        self.column.addWidget(self._body, 1)
        self._form = card(grid(fields, 2), row(agree, back), heading=tr("Answer of the township"))
        self.column.addWidget(self._form)

    def refresh(self) -> None:
        """Look again."""
        review = self._context.hub.review
        self._names = review.names()
        rows = review.reported()
        self.model.show_rows(rows)
        self._body.setCurrentIndex(0 if rows else 1)
        self._form.setVisible(bool(rows))

    @property
    def chosen(self) -> list[ReportedExit]:
        """What is selected in the list."""
        return [index.data(ROW) for index in self.table.selectionModel().selectedRows()]

    def _columns(self) -> Sequence[Column[Any]]:
        return (
            Column(say("Village"), lambda one: self._names.get(one.village, one.village), 10),
            Column(say("Number"), lambda one: one.household_no, 12),
            Column(say("Head"), lambda one: one.head, 8),
            Column(say("Persons"), lambda one: str(one.persons), 5, right=True),
            Column(say("Year"), lambda one: str(one.year), 5, right=True),
            Column(say("Answered by"), lambda one: one.reply or "—", 16, tone=lambda one: "ok" if one.reply else ""),
        )

    def _on_opened(self, one: ReportedExit) -> None:
        self._context.navigator.go("file", household_id=one.household_id)

    def _on_reply(self) -> None:
        number, day = self.number.value() or "", self.day.value()
        if not number or day is None:
            self._context.messages.tell(say("Give the number and the day of the township's reply."), "warn")
            return
        self._each(lambda village, cases: self._context.hub.acts.reply_to_exits(
            village, cases, number, day, tr("answered by {number}", number=number)))  # fmt: skip

    def _on_return(self) -> None:
        if not self.chosen:
            self._each(lambda _village, _cases: None)
            return
        comment = self._context.messages.ask_line(say("What has to be mended? The village reads this sentence."))
        if comment:
            acts = self._context.hub.acts
            self._each(lambda village, cases: [acts.return_case(village, case, comment) for case in cases])

    def _each(self, verb: Callable[[str, list[str]], Any]) -> None:
        """Do it for what is chosen, village by village."""
        by_village: dict[str, list[str]] = {}
        for one in self.chosen:
            by_village.setdefault(one.village, []).append(one.case_id)
        if not by_village:
            self._context.messages.tell(say("Choose the exits in the list first."), "warn")
            return
        for village, cases in by_village.items():
            if not self._do(say("Written. The villages get it with their next reply."), partial(verb, village, cases)):
                return
