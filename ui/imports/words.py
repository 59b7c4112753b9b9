"""Old words of a roster beside the words of today's code lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from ui.fields.choices import CodeField
from ui.households.editors import options
from ui.page import label, resize_dialog, scrolled
from villagedesk.policy.codes import CodeBook
from villagedesk.services.roster_reading import Reading
from villagedesk.text import tr

if TYPE_CHECKING:
    from villagedesk.services.roster_reading import UnknownWord


class WordsDialog(QDialog):
    """One line an unknown word; the box says which word of the list it means."""

    def __init__(self, words: Sequence[UnknownWord], codes: CodeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Words the lists do not know"))
        self._words = words
        self._codes = codes
        self.fields = [CodeField(options(codes, one.code_list)) for one in words]
        grid = QGridLayout()
        for number, (one, field) in enumerate(zip(words, self.fields, strict=True)):
            field.setAccessibleName(tr("What {word} means", word=one.word))
            grid.addWidget(label(one.heading, "label"), number, 0)
            grid.addWidget(label(tr("{word} ({n} {n:row|rows})", word=one.word, n=one.rows)), number, 1)
            grid.addWidget(field, number, 2)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(len(words), 1)
        inner = QWidget()
        inner.setLayout(grid)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Read with these words"), QDialogButtonBox.ButtonRole.AcceptRole).setObjectName("primary")
        buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        about = tr(
            "Say what each of these words means today. It is remembered for the next file with the same headings."
        )
        column.addWidget(label(about, "hint", wrap=True))
        column.addWidget(scrolled(inner), 1)
        column.addWidget(buttons)
        resize_dialog(self, 50, 30)

    def added_to(self, reading: Reading) -> Reading:
        """The reading with the words chosen here."""
        for one, field in zip(self._words, self.fields, strict=True):
            if field.value():
                reading = reading.with_words(one.heading, {one.word: self._codes.word(one.code_list, field.value())})
        return reading
