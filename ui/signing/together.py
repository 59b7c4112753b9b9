"""One person signs many sheets: who, when, how, and on how many of them it is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.page import button, label
from villagedesk.policy.pack_steps import Signer
from villagedesk.services.signing_day import SigningRow
from villagedesk.text import say, tr


@dataclass(frozen=True)
class SigningOrder:
    """What is to be written down."""

    role: str
    person: str
    on: date | None
    mark: str


class TogetherCard(QFrame):
    """The form; ``record_wanted`` when it shall be written down for the sheets selected."""

    record_wanted = Signal()

    def __init__(
        self,
        roles: Sequence[Signer],
        mark_kinds: Mapping[str, str],
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._roles = {role.key: role for role in roles}
        self._words = mark_kinds
        self._rows: Sequence[SigningRow] = ()
        self.role = CodeField([Option(role.key, role.title) for role in roles])
        self.person = text_field(say("as known for each household"))
        self.on = date_field()
        self.mark = CodeField([])
        self._said = label("", "hint", wrap=True)
        self._record = button(
            say("Record on {n} {n:sheet|sheets}", n=0), "save", self.record_wanted.emit, kind="primary"
        )
        column = QVBoxLayout(self)
        column.addWidget(label(tr("One person signs many sheets"), "heading"))
        fields = (
            (tr("Who signs"), self.role), (tr("Name"), self.person),
            (tr("Signed on"), self.on), (tr("Mark"), self.mark),
        )  # fmt: skip
        column.addLayout(grid([FieldRow(title, editor) for title, editor in fields], 2))
        column.addWidget(self._said)
        column.addWidget(self._record)
        self.on.show_value(today())
        self.role.edited.connect(self._on_role)
        self.choose(roles[0].key)
        self._enter = NextOnEnter(self)
        self._enter.watch(self)

    @property
    def order(self) -> SigningOrder:
        """What stands in the form."""
        return SigningOrder(self.role.value(), self.person.value() or "", self.on.value(), self.mark.value())

    def choose(self, role: str) -> None:
        """Ask for the signature of this role."""
        self.role.show_value(role)
        self._on_role(role)

    def show_rows(self, rows: Sequence[SigningRow]) -> None:
        """The sheets it would be written down for."""
        self._rows = rows
        role = self.role.value()
        due = [each for each in rows if each.missing_of(role)]
        names = list(dict.fromkeys(each.signers.get(role, "") for each in due))
        known = names[0] if len(names) == 1 else ""
        if not self.person.isModified():
            household = role in self._roles and self._roles[role].level == "household"
            self.person.show_value("" if household else known)
        self._record.setText(tr("Record on {n} {n:sheet|sheets}", n=len(due)))
        self._record.setEnabled(bool(due))
        self._said.setText(self._hint(rows, due, names))

    def _hint(self, rows: Sequence[SigningRow], due: Sequence[SigningRow], names: Sequence[str]) -> str:
        early = sum(not each.ready for each in due)
        if not rows:
            return tr("Select the sheets in the list; with Ctrl or Shift several at once.")
        if early:
            return tr("{n} of these households {n:has|have} not come to the signing yet. Look at the dates.", n=early)
        if len(names) > 1:
            return tr("Left empty, each household's own signer is written down.")
        return ""

    def _on_role(self, role: str) -> None:
        kinds = self._roles[role].marks if role in self._roles else ()
        self.mark.offer([Option(key, self._words.get(key, key)) for key in kinds])
        self.mark.show_value(kinds[0] if kinds else "")
        self.person.setModified(False)
        self.show_rows(self._rows)
