"""The team: who serves, their days and leave, who helps which household."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from ui.binding import Binder
from ui.context import Context
from ui.page import Page
from ui.tabs import Tabs
from ui.team.days import DaysTab
from ui.team.members import MembersTab
from ui.team.pairings import PairingsTab
from villagedesk.text import say, tr

T = TypeVar("T", MembersTab, DaysTab, PairingsTab)

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
        self.tabs = Tabs()
        self._members = self.tabs.add(tr("Team members"), partial(self._make, MembersTab), _show_team)
        self._days = self.tabs.add(tr("Days and leave"), partial(self._make, DaysTab), DaysTab.show_days)
        self._pairings = self.tabs.add(tr("Pairings"), partial(self._make, PairingsTab), PairingsTab.show_pairings)
        self.column.addWidget(self.tabs, 1)

    @property
    def members(self) -> MembersTab:
        """Who serves."""
        return self._members.widget

    @property
    def days(self) -> DaysTab:
        """Days and leave."""
        return self._days.widget

    @property
    def pairings(self) -> PairingsTab:
        """Who helps which household."""
        return self._pairings.widget

    def show_place(self, **place: Any) -> None:
        """Show the tab in front or ``tab``.

        ``staff_id`` opens the days of a member; ``household_id`` is ready to be paired, ``helper_id`` to be changed.
        """
        staff_id = place.get("staff_id", "")
        self.tabs.refresh()
        if place.get("tab") in _TABS:
            self.tabs.setCurrentIndex(_TABS.index(place["tab"]))
        if staff_id:
            self.tabs.setCurrentIndex(_DAYS)
            self.days.show_days(staff_id)
        if self.tabs.currentIndex() == _PAIRINGS:
            self.pairings.choose(place.get("household_id", ""), place.get("helper_id", ""))

    def may_leave(self) -> bool:
        """Ask about a member or day that is not saved."""
        binders: list[Binder[Any]] = []
        if self._members.made is not None:
            binders.append(self._members.made.binder)
        if self._days.made is not None:
            binders.append(self._days.made.leave)
        if self._pairings.made is not None:
            binders.append(self._pairings.made.helper)
        if not any(binder.modified for binder in binders):
            return True
        answer = self._context.messages.ask_save(say("There are entries on this page that are not saved."))
        if answer == "drop":
            for binder in binders:
                binder.load(binder.draft)
        return answer == "drop" or (answer == "save" and self._save_all())

    def _save_all(self) -> bool:
        members, days, pairings = self._members.made, self._days.made, self._pairings.made
        if members is not None and members.binder.modified and not members.save():
            return False
        if days is not None and days.leave.modified:
            days.ask_leave()
        if pairings is not None and pairings.helper.modified:
            pairings.save_helper()
        return not ((days is not None and days.leave.modified) or (pairings is not None and pairings.helper.modified))

    def _make(self, kind: Callable[[Context], T]) -> T:
        made = kind(self._context)
        made.saved.connect(self._on_saved)
        return made

    def _on_saved(self, change: Any) -> None:
        for tab in (self._members, self._days, self._pairings):
            tab.outdate()
        self._context.tell_change(change, self)


def _show_team(tab: MembersTab) -> None:
    if not tab.binder.modified:
        tab.show_team()
