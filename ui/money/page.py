"""The money of the village: funds, ledger, gifts, shares."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from ui.context import Context
from ui.fields.lines import whole_field
from ui.fields.rows import FieldRow
from ui.money.registers import (
    Choice,
    donation_tab,
    fund_tab,
    funds_offered,
    households_offered,
    ledger_tab,
    projects_offered,
)
from ui.money.shares import asset_tab
from ui.page import Page, button, card
from ui.tight import TightTabs
from villagedesk.text import say, tr

_TABS = ("funds", "ledger", "donations", "shares")


class MoneyPage(Page):
    """One tab a matter of money."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Money"), tr("What was promised, what came, where it went; every amount to the fen."))
        self._context = context
        self._choices = (
            Choice(partial(funds_offered, context)),
            Choice(partial(projects_offered, context)),
            Choice(partial(households_offered, context)),
        )
        self.funds = fund_tab(context)
        self.ledger = ledger_tab(context, *self._choices)
        self.registers = (self.funds, self.ledger, donation_tab(context), asset_tab(context))
        if context.desk.funds.rules:
            self.funds.below.addWidget(self._split_card())
        self.tabs = TightTabs()
        for tab in self.registers:
            self.tabs.addTab(tab, tab.kind.name)
        self.column.addWidget(self.tabs, 1)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show what is stored now, of the matter in front or of ``tab``."""
        for choice in self._choices:
            choice.refresh()
        for tab in self.registers:
            tab.show_all()
        if place.get("tab") in _TABS:
            self.tabs.setCurrentIndex(_TABS.index(place["tab"]))

    def may_leave(self) -> bool:
        """Ask for every register that holds unsaved typing."""
        return all(tab.may_leave() for tab in self.registers)

    def _split_card(self) -> QWidget:
        self._rule, self._year, self._persons = QComboBox(), whole_field(), whole_field()
        for key, rule in self._context.desk.funds.rules.items():
            self._rule.addItem(rule.title, key)
        line = QHBoxLayout()
        line.addWidget(FieldRow(tr("Rule of the scheme"), self._rule), 2)
        line.addWidget(FieldRow(tr("Year"), self._year), 1)
        line.addWidget(FieldRow(tr("For how many persons"), self._persons), 1)
        line.addWidget(button(say("Enter the parts"), "ok", self._on_split))
        return card(line, heading=tr("By the scheme's own shares"))

    def _on_split(self) -> None:
        rule, year, persons = self._rule.currentData(), self._year.value() or 0, self._persons.value() or 0
        self.funds.do(lambda: self._context.desk.funds.split(rule, year, persons, tr("by the rule of the scheme")))

    def _on_changed(self, _change: object, initiator: object) -> None:
        if not self.isVisible():
            return
        for choice in self._choices:
            choice.refresh()
        for tab in self.registers:
            if tab is not initiator:
                tab.show_all()
