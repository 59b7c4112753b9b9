"""What one measure asks for besides the plan: facts of its kind, progress, payments, the course of a loan or house."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.lines import NoteField, date_field, hundredths_field, text_field, whole_field, yuan_field
from ui.fields.yesno import YesNoField
from ui.forms import attempt, bound
from ui.households.editors import options
from ui.page import button, card, label, row
from villagedesk.drafts.plan import MeasureDraft
from villagedesk.policy.pack import MeasureField
from villagedesk.text import Text, say, tr
from villagedesk.values import yuan

_PLAIN: dict[str, Callable[[], QWidget]] = {
    "text": text_field,
    "date": date_field,
    "yuan": yuan_field,
    "whole": whole_field,
    "hundredths": hundredths_field,
    "yesno": YesNoField,
}


class FactsForm(QWidget):
    """Fills in one measure that is saved already; ``saved`` carries the change."""

    saved = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._stored = MeasureDraft()
        self.binder = Binder(MeasureDraft(), lambda _: (), self)
        self.payment = Binder(MeasureDraft(), lambda _: (), self)
        self._inner: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_measure(self, measure: MeasureDraft | None, title: str = "") -> None:
        """Show the facts of another measure; None shows none."""
        if self._inner is not None:
            self._column.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
        self.binder.forget()
        self.payment.forget()
        self._stored = measure or MeasureDraft()
        self._inner = self._form(title) if measure is not None and measure.id else label(
            tr("Choose a measure that is saved."), "hint", wrap=True)  # fmt: skip
        self._column.addWidget(self._inner)
        self.binder.load(self._stored)
        self.payment.load(MeasureDraft(paid_on=self._context.desk.site.today()))

    def save(self) -> bool:
        """Write the changed facts down."""
        if self.binder.problems:
            self.binder.show_problems()
            return False
        draft, stored = self.binder.draft, self._stored
        names = [field.key for field in self._fields] + ["part", "approved_on", "progress", "note"]
        changed = {name: getattr(draft, name) for name in names if getattr(draft, name) != getattr(stored, name)}
        return not changed or self._do(
            self.binder, lambda desk: desk.measures.record(stored.id, tr("facts entered"), **changed)
        )

    @property
    def _fields(self) -> tuple[MeasureField, ...]:
        found: tuple[MeasureField, ...] = self._context.desk.measures.fields(self._stored)
        return found

    def _form(self, title: str) -> QWidget:
        profile = self._context.desk.profile
        category = profile.measures.get(self._stored.category)
        parts = [Option(key, word) for key, word in category.parts.items()] if category else []
        fields = [
            *([("part", tr("Kind in detail"), CodeField(parts), 1)] if parts else []),
            ("approved_on", tr("Day of approval"), date_field(), 1),
            *((field.key, field.title, self._editor(field), 1) for field in self._fields),
            ("progress", tr("Progress"), NoteField(2), 2),
        ]
        facts = bound(self.binder, fields, 2)
        for field in self._fields:
            source, line = self._context.desk.sources.of_measure_field(field.key), self.binder.row_of(field.key)
            if source is not None and line is not None:
                line.show_source(str(source.told))
        buttons = row(button(say("Save the facts"), "save", self.save, kind="primary"), *self._acts())
        payment = bound(self.payment, (
            ("paid", tr("Paid now (yuan)"), yuan_field(empty=0), 1),
            ("paid_on", tr("Paid on"), date_field(), 1),
            ("proof", tr("Voucher or other proof"), text_field(), 2),
        ), 2)  # fmt: skip
        told = label(self._told(), "hint", wrap=True)
        return card(facts, buttons, told, payment, row(button(say("Enter the payment"), "add", self._on_pay)),
                    heading=title or tr("Facts"))  # fmt: skip

    def _told(self) -> str:
        measure = self._stored
        said = tr("{paid} of {amount} yuan paid", paid=yuan(measure.paid), amount=yuan(measure.amount))
        return f"{said}  {measure.proof}".strip()

    def _editor(self, field: MeasureField) -> QWidget:
        if field.kind == "code":
            return CodeField(options(self._context.desk.profile.codes, field.codes))
        return _PLAIN[field.kind]()

    def _acts(self) -> list[QWidget]:
        asked = {field.key for field in self._fields}
        running = self._stored.state == "active"
        acts: list[QWidget] = []
        if running and "loan_state" in asked:
            acts.append(button(say("Renew or extend the loan"), "forward", self._on_loan))
        if running and "closed_out_on" in asked and self._stored.closed_out_on is None:
            acts.append(button(say("House judged safe"), "ok", self._on_house))
        if running and "asked_well_on" in asked and self._stored.wish_kind == "01":
            acts.append(button(say("All is well"), "ok", self._on_well))
        return acts

    def _on_pay(self) -> None:
        paid, today = self.payment.draft, self._context.desk.site.today()
        if self.payment.problems:
            self.payment.show_problems()
            return
        self._do(
            self.payment,
            lambda desk: desk.measures.pay(
                self._stored.id, paid.paid, paid.paid_on or today, paid.proof, tr("payment entered")
            ),
        )

    def _on_loan(self) -> None:
        draft = self.binder.draft
        self._do(
            self.binder,
            lambda desk: desk.measures.carry_on_loan(
                self._stored.id, draft.loan_state, draft.extended_to, tr("agreed with the bank")
            ),
        )

    def _on_house(self) -> None:
        if self._context.messages.ask(
            say("Was the house judged safe after the work?"), say("Judged safe (A)"),
            detail=say("The case is closed and the household file gets grade A with today's date."),
        ):  # fmt: skip
            today = self._context.desk.site.today()
            self._do(
                self.binder, lambda desk: desk.measures.close_house(self._stored.id, "A", today, tr("judged safe"))
            )

    def _on_well(self) -> None:
        today = self._context.desk.site.today()
        self._do(self.binder, lambda desk: desk.measures.all_well(self._stored.id, today, tr("asked; all is well")))

    def _do(self, binder: Binder[Any], verb: Callable[[Any], Any], done: Text | None = None) -> bool:
        change = attempt(self._context.messages, lambda: verb(self._context.desk), binder)
        if change is None:
            return False
        self._context.messages.tell(done or say("Saved."), "ok")
        self.saved.emit(change)
        return True
