"""The village file: what stands on every paper of the village."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.fields.lines import NoteField, text_field
from ui.fields.rows import FieldRow, grid
from ui.page import button, card, row, scrolled
from villagedesk.drafts.team import VillageDraft
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr


class VillageTab(QWidget):
    """Edits the village file; code and policy stay as they were set up."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.binder = Binder(VillageDraft(), lambda _: (), self)
        self._save = button(say("Save"), "save", self.save, kind="primary", key="Ctrl+S")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        column.addWidget(scrolled(self._form()))
        self._enter = NextOnEnter(self)
        self._enter.watch(self)
        self.binder.changed.connect(self._on_changed)

    def show_village(self) -> None:
        """Show what is stored, unless something is being typed."""
        if not self.binder.modified:
            self.binder.load(self._context.desk.team.village())

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        if not self.binder.modified:
            return True
        answer = self._context.messages.ask_save(say("The village file has changes that are not saved."))
        if answer == "drop":
            self.binder.load(self._context.desk.team.village())
        return answer == "drop" or (answer == "save" and self.save())

    def save(self) -> bool:
        """Save the village file."""
        if self.binder.problems:
            self.binder.show_problems()
            return False
        try:
            change = self._context.desk.team.save_village(self.binder.draft, tr("entered in the settings"))
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return False
        self.binder.load(self._context.desk.team.village())
        self._context.tell_change(change, self)
        self._context.messages.tell(say("Saved."), "ok")
        return True

    def _form(self) -> QWidget:
        fields: tuple[tuple[str, str, QWidget, int], ...] = (
            ("name", tr("Village"), text_field(), 1),
            ("township", tr("Township"), text_field(), 1),
            ("county", tr("County"), text_field(), 1),
            ("issuer", tr("Who signs the notices"), text_field(), 1),
            ("notice_places", tr("Where notices hang"), text_field(), 1),
            ("phones", tr("Office numbers on notices (village, township)"), text_field(), 1),
            ("note", tr("Note"), NoteField(2), 4),
        )
        rows: list[FieldRow | tuple[FieldRow, int]] = []
        for name, title, editor, span in fields:
            made = FieldRow(title, editor)
            self.binder.bind(name, made)
            rows.append((made, span))
        return card(grid(rows, 4), row(self._save))

    def _on_changed(self) -> None:
        self._save.setEnabled(self.binder.modified)
