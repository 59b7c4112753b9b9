"""A finding accepted: why, by whom, from when, until when."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ui import style
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.page import label, set_tone
from villagedesk.drafts.notice import ExemptionDraft
from villagedesk.policy.checks.run import Finding
from villagedesk.text import tr


class ExemptionDialog(QDialog):
    """Asks for everything an exemption holds (DOMAIN §7)."""

    def __init__(self, finding: Finding, author: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Accept with a reason"))
        self._finding = finding
        self.reason, self.by, self.on, self.until = text_field(), text_field(), date_field(), date_field()
        self.by.show_value(author)
        self.on.show_value(today)
        self.until.show_value(today.replace(month=12, day=31))
        rows: list[FieldRow | tuple[FieldRow, int]] = [
            (FieldRow(tr("Why is this in order?"), self.reason), 3),
            FieldRow(tr("Who accepts the finding"), self.by),
            FieldRow(tr("On"), self.on),
            FieldRow(tr("Counts again after"), self.until),
        ]
        self._problem = label("", "hint", tone="problem", wrap=True)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Accept"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._on_accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(label(f"{finding.rule}  {finding.message}", wrap=True))
        column.addLayout(grid(rows, 3))
        column.addWidget(self._problem)
        column.addWidget(buttons)
        self.setMinimumWidth(style.letters() * 44)

    @property
    def draft(self) -> ExemptionDraft:
        """The exemption as it is typed."""
        return ExemptionDraft(
            rule=self._finding.rule,
            household_id=self._finding.household_id,
            member_id=self._finding.member_id,
            reason=(self.reason.value() or "").strip(),
            granted_by=(self.by.value() or "").strip(),
            granted_on=self.on.value(),
            expires_on=self.until.value(),
        )

    def _on_accept(self) -> None:
        draft = self.draft
        wrong = ""
        if not draft.reason or not draft.granted_by:
            wrong = tr("Enter the reason and who accepts it.")
        elif draft.expires_on and draft.granted_on and draft.expires_on < draft.granted_on:
            wrong = tr("It ends before it begins.")
        self._problem.setText(wrong)
        set_tone(self._problem, "problem")
        if not wrong:
            self.accept()
