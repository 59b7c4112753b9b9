"""Whom a course is about, and when it began."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.lines import date_field, whole_field
from ui.fields.rows import FieldRow
from ui.page import card, label
from villagedesk.text import tr


class BeginDialog(QDialog):
    """Household where the procedure is about one, year, day."""

    def __init__(self, context: Context, key: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        desk = context.desk
        self._today = desk.site.today()
        self._about_household = desk.courses.about_household(key)
        self.who, self.when, self.of_year = CodeField([]), date_field(), whole_field()
        self.when.show_value(self._today)
        self.of_year.show_value(self._today.year)
        parts: list[QWidget] = []
        if self._about_household:
            rows = desk.lists.every_household()
            self.who.offer([Option(one.id, f"{one.head or one.no}  {one.group}  {one.no}") for one in rows])
            hint = tr("A household that is not on file yet needs its file first: under Household files.")
            parts += [label(hint, "hint", wrap=True), FieldRow(tr("Household"), self.who)]
        parts += [FieldRow(tr("Year"), self.of_year), FieldRow(tr("Begun on"), self.when)]
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Begin"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(card(*parts))
        column.addWidget(buttons)
        self.setMinimumWidth(style.letters() * 32)

    @property
    def household(self) -> str:
        """The household chosen, "" where the course is about the village."""
        return self.who.value() if self._about_household else ""

    @property
    def year(self) -> int:
        """The year of the course."""
        return int(self.of_year.value() or self._today.year)

    @property
    def on(self) -> date:
        """The day it began."""
        return self.when.value() or self._today
