"""Calling a meeting: what it decides, on whom, and the day on which people were told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow
from ui.page import card, label, resize_dialog, scrolled
from villagedesk.drafts.exit import EvaluationDraft
from villagedesk.services.evaluations import Subject
from villagedesk.text import tr


class CallDialog(QDialog):
    """The matter, the households of the agenda (all of them until unticked), day of calling, place."""

    def __init__(self, context: Context, matters: Mapping[str, str], year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Call a meeting"))
        self._context, self._year = context, year
        self.matter, self.called_on, self.place = CodeField([]), date_field(), text_field()
        self.matter.offer([Option(key, title) for key, title in matters.items()])
        self.called_on.show_value(context.desk.site.today())
        self.place.show_value("")
        self.boxes: dict[str, QCheckBox] = {}
        self._agenda = QWidget()
        self._lines = QVBoxLayout(self._agenda)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Call the meeting"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        rows = (
            FieldRow(tr("What it decides"), self.matter), FieldRow(tr("Called on"), self.called_on),
            FieldRow(tr("Place"), self.place),
        )  # fmt: skip
        column.addWidget(card(*rows))
        column.addWidget(scrolled(self._agenda), 1)
        column.addWidget(buttons)
        self.matter.edited.connect(self._on_matter)
        self.matter.show_value(next(iter(matters), ""))
        self._on_matter(self.matter.value())
        resize_dialog(self, 40, 34)

    @property
    def answer(self) -> EvaluationDraft:
        """The meeting as it is called."""
        chosen = tuple(key for key, box in self.boxes.items() if box.isChecked())
        return EvaluationDraft(
            year=self._year, matter=self.matter.value(), subject_ids=chosen, called_on=self.called_on.value(),
            place=str(self.place.value() or ""),
        )  # fmt: skip

    def _on_matter(self, matter: str) -> None:
        self._show(self._context.desk.evaluations.waiting(matter, self._year) if matter else ())

    def _show(self, subjects: Sequence[Subject]) -> None:
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        self.boxes = {}
        for subject in subjects:
            home = subject.household
            box = QCheckBox(f"{home.group}  {home.head.name if home.head else home.no}")
            box.setChecked(True)
            self.boxes[subject.case_id] = box
            self._lines.addWidget(box)
        if not subjects:
            hint = tr("No household stands before this meeting. Visit and check them first; then they stand here.")
            self._lines.addWidget(label(hint, "hint", wrap=True))
        self._lines.addStretch(1)
