"""What kind of village it is: its class, ground, planned exit, direction, rules of the village."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.households.editors import section_card
from ui.households.spec import FieldSpec as F
from ui.households.spec import Section
from ui.page import button, row, scrolled
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr

VILLAGE = Section(say("Kind of village"), (
    F("kind", say("Class of the village"), "code", "village_kind"),
    F("terrain", say("Ground"), "code", "terrain"),
    F("planned_exit_year", say("Exit planned for"), "whole"),
    F("exited_year", say("Exited in"), "whole"),
    F("direction", say("Direction of development"), span=4),
    F("covenant", say("Village rules and customs"), "note", span=4,
      hint=say("The text the villagers agreed on, or where it hangs.")),
))  # fmt: skip


class KindTab(QWidget):
    """Edits the part of the village file that is no figure; names and phones stand in the settings."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.binder = Binder(VillageDraft(), lambda _: (), self)
        self._save = button(say("Save"), "save", self.save, kind="primary", key="Ctrl+S")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        codes = context.desk.profile.codes
        column.addWidget(scrolled(section_card(VILLAGE, codes, self.binder, lambda _: True)), 1)
        column.addLayout(row(self._save))
        self._enter = NextOnEnter(self)
        self._enter.watch(self)
        self.binder.changed.connect(self._on_changed)

    def show_village(self) -> None:
        """Show what is stored, unless something is being typed."""
        if not self.binder.modified:
            self.binder.load(self._context.desk.village)

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        if not self.binder.modified:
            return True
        answer = self._context.messages.ask_save(say("The village file has changes that are not saved."))
        if answer == "drop":
            self.binder.load(self._context.desk.village)
        return answer == "drop" or (answer == "save" and self.save())

    def save(self) -> bool:
        """Save the village file."""
        if self.binder.problems:
            self.binder.show_problems()
            return False
        try:
            change = self._context.desk.team.save_village(self.binder.draft, tr("entered in the form"))
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return False
        self.binder.load(self._context.desk.village)
        self._context.messages.tell(say("Saved."), "ok")
        self._context.tell_change(change, self)
        return True

    def _on_changed(self) -> None:
        self._save.setEnabled(self.binder.modified)
