"""Facts that only a newer version of the program can read: kept, sent on, and listed so that nobody wonders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.context import Context
from ui.households.words import label_of, time_word
from ui.page import Page
from ui.tables import Column, PagedTable, TableView
from villagedesk.text import Text, say, tr

_KINDS: Mapping[str, Text] = {
    "household": say("Household"), "member": say("Person"), "income": say("Income statement"), "plan": say("Plan"),
    "measure": say("Measure"), "exit": say("Exit"), "notice": say("Notice"), "wish": say("Wish"),
    "visit": say("Visit"), "paper": say("Paper"), "attachment": say("Photo or scan"), "village": say("Village"),
}  # fmt: skip


class NewerPage(Page):
    """What the township or a colleague wrote that this version cannot show."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Facts of a newer version"), newer_words())
        self._context = context
        self.model = PagedTable[Any](newer_columns(), self)
        self.table = TableView(self.model, tr("Facts of a newer version"))
        self.table.opened.connect(self._on_opened)
        self.table.say_when_empty(tr("Everything that came can be read."))
        self.column.addWidget(self.table, 1)

    def show_place(self, **_place: Any) -> None:
        """Look again."""
        self.model.show_rows(self._context.desk.sync.unread())

    def _on_opened(self, one: Any) -> None:
        if one.household_id:
            self._context.navigator.go("household", household_id=one.household_id)


def newer_words() -> str:
    """What these facts are and what to do."""
    return tr("A laptop with a newer program wrote these. They are kept and sent on; update this program and they are "
              "read by themselves.")  # fmt: skip


def kind_word(kind: str) -> str:
    """What a kind of record is called."""
    return str(_KINDS[kind]) if kind in _KINDS else kind


def newer_columns() -> Sequence[Column[Any]]:
    """Which record of which household, which facts, who wrote them and when."""
    return (
        Column(say("Record"), lambda one: kind_word(one.kind), 8),
        Column(say("Household"), lambda one: one.household_no or "—", 10),
        Column(say("Unknown facts"), lambda one: "、".join(map(label_of, one.fields)), 24),
        Column(say("Written by"), lambda one: one.author or "—", 8),
        Column(say("When"), lambda one: time_word(one.at), 10),
    )
