"""Settings: the village file, the policy and what the township has to confirm, the look, undo, the program itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QTabWidget, QWidget

from ui.context import Context
from ui.page import Page
from ui.settings.about import AboutTab
from ui.settings.acts import ActsTab
from ui.settings.look import LookTab
from ui.settings.policy import PolicyTab
from ui.settings.village import VillageTab
from villagedesk.text import tr

_TABS = ("village", "policy", "look", "acts", "about")


class SettingsPage(Page):
    """One tab a matter."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Settings"))
        self.village = VillageTab(context)
        self.policy = PolicyTab(context)
        self.acts = ActsTab(context)
        self.about = AboutTab(context)
        self.tabs = QTabWidget()
        tabs: tuple[tuple[QWidget, str], ...] = (
            (self.village, tr("Village and notices")), (self.policy, tr("Policy")),
            (LookTab(context), tr("Language and look")),
            (self.acts, tr("Last steps")), (self.about, tr("About the program")),
        )  # fmt: skip
        for tab, title in tabs:
            self.tabs.addTab(tab, title)
        self.tabs.setDocumentMode(True)
        self.column.addWidget(self.tabs, 1)

    def show_place(self, **place: Any) -> None:
        """Show the tab that ``field`` belongs to."""
        self.village.show_village()
        self.policy.show_policy()
        self.acts.show_acts()
        self.about.show_about()
        field = str(place.get("field", ""))
        if field:
            self.tabs.setCurrentIndex(_TABS.index(field) if field in _TABS else 0)

    def may_leave(self) -> bool:
        """Ask what shall happen to an unsaved village file."""
        return self.village.may_leave()
