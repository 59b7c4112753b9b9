"""The list of household files: filters above, a table of any length, Enter opens the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget

from ui import style
from ui.context import Context
from ui.page import Page, button, label
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.store.lists import HouseholdRow
from villagedesk.text import say, tr

_ALL = "*"


class HouseholdList(Page):
    """Every household of the village."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Household files"))
        self._context = context
        self._sort = context.remembered.word("households/sort", "group")
        self._filters = {name: _box(title) for name, title in self._filter_titles().items()}
        self._count = label("", "hint")
        self.model = PagedTable[HouseholdRow](self._columns(), self)
        self.table = TableView(self.model, tr("Household files"))
        self._empty = EmptyState("", button(say("Import a roster"), "import", self._on_import, kind="primary"))
        self._body = QStackedWidget()
        self._assemble()
        self.model.sort_wanted.connect(self._on_sort)
        self.table.opened.connect(self._on_opened)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show the list, filtered where ``place`` says so."""
        self._fill_filters()
        for name, value in place.items():
            box = self._filters.get(name)
            if box is not None:
                box.setCurrentIndex(max(0, box.findData(value)))
        self._ask()

    def _filter_titles(self) -> dict[str, str]:
        return {"group": tr("All groups"), "state": tr("All states"), "kind": tr("All kinds")}

    def _columns(self) -> Sequence[Column[HouseholdRow]]:
        codes = self._context.desk.profile.codes
        return (
            Column(say("Group"), lambda row: row.group, 8, "group"),
            Column(say("Number"), lambda row: row.no, 12, "no"),
            Column(
                say("Head"), lambda row: row.head or tr("no head"), 9, tone=lambda row: "" if row.head else "problem"
            ),
            Column(say("Persons"), lambda row: str(row.persons), 5, right=True),
            Column(say("Kind"), lambda row: codes.word("household_kind", row.kind), 10),
            Column(say("State"), lambda row: codes.word("poverty_state", row.state), 8, "state"),
            Column(say("Main cause"), lambda row: codes.word("cause", row.main_cause), 9),
            Column(say("Exit planned"), lambda row: _year(row.planned_exit_year), 7, right=True),
            Column(say("Exited"), lambda row: _year(row.exited_year), 6, right=True),
        )

    def _assemble(self) -> None:
        self.add_button(button(say("Import a roster"), "import", self._on_import))
        self.add_button(button(say("New household"), "add", self._on_new, kind="primary"))
        line = QHBoxLayout()
        for box in self._filters.values():
            line.addWidget(box)
            box.currentIndexChanged.connect(self._ask)
        line.addWidget(self._count)
        line.addStretch(1)
        self.column.addLayout(line)
        self._body.addWidget(self.table)
        self._body.addWidget(self._empty)
        self.column.addWidget(self._body, 1)

    def _fill_filters(self) -> None:
        codes = self._context.desk.profile.codes
        lists = {"state": "poverty_state", "kind": "household_kind"}
        for name, box in self._filters.items():
            chosen = box.currentData()
            with QSignalBlocker(box):
                while box.count() > 1:
                    box.removeItem(1)
                for value, count in self._context.desk.lists.values_of(name):
                    word = codes.word(lists[name], value) if name in lists else str(value)
                    box.addItem(f"{word or tr('not entered')}  ({count})", value)
                box.setCurrentIndex(max(0, box.findData(chosen)))

    def _ask(self) -> None:
        where = {name: box.currentData() for name, box in self._filters.items() if box.currentIndex() > 0}
        desk = self._context.desk
        ids = desk.lists.household_ids(where, self._sort)
        self.model.show_keys(ids, self._rows)
        self._count.setText(tr("{n} households", n=len(ids)))
        self._empty.say(
            tr("No household meets these filters. Choose “all” again.")
            if where
            else tr("No household file yet. Import last year's list: nobody has to be typed a second time.")
        )
        self._body.setCurrentIndex(0 if ids else 1)

    def _rows(self, ids: Sequence[str]) -> Sequence[HouseholdRow | None]:
        found = {row.id: row for row in self._context.desk.lists.household_rows(ids)}
        return [found.get(one) for one in ids]

    def _on_sort(self, sort: str, _descending: bool) -> None:
        self._sort = sort
        self._context.remembered.keep("households/sort", sort)
        self._ask()

    def _on_opened(self, row: HouseholdRow) -> None:
        self._context.navigator.go("household", household_id=row.id)

    def _on_new(self) -> None:
        self._context.navigator.go("household", household_id="")

    def _on_import(self) -> None:
        self._context.navigator.go("import")

    def _on_changed(self, _change: object, _initiator: object) -> None:
        if self.isVisible():
            self._ask()


def _box(title: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(title)
    made.addItem(title, _ALL)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    made.setMinimumWidth(style.letters() * 9)
    return made


def _year(year: int | None) -> str:
    return str(year) if year else ""
