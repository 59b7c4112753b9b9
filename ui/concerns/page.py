"""Concerns of the people: the list, the entry of a new one, and the way of the one under the cursor.

Who raised one is covered; the team may look, and each look is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.beside import split
from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import NoteField, date_field, text_field
from ui.forms import attempt, bound
from ui.households.editors import options
from ui.page import Page, button, card, label, row, scrolled
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.drafts.concern import ComplainantDraft, ConcernDraft
from villagedesk.policy.procedures import Step
from villagedesk.services.concerns import ConcernRow
from villagedesk.text import say, tr

_COVERED = "＊＊＊"
_SET = ("handler", "found", "opinion", "answered_on", "reported_to")
"""Fields a step writes down."""


class ConcernsPage(Page):
    """List on the left; on the right a new concern, or the one chosen."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Concerns"), tr("Registered, dealt with, answered, closed. Who raised one is covered."))
        self._context = context
        self._rows: tuple[ConcernRow, ...] = ()
        self.model = PagedTable[ConcernRow](self._columns(), self)
        self.table = TableView(self.model, tr("Concerns"))
        self.entry = Binder(ConcernDraft(), lambda _: (), self)
        self.who = Binder(ComplainantDraft(), lambda _: (), self)
        self.case = Binder(ConcernDraft(), lambda _: (), self)
        self._household = CodeField(())
        self._text = NoteField(3)
        self._told = label("", wrap=True)
        self._covered = label("", "hint")
        self._show_who = button(say("Show"), "eye", self._on_show_who, kind="link")
        self._steps = QHBoxLayout()
        self._list, self._right = Sheets(), Sheets()
        self._assemble()
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the concerns, ``concern_id`` under the cursor."""
        self._reload(place.get("concern_id", ""))

    def may_leave(self) -> bool:
        """Ask about a concern that is not registered."""
        if not (self.entry.modified or self.who.modified):
            return True
        answer = self._context.messages.ask_save(say("This concern is not registered yet."))
        if answer == "drop":
            self._on_new()
        return answer == "drop" or (answer == "save" and self.register())

    def _assemble(self) -> None:
        self.add_button(button(say("New concern"), "add", self._on_new, kind="primary", key="Ctrl+N"))
        self._list.addWidget(self.table)
        self._list.addWidget(EmptyState(tr("No concern is registered. Write the first one down on the right.")))
        self._right.addWidget(scrolled(self._entry_card()))
        self._right.addWidget(scrolled(self._case_card()))
        self.column.addWidget(split((self._list, 50), (self._right, 34)), 1)

    def _entry_card(self) -> QWidget:
        codes = self._context.desk.profile.codes
        fields = bound(self.entry, (
            ("received_on", tr("Day"), date_field(), 1),
            ("channel", tr("How it was raised"), CodeField(options(codes, "concern_channel")), 1),
            ("topic", tr("Topic"), CodeField(options(codes, "concern_topic")), 1),
            ("household_id", tr("Household it is about"), self._household, 1),
            ("text", tr("What was raised (without the name of who raised it)"), self._text, 2),
            ("handler", tr("Who deals with it"), text_field(), 2),
        ), 2)  # fmt: skip
        who = bound(self.who, (
            ("name", tr("Who raised it (may stay empty)"), text_field(), 1),
            ("contact", tr("How to answer"), text_field(), 1),
        ), 2)  # fmt: skip
        hint = label(tr("Kept apart: never on paper, never for the village committee."), "hint", wrap=True)
        made = card(fields, who, hint, row(button(say("Register"), "save", self.register, kind="primary")),
                    heading=tr("Write a concern down"))  # fmt: skip
        self._enter = NextOnEnter(self)
        self._enter.watch(made)
        return made

    def _case_card(self) -> QWidget:
        form = bound(self.case, (
            ("handler", tr("Who deals with it"), text_field(), 1),
            ("answered_on", tr("Answered on"), date_field(), 1),
            ("found", tr("What was found and done"), NoteField(3), 2),
            ("opinion", tr("Answer"), NoteField(3), 2),
            ("reported_to", tr("Reported to"), text_field(), 2),
        ), 2)  # fmt: skip
        return card(self._told, row(self._covered, self._show_who), form, self._steps, heading=tr("Its way"))

    def _columns(self) -> Sequence[Column[ConcernRow]]:
        codes, today = self._context.desk.profile.codes, self._context.desk.site.today
        return (
            Column(say("No."), lambda line: line.concern.no, 6),
            Column(say("State"), lambda line: line.state_title, 6, tone=lambda line: "" if line.open else "ok"),
            Column(say("Due on"), lambda line: line.due_on.isoformat() if line.due_on and line.open else "", 7,
                   tone=lambda line: "problem" if line.due_on and line.due_on < today() else ""),
            Column(say("Day"), lambda line: str(line.concern.received_on or ""), 7),
            Column(say("Topic"), lambda line: codes.word("concern_topic", line.concern.topic), 7),
            Column(say("What was raised"), lambda line: line.concern.text, 11, tip=lambda line: line.concern.text),
        )  # fmt: skip

    def _reload(self, chosen: str = "") -> None:
        desk = self._context.desk
        self._rows = desk.concerns.all()
        self.model.show_rows(self._rows)
        self._list.setCurrentIndex(0 if self._rows else 1)
        homes = desk.lists.every_household()
        self._household.offer([Option(home.id, f"{home.head}  {home.group}") for home in homes])
        place = next((at for at, line in enumerate(self._rows) if line.concern.id == chosen), -1)
        if place >= 0:
            self.table.selectRow(place)
        else:
            self._on_new()

    def _on_new(self) -> None:
        self.table.clearSelection()
        self.entry.load(ConcernDraft(received_on=self._context.desk.site.today(), channel="1"))
        self.who.load(ComplainantDraft())
        self._right.setCurrentIndex(0)

    def register(self) -> bool:
        """Register what is in the form."""
        change = self._try(
            lambda desk: desk.concerns.register(self.entry.draft, self.who.draft, tr("written down")),
            (self.entry, self.who),
        )
        if change is None:
            return False
        self.entry.load(ConcernDraft())
        self.who.load(ComplainantDraft())
        self._reload(change.records["concern"][0])
        return True

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        line = self.model.row(current.row()) if current.isValid() else None
        if line is not None:
            self._show_case(line)

    def _show_case(self, line: ConcernRow) -> None:
        concern = line.concern
        self.case.load(replace(concern, answered_on=concern.answered_on or self._context.desk.site.today()))
        about = tr("about {head}, {group}", head=line.head, group=line.group) if line.head else ""
        self._told.setText("\n".join(filter(None, (concern.text, about, concern.returned_reason))))
        self._cover(named=bool(concern.named))
        while self._steps.count():
            item = self._steps.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        for step in line.steps:
            self._steps.addWidget(button(step.title, "", partial(self._on_step, step)))
        self._steps.addStretch(1)
        self._right.setCurrentIndex(1)

    def _cover(self, *, named: bool) -> None:
        self._covered.setText(tr("Raised by: {who}", who=_COVERED if named else tr("no name given")))
        self._show_who.setVisible(named and self._context.desk.users.may("read_restricted"))

    def _on_show_who(self) -> None:
        line: Any = self.table.current_row()
        if line is None:
            return
        with self._context.messages.telling():
            found = self._context.desk.concerns.complainant(line.concern.id)
            if found is not None:
                self._covered.setText(tr("Raised by: {who}", who=f"{found.name}  {found.contact}".strip()))
                self._show_who.hide()

    def _on_step(self, step: Step) -> None:
        line: Any = self.table.current_row()
        if line is None:
            return
        reason = tr("step taken")
        if step.needs_reason:
            asked = self._context.messages.ask_line(say("Why? The reason is told to the person."))
            if not asked:
                return
            reason = asked
        stored = line.concern
        values = {name: getattr(self.case.draft, name) for name in _SET}
        if step.verb != "answer":
            values.pop("answered_on")
        changed = {name: value for name, value in values.items() if value != getattr(stored, name)}
        change = self._try(lambda desk: desk.concerns.take(stored.id, step.verb, reason, **changed), (self.case,))
        if change is not None:
            self._reload(stored.id)

    def _try(self, verb: Callable[[Any], Any], binders: Sequence[Binder[Any]]) -> Any:
        change = attempt(self._context.messages, lambda: verb(self._context.desk), *binders)
        if change is None:
            return None
        self._context.messages.tell(say("Saved."), "ok")
        self._context.tell_change(change, self)
        return change

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible() and not self.entry.modified:
            line: Any = self.table.current_row()
            self._reload(line.concern.id if line else "")
