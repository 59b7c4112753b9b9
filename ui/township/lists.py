"""Lists of other offices held against the files: 低保, 特困, disability, deaths; each village gets its differences."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ui.context import HubContext
from ui.listwords import LIST_NAMES, remark_word
from ui.page import button, label, row
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from ui.township.page import HubPage
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.hub import Hub
    from villagedesk.services.matching import Difference
    from villagedesk.values import Step


class ListsPage(HubPage):
    """A button a list, and who differs."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(
            context,
            tr("Lists to compare"),
            tr("A list needs the headings 姓名 and 身份证号码. Nothing of it is kept but the differences."),
        )
        self._names: dict[str, str] = {}
        self._count = label("", "hint")
        self.model = PagedTable[Any](self._columns(), self)
        self.table = TableView(self.model, tr("Lists to compare"))
        self.table.opened.connect(self._on_opened)
        self._body = Sheets()
        self._body.addWidget(self.table)
        self._body.addWidget(EmptyState(tr("No difference. Open the newest list of each office to compare.")))
        tools = [button(word, "import", partial(self._on_open, kind)) for kind, word in LIST_NAMES.items()]
        self.column.addLayout(row(*tools))
        self.column.addLayout(row(self._count))
        self.column.addWidget(self._body, 1)

    def refresh(self) -> None:
        """Look again."""
        self._names = self._context.hub.review.names()
        rows = self._context.hub.comparisons.differences()
        self.model.show_rows(rows)
        self._count.setText(
            tr("{n} {n:difference|differences}; each village gets its own with its next reply.", n=len(rows))
        )
        self._body.setCurrentIndex(0 if rows else 1)

    def _columns(self) -> Sequence[Column[Any]]:
        return (
            Column(say("List"), lambda one: str(LIST_NAMES[one.kind]), 8),
            Column(say("Village"), lambda one: self._names.get(one.village, one.village), 9),
            Column(say("Number"), lambda one: one.household_no, 12),
            Column(say("Person"), lambda one: one.name, 8),
            Column(say("What was found"), lambda one: remark_word(one.kind, on_list=one.on_list), 30),
        )

    def _on_open(self, kind: str) -> None:
        file = self._context.messages.open_file(say("Open the list"), f"{tr('Table')} (*.xlsx *.xls *.csv)")
        if file is not None:
            work = partial(_compare, self._context.hub, kind, file)
            self._context.jobs.store(say("Comparing"), work, self._on_compared)

    def _on_compared(self, found: int) -> None:
        self._context.messages.tell(say("Compared: {n} {n:difference|differences}.", n=found), "ok")
        self.refresh()

    def _on_opened(self, one: Difference) -> None:
        self._context.navigator.go("file", household_id=one.household_id)


def _compare(hub: Hub, kind: str, file: Path, _step: Step) -> int:
    return hub.comparisons.compare(kind, file)
