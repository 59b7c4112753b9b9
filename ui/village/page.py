"""The village: at a glance, its yearly figures, its plan, facilities, contacts, trainings, and what kind of village."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ui.context import Context
from ui.money.registers import Choice, households_offered
from ui.page import Page
from ui.register import RegisterTab
from ui.tabs import Tabs
from ui.village.figures import FiguresTab
from ui.village.kind import KindTab
from ui.village.overview import OverviewTab
from ui.village.registers import activity_tab, contact_tab, facility_tab, plan_tab, purchase_tab
from villagedesk.text import tr

_FIGURES = 1


class VillagePage(Page):
    """One tab a matter of the village."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("The village"), tr("Entered once a year; exits, reports and papers draw from it."))
        self._context = context
        self._sellers = Choice(partial(households_offered, context))
        self.tabs = Tabs()
        self._overview = self.tabs.add(tr("At a glance"), partial(OverviewTab, context), OverviewTab.show_year)
        self._figures = self.tabs.add(tr("Figures by year"), partial(FiguresTab, context), FiguresTab.show_year)
        registers: tuple[tuple[str, Callable[[], RegisterTab]], ...] = (
            (context.desk.profile.terms.extra.get("village_plan", tr("Village plan")), partial(plan_tab, context)),
            (tr("Facilities"), partial(facility_tab, context)),
            (tr("Contacts"), partial(contact_tab, context)),
            (tr("Trainings"), partial(activity_tab, context)),
            (tr("Sales"), partial(purchase_tab, context, self._sellers)),
        )
        self._registers = [self.tabs.add(title, make, self._fill) for title, make in registers]
        self._kind = self.tabs.add(tr("Kind"), partial(KindTab, context), KindTab.show_village)
        self.column.addWidget(self.tabs, 1)
        context.changes.changed.connect(self._on_changed)

    @property
    def overview(self) -> OverviewTab:
        """The charts."""
        return self._overview.widget

    @property
    def figures(self) -> FiguresTab:
        """The figures by year."""
        return self._figures.widget

    @property
    def registers(self) -> tuple[RegisterTab, ...]:
        """Plan, facilities, contacts, trainings, purchases."""
        return tuple(tab.widget for tab in self._registers)

    @property
    def kind(self) -> KindTab:
        """What kind of village it is."""
        return self._kind.widget

    def show_place(self, **place: Any) -> None:
        """Show everything as it is now; ``field`` is an indicator to be filled in (``indicators.bus``)."""
        field, year = str(place.get("field", "")), int(place.get("year") or 0)
        self.tabs.refresh()
        if year:
            self.figures.show_year(year)
        if field.startswith("indicators."):
            self.tabs.setCurrentIndex(_FIGURES)
            self.figures.show_year(0, field.partition(".")[2])

    def may_leave(self) -> bool:
        """Ask for every tab that holds unsaved typing."""
        return self.tabs.may_leave()

    def _fill(self, register: RegisterTab) -> None:
        self._sellers.refresh()
        register.show_all()

    def _on_changed(self, _change: object, initiator: object) -> None:
        if self.isVisible() and initiator not in self.tabs.made():
            self.show_place()
