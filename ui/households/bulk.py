"""One field of many households: choose it, see what would change, say why, accept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from ui import style
from ui.asking import Reading
from ui.context import Context
from ui.households.editors import editor
from ui.households.spec import HOUSEHOLD, LIVING
from ui.households.words import label_of, value_word
from ui.page import label, resize_dialog, row, set_tone
from ui.tables import Column, PagedTable, TableView
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Refused
from villagedesk.services.bulk import EDITABLE, BulkLine
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.desk import Desk

_BLANK = HouseholdDraft()
_SPECS = {spec.name: spec for part in (HOUSEHOLD, LIVING) for section in part for spec in section.fields}


class BulkDialog(QDialog):
    """Asks for field, value and reason, and shows every household that would change."""

    def __init__(self, context: Context, ids: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Change several households"))
        self._context = context
        self._ids = ids
        self._lines: Sequence[BulkLine] = ()
        self._reading = Reading(context, say("What would change"), self)
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
        self.reason.textChanged.connect(self._judge)
        self._reading.answered.connect(self._on_read)
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
        field, value, _reason = self.answer
        self._lines = ()
        self._judge()
        self._reading.ask(partial(_preview, self._context.desk, self._ids, field, value))

    def _on_read(self, found: Sequence[BulkLine] | Refused) -> None:
        refused = isinstance(found, Refused)
        self._lines = () if isinstance(found, Refused) else found
        self.model.show_rows(self._lines)
        set_tone(self._count, "problem" if refused else "")
        told = tr("{n} of {m} {m:household|households} would change.", n=len(self._lines), m=len(self._ids))
        self._count.setText(str(found) if refused else told)
        self._judge()

    def _judge(self, *_: object) -> None:
        self._accept.setEnabled(bool(self._lines and self.reason.text().strip()))


def _preview(desk: Desk, ids: Sequence[str], field: str, value: object) -> Sequence[BulkLine] | Refused:
    """What would change, or why nothing can: the dialog shows either in the same place."""
    try:
        return desk.bulk.preview(ids, field, value)
    except Refused as refusal:
        return refusal
