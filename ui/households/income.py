"""The income sheet as it is gone through in front of the household: items left, sums in words right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.forms import attempt
from ui.households.income_sheet import IncomeSheet, closed, opened
from ui.households.origin import Origin
from ui.page import button, card, label, row, scrolled
from ui.slices import SlicedCards
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft
from villagedesk.errors import VillageDeskError
from villagedesk.text import Text, say, tr
from villagedesk.values import yuan

_WIDEST = 440  # pixels of what stands beside the lines; large letters break earlier there


class IncomeTab(QWidget):
    """The statements of one household, a year at a time."""

    proof_wanted = Signal(str, str)  # statement, item

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._household = HouseholdDraft()
        self._statements: tuple[IncomeDraft, ...] = ()
        self._form: SlicedCards | None = None
        self.binder = Binder(IncomeDraft(), lambda _: (), self)
        self._year = QComboBox()
        self._year.setAccessibleName(tr("Year of the statement"))
        self._month = QComboBox()
        self._month.setAccessibleName(tr("Card"))
        self._month.addItem(tr("Whole period"), None)
        self.origin = Origin(context)
        self.origin.proof_wanted.connect(self.proof_wanted)
        self.origin.month_wanted.connect(self._show_month)
        self._sheet = IncomeSheet(context, self.binder, self._show_origin)
        self._side = QScrollArea()
        self._steps = QLabel()
        self._steps.setWordWrap(True)
        self._signed = label("", badge=True)
        self._save = button(say("Save the statement"), "save", self.save, kind="primary")
        self._begin = button(say("Begin from last year's"), "down", self._on_begin)
        self._begin.setToolTip(tr("Last year's lines without their evidence, and who belongs to the household today"))
        self._lock = button(say("Household has signed"), "lock", self._on_lock)
        self._unlock = button(say("Open it again"), "key", self._on_unlock)
        self._body = QHBoxLayout()
        self._assemble()
        self._year.activated.connect(self._on_year)
        self._month.activated.connect(self._on_month)
        self.binder.changed.connect(self._on_changed)

    def show_household(self, household: HouseholdDraft) -> None:
        """Show the newest statement of another household; typing in one of the same household stays."""
        if self.binder.modified and household.id == self._household.id:
            return
        self._household = household
        self._statements = self._context.desk.households.incomes(household.id) if household.id else ()
        years = sorted({*(one.year for one in self._statements), self._this_year}, reverse=True)
        self._year.clear()
        for year in years:
            self._year.addItem(str(year), year)
        newest = self._statements[0].year if self._statements else self._this_year
        self._year.setCurrentIndex(self._year.findData(newest))
        self._show_year()

    def may_leave(self) -> bool:
        """Ask what shall happen to an unsaved statement."""
        if not self.binder.modified:
            return True
        answer = self._context.messages.ask_save(say("The income statement has changes that are not saved."))
        if answer == "drop":
            self._show_year()
        return answer == "drop" or (answer == "save" and self.save())

    def save(self) -> bool:
        """Save the statement."""
        if self.binder.problems:
            self.binder.show_problems()
            return False
        desk = self._context.desk
        typed = desk.incomes.dated(closed(self.binder.draft), self._stored())
        change = attempt(
            self._context.messages, lambda: desk.households.save_income(typed, tr("income statement")), self.binder
        )
        if change is None:
            return False
        self._reload()
        self._context.tell_change(change, self)
        self._context.messages.tell(say("Saved."), "ok")
        return True

    @property
    def _this_year(self) -> int:
        return int(self._context.desk.site.today().year)

    def _assemble(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        line = row(label(tr("Year"), "label"), self._year, label(tr("Card"), "label"), self._month, self._signed)
        for widget in (self._begin, self._unlock, self._lock, self._save):
            line.addWidget(widget)
        column.addLayout(line)
        column.addLayout(self._body, 1)
        self._side = side = scrolled(
            card(self._steps, heading=tr("Read out to the household")),
            card(self.origin, heading=tr("Where a figure comes from")),
        )
        side.setFixedWidth(min(style.letters() * 26, _WIDEST))
        self._body.addWidget(side)

    def _show_year(self) -> None:
        if self._year.currentData() is not None:
            stored = self._stored()
            self._fill_months(stored)
            self._show_card(opened(stored, self._context.desk.profile.income, self._month.currentData()))

    def _stored(self) -> IncomeDraft:
        """The statement of the year as it is stored, or an empty one."""
        year = self._year.currentData()
        found = next((one for one in self._statements if one.year == year), None)
        return found or IncomeDraft(
            household_id=self._household.id,
            year=year,
            period=self._context.desk.profile.income.period,
            persons=len(self._household.living),
        )

    def _show_card(self, draft: IncomeDraft) -> None:
        self.origin.clear()
        self.binder.forget()
        self.binder.load(draft)
        self._build(draft)
        self._show_signed()

    def _fill_months(self, draft: IncomeDraft) -> None:
        chosen = self._month.currentData()
        while self._month.count() > 1:
            self._month.removeItem(1)
        for one in self._context.desk.incomes.cards(draft):
            words = tr("{year}-{month:02d}", year=one.year, month=one.month)
            self._month.addItem(f"{words}  {yuan(one.net)}" if one.lines else words, one.month)
        self._month.setCurrentIndex(max(0, self._month.findData(chosen)))

    def _build(self, draft: IncomeDraft) -> None:
        if self._form is not None:
            self._form.stop()
            self._form.deleteLater()
        self._form = self._sheet.build(draft, self._month.currentData())
        self._body.insertWidget(0, self._form, 1)
        self._enter = NextOnEnter(self)
        self._form.added.connect(self._on_card)
        self.binder.owe(self._form.complete)
        self._form.begin()

    def _on_card(self, card_: QWidget) -> None:
        self._enter.watch(card_)
        self._let_type()

    def _show_origin(self, item: str) -> None:
        self.origin.show_item(self.binder.draft, item)
        QTimer.singleShot(0, partial(self._side.ensureWidgetVisible, self.origin))

    def _show_month(self, month: int) -> None:
        self._month.setCurrentIndex(self._month.findData(month))
        self._on_month()

    def _show_signed(self) -> None:
        on = self.binder.draft.locked_on
        self._signed.setText(tr("Signed on {day}", day=on.isoformat()) if on else tr("Not signed"))
        self._begin.setVisible(not self.binder.draft.id and self._year_before is not None)
        self._lock.setVisible(on is None and bool(self.binder.draft.id))
        self._unlock.setVisible(on is not None)
        self._let_type()
        self._save.setVisible(on is None)

    def _let_type(self) -> None:
        """A signed statement is only read."""
        for editor in self.binder.editors:
            editor.setEnabled(self.binder.draft.locked_on is None)

    def _reload(self) -> None:
        self._statements = self._context.desk.households.incomes(self._household.id)
        self._show_year()

    def _on_month(self) -> None:
        """Another card of the same statement; what is typed stays typed."""
        typed = opened(self.binder.draft, self._context.desk.profile.income, self._month.currentData())
        self._show_typed(typed, changed=self.binder.modified)

    def _show_typed(self, typed: IncomeDraft, *, changed: bool = True) -> None:
        """Build the sheet for these lines: what is stored, and as a step after it what is typed."""
        stored = self._stored()
        known = {(line.item, line.month): line for line in stored.lines}
        lines = (
            known.get((line.item, line.month), IncomeLineDraft(line.item, month=line.month)) for line in typed.lines
        )
        self._show_card(replace(stored, lines=tuple(lines)))
        if changed:
            self.binder.put("", typed)

    def _on_year(self) -> None:
        if self.may_leave():
            self._show_year()

    def _on_changed(self) -> None:
        self._save.setEnabled(self.binder.modified or not self.binder.draft.id)
        try:
            result = self._context.desk.households.reckon(closed(self.binder.draft))
        except VillageDeskError as error:
            self._steps.setText(str(error))
            return
        self._steps.setText(
            "\n\n".join(str(step) for step in result.steps) + "\n\n" + self._against_line(result.persons)
        )

    def _against_line(self, persons: int) -> str:
        fen = self._context.desk.profile.income.lines.get(str(self.binder.draft.year))
        if fen is None or not persons:
            return ""
        return tr("The line of {year} is {amount} yuan a head.", year=self.binder.draft.year, amount=yuan(fen))

    @property
    def _year_before(self) -> IncomeDraft | None:
        year = self._year.currentData()
        return next((one for one in self._statements if one.year == year - 1), None)

    def _on_begin(self) -> None:
        """Last year's lines as if they were typed: nothing is saved before somebody has asked for each figure anew."""
        with self._context.messages.telling():
            begun = self._context.desk.incomes.start(self._household.id, self._year.currentData())
            self._show_typed(opened(begun, self._context.desk.profile.income, self._month.currentData()))
            self._context.messages.tell(say("These are last year's figures. Ask for each one again before you save."))

    def _on_lock(self) -> None:
        self._change(say("The household has signed this sheet on paper?"), say("It has signed"), lock=True)

    def _on_unlock(self) -> None:
        reason = self._context.messages.ask_line(say("Why is the signed statement opened again?"))
        if reason:
            self._apply(lambda: self._context.desk.households.unlock_income(self.binder.draft.id, reason))

    def _change(self, question: Text, yes: Text, *, lock: bool) -> None:
        if lock and self._context.messages.ask(question, yes):
            self._apply(lambda: self._context.desk.households.lock_income(self.binder.draft.id, tr("signed on paper")))

    def _apply(self, verb: Callable[[], Any]) -> None:
        with self._context.messages.telling():
            change = verb()
            self._reload()
            self._context.tell_change(change, self)
