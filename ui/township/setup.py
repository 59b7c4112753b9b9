"""The set-up of a township's hub: which township, passphrase and folder, recovery sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui import style
from ui.fields.lines import text_field
from ui.fields.rows import FieldRow, grid
from ui.jobs import Jobs
from ui.messages import Messages
from ui.page import button, card, label, row, scrolled
from ui.welcome.answers import HubSetUp
from ui.welcome.questions import Questions
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.divisions import Division
    from villagedesk.values import Step

_MOST = 60
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
        self._said = label("", "hint", wrap=True)
        self._said.hide()
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
        self._list.setMinimumHeight(style.letters() * 8)
        column.addWidget(
            scrolled(
                card(grid(fields[:1], 1), row(look), self._said, self._list),
                card(grid(fields[1:3], 2), grid(fields[3:], 1)),
            )
        )
        self.first = self.words
        self._list.currentItemChanged.connect(self._on_chosen)
        self.name.edited.connect(self.changed)
        self.code.edited.connect(self.changed)

    @property
    def complete(self) -> bool:
        """Whether a township is named."""
        code = str(self.code.value() or "")
        return bool(self.name.value()) and len(code) == 9 and code.isdecimal()

    def enter(self) -> None:
        """Enter looks up what was typed."""
        self._on_look()

    def _on_look(self) -> None:
        words = str(self.words.value() or "")
        if words:
            self._say(tr("Looking…"))
            self._jobs.papers(say("Looking for the township"), lambda step: _townships(words, step), self._on_found)

    def _on_found(self, found: Sequence[Division]) -> None:
        self._list.clear()
        for division in found:
            item = QListWidgetItem("  ".join(dict.fromkeys(filter(None, (
                division.name, division.county, division.province)))))  # fmt: skip
            item.setData(Qt.ItemDataRole.UserRole, division)
            self._list.addItem(item)
        if found:
            self._say(tr("{n} {n:place|places} found. Choose yours.", n=len(found)))
            self._list.setCurrentRow(0)
            self._list.setFocus()
        else:
            self._say(tr("Nothing found. Use fewer words, or type name and code below."))

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.show()

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        division: Division | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if division is not None:
            self.name.show_value(division.name)
            self.code.show_value(f"{division.code}000"[:9])
            self.changed.emit()


class HubWizard(Questions):
    """Asks for the township; ``make_wanted`` carries a HubSetUp."""

    topic = "township"

    def __init__(self, jobs: Jobs, messages: Messages) -> None:
        self.township = TownshipStep(jobs)
        super().__init__(messages, (self.township,), _QUESTIONS, say("Make the hub"))
        self.assemble()
        self.show_step(0)

    def answered(self, step: int) -> bool:
        """Whether a township is named."""
        return not step and self.township.complete

    def make(self) -> None:
        """Let the hub be made."""
        name, code = str(self.township.name.value() or ""), str(self.township.code.value() or "")
        secret, database = self.secret, str(self.township.database.value() or "").strip()
        self.make_wanted.emit(HubSetUp(name, code, secret.author, secret.folder, secret.passphrase, database))

    def go_on(self, step: int) -> None:
        """The township proposes the name of its folder."""
        self.secret.propose(str(self.township.name.value() or ""))
        self.show_step(step + 1)


def _townships(words: str, _step: Step) -> Sequence[Division]:
    from villagedesk import divisions

    return [found for found in divisions.search(words, _MOST * 4) if len(found.code) in {6, 9}][:_MOST]
