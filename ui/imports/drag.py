"""Fields that are dragged onto the column that fills them; the keyboard chooses the same in the column's own box."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QListWidget, QListWidgetItem

from villagedesk.text import tr

_MIME = "application/x-villagedesk-field"


class FieldList(QListWidget):
    """The fields that no column fills yet, to be dragged onto a column."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Fields no column fills yet"))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def show_fields(self, fields: Sequence[tuple[str, str]]) -> None:
        """Show these: path and label of each."""
        self.clear()
        for path, word in fields:
            item = QListWidgetItem(word)
            item.setData(Qt.ItemDataRole.UserRole, path)
            self.addItem(item)

    def mimeTypes(self) -> list[str]:
        """What is dragged: a field."""
        return [_MIME]

    def mimeData(self, items: Sequence[QListWidgetItem]) -> QMimeData:
        """The field taken hold of."""
        data = QMimeData()
        if items:
            data.setData(_MIME, str(items[0].data(Qt.ItemDataRole.UserRole)).encode())
        return data


class FieldBox(QComboBox):
    """The field a column fills; a field dropped here is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take fields, nothing else."""
        if event.mimeData().hasFormat(_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """As on entering."""
        if event.mimeData().hasFormat(_MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Choose the field dropped."""
        at = self.findData(bytes(event.mimeData().data(_MIME).data()).decode())
        if at >= 0:
            self.setCurrentIndex(at)
            event.acceptProposedAction()
