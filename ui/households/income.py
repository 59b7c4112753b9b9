"""The income sheet as it is gone through in front of the household: items left, sums in words right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial, reduce

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, text_field, whole_field, yuan_field
from ui.fields.rows import FieldRow, grid
from ui.forms import attempt
from ui.households.origin import Origin
from ui.page import button, card, label, row, scrolled
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft
from villagedesk.errors import VillageDeskError
from villagedesk.policy.income import GROUPS
from villagedesk.policy.pack import IncomeRules
from villagedesk.text import Text, say, tr
from villagedesk.values import yuan

_PERIODS: dict[str, Text] = {
    "calendar": say("January to December"),
    "october": say("October to September"),
    "last12": say("The twelve months before"),
}


def opened(draft: IncomeDraft, rules: IncomeRules, month: int | None = None) -> IncomeDraft:
    """The statement with a line for every item of the policy on one card, so that each can be typed into."""
    there = {line.item for line in draft.lines if line.month == month}
    more = (IncomeLineDraft(item, month=month) for item in rules.items if item not in there)
    return replace(draft, lines=(*draft.lines, *more))


def closed(draft: IncomeDraft) -> IncomeDraft:
    """The statement without the lines nobody typed into."""
    return replace(draft, lines=tuple(line for line in draft.lines if line.amount or line.note or line.evidence))


class IncomeTab(QWidget):
    """The statements of one household, a year at a time."""

    proof_wanted = Signal(str, str)  # statement, item

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._household = HouseholdDraft()
        self._statements: tuple[IncomeDraft, ...] = ()
        self._form: QWidget | None = None
        self.binder = Binder(IncomeDraft(), lambda _: (), self)
        self._year = QComboBox()
        self._year.setAccessibleName(tr("Year of the statement"))
        self._month = QComboBox()
        self._month.setAccessibleName(tr("Card"))
        self._month.addItem(tr("Whole period"), None)
        self.origin = Origin(context)
        self.origin.proof_wanted.connect(self.proof_wanted)
        self.origin.month_wanted.connect(self._show_month)
        self._before: dict[str, int] = {}  # item → fen of the year before
        self._on_file: tuple[IncomeLineDraft, ...] = ()
        self._proved: Counter[str] = Counter()  # item → how many scans prove it
        self._side = QScrollArea()
        self._steps = QLabel()
        self._steps.setWordWrap(True)
        self._signed = label("", badge=True)
        self._save = button(say("Save the statement"), "save", self.save, kind="primary")
        self._lock = button(say("Household has signed"), "lock", self._on_lock)
        self._unlock = button(say("Open it again"), "key", self._on_unlock)
        self._body = QHBoxLayout()
        self._assemble()
        self._year.activated.connect(self._on_year)
        self._month.activated.connect(self._on_month)
        self.binder.changed.connect(self._on_changed)

    def show_household(self, household: HouseholdDraft) -> None:
        """Show the newest statement of another household."""
        self._household = household
        self._statements = self._context.desk.households.incomes(household.id) if household.id else ()
        years = sorted({*(one.year for one in self._statements), self._this_year}, reverse=True)
        self._year.clear()
        for year in years:
            self._year.addItem(str(year), year)
        newest = self._statements[0].year if self._statements else self._this_year
        self._year.setCurrentIndex(self._year.findData(newest))
        if self.isVisible():
            self._show_year()

    def showEvent(self, event: object) -> None:
        """Build the sheet only when somebody looks at it."""
        super().showEvent(event)  # type: ignore[arg-type]
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
        for widget in (self._unlock, self._lock, self._save):
            line.addWidget(widget)
        column.addLayout(line)
        column.addLayout(self._body, 1)
        self._side = side = scrolled(
            card(self._steps, heading=tr("Read out to the household")),
            card(self.origin, heading=tr("Where a figure comes from")),
        )
        side.setFixedWidth(style.letters() * 26)
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
        month = self._month.currentData()
        self._on_file = self._context.desk.incomes.on_file(draft)
        self._before = {one.item: one.before for one in self._context.desk.incomes.compared(draft) if one.before}
        self._proved = (
            Counter(each.field for each in self._context.desk.evidence.of(draft.id)) if draft.id else Counter()
        )
        self.origin.clear()
        self.binder.forget()
        self.binder.load(draft)
        self._build(draft, self._context.desk.profile.income, month)
        self._show_signed()

    def _fill_months(self, draft: IncomeDraft) -> None:
        chosen = self._month.currentData()
        while self._month.count() > 1:
            self._month.removeItem(1)
        for one in self._context.desk.incomes.cards(draft):
            words = tr("{year}-{month:02d}", year=one.year, month=one.month)
            self._month.addItem(f"{words}  {yuan(one.net)}" if one.lines else words, one.month)
        self._month.setCurrentIndex(max(0, self._month.findData(chosen)))

    def _build(self, draft: IncomeDraft, rules: IncomeRules, month: int | None) -> None:
        if self._form is not None:
            self._form.deleteLater()
        cards = [self._head_card(), *self._group_cards(draft, rules, month), self._last_card()]
        self._form = scrolled(*cards)
        self._body.insertWidget(0, self._form, 1)
        self._enter = NextOnEnter(self)
        self._enter.watch(self._form)

    def _head_card(self) -> QWidget:
        periods = [Option(key, str(word)) for key, word in _PERIODS.items()]
        fields = (
            ("period", tr("Period"), CodeField(periods)), ("persons", tr("Persons"), whole_field(empty=0)),
            ("reckoned_on", tr("Reckoned on"), date_field()), ("reckoned_by", tr("Reckoned by"), text_field()),
        )  # fmt: skip
        return card(grid([self._bound(name, title, widget) for name, title, widget in fields], 4))

    def _group_cards(self, draft: IncomeDraft, rules: IncomeRules, month: int | None) -> Iterator[QWidget]:
        monthly: dict[str, int] = {}
        for line in draft.lines:
            if line.month is not None:
                monthly[line.item] = monthly.get(line.item, 0) + line.amount
        for group in GROUPS:
            rows: list[FieldRow | tuple[FieldRow, int]] = []
            for number, line in enumerate(draft.lines):
                if line.item.partition(".")[0] == group and line.month == month:
                    title = rules.items.get(line.item, line.item)
                    amount = self._bound(f"lines.{number}.amount", title, yuan_field(empty=0))
                    told = self._context.desk.sources.of_item(line.item)
                    amount.show_source(str(told.told) if told else "")
                    rows.append(amount)
                    note, proof = tr("{item}: how reckoned", item=title), tr("{item}: evidence", item=title)
                    rows.append(self._bound(f"lines.{number}.note", tr("How reckoned"), text_field(), note))
                    rows.append(self._bound(f"lines.{number}.evidence", tr("Evidence"), text_field(), proof))
                    months = monthly.get(line.item, 0) if month is None else 0
                    beside, source = self._beside(line.item, months), tr("{item}: source", item=title)
                    rows.append(FieldRow(beside, self._source_buttons(line.item), name=source))
            yield card(grid(rows, 4), heading=rules.groups.get(group, group))

    def _beside(self, item: str, months: int) -> str:
        """Last year's figure and what the monthly cards add."""
        said = [tr("last year {amount}", amount=yuan(self._before[item]))] if item in self._before else []
        said += [tr("monthly cards {amount}", amount=yuan(months))] if months else []
        said += [tr("{n} proofs", n=self._proved[item])] if self._proved[item] else []
        return reduce(lambda one, other: tr("{one}; {other}", one=one, other=other), said) if said else " "

    def _source_buttons(self, item: str) -> QWidget:
        """The way to the source of a figure; the way to take over what other records of the desk already say."""
        title = self._context.desk.profile.income.items.get(item, item)
        shown = button(tr("source"), "history", partial(self._show_origin, item), kind="link")
        shown.setAccessibleName(tr("{item}: source", item=title))
        found = next((line for line in self._on_file if line.item == item), None)
        if found is None or self._month.currentData() is not None:
            return shown
        words = tr("take over {amount}", amount=yuan(found.amount))
        take = button(words, "down", partial(self._on_take_over, found), kind="link")
        take.setToolTip(found.evidence)
        both = QWidget()
        both.setLayout(row(shown, take))
        return both

    def _on_take_over(self, found: IncomeLineDraft) -> None:
        lines = self.binder.draft.lines
        number = next(n for n, line in enumerate(lines) if line.item == found.item and line.month is None)
        self.binder.put(f"lines.{number}.amount", found.amount)
        self.binder.put(f"lines.{number}.evidence", found.evidence)

    def _show_origin(self, item: str) -> None:
        self.origin.show_item(self.binder.draft, item)
        QTimer.singleShot(0, partial(self._side.ensureWidgetVisible, self.origin))

    def _show_month(self, month: int) -> None:
        self._month.setCurrentIndex(self._month.findData(month))
        self._on_month()

    def _last_card(self) -> QWidget:
        fields = (
            ("taxes_and_dues", tr("Taxes and dues"), yuan_field(empty=0)),
            ("gifts_out", tr("Gifts given"), yuan_field(empty=0)),
            ("claims", tr("Insurance payments"), yuan_field(empty=0)),
            ("medical_paid", tr("Medical costs borne"), yuan_field(empty=0)),
            ("hospital_costs", tr("Hospital costs that may be refunded"), yuan_field(empty=0)),
            ("hospital_refunded", tr("Of these refunded"), yuan_field(empty=0)),
        )  # fmt: skip
        return card(
            grid([self._bound(name, title, widget) for name, title, widget in fields], 4),
            heading=tr("Taken off or added"),
        )

    def _bound(self, path: str, title: str, widget: QWidget, name: str = "") -> FieldRow:
        made = FieldRow(title, widget, name=name)
        self.binder.bind(path, made)
        return made

    def _show_signed(self) -> None:
        on = self.binder.draft.locked_on
        self._signed.setText(tr("Signed on {day}", day=on.isoformat()) if on else tr("Not signed"))
        self._lock.setVisible(on is None and bool(self.binder.draft.id))
        self._unlock.setVisible(on is not None)
        for editor in self.binder.editors:
            editor.setEnabled(on is None)
        self._save.setVisible(on is None)

    def _reload(self) -> None:
        self._statements = self._context.desk.households.incomes(self._household.id)
        self._show_year()

    def _on_month(self) -> None:
        """Another card of the same statement; what is typed stays typed."""
        modified, stored = self.binder.modified, self._stored()
        typed = opened(self.binder.draft, self._context.desk.profile.income, self._month.currentData())
        known = {(line.item, line.month): line for line in stored.lines}
        lines = (
            known.get((line.item, line.month), IncomeLineDraft(line.item, month=line.month)) for line in typed.lines
        )
        self._show_card(replace(stored, lines=tuple(lines)))
        if modified:
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

    def _on_lock(self) -> None:
        self._change(say("The household has signed this sheet on paper?"), say("It has signed"), lock=True)

    def _on_unlock(self) -> None:
        reason = self._context.messages.ask_line(say("Why is the signed statement opened again?"))
        if reason:
            self._apply(lambda: self._context.desk.households.unlock_income(self.binder.draft.id, reason))

    def _change(self, question: Text, yes: Text, *, lock: bool) -> None:
        if lock and self._context.messages.ask(question, yes):
            self._apply(lambda: self._context.desk.households.lock_income(self.binder.draft.id, tr("signed on paper")))

    def _apply(self, verb: object) -> None:
        try:
            change = verb()  # type: ignore[operator]
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return
        self._reload()
        self._context.tell_change(change, self)
