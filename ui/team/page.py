"""The team: who serves, their days and leave, who helps which household."""

from __future__ import annotations

from typing import Any

from ui.binding import Binder
from ui.context import Context
from ui.page import Page
from ui.team.days import DaysTab
from ui.team.members import MembersTab
from ui.team.pairings import PairingsTab
from ui.tight import TightTabs
from villagedesk.text import say, tr

_MEMBERS, _DAYS, _PAIRINGS = range(3)
_TABS = ("members", "days", "pairings")


class TeamPage(Page):
    """Members, days, pairings."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            str(context.desk.profile.terms.team),
            tr("A day is what its person writes of it; nobody clocks in and nobody is located."),
        )
        self._context = context
        self.members, self.days, self.pairings = MembersTab(context), DaysTab(context), PairingsTab(context)
        self.tabs = TightTabs()
        self.tabs.addTab(self.members, tr("Team members"))
        self.tabs.addTab(self.days, tr("Days and leave"))
        self.tabs.addTab(self.pairings, tr("Pairings"))
        self.column.addWidget(self.tabs, 1)
        self.tabs.currentChanged.connect(self._show_tab)
        for tab in (self.members, self.days, self.pairings):
            tab.saved.connect(self._on_saved)

    def show_place(self, **place: Any) -> None:
        """Show the tab in front or ``tab``.

        ``staff_id`` opens the days of a member; ``household_id`` is ready to be paired, ``helper_id`` to be changed.
        """
        staff_id = place.get("staff_id", "")
        if place.get("tab") in _TABS:
            self.tabs.setCurrentIndex(_TABS.index(place["tab"]))
        if staff_id:
            self.tabs.setCurrentIndex(_DAYS)
            self.days.show_days(staff_id)
        self._show_tab(self.tabs.currentIndex())
        if self.tabs.currentIndex() == _PAIRINGS:
            self.pairings.choose(place.get("household_id", ""), place.get("helper_id", ""))

    def may_leave(self) -> bool:
        """Ask about a member or day that is not saved."""
        binders: tuple[Binder[Any], ...] = (self.members.binder, self.days.leave, self.pairings.helper)
        if not any(binder.modified for binder in binders):
            return True
        answer = self._context.messages.ask_save(say("There are entries on this page that are not saved."))
        if answer == "drop":
            for binder in binders:
                binder.load(binder.draft)
        return answer == "drop" or (answer == "save" and self._save_all())

    def _save_all(self) -> bool:
        if self.members.binder.modified and not self.members.save():
            return False
        for binder, save in (
            (self.days.leave, self.days.ask_leave), (self.pairings.helper, self.pairings.save_helper),
        ):  # fmt: skip
            if binder.modified:
                save()
                if binder.modified:
                    return False
        return True

    def _show_tab(self, number: int) -> None:
        if number == _DAYS:
            self.days.show_days()
        elif number == _PAIRINGS:
            self.pairings.show_pairings()
        elif not self.members.binder.modified:
            self.members.show_team()

    def _on_saved(self, change: Any) -> None:
        self._context.tell_change(change, self)
