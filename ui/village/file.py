"""The village file on a tab: shown, typed in, saved. Which of its fields stand there is the tab's own."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.forms import attempt
from ui.page import button
from villagedesk.drafts.team import VillageDraft
from villagedesk.text import say, tr


class VillageFileTab(QWidget):
    """Edits a part of the village file. Tabs add their fields to ``column`` and bind them."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.binder = Binder(VillageDraft(), lambda _: (), self)
        self.save_button = button(say("Save"), "save", self.save, kind="primary", key="Ctrl+S")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, style.letters() // 2, 0, 0)
        self.fill()
        self._enter = NextOnEnter(self)
        self._enter.watch(self)
        self.binder.changed.connect(lambda: self.save_button.setEnabled(self.binder.modified))

    def fill(self) -> None:
        """Put the tab's fields into ``column``."""
        raise NotImplementedError

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
        team = self._context.desk.team
        change = attempt(
            self._context.messages, lambda: team.save_village(self.binder.draft, tr("entered in the form")), self.binder
        )
        if change is None:
            return False
        self.binder.load(self._context.desk.village)
        self._context.messages.tell(say("Saved."), "ok")
        self._context.tell_change(change, self)
        return True
