"""The household files of all villages: filtered, sorted, opened."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from ui.context import HubContext
from ui.exits.paper_dialog import PaperDialog
from ui.page import button, label, row
from ui.papers.output import PaperOutput
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.township.page import HubPage
from villagedesk.store.lists import HouseholdRow
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.hub import Hub
    from villagedesk.policy.codes import CodeBook
    from villagedesk.values import Step


class FilesPage(HubPage):
    """One long list; Enter opens a file."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(context, tr("Household files"), tr("As the villages sent them. They are changed there."))
        self._names: dict[str, str] = {}
        self._sort = "no"
        self._ids: tuple[str, ...] = ()
        self._village = _box(tr("All villages"))
        self._state = _box(tr("All states"))
        self._count = label("", "hint")
        self.model = PagedTable[HouseholdRow](self._columns(context.hub.review.codes), self)
        self.table = TableView(self.model, tr("Household files"))
        self._body = Sheets()
        self._body.addWidget(self.table)
        self._body.addWidget(EmptyState(tr("No file here. Take in the villages' files, or choose “all” again.")))
        self._output = PaperOutput(self, context.jobs, context.messages, context.remembered)
        self._print = button(say("Print the list"), "print", self._on_print)
        self.column.addLayout(row(self._village, self._state, self._count, self._print))
        self.column.addWidget(self._body, 1)
        for box in (self._village, self._state):
            box.currentIndexChanged.connect(self._ask)
        self.model.sort_wanted.connect(self._on_sort)
        self.table.opened.connect(self._on_opened)

    def refresh(self) -> None:
        """Look again."""
        review = self._context.hub.review
        self._names = review.names()
        _fill(self._village, tr("All villages"), list(self._names.items()))
        states = [(key, review.codes.word("poverty_state", key)) for key in review.states()]
        _fill(self._state, tr("All states"), states)
        self._ask()

    def _columns(self, codes: CodeBook) -> Sequence[Column[HouseholdRow]]:
        return (
            Column(say("Village"), lambda one: self._names.get(one.village, one.village), 9),
            Column(say("Group"), lambda one: one.group, 7),
            Column(say("Number"), lambda one: one.no, 12, "no"),
            Column(say("Head"), lambda one: one.head or tr("no head"), 8),
            Column(say("Persons"), lambda one: str(one.persons), 5, right=True),
            Column(say("Kind"), lambda one: codes.word("household_kind", one.kind), 10),
            Column(say("State"), lambda one: codes.word("poverty_state", one.state), 8, "state"),
            Column(say("Main cause"), lambda one: codes.word("cause", one.main_cause), 9),
            Column(say("Exited"), lambda one: str(one.exited_year or ""), 6, right=True),
        )

    def _ask(self) -> None:
        chosen = {"village": self._village.currentData(), "state": self._state.currentData()}
        where = {name: value for name, value in chosen.items() if value is not None}
        review = self._context.hub.review
        ids = review.household_ids(where, self._sort)
        self.model.show_keys(ids, self._rows)
        self._count.setText(tr("{n} {n:household|households}", n=len(ids)))
        self._ids = ids
        self._print.setEnabled(bool(ids))
        self._body.setCurrentIndex(0 if ids else 1)

    def _rows(self, ids: Sequence[str]) -> Sequence[HouseholdRow | None]:
        found = {one.id: one for one in self._context.hub.review.household_rows(ids)}
        return [found.get(one) for one in ids]

    def _on_sort(self, sort: str, _descending: bool) -> None:
        self._sort = sort
        self._ask()

    def _on_print(self) -> None:
        """The list as it is shown, village after village, to look at, print or save."""
        chosen = "，".join(box.currentText() for box in (self._village, self._state) if box.currentData() is not None)
        work = partial(_list_made, self._context.hub, self._ids, chosen)
        self._context.jobs.store(say("Making the list"), work, self._on_made)

    def _on_made(self, paper: Any) -> None:
        title = tr("List of households of all villages")
        self._context.messages.show_dialog(PaperDialog(title, [("", paper)], (), self._output, self))

    def _on_opened(self, one: HouseholdRow) -> None:
        self._context.navigator.go("file", household_id=one.id)


def _list_made(hub: Hub, ids: Sequence[str], chosen: str, step: Step) -> Any:
    return hub.reports.households(ids, chosen, step)


def _box(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return made


def _fill(box: QComboBox, everything: str, values: Sequence[tuple[str, str]]) -> None:
    chosen = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        box.addItem(everything, None)
        for value, word in values:
            box.addItem(word or tr("not entered"), value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
