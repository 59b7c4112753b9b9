"""The by-hand tray: a person says whose page it is. Nothing that came in is ever thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.rows import FieldRow
from ui.page import button, card, label, row
from ui.scans.words import kind_word
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.scan_filing import ScanPlace, ScanRow


class ByHand(QWidget):
    """Household first, then which of its papers; or back into the tray."""

    file_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._to = ""
        self._household = CodeField([])
        self._paper = CodeField([])
        self._household.edited.connect(self._on_household)
        self._paper.edited.connect(self._on_paper)
        self._save = button(say("File the page"), "save", self._on_file, kind="primary")
        self._back = button(say("Back into the tray"), "undo", self._on_back)
        hint = tr("Type the name's initials to find the household. A sign-off sheet goes to the case of its year.")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(
            card(
                label(hint, "hint", wrap=True),
                FieldRow(tr("Household"), self._household),
                FieldRow(tr("Which paper"), self._paper),
                row(self._save, self._back),
                heading=tr("Whose page is this?"),
            )
        )
        column.addStretch(1)

    @property
    def subject(self) -> str:
        """The record the page shall be filed to, "" for the tray."""
        return self._to

    def show_page(self, shown: ScanRow) -> None:
        """Ask about one page."""
        desk = self._context.desk
        rows = desk.lists.every_household()
        self._household.offer([Option(each.id, f"{each.head or each.no}  {each.group}  {each.no}") for each in rows])
        self._household.show_value(shown.household.id if shown.household else "")
        self._on_household(self._household.value())
        self._paper.show_value(shown.scan.subject_id)
        self._on_paper(self._paper.value())
        self._back.setVisible(bool(shown.scan.subject_id))

    def _on_household(self, household_id: str) -> None:
        places = self._context.desk.scans.places(household_id) if household_id else ()
        self._paper.offer([Option(place.subject_id, _words(place)) for place in places])
        wanted = next((place.subject_id for place in places if place.kind == "exit"), "")
        self._paper.show_value(wanted)
        self._on_paper(wanted)

    def _on_paper(self, subject: str) -> None:
        self._save.setEnabled(bool(subject))

    def _on_file(self) -> None:
        self._to = self._paper.value()
        self.file_wanted.emit()

    def _on_back(self) -> None:
        self._to = ""
        self.file_wanted.emit()


def _words(place: ScanPlace) -> str:
    return f"{kind_word(place.kind, place.year)} {place.no}".strip()
