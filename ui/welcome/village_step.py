"""Set-up, step 1: which village. Looked up in the division table, or typed when the table does not know it yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui.fields.lines import LineField, text_field
from ui.fields.rows import FieldRow, grid
from ui.jobs import Jobs
from ui.page import button, card, label, row
from ui.welcome.answers import VillageAnswer
from villagedesk.text import say, tr
from villagedesk.values import Step

if TYPE_CHECKING:
    from villagedesk.divisions import Division

_WAIT = 250  # milliseconds of rest before the table is searched
_MOST = 60


class VillageStep(QWidget):
    """Finds the village by words such as “商州 王村” or by the first digits of its code."""

    changed = Signal()
    entered = Signal()  # Enter was pressed and there is one village to go on with

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._asked = 0
        self._looking = self._entered = False  # for what was typed last; Enter was pressed before the answer
        self._province = QComboBox()
        self._province.setAccessibleName(tr("Province"))
        self._province.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._words = QLineEdit()
        self._words.setAccessibleName(tr("Name of the village"))
        self._words.setPlaceholderText(tr("County and village, for example: Shangzhou Wangcun"))
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Villages found"))
        self._said = label(tr("Choose the province, then type a part of the village's name."), "hint", wrap=True)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._on_rest)
        self._by_hand = ByHand()
        self._by_hand.hide()
        self._rest_below = QWidget()  # in place of the list, so that what is typed by hand stands together
        self._rest_below.hide()
        self._assemble()
        self._words.textChanged.connect(self._on_typed)
        self._province.currentIndexChanged.connect(self._on_typed)
        self._list.currentItemChanged.connect(self.changed)
        self._by_hand.changed.connect(self.changed)
        self.first = self._words
        self._jobs.papers(say("Reading the table of villages"), _provinces, self._on_provinces)

    @property
    def answer(self) -> VillageAnswer | None:
        """The village chosen or typed, None while neither is complete."""
        if self._by_hand.isVisible():
            return self._by_hand.answer
        item = self._list.currentItem()
        division: Division | None = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if division is None:
            return None
        return VillageAnswer(division.code, division.short_name, division.township, division.county, division.province)

    def enter(self) -> None:
        """Enter with no village chosen yet: to the villages found, as soon as the table has answered."""
        if self._by_hand.isVisible():
            self._by_hand.enter()
        elif self._looking:
            self._entered = True
        else:
            self._go_to_found()

    def search(self, province: str, words: str) -> None:
        """Look up ``words`` in the province with this two-digit code."""
        self._province.setCurrentIndex(max(0, self._province.findData(province)))
        self._words.setText(words)

    def _assemble(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self._province)
        line.addWidget(self._words, 1)
        missing = button(say("My village is not in the table"), "", self._on_missing, kind="link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self._said)
        column.addWidget(self._list, 1)
        column.addWidget(self._by_hand)
        column.addLayout(row(missing))
        column.addWidget(self._rest_below, 1)

    def _on_provinces(self, provinces: Sequence[Division]) -> None:
        self._province.addItem(tr("All provinces"), "")
        for province in provinces:
            self._province.addItem(province.name, province.code)

    def _on_typed(self) -> None:
        self._list.clear()  # what was found for other words is no answer any more
        self._looking, self._entered = bool(self._words.text().strip()), False
        self._asked += 1
        self._rest.start(_WAIT)
        self.changed.emit()

    def _on_rest(self) -> None:
        words, within = self._words.text().strip(), self._province.currentData() or ""
        if words:
            asked = self._asked
            self._said.setText(tr("Looking…"))
            self._jobs.papers(say("Looking for the village"), lambda _: (asked, _search(words, within)), self._on_found)

    def _on_found(self, answer: tuple[int, Sequence[Division]]) -> None:
        asked, found = answer
        if asked != self._asked:
            return
        self._looking = False
        self._list.clear()
        for division in found:
            item = QListWidgetItem(_line(division))
            item.setData(Qt.ItemDataRole.UserRole, division)
            self._list.addItem(item)
        self._said.setText(
            tr("{n} {n:village|villages} found. Choose yours.", n=len(found))
            if found
            else tr("No village found. Use fewer words, or another writing of the name.")
        )
        if len(found) == 1:
            self._list.setCurrentRow(0)
        self.changed.emit()
        if self._entered:
            self._entered = False
            self._go_to_found()

    def _go_to_found(self) -> None:
        if self._list.count() == 1:
            self.entered.emit()
        elif self._list.count():
            self._list.setFocus()
            self._list.setCurrentRow(0)

    def _on_missing(self) -> None:
        by_hand = not self._by_hand.isVisible()
        self._by_hand.setVisible(by_hand)
        for part in (self._said, self._list):
            part.setVisible(not by_hand)
        self._rest_below.setVisible(by_hand)
        (self._by_hand.first if by_hand else self.first).setFocus()
        self.changed.emit()


class ByHand(QWidget):
    """The village typed: code, village, township, county."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        labels = (tr("Village code (12 digits)"), tr("Village"), tr("Township"), tr("County"))
        self._lines: list[LineField] = [text_field() for _ in labels]
        rows = [FieldRow(name, line) for name, line in zip(labels, self._lines, strict=True)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card(grid(rows, 2)))
        self.first = self._lines[0]
        for line in self._lines:
            line.edited.connect(self._on_edited)

    def enter(self) -> None:
        """Enter before all is typed: to the first line that is still wanting."""
        wanting = (line for line in self._lines if not line.value())
        next(wanting, self._lines[0]).setFocus()

    @property
    def answer(self) -> VillageAnswer | None:
        """The village typed, None while something is missing."""
        code, name, township, county = (line.value() or "" for line in self._lines)
        complete = len(code) == 12 and code.isdecimal() and name and township and county
        return VillageAnswer(code, name, township, county, "") if complete else None

    def _on_edited(self, _value: Any) -> None:
        self.changed.emit()


def _line(division: Division) -> str:
    above = "  ".join(filter(None, (division.province, division.county, division.township)))
    return f"{division.name}    {above}    {division.code}"


def _provinces(_step: Step) -> Sequence[Division]:
    from villagedesk import divisions

    return divisions.children()


def _search(words: str, within: str) -> Sequence[Division]:
    from villagedesk import divisions

    return [found for found in divisions.search(words, _MOST * 2, within) if len(found.code) == 12][:_MOST]
