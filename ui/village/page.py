"""The village: at a glance, its yearly figures, its plan, facilities, contacts, trainings, and what kind of village."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.money.registers import Choice, households_offered
from ui.page import Page
from ui.tight import TightTabs
from ui.village.figures import FiguresTab
from ui.village.kind import KindTab
from ui.village.overview import OverviewTab
from ui.village.registers import activity_tab, contact_tab, facility_tab, plan_tab, purchase_tab
from villagedesk.text import tr

_OVERVIEW, _FIGURES = range(2)


class VillagePage(Page):
    """One tab a matter of the village."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("The village"), tr("Entered once a year; exits, reports and papers draw from it."))
        self._context = context
        self.overview = OverviewTab(context)
        self.figures = FiguresTab(context)
        self._sellers = Choice(partial(households_offered, context))
        self.registers = (
            plan_tab(context), facility_tab(context), contact_tab(context), activity_tab(context),
            purchase_tab(context, self._sellers),
        )  # fmt: skip
        self.kind = KindTab(context)
        self.tabs = TightTabs()
        tabs: tuple[tuple[QWidget, str], ...] = (
            (self.overview, tr("At a glance")),
            (self.figures, tr("Figures by year")),
            *((tab, tab.kind.name) for tab in self.registers),
            (self.kind, tr("Kind of village")),
        )
        for tab, title in tabs:
            self.tabs.addTab(tab, title)
        self.column.addWidget(self.tabs, 1)
        self.tabs.currentChanged.connect(self._on_tab)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Show everything as it is now; ``field`` is an indicator to be filled in (``indicators.bus``)."""
        field = str(place.get("field", ""))
        self.figures.show_year(int(place.get("year") or 0))
        self._sellers.refresh()
        for tab in self.registers:
            tab.show_all()
        self.kind.show_village()
        self.overview.show_year()
        if field.startswith("indicators."):
            self.tabs.setCurrentIndex(_FIGURES)
            self.figures.show_year(0, field.partition(".")[2])

    def may_leave(self) -> bool:
        """Ask for every tab that holds unsaved typing."""
        return self.figures.may_leave() and self.kind.may_leave() and all(tab.may_leave() for tab in self.registers)

    def _on_tab(self, number: int) -> None:
        if number == _OVERVIEW:
            self.overview.show_year()

    def _on_changed(self, _change: object, initiator: object) -> None:
        if self.isVisible() and initiator not in {self.figures, self.kind, *self.registers}:
            self.show_place()
