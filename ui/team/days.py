"""The month of the team: what each wrote of the day, leave, days on site. Nobody clocks in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, text_field
from ui.forms import attempt, bound
from ui.households.editors import options
from ui.page import button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from villagedesk.drafts.duty import LeaveDraft, WorkdayDraft
from villagedesk.services.duty import LEAVE, DayRow, MonthRow
from villagedesk.text import Text, say, tr

_MONTHS = 18  # back from this one


class DaysTab(QWidget):
    """Month and member above; the days on the left, what is written down on the right."""

    saved = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._months: tuple[MonthRow, ...] = ()
        self._month, self._who = QComboBox(), QComboBox()
        for box, name in ((self._month, tr("Month")), (self._who, tr("Member"))):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(self._show)
        self._count = label("", "hint", wrap=True)
        self.model = PagedTable[DayRow](self._columns(), self)
        self.table = TableView(self.model, tr("Days"))
        self.table.say_when_empty(tr("No team member serves in this month. Enter the team first."))
        self.day = Binder(WorkdayDraft(), lambda _: (), self)
        self.leave = Binder(LeaveDraft(), lambda _: (), self)
        self._assemble()
        self.table.selectionModel().currentRowChanged.connect(self._on_current)

    def show_days(self, staff_id: str = "") -> None:
        """Show the chosen month, at first this one."""
        if not self._month.count():
            self._fill_months()
        chosen = staff_id or self._who.currentData()
        self._read()
        self._who.clear()
        for each in self._months:
            self._who.addItem(each.member.name, each.member.id)
        self._who.setCurrentIndex(max(0, self._who.findData(chosen)))
        self._show()

    def _assemble(self) -> None:
        prints = button(say("Attendance sheet"), "print", self._on_print)
        codes = self._context.desk.profile.codes
        day = bound(self.day, (
            ("day", tr("Day"), date_field(), 1),
            ("kind", tr("What kind of day"), CodeField(options(codes, "workday")), 1),
            ("work", tr("What was done"), text_field(), 2),
        ), 2)  # fmt: skip
        leave = bound(self.leave, (
            ("starts_on", tr("Leave from"), date_field(), 1),
            ("ends_on", tr("Leave until"), date_field(), 1),
            ("kind", tr("Ground of the leave"), CodeField(options(codes, "leave_kind")), 1),
            ("granted_by", tr("Granted by"), text_field(), 1),
        ), 2)  # fmt: skip
        forms = scrolled(
            card(day, row(button(say("Write the day down"), "save", self.write, kind="primary")),
                 heading=tr("The member's own word on a day")),
            card(leave, row(button(say("Enter leave"), "add", self.ask_leave),
                            button(say("Back from leave"), "ok", self._on_back)), heading=tr("Leave")),
        )  # fmt: skip
        both = QHBoxLayout()
        both.addWidget(self.table, 3)
        both.addWidget(forms, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addLayout(row(self._month, self._who, self._count, prints))
        column.addLayout(both, 1)
        self._enter = NextOnEnter(self)
        self._enter.watch(forms)

    def _fill_months(self) -> None:
        today = self._context.desk.site.today()
        for back in range(_MONTHS):
            total = today.year * 12 + today.month - 1 - back
            self._month.addItem(f"{total // 12}-{total % 12 + 1:02d}", (total // 12, total % 12 + 1))

    def _read(self) -> None:
        year, month = self._month.currentData()
        self._months = self._context.desk.duty.month(year, month)

    @property
    def month(self) -> MonthRow | None:
        """The month shown."""
        return next((each for each in self._months if each.member.id == self._who.currentData()), None)

    def _show(self) -> None:
        self._read()
        shown = self.month
        self.model.show_rows(shown.days if shown else ())
        if shown is None:
            self._count.setText(tr("Nobody served in this month. Enter the members first."))
            return
        self._count.setText(
            tr("{n} {n:day|days} on site, {m} away on business, {k} on leave", n=shown.count("1"), m=shown.count("2"),
               k=shown.count(LEAVE))
        )  # fmt: skip
        today = self._context.desk.site.today()
        self.day.load(WorkdayDraft(staff_id=shown.member.id, day=today, kind="1"))
        self.leave.load(LeaveDraft(staff_id=shown.member.id))

    def write(self) -> None:
        """Write the day in the form down."""
        draft = self.day.draft
        self._do(self.day, lambda desk: desk.duty.write(draft, tr("written by the member")), say("Written down."))

    def ask_leave(self) -> None:
        """Enter the leave in the form."""
        draft = self.leave.draft
        self._do(self.leave, lambda desk: desk.duty.ask_leave(draft, tr("leave granted")), say("The leave is entered."))

    def _on_back(self) -> None:
        desk = self._context.desk
        open_ = next((each for each in desk.duty.leaves(self._who.currentData() or "-") if each.back_on is None), None)
        if open_ is None:
            self._context.messages.tell(say("This member has no open leave."), "warn")
            return
        self._do(
            self.leave,
            lambda desk: desk.duty.end_leave(open_.id, desk.site.today(), tr("back from leave")),
            say("Back from leave."),
        )

    def _on_print(self) -> None:
        year, _month = self._month.currentData()
        self._context.navigator.go("papers", kind="attendance", year=year)

    def _do(self, binder: Binder[Any], verb: Callable[[Any], Any], done: Text) -> None:
        if binder.problems:
            binder.show_problems()
            return
        change = attempt(self._context.messages, lambda: verb(self._context.desk), binder)
        if change is None:
            return
        self._context.messages.tell(done, "ok")
        self._show()
        self.saved.emit(change)

    def _columns(self) -> Sequence[Column[DayRow]]:
        codes = self._context.desk.profile.codes

        def kind(day: DayRow) -> str:
            if day.kind == LEAVE:
                return codes.word("leave_kind", day.leave.kind) if day.leave else tr("leave")
            return codes.word("workday", day.kind) if day.kind else ""

        weekdays = [tr("Mon"), tr("Tue"), tr("Wed"), tr("Thu"), tr("Fri"), tr("Sat"), tr("Sun")]
        return (
            Column(say("Day"), lambda day: f"{day.day:%m-%d} {weekdays[day.day.weekday()]}", 7),
            Column(say("What kind of day"), kind, 7, tone=lambda day: "warn" if day.kind == LEAVE else ""),
            Column(say("Visits"), lambda day: str(len(day.visits)) if day.visits else "", 4, right=True),
            Column(say("What was done"), lambda day: day.work, 20),
        )

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        day = self.model.row(current.row()) if current.isValid() else None
        if day is not None and day.kind != LEAVE:
            draft = replace(self.day.draft, day=day.day, kind=day.kind or "1", work=day.work)
            self.day.load(draft)
