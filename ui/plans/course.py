"""The course of a plan once it is signed: gone through each quarter, its effect confirmed, ended or taken back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.lines import NoteField
from ui.fields.rows import FieldRow
from ui.page import button, label, row
from villagedesk.drafts.plan import PlanDraft
from villagedesk.text import say, tr

_HERE = ("review", "finish", "reopen")
"""Steps taken from this card; the others have buttons of their own."""


class PlanCourse(QFrame):
    """What was said of the plan and the steps that lead on. ``verb_wanted`` carries a call of the plan service."""

    verb_wanted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._context = context
        self._plan = PlanDraft()
        self._said = label("", wrap=True)
        self.effect = NoteField(2)
        self._row = FieldRow(tr("What came of the plan this year, in the household's words"), self.effect)
        self._steps = row()
        column = QVBoxLayout(self)
        gap = style.letters()
        column.setContentsMargins(gap, gap * 3 // 4, gap, gap)
        column.addWidget(label(tr("Course of the plan"), "heading"))
        column.addWidget(self._said)
        column.addWidget(self._row)
        column.addLayout(self._steps)

    def show_plan(self, plan: PlanDraft) -> None:
        """Show the course of another plan; nothing before it is signed."""
        self._plan = plan
        self.setVisible(plan.agreed_on is not None)
        self._row.setVisible(not self._context.desk.covered)
        procedure = self._context.desk.plans.procedure
        state = procedure.states[plan.state].title if plan.state in procedure.states else plan.state
        told = [state, tr("signed on {day}", day=plan.agreed_on)]
        if plan.checked_on:
            told.append(tr("last gone through on {day}", day=plan.checked_on))
        if plan.refused_part:
            told.append(tr("not agreed to: {part}", part=plan.refused_part))
        self._said.setText("　".join(told))
        self.effect.show_value(plan.effect)
        while self._steps.count():
            item = self._steps.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        if self._context.desk.covered:
            return
        if not procedure.effect(plan.state):
            self._steps.addWidget(button(say("Gone through for the quarter"), "ok", self._on_checked))
        for step in procedure.next(plan.state):
            if step.verb in _HERE:
                self._steps.addWidget(button(step.title, "", partial(self._on_step, step.verb, step.needs_reason)))

    def _on_checked(self) -> None:
        plan_id, today = self._plan.id, self._context.desk.site.today()
        self.verb_wanted.emit(lambda desk: desk.plans.checked(plan_id, today, tr("gone through with the household")))

    def _on_step(self, verb: str, needs_reason: bool) -> None:
        plan_id, today, effect = self._plan.id, self._context.desk.site.today(), self.effect.toPlainText()
        if verb == "review":
            reason = tr("confirmed by the household")
            self.verb_wanted.emit(lambda desk: desk.plans.review(plan_id, effect, today, reason))
            return
        asked = self._context.messages.ask_line(say("Why does the plan change?")) if needs_reason else tr("step taken")
        if asked:
            self.verb_wanted.emit(lambda desk: desk.plans.take(plan_id, verb, asked))
