"""One household as its village sent it, and its move to another village of the township."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox

from ui import style
from ui.context import HubContext
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.households.words import label_of, value_word
from ui.page import button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from ui.township.page import HubPage
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.drafts.household import HouseholdDraft

_SHOWN = ("group", "address", "kind", "state", "standard", "main_cause", "dwelling", "planned_exit_year",
          "exited_year", "returned_year", "note")  # fmt: skip


class FilePage(HubPage):
    """Facts, members, and a form for the move."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(context, tr("Household"))
        self._household: HouseholdDraft | None = None
        self._village = ""
        self._facts = label("", wrap=True)
        self.members = PagedTable[Any](self._columns(), self)
        table = TableView(self.members, tr("Members"))
        table.setMinimumHeight(style.letters() * 14)
        self.target = QComboBox()
        self.target.setAccessibleName(tr("To the village"))
        self.no, self.day, self.document = text_field(), date_field(), text_field()
        rows = [
            FieldRow(tr("To the village"), self.target),
            FieldRow(tr("Its number there"), self.no),
            FieldRow(tr("Day of the move"), self.day),
            FieldRow(tr("Paper that shows it"), self.document),
        ]
        hint = label(
            tr("The old village's file closes, the new village's opens with the same people; each gets its half with "
               "its next reply. House and land are asked anew."),
            "hint", wrap=True,
        )  # fmt: skip
        move = button(say("Move the household"), "forward", self._on_move, kind="primary")
        self._form = card(hint, grid(rows, 2), row(move), heading=tr("Move to another village"))
        self.column.addWidget(scrolled(card(self._facts), card(table, heading=tr("Members")), self._form), 1)

    def show_place(self, **place: Any) -> None:
        """Show the household with this id."""
        try:
            self._household = self._context.hub.review.household(str(place.get("household_id", "")))
        except VillageDeskError as error:
            self._household = None
            self._context.messages.tell_error(error)
        self.refresh()

    def refresh(self) -> None:
        """Show what was read."""
        household, review = self._household, self._context.hub.review
        self._form.setEnabled(household is not None)
        self.members.show_rows(household.living if household else ())
        if household is None:
            self.retitle(tr("Household"), tr("Choose a household in the list."))
            self._facts.setText("")
            return
        names = review.names()
        self._village = review.village_of(household.id)
        head = household.head.name if household.head else tr("no head")
        self.retitle(tr("No. {no} {name}", no=household.no, name=head), names.get(self._village, self._village))
        shown = ((name, getattr(household, name)) for name in _SHOWN)
        words = [f"{label_of(name)}：{value_word(name, value, review.codes)}" for name, value in shown if value]
        self._facts.setText("    ".join(words))
        self.target.clear()
        for code, name in names.items():
            if code != self._village:
                self.target.addItem(name, code)

    def _columns(self) -> Sequence[Column[Any]]:
        codes = self._context.hub.review.codes
        return (
            Column(say("Name"), lambda one: one.name, 8),
            Column(say("Relation"), lambda one: codes.word("relation", one.relation), 8),
            Column(say("Sex"), lambda one: codes.word("sex", one.sex), 4),
            Column(say("Born"), lambda one: one.birth.isoformat() if one.birth else "—", 8),
            Column(say("ID number"), lambda one: value_word("id_number", one.id_number, codes), 14),
            Column(say("Labour"), lambda one: codes.word("labour", one.labour), 12),
        )

    def _on_move(self) -> None:
        from villagedesk.services.event_course import Occasion

        household, target, day = self._household, self.target.currentData(), self.day.value()
        no = (self.no.value() or "").strip()
        if household is None or not target or not no or day is None:
            self._context.messages.tell(say("Give the village, the number there and the day."), "warn")
            return
        when = Occasion(day, document=self.document.value() or "")
        moves = self._context.hub.moves
        if self._do(say("Moved. Both villages get their half with their next reply."),
                    partial(moves.move, household.id, self._village, target, no, when)):  # fmt: skip
            self._context.navigator.go("files")
