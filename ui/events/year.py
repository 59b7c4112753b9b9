"""The village's year: how many there were, who came and went by kind of event, the list frozen at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from ui import style
from ui.asking import Deed, Reading
from ui.context import Context
from ui.events.tab import undo
from ui.events.words import EventLine, event_lines
from ui.page import Page, button, label
from ui.tables import Column, PagedTable, TableView
from ui.tight import TightTabs
from ui.undoing import take_back, tell_done
from villagedesk.desk import Desk
from villagedesk.drafts.event import EventDraft
from villagedesk.services.event_report import ENTERED, STRUCK, Report
from villagedesk.services.event_words import kind_word
from villagedesk.text import say, tr

_YEARS = 8


@dataclass(frozen=True)
class ReportLine:
    """A line of the report: what, and how many households and persons."""

    what: str
    households: str
    persons: str
    total: bool = False


class YearPage(Page):
    """The dynamic changes of a year."""

    def __init__(self, context: Context) -> None:
        about = tr("Counted from the events alone. What is entered after the list is frozen counts in the next year.")
        super().__init__(tr("Changes of the year"), about)
        self._context = context
        self._reading = Reading(context, say("Changes of the year"), self)
        self._reading.answered.connect(self._on_read)
        self._deed = Deed(context, self)
        self._frozen = ""  # an entry of the frozen list
        self._years = QComboBox()
        self._years.setAccessibleName(tr("Year"))
        self._state = label("", badge=True)
        self._freeze = button(say("Freeze the year-end list"), "lock", self._on_freeze)
        self._thaw = button(say("Undo the freezing"), "undo", self._on_thaw)
        self._back = button(say("Take the event back"), "undo", self._on_undo)
        self._print = button(say("Print or save as a table"), "print", self._on_print)
        self.report = PagedTable[ReportLine](_report_columns(), self)
        self.events = PagedTable[EventLine](_event_columns(), self)
        self.list = PagedTable[ListLine](_list_columns(), self)
        self._events_table = TableView(self.events, tr("Household events"))
        self.tabs = TightTabs()
        self._assemble()
        self._years.activated.connect(self._read)
        self.tabs.currentChanged.connect(self._show_back)
        context.changes.changed.connect(self._on_elsewhere)

    def show_place(self, **place: Any) -> None:
        """Show a year; the present one unless ``year`` says which."""
        this_year = self._context.desk.site.today().year
        wanted = int(place.get("year", self._year or this_year))
        self._years.clear()
        for year in range(this_year, this_year - _YEARS, -1):
            self._years.addItem(str(year), year)
        self._years.setCurrentIndex(max(self._years.findData(wanted), 0))
        self._read()

    @property
    def _year(self) -> int:
        return int(self._years.currentData() or 0)

    def _assemble(self) -> None:
        for widget in (self._state, self._years, self._print, self._back, self._thaw, self._freeze):
            self.add_button(widget)
        listed = TableView(self.list, tr("Year-end list"))
        self._events_table.say_when_empty(
            tr("Nothing happened to a household this year. Births, deaths, moves are entered in the household file.")
        )
        listed.say_when_empty(tr("The list is not frozen yet. Once the year is over, freeze it above."))
        tables = (
            (TableView(self.report, tr("Report of the year")), tr("Report of changes")),
            (self._events_table, tr("Events")),
            (listed, tr("Year-end list")),
        )
        for table, title in tables:
            host = QWidget()
            column = QVBoxLayout(host)
            column.setContentsMargins(0, style.letters() // 2, 0, 0)
            column.addWidget(table)
            self.tabs.addTab(host, title)
        self.column.addWidget(self.tabs, 1)

    def _read(self, *_: Any) -> None:
        if self._year:
            self._reading.ask(partial(_read, self._context.desk, self._year))

    def _on_read(self, read: _Read) -> None:
        self._frozen = read.frozen
        self.report.show_rows(report_lines(read.report))
        self.events.show_rows(read.events)
        self.list.show_rows(read.listed)
        self._state.setText(tr("frozen") if read.frozen else tr("open"))
        self._freeze.setEnabled(not read.frozen and self._year < self._context.desk.site.today().year)
        self._thaw.setEnabled(bool(read.frozen))
        self._show_back()

    def _show_back(self, *_: Any) -> None:
        self._back.setEnabled(self.tabs.currentIndex() == 1 and self.events.rowCount() > 0)

    def _on_freeze(self) -> None:
        events, year = self._context.desk.events, self._year
        self._deed.do(say("Freeze the year-end list"), lambda _step: events.snapshot(year), self._on_frozen)

    def _on_frozen(self, change: Any) -> None:
        self._context.tell_change(change, self)
        self._read()
        text = say("The list of {year} is frozen: it stays as it is today.", year=self._year)
        tell_done(self._context, change, text, say("Undo the freezing"), self._read, self)

    def _on_thaw(self) -> None:
        if self._frozen:
            text = say("The list of {year} is open. Reports handed in with it no longer agree.", year=self._year)
            take_back(self._context, self._context.desk.history.act_of(self._frozen), self._read, self, text)

    def _on_undo(self) -> None:
        line = self.events.row(max(self._events_table.currentIndex().row(), 0))
        if line is not None:
            undo(self._context, line, self._read, self)

    def _on_print(self) -> None:
        self._context.navigator.go("papers", kind="change_report", year=self._year)

    def _on_elsewhere(self, _change: Any, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._read()


@dataclass(frozen=True)
class ListLine:
    """A household of a year-end list."""

    no: str
    head: str
    members: str
    persons: int


def report_lines(report: Report) -> tuple[ReportLine, ...]:
    """The report as lines: at the beginning, what came, what went, at the end."""
    homes, people = report.households, report.persons
    lines = [ReportLine(tr("At the beginning of the year"), str(homes.start), str(people.start), True)]
    for sign, home, person in (("+", homes.came, people.came), ("−", homes.went, people.went)):
        for kind in dict.fromkeys((*person, *home)):
            homes_, people_ = (f"{sign}{counts[kind]}" if kind in counts else "" for counts in (home, person))
            lines.append(ReportLine(_kind(kind), homes_, people_))
    lines.append(ReportLine(tr("At the end of the year") if report.frozen else tr("Now"), str(homes.end),
                            str(people.end), True))  # fmt: skip
    if report.within:
        lines.append(ReportLine(tr("Went from one household of the village to another"), "", str(report.within)))
    return tuple(lines)


def _kind(kind: str) -> str:
    special = {ENTERED: tr("Entered without an event"), STRUCK: tr("Deleted without an event")}
    return special.get(kind) or str(kind_word(kind))


@dataclass(frozen=True)
class _Read:
    """What the page shows of a year, read in one go."""

    report: Report
    events: Sequence[EventLine]
    frozen: str
    listed: Sequence[ListLine]


def _read(desk: Desk, year: int) -> _Read:
    frozen = desk.events.snapshots(year)
    events = event_lines(desk, desk.events.of_year(year))
    return _Read(desk.events.report(year), events, frozen[0].id if frozen else "", _list_lines(desk, frozen))


def _list_lines(desk: Desk, frozen: tuple[EventDraft, ...]) -> tuple[ListLine, ...]:
    people = [member_id for each in frozen for member_id in each.member_ids]
    names, numbers = desk.events.names(people, [each.household_id for each in frozen])
    lines = [
        ListLine(numbers.get(each.household_id, ""), names.get(each.heads[0][2], ""),
                 "、".join(names.get(one, "") for one in each.member_ids), len(each.member_ids))
        for each in frozen
    ]  # fmt: skip
    return tuple(sorted(lines, key=lambda line: line.no))


def _report_columns() -> tuple[Column[ReportLine], ...]:
    return (
        Column(say("What"), lambda line: line.what, 26),
        Column(say("Households"), lambda line: line.households, 8, right=True),
        Column(say("Persons"), lambda line: line.persons, 8, right=True),
    )


def _event_columns() -> tuple[Column[EventLine], ...]:
    return (
        Column(say("Day"), lambda line: line.day, 7),
        Column(say("What happened"), lambda line: line.what, 12),
        Column(say("Household number"), lambda line: line.households, 14),
        Column(say("Persons"), lambda line: line.persons, 16),
        Column(say("Paper and note"), lambda line: line.proof, 20, tip=lambda line: line.proof),
    )


def _list_columns() -> tuple[Column[ListLine], ...]:
    return (
        Column(say("Household number"), lambda line: line.no, 10),
        Column(say("Head"), lambda line: line.head, 8),
        Column(say("Persons"), lambda line: str(line.persons), 5, right=True),
        Column(say("Members"), lambda line: line.members, 40, tip=lambda line: line.members),
    )
