"""Every key of the program on one sheet (Ctrl+F1)."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from ui import style
from ui.page import card, label, resize_dialog, scrolled
from villagedesk.text import Text, say, tr

_KEYS: tuple[tuple[Text, tuple[tuple[str, Text], ...]], ...] = (
    (
        say("Everywhere"),
        (
            ("Ctrl+K", say("Find a person, a page, something to do")),
            ("Ctrl+1 … Ctrl+8", say("The groups of the navigation")),
            ("Ctrl+PgDown", say("Next page of the group")),
            ("Ctrl+PgUp", say("Page of the group before")),
            ("Ctrl+M", say("What can be done on this page")),
            ("Alt+Left", say("Back")),
            ("Alt+Right", say("Forward")),
            ("Ctrl+I", say("Import a roster")),
            ("Ctrl+N", say("New household")),
            ("Ctrl+Alt+Z", say("Last steps, to take one back")),
            ("Ctrl+Shift+P", say("Print papers")),
            ("Ctrl+P", say("Print what is shown")),
            ("Ctrl+Shift+S", say("Save as PDF")),
            ("Ctrl+L", say("Lock the desk")),
            ("Ctrl+Q", say("Quit")),
            ("Alt+Enter", say("What the message above the page offers")),
            ("F1", say("The manual, at this page")),
            ("Ctrl+F1", say("This sheet")),
        ),
    ),
    (
        say("In a form"),
        (
            ("Enter", say("Next field")),
            ("Shift+Enter", say("Field before")),
            ("Ctrl+S", say("Save")),
            ("Ctrl+Z", say("Step back")),
            ("Ctrl+Y", say("Step forward again")),
            ("Ctrl+Enter", say("Next new member")),
            ("Ctrl+E", say("Enter an event")),
            ("Ctrl+D", say("Leave out or take")),
            ("Ctrl+Tab", say("Next part of the form")),
            ("F4", say("Note on this field")),
            ("Shift+F1", say("Which document asks for it")),
            ("Ctrl+Shift+A", say("Picture of a visit")),
            ("Ctrl+V", say("A proof from the clipboard")),
        ),
    ),
    (
        say("In a list of codes"),
        (
            ("03", say("Type the code …")),
            ("yb", say("… or the pinyin initials (因病) …")),
            ("Alt+Down", say("… or open the list")),
            ("Delete", say("Not asked yet")),
        ),
    ),
    (
        say("Yes, no, not asked"),
        (("1  Y", say("Yes")), ("2  N", say("No")), ("0  Delete", say("Not asked"))),
    ),
)


_TWO = 56  # letters that two sheets side by side take


class KeyMap(QDialog):
    """The keys, by where they work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keyboard map"))
        sheets = QGridLayout()
        across = 2 if parent is None or parent.width() > style.letters() * _TWO else 1
        for number, (title, keys) in enumerate(_KEYS):
            sheets.addWidget(_sheet(str(title), keys), number // across, number % across)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        inner = QWidget()
        inner.setLayout(sheets)
        column = QVBoxLayout(self)
        column.addWidget(scrolled(inner), 1)
        column.addWidget(buttons)
        resize_dialog(self, 52, 48)


def _sheet(title: str, keys: tuple[tuple[str, Text], ...]) -> QWidget:
    lines = QGridLayout()
    for number, (key, meaning) in enumerate(keys):
        shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        lines.addWidget(label(shown if "+" in key and "…" not in key else key, "label"), number, 0)
        lines.addWidget(label(str(meaning)), number, 1)
    lines.setColumnStretch(1, 1)
    lines.setRowStretch(len(keys), 1)
    return card(lines, heading=title)
