"""The money of the village: funds, ledger, gifts, shares."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from ui.context import Context
from ui.fields.lines import whole_field
from ui.fields.rows import FieldRow, grid
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
from ui.page import Page, button, card, row
from ui.register import RegisterTab
from ui.tabs import Tabs
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
        self._holders = Choice(partial(households_offered, context))
        self.tabs = Tabs()
        self._registers = [
            self.tabs.add(tr("Funds"), self._make_funds, RegisterTab.show_all),
            self.tabs.add(tr("Ledger"), partial(ledger_tab, context, *self._choices), self._fill),
            self.tabs.add(tr("Donations"), partial(donation_tab, context), RegisterTab.show_all),
            self.tabs.add(tr("Assets and shares"), partial(asset_tab, context, self._holders), self._fill_assets),
        ]
        self.column.addWidget(self.tabs, 1)
        context.changes.changed.connect(self._on_changed)

    @property
    def registers(self) -> tuple[RegisterTab, ...]:
        """Funds, ledger, gifts, assets."""
        return tuple(tab.widget for tab in self._registers)

    @property
    def funds(self) -> RegisterTab:
        """What was promised."""
        return self._registers[0].widget

    @property
    def ledger(self) -> RegisterTab:
        """What came and went."""
        return self._registers[1].widget

    def show_place(self, **place: Any) -> None:
        """Show what is stored now, of the matter in front or of ``tab``."""
        if place.get("tab") in _TABS:
            self.tabs.setCurrentIndex(_TABS.index(place["tab"]))
        self.tabs.refresh()

    def may_leave(self) -> bool:
        """Ask for every register that holds unsaved typing."""
        return self.tabs.may_leave()

    def _fill(self, register: RegisterTab) -> None:
        for choice in self._choices:
            choice.refresh()
        register.show_all()

    def _fill_assets(self, register: RegisterTab) -> None:
        self._holders.refresh()
        register.show_all()

    def _make_funds(self) -> RegisterTab:
        made = fund_tab(self._context)
        if self._context.desk.funds.rules:
            made.below.addWidget(self._split_card())
        return made

    def _split_card(self) -> QWidget:
        self._rule, self._year, self._persons = QComboBox(), whole_field(), whole_field()
        for key, rule in self._context.desk.funds.rules.items():
            self._rule.addItem(rule.title, key)
        self._rule.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._rule.setMinimumContentsLength(6)
        asked = grid([
            (FieldRow(tr("Rule of the scheme"), self._rule), 2), FieldRow(tr("Year"), self._year),
            FieldRow(tr("For how many persons"), self._persons),
        ], 4)  # fmt: skip
        enter = button(say("Enter the parts"), "ok", self._on_split)
        return card(asked, row(enter), heading=tr("By the scheme's own shares"))

    def _on_split(self) -> None:
        rule, year, persons = self._rule.currentData(), self._year.value() or 0, self._persons.value() or 0
        self.funds.do(lambda: self._context.desk.funds.split(rule, year, persons, tr("by the rule of the scheme")))

    def _on_changed(self, _change: object, initiator: object) -> None:
        if self.isVisible():
            self.tabs.refresh(but=initiator)
