"""The list of all members: who lives where, filtered by what they are; Enter opens the household at the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QStackedWidget

from ui.context import Context
from ui.page import Page, bar, button, label, row
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.store.lists import MemberRow
from villagedesk.text import say, tr

_CODES = {"relation": "relation", "sex": "sex", "labour": "labour", "work_area": "work_area", "schooling": "schooling"}


class MembersList(Page):
    """Every living member of the village."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Members"))
        self._context = context
        titles = {
            "group": tr("All groups"), "relation": tr("All relations"), "sex": tr("Both sexes"),
            "labour": tr("All abilities to work"), "work_area": tr("Working anywhere"),
            "schooling": tr("In any school"),
        }  # fmt: skip
        self.filters = {name: self._box(name, title) for name, title in titles.items()}
        self._count = label("", "hint")
        self.model = PagedTable[MemberRow](self._columns(), self)
        self.table = TableView(self.model, tr("Members"))
        self._body = QStackedWidget()
        self._assemble()
        self.table.opened.connect(self._on_opened)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **_place: Any) -> None:
        """Show everybody whom the filters leave."""
        box = self.filters["group"]
        chosen = box.currentData()
        with QSignalBlocker(box):
            while box.count() > 1:
                box.removeItem(1)
            for value, _count in self._context.desk.lists.values_of("group"):
                box.addItem(str(value) or tr("not entered"), value)
            box.setCurrentIndex(max(0, box.findData(chosen)))
        self._ask()

    def _box(self, name: str, title: str) -> QComboBox:
        made = QComboBox()
        made.setAccessibleName(title)
        made.addItem(title, None)
        for code, word in self._context.desk.profile.codes.choices(_CODES[name]) if name in _CODES else ():
            made.addItem(word, code)
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(8)
        made.currentIndexChanged.connect(self._ask)
        return made

    def _columns(self) -> Sequence[Column[MemberRow]]:
        codes = self._context.desk.profile.codes
        return (
            Column(say("Group"), lambda row: row.group, 8),
            Column(say("Household number"), lambda row: row.household_no, 12),
            Column(say("Name"), lambda row: row.name, 8),
            Column(say("Relation to the head"), lambda row: codes.word("relation", row.relation), 8),
            Column(say("Sex"), lambda row: codes.word("sex", row.sex), 4),
            Column(say("Birth date"), lambda row: row.birth.isoformat() if row.birth else "", 9),
            Column(say("Ability to work"), lambda row: codes.word("labour", row.labour), 12),
        )

    def _assemble(self) -> None:
        self.column.addLayout(row(*self.filters.values()))
        tools = [] if self._context.desk.covered else [button(say("Save as a list"), "export", self._on_export)]
        self.column.addLayout(bar(self._count, *tools))
        self._body.addWidget(self.table)
        self._body.addWidget(EmptyState(tr("Nobody meets these filters. Choose “all” again, or import a roster.")))
        self.column.addWidget(self._body, 1)

    def _asked(self) -> tuple[dict[str, Any], dict[str, Any]]:
        chosen = {name: box.currentData() for name, box in self.filters.items() if box.currentIndex() > 0}
        return (
            {name: value for name, value in chosen.items() if name == "group"},
            {name: value for name, value in chosen.items() if name != "group"},
        )

    def _ask(self) -> None:
        ids = self._context.desk.lists.member_ids(*self._asked())
        self.model.show_keys(ids, self._rows)
        self._count.setText(tr("{n} persons", n=len(ids)))
        self._body.setCurrentIndex(0 if ids else 1)

    def _rows(self, ids: Sequence[str]) -> Sequence[MemberRow | None]:
        found = {row.id: row for row in self._context.desk.lists.member_rows(ids)}
        return [found.get(one) for one in ids]

    def _on_opened(self, row: MemberRow) -> None:
        self._context.navigator.go("household", household_id=row.household_id, member_id=row.id)

    def _on_export(self) -> None:
        target = self._context.messages.save_file(say("Save as a list"), tr("members") + ".xlsx", "Excel (*.xlsx)")
        if target is None:
            return
        paths = ("household.group", "household.no", "member.name", "member.relation", "member.sex", "member.birth",
                 "member.labour")  # fmt: skip
        columns = [(path, str(column.title)) for path, column in zip(paths, self.model.columns, strict=True)]
        where, own = self._asked()
        rosters = self._context.desk.rosters
        self._context.jobs.store(
            say("Saving the list"),
            lambda _step: rosters.write_members(where, own, columns, target),
            lambda count: self._context.messages.tell(
                say("{n} persons saved as “{file}”.", n=count, file=target.name), "ok"
            ),
        )

    def _on_changed(self, _change: object, _initiator: object) -> None:
        if self.isVisible():
            self._ask()
