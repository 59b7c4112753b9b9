"""Settings: the village file, the policy and what the township has to confirm, the look, undo, the program itself."""

from __future__ import annotations

from functools import partial
from typing import Any

from ui.context import Context
from ui.page import Page
from ui.settings.about import AboutTab
from ui.settings.acts import ActsTab
from ui.settings.look import LookTab
from ui.settings.policy import PolicyTab
from ui.settings.village import VillageTab
from ui.tabs import Tabs
from villagedesk.text import tr

_TABS = ("village", "policy", "look", "acts", "about")


class SettingsPage(Page):
    """One tab a matter."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Settings"))
        self.tabs = Tabs()
        village = self.tabs.add(tr("Village and notices"), partial(VillageTab, context), VillageTab.show_village)
        policy = self.tabs.add(tr("Policy"), partial(PolicyTab, context), PolicyTab.show_policy)
        self.tabs.add(tr("Language and look"), partial(LookTab, context))
        acts = self.tabs.add(tr("Last steps"), partial(ActsTab, context), ActsTab.show_acts)
        about = self.tabs.add(tr("About the program"), partial(AboutTab, context), AboutTab.show_about)
        self._village, self._policy, self._acts, self._program = village, policy, acts, about
        self.column.addWidget(self.tabs, 1)

    @property
    def village(self) -> VillageTab:
        """The village file."""
        return self._village.widget

    @property
    def policy(self) -> PolicyTab:
        """The scheme, and what is not confirmed of it."""
        return self._policy.widget

    @property
    def acts(self) -> ActsTab:
        """The last steps, to take one back."""
        return self._acts.widget

    @property
    def about(self) -> AboutTab:
        """The program itself."""
        return self._program.widget

    def show_place(self, **place: Any) -> None:
        """Show the tab that ``field`` belongs to."""
        field = str(place.get("field", ""))
        if field:
            self.tabs.setCurrentIndex(_TABS.index(field) if field in _TABS else 0)
        self.tabs.refresh()

    def may_leave(self) -> bool:
        """Ask what shall happen to an unsaved village file."""
        return self.tabs.may_leave()
