"""The village file: what stands on every paper of the village."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.fields.lines import NoteField, text_field
from ui.fields.rows import FieldRow, grid
from ui.page import card, row, scrolled
from ui.village.file import VillageFileTab
from villagedesk.text import tr


class VillageTab(VillageFileTab):
    """Edits the village file; code and policy stay as they were set up."""

    def fill(self) -> None:
        """Names, numbers and places."""
        self.column.addWidget(scrolled(self._form()))

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
        return card(grid(rows, 4), row(self.save_button))
