"""Which households shall be checked for exit this year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.asking import Reading
from ui.context import Context
from ui.page import label, resize_dialog
from villagedesk.services.exits import EXITED
from villagedesk.store.lists import HouseholdRow
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.desk import Desk

_A_TURN = 60  # lines


class ProposeDialog(QDialog):
    """Households not exited yet and without a case; those planned for the year stand first and are ticked."""

    def __init__(self, context: Context, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add households"))
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Households"))
        self._filter = QLineEdit()
        self._filter.setPlaceholderText(tr("Show only names, groups or numbers with …"))
        self._filter.setAccessibleName(tr("Filter"))
        self._filter.textChanged.connect(self._on_filter)
        self._year = year
        self._list.setUniformItemSizes(True)
        self._reading = Reading(context, say("Households"), self)
        self._reading.answered.connect(self._on_read)
        self._turn = QTimer(self)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._add_some)
        self._rows: Iterator[HouseholdRow] = iter(())
        self._reading.ask(partial(_waiting, context.desk, year))
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Add those ticked"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(
            label(tr("Ticked are those whose file plans the exit for {year}.", year=year), "hint", wrap=True)
        )
        column.addWidget(self._filter)
        column.addWidget(self._list, 1)
        column.addWidget(buttons)
        resize_dialog(self, 40, 36)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the households ticked."""
        items = [self._list.item(n) for n in range(self._list.count())]
        return tuple(i.data(Qt.ItemDataRole.UserRole) for i in items if i.checkState() is Qt.CheckState.Checked)

    def _on_read(self, rows: Sequence[HouseholdRow]) -> None:
        self._rows = iter(rows)
        self._turn.start()

    def _add_some(self) -> None:
        """A few lines a turn of the event loop, so that a long list holds nobody up."""
        some, before = list(islice(self._rows, _A_TURN)), self._list.count()
        for row in some:
            self._add(row, ticked=row.planned_exit_year == self._year)
        if not some:
            self._turn.stop()
        self._on_filter(self._filter.text(), before)

    def _add(self, row: HouseholdRow, *, ticked: bool) -> None:
        item = QListWidgetItem(
            tr(
                "{group}    {head}    {n} {n:person|persons}    No. {no}",
                group=row.group,
                head=row.head,
                n=row.persons,
                no=row.no,
            )
        )
        item.setData(Qt.ItemDataRole.UserRole, row.id)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._list.addItem(item)

    def _on_filter(self, text: str, since: int = 0) -> None:
        for number in range(since, self._list.count()):
            item = self._list.item(number)
            item.setHidden(text.strip() not in item.text())


def _waiting(desk: Desk, year: int) -> list[HouseholdRow]:
    closed = desk.exits.procedure.effect
    taken = {case.household_id for case in desk.exits.all() if case.year == year and not closed(case.state)}
    rows = [row for row in desk.lists.every_household() if row.state != EXITED and row.id not in taken]
    return sorted(rows, key=lambda row: row.planned_exit_year != year)
