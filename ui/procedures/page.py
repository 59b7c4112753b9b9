"""Procedures without a page of their own: identification and removal of households, the yearly adjustment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ui import style
from ui.beside import split
from ui.context import Context
from ui.exits.clockbar import ClockBar
from ui.exits.widgets import clear
from ui.households.editors import options
from ui.mending import place_of
from ui.page import Page, button, card, label, row, scrolled
from ui.procedures.begin import BeginDialog
from ui.procedures.step_form import StepForm, StepOrder
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.policy.notices import stage_end
from villagedesk.services.courses import CourseRow
from villagedesk.text import say, tr


class ProceduresPage(Page):
    """The courses of one procedure on the left, the chosen one with its next step on the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Identification and yearly adjustment"),
            tr("Each step with its day; what is missing is named and refused."),
        )
        self._context = context
        self._clock = ClockBar(context)
        self._rows: tuple[CourseRow, ...] = ()
        self._shown = ""
        self._ways = {way.key: way for way in context.desk.courses.procedures()}
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Procedure"))
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for key, way in self._ways.items():
            self.choice.addItem(way.title, key)
        self._path = label("", "hint", wrap=True)
        self.model = PagedTable[CourseRow](_columns(), self)
        self.table = TableView(self.model, tr("Courses"))
        self._name, self._state = label("", "heading", wrap=True), label("", badge=True)
        grounds = options(context.desk.site.codes, "removal_ground")
        self.steps = StepForm(context.desk.site.today, self._until, grounds)
        self._history = QVBoxLayout()
        self._body = Sheets()
        self._assemble()
        self.choice.activated.connect(self._ask)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.steps.take_wanted.connect(self._on_take)
        self.steps.mend_wanted.connect(self._on_mend)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the courses of ``procedure``."""
        number = self.choice.findData(place.get("procedure"))
        if number >= 0:
            self.choice.setCurrentIndex(number)
        self._ask()

    @property
    def key(self) -> str:
        """The procedure shown."""
        return str(self.choice.currentData())

    def _assemble(self) -> None:
        self.add_button(button(say("Begin"), "add", self._on_begin, kind="primary"))
        self.column.addWidget(self._clock)
        self.column.addLayout(row(self.choice))
        self.column.addWidget(self._path)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addLayout(row(self._name, self._state))
        column.addWidget(self.steps)
        column.addLayout(self._history)
        column.addStretch(1)
        both = split((self.table, 42), (scrolled(side), 42))
        empty = EmptyState(
            tr("Nothing is under way. Begin with the household concerned, or with the adjustment of the year."),
            button(say("Begin"), "add", self._on_begin, kind="primary"),
        )
        self._body.addWidget(both)
        self._body.addWidget(empty)
        self.column.addWidget(self._body, 1)

    def _ask(self) -> None:
        self._clock.look()
        way = self._ways[self.key]
        self._path.setText(" → ".join(state.title for state in way.path if state.effect != "back"))
        self._rows = self._context.desk.courses.of_procedure(self.key)
        self.model.show_rows(self._rows)
        self._body.setCurrentIndex(0 if self._rows else 1)
        if self._rows:
            number = next((n for n, each in enumerate(self._rows) if each.course.id == self._shown), 0)
            self.table.selectRow(number)

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        shown = self.model.row(current.row()) if current.isValid() else None
        if shown is None:
            return
        self._shown = shown.course.id
        self._name.setText(_subject(shown))
        self._state.setText(shown.state_title)
        self.steps.show_steps(shown.steps)
        clear(self._history)
        titles = {way.key: way.title for way in self._ways[self.key].transitions}
        lines = [f"{day}　{titles.get(verb, verb)}" for verb, day in shown.course.steps]
        lines.insert(0, tr("{day}　begun", day=str(shown.course.began_on or "")))
        lines += self._told(shown)
        if shown.course.returned_reason:
            lines.append(tr("Reason: {reason}", reason=shown.course.returned_reason))
        self._history.addWidget(card(label("\n".join(lines), wrap=True), heading=tr("Steps taken")))

    def _told(self, shown: CourseRow) -> Sequence[str]:
        """Why a household was identified wrongly, and what it says to it."""
        course = shown.course
        if not course.ground:
            return ()
        word = self._context.desk.site.codes.word("removal_ground", course.ground)
        why = tr("Why identified wrongly: {ground}", ground=f"{word} {course.note}".strip())
        return why, tr("The household says: {words}", words=course.heard)

    def _on_begin(self) -> None:
        dialog = BeginDialog(self._context, self.key, self._ways[self.key].title, self)
        if not self._context.messages.show_dialog(dialog):
            return
        courses, key = self._context.desk.courses, self.key
        self._do(lambda: courses.begin(key, dialog.household, dialog.year, dialog.on, tr("begun")))

    def _on_take(self, order: StepOrder) -> None:
        if order.on is None:
            self._context.messages.tell(say("Enter the day of the step."), "problem")
            return
        courses, course, on = self._context.desk.courses, self._shown, order.on
        self._do(lambda: courses.take(course, order.verb, on, order.reason, **order.values))

    def _do(self, verb: Any) -> None:
        with self._context.messages.telling():
            change = verb()
            self._shown = next(iter(change.records.get("course", ())), self._shown)
            self._ask()
            self._context.tell_change(change, self)
            self._context.messages.tell(say("Saved."), "ok")

    def _on_mend(self, field: str) -> None:
        shown = next((each for each in self._rows if each.course.id == self._shown), None)
        if field == "findings":
            self._context.navigator.go("findings")
        elif shown is not None and shown.household is not None:
            page, place = place_of(field, shown.household.id)
            self._context.navigator.go(page, **place)

    def _until(self, notice: str, first: date) -> date | None:
        stage = self._context.desk.courses.stage(notice)
        return stage_end(stage, first, self._context.desk.profile.days) if stage else None

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._ask()


def _subject(shown: CourseRow) -> str:
    household = shown.household
    if household is None:
        return tr("The village, {year}", year=shown.course.year)
    name = household.head.name if household.head else household.no
    return tr("{name}, {group}, {year}", name=name, group=household.group, year=shown.course.year)


def _columns() -> Sequence[Column[CourseRow]]:
    return (
        Column(say("About"), _subject, 14),
        Column(say("State"), lambda r: r.state_title, 8, tone=lambda r: "" if r.open else "muted"),
        Column(say("Last step on"), lambda r: r.course.steps[-1][1] if r.course.steps else "—", 7),
    )
