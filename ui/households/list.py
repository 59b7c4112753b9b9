"""The list of household files: filters above, a table of any length, Enter opens the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QStackedWidget

from ui import style
from ui.context import Context
from ui.households.bulk import BulkDialog
from ui.households.columns import MORE, USUAL, list_columns
from ui.households.views import ColumnMenu, ViewMenu
from ui.page import Page, bar, button, label, row
from ui.tables import EmptyState, PagedTable, TableView
from villagedesk.errors import VillageDeskError
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
        self._more: dict[str, Mapping[str, Any]] = {}
        self._choice = list_columns(context.desk.profile.codes, lambda one: self._more.get(one, {}))
        self.model = PagedTable[HouseholdRow]([each.column for each in self._choice], self)
        self.table = TableView(self.model, tr("Household files"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._column_button = button(say("Columns"), "width")
        self.columns = ColumnMenu({each.key: str(each.column.title) for each in self._choice}, self._column_button)
        self._view_menu = ViewMenu(context, "households", self._view)
        self._empty = EmptyState("", button(say("Import a roster"), "import", self._on_import, kind="primary"))
        self._body = QStackedWidget()
        self._assemble()
        self._show_columns(context.remembered.word("households/columns", ",".join(USUAL)).split(","))
        self.model.sort_wanted.connect(self._on_sort)
        self.columns.chosen.connect(self._on_columns)
        self._view_menu.chosen.connect(self.show_view)
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
        return {
            "group": tr("All groups"),
            "state": tr("All states"),
            "kind": tr("All kinds"),
            "main_cause": tr("All causes"),
            "planned_exit_year": tr("All years of exit"),
        }

    def _assemble(self) -> None:
        if not self._context.desk.covered:
            self.add_button(button(say("Import a roster"), "import", self._on_import))
            self.add_button(button(say("New household"), "add", self._on_new, kind="primary"))
        for box in self._filters.values():
            box.currentIndexChanged.connect(self._ask)
        self.column.addLayout(row(*self._filters.values()))
        several = button(say("Change several"), "mend", self._on_several)
        save = button(say("Save as a list"), "export", self._on_export)
        self.column.addLayout(bar(self._count, self._view_menu.button, self._column_button, several, save))
        for tool in (several, save):
            tool.setVisible(not self._context.desk.covered)
        self._body.addWidget(self.table)
        self._body.addWidget(self._empty)
        self.column.addWidget(self._body, 1)

    def _fill_filters(self) -> None:
        codes = self._context.desk.profile.codes
        lists = {"state": "poverty_state", "kind": "household_kind", "main_cause": "cause"}
        for name, box in self._filters.items():
            chosen = box.currentData()
            with QSignalBlocker(box):
                while box.count() > 1:
                    box.removeItem(1)
                for value, count in self._context.desk.lists.values_of(name):
                    word = codes.word(lists[name], value) if name in lists else str(value or "")
                    box.addItem(f"{word or tr('not entered')}  ({count})", value)
                box.setCurrentIndex(max(0, box.findData(chosen)))

    def _ask(self) -> None:
        where, desk = self._where, self._context.desk
        self._more.clear()
        ids = desk.lists.household_ids(where, self._sort)
        self.model.show_keys(ids, self._rows)
        self._count.setText(tr("{n} households", n=len(ids)))
        self._empty.say(
            tr("No household meets these filters. Choose “all” again.")
            if where
            else tr("No household file yet. Import last year's list: nobody has to be typed a second time.")
        )
        self._body.setCurrentIndex(0 if ids else 1)

    @property
    def _where(self) -> dict[str, Any]:
        return {name: box.currentData() for name, box in self._filters.items() if box.currentIndex() > 0}

    def _view(self) -> dict[str, Any]:
        return {"where": self._where, "sort": self._sort, "columns": self.columns.keys}

    def show_view(self, view: Mapping[str, Any]) -> None:
        """Show the list as a view kept earlier says; a value that no household has any more filters nothing."""
        self._fill_filters()
        for name, box in self._filters.items():
            with QSignalBlocker(box):
                box.setCurrentIndex(max(0, box.findData(view["where"][name]) if name in view["where"] else 0))
        self._show_columns(view["columns"])
        self._on_sort(view["sort"], False)

    def _show_columns(self, keys: Sequence[str]) -> None:
        known = [key for key in keys if key in {each.key for each in self._choice}] or list(USUAL)
        self.columns.tick(known)
        self.table.show_columns([at for at, each in enumerate(self._choice) if each.key in known])

    def _on_columns(self, keys: list[str]) -> None:
        self._context.remembered.keep("households/columns", ",".join(keys))
        self._show_columns(keys)
        self._ask()

    def _on_several(self) -> None:
        marked = [self.model.key(index.row()) for index in self.table.selectionModel().selectedRows()]
        ids = marked if len(marked) > 1 else list(self._context.desk.lists.household_ids(self._where, self._sort))
        dialog = BulkDialog(self._context, ids, self)
        if not ids or not self._context.messages.show_dialog(dialog):
            return
        field, value, reason = dialog.answer
        try:
            change = self._context.desk.bulk.change(ids, field, value, reason)
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return
        self._context.tell_change(change, self)
        self._ask()
        count = len(change.records.get("household", ()))
        self._context.messages.tell(
            say("{n} households changed.", n=count), "ok", say("Take it back"), partial(self._take_back, change.act)
        )

    def _take_back(self, act: str) -> None:
        try:
            change = self._context.desk.history.undo(act)
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return
        self._context.tell_change(change, self)
        self._ask()
        self._context.messages.tell(say("Taken back."), "ok")

    def _on_export(self) -> None:
        target = self._context.messages.save_file(say("Save as a list"), tr("households") + ".xlsx", "Excel (*.xlsx)")
        if target is None:
            return
        shown = [(each.path, str(each.column.title)) for each in self._choice if each.key in self.columns.keys]
        where, sort, rosters = self._where, self._sort, self._context.desk.rosters
        self._context.jobs.store(
            say("Saving the list"),
            lambda _step: rosters.write_shown(where, sort, shown, target),
            lambda count: self._context.messages.tell(
                say("{n} households saved as “{file}”.", n=count, file=target.name), "ok"
            ),
        )

    def _rows(self, ids: Sequence[str]) -> Sequence[HouseholdRow | None]:
        lists = self._context.desk.lists
        found = {row.id: row for row in lists.household_rows(ids)}
        more = [key for key in self.columns.keys if key in MORE]
        if more:
            self._more.update(lists.household_values(ids, more))
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
