"""What Qt's own translation leaves in English: a few words of the dialog that chooses a file."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QObject, QTranslator

from villagedesk.text import Text, say

_GAPS: dict[str, Text] = {
    "&Look in:": say("Look in:"),
    "Files of &type:": say("Kind of file:"),
    "Folder": say("Folder"),
    "File Folder": say("Folder"),
    "File": say("File"),
    "%1 File": say("{kind} file", kind="%1"),
    "Drive": say("Drive"),
    "Alias": say("Link to a file"),
    "Shortcut": say("Link to a file"),
    "Unknown": say("Unknown kind"),
}


class QtWords(QTranslator):
    """Stands behind Qt's own translator and answers where that one does not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.setObjectName("qtwords")

    def isEmpty(self) -> bool:
        """Never, so that Qt asks it."""
        return False

    def translate(self, _context: str, source: str, _comment: str | None = None, _n: int = -1) -> str:
        """The word, or None: Qt then asks the next translator."""
        word = _GAPS.get(source)
        return cast("str", None if word is None else str(word))
