"""A clue: where it comes from, when, about whom, and what is feared. Who told it is not asked (DOMAIN §5.5, §8.3)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from ui.context import Context
from ui.fields.choices import CodeField, CodesField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import NoteField, date_field, digits_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.fields.yesno import YesNoField
from ui.page import card, label, resize_dialog, scrolled
from villagedesk.drafts.monitoring import MonitoringDraft
from villagedesk.text import say, tr

SOURCES = {
    "self": say("the household itself"), "visit": say("a visit of the team"),
    "department": say("a department's warning"),
    "hotline": say("the hotline"), "media": say("press or petition"),
}  # fmt: skip


class ClueDialog(QDialog):
    """The form of a clue."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Write down a clue"))
        desk = context.desk
        rules, codes = desk.profile.monitoring, desk.profile.codes
        rows = desk.lists.every_household()
        self.household = CodeField(
            [Option(each.id, f"{each.head or each.no}  {each.group}  {each.no}") for each in rows]
        )
        self.source = CodeField([Option(key, str(words)) for key, words in SOURCES.items()])
        self.found_on, self.contact, self.clue = date_field(), text_field(), NoteField(3)
        self.contact_phone, self.risk_note, self.no_labour = digits_field(), text_field(), YesNoField()
        self.disaster = CodeField([Option(code, word) for code, word in codes.choices("disaster")])
        classes = rules.classes if rules else ()
        self.kind = CodeField([Option(key, codes.word("monitoring_class", key)) for key in classes])
        self.risks = CodesField([Option(each.code, each.word) for each in codes.lists["risk"].entries])
        self._risks: tuple[str, ...] = ()
        self.risks.edited.connect(self._on_risks)
        self.found_on.show_value(desk.site.today())
        self.contact.show_value(desk.author)
        column = QVBoxLayout(self)
        hint = tr("Only what was seen or told about the household; no name of who told it, no diagnosis.")
        column.addWidget(label(hint, "hint", wrap=True))
        column.addWidget(scrolled(card(self._fields())), 1)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Write it down"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self._enter = NextOnEnter(self)
        self._enter.watch(self)
        resize_dialog(self, 48, 40)

    @property
    def draft(self) -> MonitoringDraft:
        """The clue as typed."""
        return replace(
            MonitoringDraft(),
            household_id=self.household.value(),
            clue_source=self.source.value(),
            found_on=self.found_on.value(),
            clue=self.clue.toPlainText().strip(),
            kind=self.kind.value(),
            risks=self._risks,
            disaster=self.disaster.value(),
            risk_note=self.risk_note.value() or "",
            no_labour=self.no_labour.value(),
            contact=self.contact.value() or "",
            contact_phone=self.contact_phone.value() or "",
        )

    def _fields(self) -> QWidget:
        made = QWidget()
        made.setLayout(
            grid(
                [
                    (FieldRow(tr("Household"), self.household), 2),
                    FieldRow(tr("Where the clue comes from"), self.source),
                    FieldRow(tr("Day of the clue"), self.found_on),
                    FieldRow(tr("Class"), self.kind),
                    FieldRow(tr("Whole household unable to work, supported"), self.no_labour),
                    FieldRow(tr("Who stays in touch"), self.contact),
                    FieldRow(tr("Phone"), self.contact_phone),
                    (FieldRow(tr("Risks (one to five)"), self.risks), 2),
                    FieldRow(tr("Which natural disaster"), self.disaster),
                    FieldRow(tr("What the other risk is"), self.risk_note),
                    (FieldRow(tr("What was seen or told"), self.clue), 2),
                ],
                2,
            )
        )
        return made

    def _on_risks(self, risks: tuple[str, ...]) -> None:
        self._risks = risks
