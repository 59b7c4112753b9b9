"""The set-up of a township's hub: which township, passphrase and folder, recovery sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from ui import style
from ui.fields.lines import text_field
from ui.fields.rows import FieldRow, grid
from ui.jobs import Jobs
from ui.messages import Messages
from ui.page import button, card, label, row
from ui.welcome.answers import HubSetUp
from ui.welcome.recovery_step import RecoveryStep
from ui.welcome.secret_step import SecretStep
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.divisions import Division
    from villagedesk.values import Step

_MOST = 60
_TOWNSHIP, _SECRET, _RECOVERY = range(3)
_QUESTIONS: tuple[Text, ...] = (
    say("Which township does this hub serve?"),
    say("Who works here, and what locks the hub?"),
    say("Put the recovery key away."),
)


class TownshipStep(QWidget):
    """Finds the township or county in the division table; name and code can also be typed, and a server named."""

    changed = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self.name, self.code, self.words, self.database = text_field(), text_field(), text_field(), text_field()
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Townships found"))
        look = button(say("Look it up"), "search", self._on_look)
        fields = [
            FieldRow(tr("County and township, for example: Sihong Jieji"), self.words),
            FieldRow(tr("Name of the township"), self.name),
            FieldRow(tr("Code, 9 digits; a county's six and 000"), self.code),
            FieldRow(
                tr("Database server, for county and province"),
                self.database,
                tr("Empty for a township: the records lie in the hub's folder. Else the address the office gave, "
                   "postgresql+psycopg://user@server/name; the password goes into the file .pgpass of your home "
                   "folder, never here."),
            ),
        ]  # fmt: skip
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card(grid(fields[:1], 1), row(look), self._list))
        column.addWidget(card(grid(fields[1:3], 2), grid(fields[3:], 1)))
        self._list.currentItemChanged.connect(self._on_chosen)
        self.words.returnPressed.connect(self._on_look)
        self.name.edited.connect(self.changed)
        self.code.edited.connect(self.changed)

    @property
    def complete(self) -> bool:
        """Whether a township is named."""
        code = str(self.code.value() or "")
        return bool(self.name.value()) and len(code) == 9 and code.isdecimal()

    def _on_look(self) -> None:
        words = str(self.words.value() or "")
        if words:
            self._jobs.papers(say("Looking for the township"), lambda step: _townships(words, step), self._on_found)

    def _on_found(self, found: Sequence[Division]) -> None:
        self._list.clear()
        for division in found:
            item = QListWidgetItem("  ".join(dict.fromkeys(filter(None, (
                division.name, division.county, division.province)))))  # fmt: skip
            item.setData(Qt.ItemDataRole.UserRole, division)
            self._list.addItem(item)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        division: Division | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if division is not None:
            self.name.show_value(division.name)
            self.code.show_value(f"{division.code}000"[:9])
            self.changed.emit()


class HubWizard(QWidget):
    """Asks, lets the hub be made, and shows the recovery key."""

    make_wanted = Signal(object)  # HubSetUp
    left = Signal()
    finished = Signal()
    print_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, jobs: Jobs, messages: Messages) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
        self.township, self.secret, self.recovery = TownshipStep(jobs), SecretStep(messages), RecoveryStep()
        self._steps = QStackedWidget()
        steps: tuple[Any, ...] = (self.township, self.secret, self.recovery)
        for step in steps:
            self._steps.addWidget(step)
            step.changed.connect(self._on_changed)
        self._question = label("", "title", wrap=True)
        self._back = button(say("Back"), "back", self._on_back)
        self.next = button(say("Next"), "", self._on_next, kind="primary")
        self.recovery.print_wanted.connect(self.print_wanted)
        self.recovery.save_wanted.connect(self.save_wanted)
        self._assemble()
        self.show_step(_TOWNSHIP)

    def show_step(self, step: int) -> None:
        """Show one question."""
        self._steps.setCurrentIndex(step)
        self._question.setText(str(_QUESTIONS[step]))
        self.setAccessibleName(self._question.text())
        self.next.setText(tr("Make the hub") if step == _SECRET else tr("Begin") if step == _RECOVERY else tr("Next"))
        self._back.setVisible(step != _RECOVERY)
        self._on_changed()

    def made(self, recovery_key: str) -> None:
        """The hub is made: show its recovery key."""
        self.recovery.show_key(recovery_key)
        self.show_step(_RECOVERY)

    def refused(self) -> None:
        """The hub was not made (the message bar says why): let the user change the answers."""
        self._on_changed()

    def _assemble(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._back)
        buttons.addStretch(1)
        buttons.addWidget(self.next)
        inner = QWidget()
        inner.setMaximumWidth(style.letters() * 68)
        column = QVBoxLayout(inner)
        column.setSpacing(style.letters())
        column.addWidget(self._question)
        column.addWidget(self._steps, 1)
        column.addLayout(buttons)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(style.letters() * 2, style.letters() * 2, style.letters() * 2, style.letters() * 2)
        whole.addStretch(1)
        whole.addWidget(inner, 20)
        whole.addStretch(1)

    def _on_changed(self) -> None:
        complete = (self.township.complete, self.secret.complete, self.recovery.complete)
        self.next.setEnabled(complete[self._steps.currentIndex()])

    def _on_back(self) -> None:
        step = self._steps.currentIndex()
        if step == _TOWNSHIP:
            self.left.emit()
        else:
            self.show_step(step - 1)

    def _on_next(self) -> None:
        step = self._steps.currentIndex()
        name, code = str(self.township.name.value() or ""), str(self.township.code.value() or "")
        if step == _RECOVERY:
            self.finished.emit()
        elif step == _SECRET:
            self.next.setEnabled(False)
            secret, database = self.secret, str(self.township.database.value() or "").strip()
            self.make_wanted.emit(HubSetUp(name, code, secret.author, secret.folder, secret.passphrase, database))
        else:
            self.secret.propose(name)
            self.show_step(_SECRET)


def _townships(words: str, _step: Step) -> Sequence[Division]:
    from villagedesk import divisions

    return [found for found in divisions.search(words, _MOST * 4) if len(found.code) in {6, 9}][:_MOST]
