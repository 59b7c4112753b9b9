"""What kind of village it is: its class, ground, planned exit, direction, rules of the village."""

from __future__ import annotations

from ui.households.editors import section_card
from ui.households.spec import FieldSpec as F
from ui.households.spec import Section
from ui.page import row, scrolled
from ui.village.file import VillageFileTab
from villagedesk.text import say

VILLAGE = Section(say("Kind of village"), (
    F("kind", say("Class of the village"), "code", "village_kind"),
    F("terrain", say("Ground"), "code", "terrain"),
    F("planned_exit_year", say("Exit planned for"), "whole"),
    F("exited_year", say("Exited in"), "whole"),
    F("direction", say("Direction of development"), span=4),
    F("covenant", say("Village rules and customs"), "note", span=4,
      hint=say("The text the villagers agreed on, or where it hangs.")),
))  # fmt: skip


class KindTab(VillageFileTab):
    """Edits the part of the village file that is no figure; names and phones stand in the settings."""

    def fill(self) -> None:
        """The one card."""
        codes = self._context.desk.profile.codes
        self.column.addWidget(scrolled(section_card(VILLAGE, codes, self.binder, lambda _: True)), 1)
        self.column.addLayout(row(self.save_button))
