"""A paper, scan or photograph that one side of a conflict rests on, opened to look at; nothing can be changed in it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from ui.page import label, resize_dialog
from ui.pdfview import SheetArea
from villagedesk.text import tr

_PDF = "application/pdf"


class ProofDialog(QDialog):
    """Shows one proof; Escape closes it."""

    def __init__(self, title: str, data: bytes, media_type: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._picture = QPixmap()
        self._shown = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._shown.setMinimumSize(1, 1)
        self._shown.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.addWidget(label(title, "heading", wrap=True))
        if media_type == _PDF:
            sheets = SheetArea()
            sheets.show_pdf(data)
            column.addWidget(sheets, 1)
        else:
            self._picture.loadFromData(data)
            column.addWidget(self._shown, 1)
        buttons = QDialogButtonBox()
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        resize_dialog(self, 60, 46)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep a picture as large as there is room."""
        super().resizeEvent(event)
        if not self._picture.isNull():
            self._shown.setPixmap(
                self._picture.scaled(self._shown.size(), Qt.AspectRatioMode.KeepAspectRatio,
                                     Qt.TransformationMode.SmoothTransformation)
            )  # fmt: skip
