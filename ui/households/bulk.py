"""One field of many households: choose it, see what would change, say why, accept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.households.editors import editor
from ui.households.spec import HOUSEHOLD, LIVING
from ui.households.words import label_of, value_word
from ui.page import label, resize_dialog, row, set_tone
from ui.tables import Column, PagedTable, TableView
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import VillageDeskError
from villagedesk.services.bulk import EDITABLE, BulkLine
from villagedesk.text import say, tr

_BLANK = HouseholdDraft()
_SPECS = {spec.name: spec for part in (HOUSEHOLD, LIVING) for section in part for spec in section.fields}


class BulkDialog(QDialog):
    """Asks for field, value and reason, and shows every household that would change."""

    def __init__(self, context: Context, ids: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Change several households"))
        self._context = context
        self._ids = ids
        codes = context.desk.profile.codes
        self.field = QComboBox()
        self.field.setAccessibleName(tr("Field"))
        self._values = QStackedWidget()
        self._editors: list[Any] = []
        for name in EDITABLE:
            made: Any = editor(_SPECS[name], codes)
            made.setAccessibleName(tr("New value"))
            made.show_value(getattr(_BLANK, name))
            made.edited.connect(self._show)
            self._editors.append(made)
            self._values.addWidget(made)
            self.field.addItem(label_of(name), name)
        self._values.setMaximumHeight(style.letters() * 2 + 8)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("Why"))
        self.reason.setPlaceholderText(tr("Why do these households change?"))
        self._count = label("", "hint", wrap=True)
        self.model = PagedTable[BulkLine](self._columns(), self)
        self._assemble()
        self.field.currentIndexChanged.connect(self._on_field)
        self.reason.textChanged.connect(self._show)
        self._show()

    @property
    def answer(self) -> tuple[str, Any, str]:
        """Field, value and reason."""
        at = self.field.currentIndex()
        return str(self.field.currentData()), self._editors[at].value(), self.reason.text().strip()

    def choose(self, field: str, value: Any) -> None:
        """Put the cursor on ``field`` and ``value`` into its editor."""
        self.field.setCurrentIndex(self.field.findData(field))
        self._editors[self.field.currentIndex()].show_value(value)
        self._show()

    def _columns(self) -> Sequence[Column[BulkLine]]:
        codes = self._context.desk.profile.codes

        def word(value: Any) -> str:
            return value_word(str(self.field.currentData()), value, codes)

        return (
            Column(say("Household"), lambda line: line.no, 12),
            Column(say("Head"), lambda line: line.head, 9),
            Column(say("Now"), lambda line: word(line.old), 14, tone=lambda _: "muted"),
            Column(say("Then"), lambda line: word(line.new), 14),
        )

    def _assemble(self) -> None:
        buttons = QDialogButtonBox()
        self._accept = buttons.addButton(tr("Change"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._accept.setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(row(label(tr("Field"), "label"), self.field, label(tr("New value"), "label"), self._values))
        column.addWidget(self._count)
        column.addWidget(TableView(self.model, tr("What would change")), 1)
        column.addWidget(self.reason)
        column.addWidget(buttons)
        resize_dialog(self, 52, 34)

    def _on_field(self) -> None:
        self._values.setCurrentIndex(self.field.currentIndex())
        self._show()

    def _show(self, *_: object) -> None:
        field, value, reason = self.answer
        try:
            lines = self._context.desk.bulk.preview(self._ids, field, value)
        except VillageDeskError as error:
            self.model.show_rows(())
            self._count.setText(str(error))
            set_tone(self._count, "problem")
            self._accept.setEnabled(False)
            return
        self.model.show_rows(lines)
        set_tone(self._count, "")
        self._count.setText(tr("{n} of {m} households would change.", n=len(lines), m=len(self._ids)))
        self._accept.setEnabled(bool(lines and reason))
