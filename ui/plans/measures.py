"""The measures of a plan: the list on the left, the one under the cursor on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, text_field, yuan_field
from ui.fields.rows import FieldRow, grid
from ui.households.editors import options
from ui.measures.facts import FactsForm
from ui.page import button, card, row, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft
from villagedesk.text import Text, say, tr
from villagedesk.values import yuan

STATES: dict[str, Text] = {
    "planned": say("planned"),
    "active": say("under way"),
    "done": say("done"),
    "declined": say("not wanted"),
    "withdrawn": say("ended with the wish"),
}


class MeasuresTab(QWidget):
    """Edits ``measures`` of the plan draft; begin, finish and decline are steps of the service."""

    verb_wanted = Signal(object)

    def __init__(self, context: Context, binder: Binder[PlanDraft], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._binder = binder
        self.model = PagedTable[MeasureDraft](self._columns(), self)
        self.table = TableView(self.model, context.desk.profile.terms.measure)
        self._who = CodeField(())
        form = self._form()
        self.facts = FactsForm(context)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        self._edits = (
            button(say("Add measure"), "add", self._on_add),
            button(say("Take off"), "remove", self._on_remove),
        )
        steps = (
            button(say("Begin"), "forward", self._on_start), button(say("Finish"), "ok", self._on_finish),
            button(say("Not wanted"), "close", self._on_decline),
        )  # fmt: skip
        column.addLayout(row(*self._edits))
        column.addLayout(row(*steps))
        for step in (*self._edits, *steps) if context.desk.covered else ():
            step.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, style.letters() // 2, 0, 0)
        line.addWidget(left, 1)
        self._form_card = form
        line.addWidget(scrolled(self.facts, form), 1)
        self._enter = NextOnEnter(self)
        self._enter.watch(form)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        binder.changed.connect(self._on_changed)

    def show_household(self, household: HouseholdDraft) -> None:
        """Offer the members of another household."""
        self._who.offer([Option(member.id, member.name) for member in household.living])

    def show_plan(self, measure_id: str = "") -> None:
        """Show the measures of another plan, ``measure_id`` under the cursor."""
        measures = self._binder.draft.measures
        self.model.show_rows(measures)
        at = next((number for number, each in enumerate(measures) if each.id and each.id == measure_id), 0)
        self._select(at if measures else -1)
        self._show_facts()

    def _show_facts(self) -> None:
        """What the measure's kind asks for, once the household has signed: until then the plan itself is edited."""
        agreed = self._binder.draft.agreed_on is not None
        for widget in (self._form_card, *self._edits):
            widget.setEnabled(not agreed)
        self.facts.setVisible(agreed and self.measure is not None and not self._context.desk.covered)
        self.facts.show_measure(self.measure if agreed else None)

    @property
    def measure(self) -> MeasureDraft | None:
        """The measure under the cursor."""
        number = self.table.currentIndex().row()
        measures = self._binder.draft.measures
        return measures[number] if 0 <= number < len(measures) else None

    def _columns(self) -> Sequence[Column[MeasureDraft]]:
        categories = self._context.desk.profile.measures
        return (
            Column(say("Kind"), lambda m: categories[m.category].title if m.category in categories else m.category, 7),
            Column(say("State"), lambda m: str(STATES.get(m.state, m.state)), 5),
            Column(say("Yuan"), lambda m: yuan(m.amount) if m.amount else "", 7, right=True),
            Column(say("What will be done"), lambda m: m.content, 8, tip=lambda m: m.content),
        )

    def _form(self) -> QWidget:
        profile = self._context.desk.profile
        kinds = [Option(key, one.title, one.for_household) for key, one in profile.measures.items()]
        fields: tuple[tuple[str, str, QWidget, int], ...] = (
            ("category", tr("Kind"), CodeField(kinds), 1),
            ("cause", tr("Cause it answers"), CodeField(options(profile.codes, "cause")), 1),
            ("content", tr("What will be done"), text_field(), 2),
            ("member_id", tr("Person concerned"), self._who, 1),
            ("wish_kind", tr("Needs the wish about"), CodeField(options(profile.codes, "wish_kind")), 1),
            ("responsible", tr("Responsible"), text_field(), 1),
            ("due_on", tr("Until"), date_field(), 1),
            ("amount", tr("Amount (yuan)"), yuan_field(empty=0), 1),
            ("source", tr("Source of the money"), text_field(), 1),
            ("progress", tr("Progress"), text_field(), 2),
            ("note", tr("Note"), text_field(), 2),
        )
        rows: list[FieldRow | tuple[FieldRow, int]] = []
        for name, title, editor, span in fields:
            made = FieldRow(title, editor)
            self._binder.bind(f"measures.*.{name}", made)
            rows.append((made, span))
        return card(grid(rows, 2))

    def _select(self, number: int) -> None:
        if number >= 0:
            self.table.selectRow(number)
        self._binder.select("measures", number)

    def _on_add(self) -> None:
        measures = self._binder.draft.measures
        self._binder.put("measures", (*measures, MeasureDraft()))
        self.show_plan()
        self._select(len(measures))
        found = self._binder.row_of(f"measures.{len(measures)}.category")
        if found is not None:
            found.editor.setFocus()

    def _on_remove(self) -> None:
        number = self.table.currentIndex().row()
        measures = self._binder.draft.measures
        if 0 <= number < len(measures):
            self._binder.select("measures", -1)
            self._binder.put("measures", (*measures[:number], *measures[number + 1 :]))
            self.show_plan()

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.row() < len(self._binder.draft.measures):
            self._binder.select("measures", current.row())
            self._show_facts()

    def _on_changed(self) -> None:
        measures = self._binder.draft.measures
        if len(measures) == self.model.rowCount():
            self.model.show_same(measures)

    def _on_start(self) -> None:
        self._step(lambda desk, measure: desk.plans.start(measure.id, desk.site.today(), tr("begun")))

    def _on_finish(self) -> None:
        result = self._context.messages.ask_line(say("What came of it?"))
        if result:
            self._step(lambda desk, m: desk.plans.finish(m.id, desk.site.today(), result, tr("finished")))

    def _on_decline(self) -> None:
        self._step(lambda desk, measure: desk.plans.decline(measure.id, tr("not wanted by the household")))

    def _step(self, verb: Callable[[Any, MeasureDraft], Any]) -> None:
        measure = self.measure
        if measure is None:
            return
        if not measure.id or self._binder.modified:
            self._context.messages.tell(say("Save the plan first."), "warn")
            return
        self.verb_wanted.emit(lambda desk: verb(desk, measure))
