"""Visits: the entry on the left; on the right whose visit is due, the log, and what the helping unit owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.asking import Reading
from ui.beside import split
from ui.context import Context
from ui.page import Page, button, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from ui.tight import TightTabs
from ui.visits.entry import VisitEntry
from villagedesk.services.visits import VisitDue, VisitNorm, VisitRow
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.store.lists import HouseholdRow

_DUE, _LOG, _UNIT = range(3)


_PAPERS = ((say("Diary"), "visit_diary"), (say("Work record"), "work_record"))


class VisitsPage(Page):
    """The visit log of the village."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Visits"), tr("Written once; diary, work record and attendance come from the same lines."))
        self._context = context
        self.entry = VisitEntry(context)
        self._told = label("", "hint", wrap=True)
        self.due = PagedTable[VisitDue](self._due_columns(), self)
        self.log = PagedTable[VisitRow](_LOG_COLUMNS, self)
        self.norms = PagedTable[VisitNorm](_NORM_COLUMNS, self)
        self.due_table = TableView(self.due, tr("Visits due"))
        self.log_table = TableView(self.log, tr("Visit log"))
        self.norm_table = TableView(self.norms, tr("Visits of the helping unit"))
        self._led = ("", "")
        self._reading = Reading(context, say("Visits"), self)
        self._reading.answered.connect(self._on_read)
        self.tabs = TightTabs()
        self._assemble()
        self.entry.saved.connect(self._on_saved)
        self.due_table.opened.connect(lambda due: self.entry.begin(due.household.id))
        self.log_table.opened.connect(lambda line: self.entry.correct(line.visit))
        self.norm_table.opened.connect(lambda norm: self.entry.begin(rule=norm.rule.key))
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show what is due; ``household_id`` begins a visit there, ``visit_id`` opens an entry."""
        self._led = (str(place.get("household_id") or ""), str(place.get("visit_id") or ""))
        self._reload()

    def _lead(self) -> None:
        """To what was asked for, once it is there."""
        (household_id, visit_id), self._led = self._led, ("", "")
        if household_id:
            self.entry.begin(household_id)
        found = next((line for line in self._rows if line.visit.id == visit_id), None) if visit_id else None
        if found is not None:
            self.tabs.setCurrentIndex(_LOG)
            self.log_table.selectRow(self._rows.index(found))
            self.entry.correct(found.visit)

    def may_leave(self) -> bool:
        """Ask about an entry that is not saved."""
        return self.entry.may_leave()

    def _assemble(self) -> None:
        papers = () if self._context.desk.covered else _PAPERS
        for text, kind in papers:
            self.add_button(button(text, "print", self._printing(kind)))
        self.due_table.say_when_empty(tr("No visit is due. Visits fall due once there are household files."))
        self.log_table.say_when_empty(tr("No visit yet. Write the first one down at the left; Ctrl+S saves it."))
        log = QWidget()
        column = QVBoxLayout(log)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(self.log_table, 1)
        column.addLayout(row(
            button(say("Promise kept"), "ok", self._on_kept),
            button(say("Household file"), "households", self._on_open),
            button(say("Take out"), "remove", self._on_strike),
        ))  # fmt: skip
        self.tabs.addTab(self.due_table, tr("Due"))
        self.tabs.addTab(log, tr("Log"))
        self.tabs.addTab(self.norm_table, tr("Helping unit"))
        self.tabs.setTabVisible(_UNIT, bool(self._context.desk.visits.rules()))
        right = QWidget()
        line = QVBoxLayout(right)
        line.setContentsMargins(style.letters() // 2, 0, 0, 0)
        line.addWidget(self._told)
        line.addWidget(self.tabs, 1)
        self.column.addWidget(split((scrolled(self.entry), 34), (right, 50)), 1)

    def _printing(self, kind: str) -> Any:
        return lambda: self._context.navigator.go("papers", kind=kind, year=self._context.desk.site.today().year)

    def _reload(self) -> None:
        self._reading.ask(partial(_read, self._context.desk))

    def _on_read(self, read: _Read) -> None:
        desk, due = self._context.desk, read.due
        self.entry.offer(read.households)
        self._rows = read.rows
        self.due.show_rows(due)
        self.log.show_rows(self._rows)
        self.norms.show_rows(read.norms)
        late = sum(each.due_on < desk.site.today() for each in due)
        self._told.setText(
            tr(
                "{n} {n:visit|visits} due in 14 days, {late} of them overdue; {m} written down. Enter "
                "begins the visit.",
                n=len(due),
                late=late,
                m=len(self._rows),
            )
            if due
            else tr("No visit is due in 14 days; {m} written down.", m=len(self._rows))
        )
        self._lead()

    def _due_columns(self) -> Sequence[Column[VisitDue]]:
        today = self._context.desk.site.today
        return (
            Column(say("Group"), lambda due: due.household.group, 7),
            Column(say("Head"), lambda due: due.household.head, 8),
            Column(say("Last visit"), lambda due: due.last.isoformat() if due.last else tr("not visited yet"), 9),
            Column(say("Due on"), lambda due: due.due_on.isoformat(), 9,
                   tone=lambda due: "problem" if due.due_on < today() else ""),
            Column(say("Monitored"), lambda due: tr("monitored") if due.watched else "", 7),
        )  # fmt: skip

    def _current(self) -> VisitRow | None:
        found: VisitRow | None = self.log_table.current_row()
        return found

    def _on_kept(self) -> None:
        line = self._current()
        if line is None or not line.promise_open:
            self._context.messages.tell(say("Choose a visit with an open promise."), "warn")
            return
        today = self._context.desk.site.today()
        self._do(lambda desk: desk.visits.keep_promise(line.visit.id, today, tr("promise kept")))

    def _on_strike(self) -> None:
        line = self._current()
        reason = self._context.messages.ask_line(say("What is wrong with this entry?")) if line else ""
        if line and reason:
            self._do(lambda desk: desk.visits.strike(line.visit.id, reason))

    def _on_open(self) -> None:
        line = self._current()
        if line and line.visit.household_id:
            self._context.navigator.go("household", household_id=line.visit.household_id)

    def _do(self, verb: Any) -> None:
        with self._context.messages.telling():
            change = verb(self._context.desk)
            self._context.messages.tell(say("Saved."), "ok")
            self._on_saved(change)

    def _on_saved(self, change: Any) -> None:
        self._context.tell_change(change, self)
        self._reload()

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._reload()


@dataclass(frozen=True)
class _Read:
    """What the page shows, read in one go."""

    households: Sequence[HouseholdRow]
    due: tuple[VisitDue, ...]
    rows: tuple[VisitRow, ...]
    norms: tuple[VisitNorm, ...]


def _read(desk: Desk) -> _Read:
    homes = desk.lists.every_household()
    return _Read(homes, desk.visits.due(), desk.visits.rows(), desk.visits.norms())


def _promise(line: VisitRow) -> str:
    visit = line.visit
    if not visit.promise:
        return ""
    if visit.promise_kept_on:
        return tr("kept: {promise}", promise=visit.promise)
    due = visit.promise_due.isoformat() if visit.promise_due else ""
    return tr("until {day}: {promise}", day=due, promise=visit.promise) if due else visit.promise


_LOG_COLUMNS: Sequence[Column[VisitRow]] = (
    Column(say("Day"), lambda line: str(line.visit.visited_on or ""), 10),
    Column(say("Household"), lambda line: f"{line.group} {line.head}".strip() or tr("whole village"), 9),
    Column(say("Who came"), lambda line: line.visit.visitor, 6, tip=lambda line: "、".join(line.visit.people)),
    Column(say("What was said"), lambda line: line.visit.heard or line.visit.problem, 14,
           tip=lambda line: "\n".join(filter(None, (line.visit.heard, line.visit.problem)))),
    Column(say("Promised"), _promise, 12, tone=lambda line: "warn" if line.promise_open else "muted"),
)  # fmt: skip

_NORM_COLUMNS: Sequence[Column[VisitNorm]] = (
    Column(say("Who"), lambda norm: norm.rule.who, 12),
    Column(say("What"), lambda norm: norm.rule.what, 10),
    Column(say("Done"), lambda norm: f"{norm.done} / {norm.rule.times}", 5, right=True,
           tone=lambda norm: "ok" if norm.done >= norm.rule.times else "warn"),
    Column(say("By"), lambda norm: norm.last.isoformat(), 9),
)  # fmt: skip
