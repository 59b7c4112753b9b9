"""What the columns of a roster mean: each heading, a cell of it, and the field it fills, by the keyboard or dragged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.imports.drag import FieldBox, FieldList
from ui.page import label, resize_dialog, scrolled
from villagedesk.services.roster_reading import FoundColumn, Reading, RosterLook
from villagedesk.text import Text, say, tr

_KEEP, _LEAVE = "*", ""
_FATES: dict[str, Text] = {
    "taken": say("taken"),
    "kept": say("kept as it is"),
    "dropped": say("never stored"),
    "ignored": say("left out"),
}


class ColumnsDialog(QDialog):
    """One line a column; the box says which field it fills."""

    def __init__(self, look: RosterLook, fields: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Columns of the file"))
        self._look = look
        self._fields = fields
        self.boxes: dict[str, FieldBox] = {}
        self.open_fields = FieldList()
        self._assemble()
        for box in self.boxes.values():
            box.currentIndexChanged.connect(self._show_open)
        self._show_open()
        resize_dialog(self, 66, 38)

    def _assemble(self) -> None:
        about = label(
            tr(
                "Say which field each column fills: type the first letters of the field, or drag it from the right. "
                "This is remembered for the next file with the same headings."
            ),
            "hint",
            wrap=True,
        )
        missing = label("\n".join(self._look.missing), "hint", tone="problem", wrap=True)
        missing.setVisible(bool(self._look.missing))
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Read with these columns"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName(
            "primary"
        )
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        inner = QWidget()
        inner.setLayout(self._lines())
        column = QVBoxLayout(self)
        for widget in (about, missing):
            column.addWidget(widget)
        beside = QVBoxLayout()
        beside.addWidget(label(tr("Fields no column fills yet"), "label"))
        beside.addWidget(self.open_fields, 1)
        both = QHBoxLayout()
        both.addWidget(scrolled(inner), 3)
        both.addLayout(beside, 1)
        column.addLayout(both, 1)
        column.addWidget(buttons)

    @property
    def reading(self) -> Reading:
        """What was chosen; columns left as they were found are not part of it."""
        columns = dict(self._look.reading.columns)
        for found in self._look.columns:
            chosen = self.boxes[found.heading].currentData()
            if chosen == self._before(found):
                continue
            columns.pop(found.heading, None)
            if chosen != _KEEP:
                columns[found.heading] = chosen
        return Reading(columns, self._look.reading.values, self._look.reading.header_row)

    def choose(self, heading: str, path: str) -> None:
        """Let a column fill a field."""
        box = self.boxes[heading]
        box.setCurrentIndex(box.findData(path))

    def _show_open(self) -> None:
        filled = {box.currentData() for box in self.boxes.values()}
        self.open_fields.show_fields([(path, word) for path, word in self._fields if path not in filled])

    def _lines(self) -> QGridLayout:
        grid = QGridLayout()
        for at, title in enumerate((tr("Column"), tr("A cell of it"), tr("Fills the field"), "")):
            grid.addWidget(label(title, "label"), 0, at)
        for number, found in enumerate(self._look.columns, 1):
            self.boxes[found.heading] = self._box(found)
            grid.addWidget(label(f"{found.letter}  {found.heading}"), number, 0)
            grid.addWidget(label(found.sample[:24], "hint"), number, 1)
            grid.addWidget(self.boxes[found.heading], number, 2)
            grid.addWidget(label(str(_FATES[found.fate]), "hint"), number, 3)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(self._look.columns) + 1, 1)
        return grid

    def _box(self, found: FoundColumn) -> FieldBox:
        box = FieldBox()
        box.setAccessibleName(tr("Field of the column {heading}", heading=found.heading))
        box.addItem(tr("keep as it is"), _KEEP)
        box.addItem(tr("leave out"), _LEAVE)
        for path, word in self._fields:
            box.addItem(word, path)
        box.setCurrentIndex(max(0, box.findData(self._before(found))))
        box.setEnabled(found.fate != "dropped")
        return box

    def _before(self, found: FoundColumn) -> str:
        return found.path or (_LEAVE if found.fate == "ignored" else _KEEP)
