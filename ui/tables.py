"""Tables of any length: the keys of all rows at hand, the rows themselves fetched a window at a time (TECH §5.4).

Sorting and filtering are questions to the core, never done here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QIcon, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from ui import style
from villagedesk.text import Text

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_TONE = int(Qt.ItemDataRole.ForegroundRole)
_SIGN = int(Qt.ItemDataRole.DecorationRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
ROW = int(Qt.ItemDataRole.UserRole)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ROOT = QModelIndex()
_WINDOW = 128
_KEPT = 24  # windows in memory
_MEASURED = 24  # rows a column is measured by
_FEWEST = 4  # lines that a table shows at least, its head among them
_SHORT = 9  # letters; what is longer may be shortened


@dataclass(frozen=True)
class Column(Generic[R]):
    """A column: what stands in it for a row, and by what it can be sorted ("" when it cannot)."""

    title: Text | str
    show: Callable[[R], str]
    width: int = 8  # letters
    sort: str = ""
    right: bool = False
    tone: Callable[[R], str] | None = None  # ok | warn | problem | muted | ""
    sign: Callable[[R], QIcon | None] | None = None
    tip: Callable[[R], str] | None = None
    whole: bool = False  # never shortened: digits that are read out


Fetch = Callable[[Sequence[Any]], Sequence[Any]]
"""Keys → their rows in the same order; None for a row that is gone."""


class PagedTable(QAbstractTableModel, Generic[R]):
    """Rows by key. A row that vanished meanwhile is shown empty until the list is asked again."""

    sort_wanted = Signal(str, bool)

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._keys: Sequence[Any] = ()
        self._fetch: Fetch = lambda keys: [None for _ in keys]
        self._windows: OrderedDict[int, Sequence[R | None]] = OrderedDict()
        self._places: Mapping[Any, int] | None = None

    def show_keys(self, keys: Sequence[Any], fetch: Fetch) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._keys, self._fetch, self._places = keys, fetch, None
        self._windows.clear()
        self.endResetModel()

    def show_rows(self, rows: Sequence[R]) -> None:
        """Show a short list that is at hand."""
        self.show_keys(range(len(rows)), lambda numbers: [rows[number] for number in numbers])

    def show_same(self, rows: Sequence[R]) -> None:
        """Show what became of the rows of a short list; cursor and selection stay."""
        self._fetch = lambda numbers: [rows[number] for number in numbers]
        self.refresh()

    def row(self, number: int) -> R | None:
        """The row at ``number``, None when it is gone."""
        start = number - number % _WINDOW
        window = self._windows.get(start)
        if window is None:
            window = self._fetch(self._keys[start : start + _WINDOW])
            self._windows[start] = window
            while len(self._windows) > _KEPT:
                self._windows.popitem(last=False)
        offset = number - start
        return window[offset] if offset < len(window) else None

    def key(self, number: int) -> Any:
        """The key of the row at ``number``."""
        return self._keys[number]

    def place_of(self, key: Any) -> int:
        """Where ``key`` stands, -1 when it is not in the list."""
        if self._places is None:
            self._places = {key: number for number, key in enumerate(self._keys)}
        return self._places.get(key, -1)

    def refresh(self) -> None:
        """Read the rows again; the keys stay."""
        self._windows.clear()
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, len(self.columns) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        """All rows, loaded or not."""
        return 0 if parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index = _ROOT) -> int:
        """The columns."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """The titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == _DISPLAY:
            return str(self.columns[section].title)
        if role == _ALIGN:
            return (
                _RIGHT
                if self.columns[section].right
                else int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            )
        return None

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Asked thousands of times a screen: answers the cheap questions first."""
        column = self.columns[index.column()]
        if role == _ALIGN:
            return _RIGHT if column.right else None
        if role not in (_DISPLAY, _TONE, _SIGN, _TIP, ROW):
            return None
        row = self.row(index.row())
        if role == ROW or row is None:
            return row if role == ROW else None
        return self._drawn(column, row, role)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask whoever filled the table for another order."""
        if 0 <= column < len(self.columns) and self.columns[column].sort:
            self.sort_wanted.emit(self.columns[column].sort, order == Qt.SortOrder.DescendingOrder)

    def _drawn(self, column: Column[R], row: R, role: int) -> Any:
        if role == _DISPLAY:
            return column.show(row)
        if role == _SIGN:
            return column.sign(row) if column.sign else None
        if role == _TIP:
            return column.tip(row) if column.tip else column.show(row) or None
        tone = column.tone(row) if column.tone else ""
        return QColor(getattr(style.tokens(), tone)) if tone else None


class TableView(QTableView):
    """A table to read and walk with the keyboard; Enter opens the row."""

    opened = Signal(object)  # the row
    dragged = Signal()  # somebody made a column as wide as he wants it

    def __init__(self, model: PagedTable[Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = model.columns
        self._dragged = False
        self._fitting = False
        self._empty = ""
        self.setAccessibleName(name)
        self.setProperty("main", True)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setIconSize(QSize(round(style.letters() * 1.15), round(style.letters() * 1.15)))
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._size_columns(model)
        self.activated.connect(self._on_activated)
        model.modelReset.connect(self._on_reset)

    def say_when_empty(self, text: str) -> None:
        """What stands in place of rows: why there are none and what to do next."""
        self._empty = text
        self._tell_empty()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The side buttons of a mouse belong to the window: back and forward."""
        if event.button() in {Qt.MouseButton.BackButton, Qt.MouseButton.ForwardButton}:
            event.ignore()
        else:
            super().mousePressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """The head and a few rows: where the window is lower, the page around it scrolls."""
        return super().minimumSizeHint().expandedTo(QSize(0, self.verticalHeader().defaultSectionSize() * _FEWEST))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, or what is said in their place."""
        super().paintEvent(event)
        if self._empty and not self.model().rowCount():
            gap = style.letters() * 2
            painter = QPainter(self.viewport())
            painter.setPen(QColor(style.tokens().muted))
            room = self.viewport().rect().adjusted(gap, gap, -gap, -gap)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap), self._empty)
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Until somebody drags a column, let all of them fit the width."""
        super().resizeEvent(event)
        if not self._dragged:
            self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        """Rows grow with the letters."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange}:
            self.verticalHeader().setDefaultSectionSize(style.letters() * 2 + 4)

    def show_columns(self, numbers: Collection[int]) -> None:
        """Show only these columns."""
        for number in range(len(self._columns)):
            self.setColumnHidden(number, number not in numbers)
        self._dragged = False
        self._fit_columns()

    @property
    def widths(self) -> Sequence[int]:
        """How wide each column is, in tenths of a letter; 0 for a hidden one."""
        return [round(self.columnWidth(number) * 10 / style.letters()) for number in range(len(self._columns))]

    def show_widths(self, widths: Mapping[int, int]) -> None:
        """Give columns, by their place, the widths somebody dragged them to."""
        self._dragged = bool(widths)
        self._fitting = True
        for number, width in widths.items():
            if not self.isColumnHidden(number):
                self.setColumnWidth(number, round(width * style.letters() / 10))
        self._fitting = False

    def show_order(self, sort: str, descending: bool = False) -> None:
        """Mark the column by which the rows stand, without asking for another order."""
        at = next((n for n, column in enumerate(self._columns) if column.sort == sort and sort), -1)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        with QSignalBlocker(self.horizontalHeader()):
            self.horizontalHeader().setSortIndicator(at, order)

    def current_row(self) -> Any:
        """The row under the cursor, None when there is none."""
        index = self.currentIndex()
        return index.data(ROW) if index.isValid() else None

    def marked(self) -> Sequence[int]:
        """The numbers of the rows selected, in their order: by stretches, not row by row as Qt would count them."""
        selection = self.selectionModel().selection()
        stretches = [selection.at(number) for number in range(selection.count())]
        return sorted({row for part in stretches for row in range(part.top(), part.bottom() + 1)})

    def _size_columns(self, model: PagedTable[Any]) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSelectionModel(QItemSelectionModel(model, self))  # or it asks every row whether its column is marked
        header.setStretchLastSection(True)
        self.verticalHeader().setDefaultSectionSize(style.letters() * 2 + 4)
        header.setMinimumSectionSize(style.letters() * 2)
        header.sectionResized.connect(self._on_section_resized)
        self._fit_columns()
        if any(column.sort for column in model.columns):
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)

    def _fit_columns(self) -> None:
        """Every column as wide as it wants; narrower together where that is too wide, but never below two thirds.

        Its title, and what is short (a day, an amount, a state), stay whole.
        """
        shown = [number for number in range(len(self._columns)) if not self.isColumnHidden(number)]
        whole = {number: self._whole(number) for number in shown}
        wanted = {n: max((self._columns[n].width + 1) * style.letters(), whole[n]) for n in shown}
        share = min(1.0, max(0.66, self.viewport().width() / max(1, sum(wanted.values()))))
        self._fitting = True
        for number in shown:
            self.setColumnWidth(number, max(int(wanted[number] * share), whole[number]))
        self._fitting = False

    def _whole(self, number: int) -> int:
        """The width that the title of a column and its short words take, in the first rows."""
        model, unit, metrics = self.model(), style.letters(), self.fontMetrics()
        title = self.horizontalHeader().fontMetrics().horizontalAdvance(str(self._columns[number].title)) + unit
        if self._columns[number].sort:
            title += unit
        words = (str(model.index(row, number).data() or "") for row in range(min(model.rowCount(), _MEASURED)))
        widths = [metrics.horizontalAdvance(said) for said in words]
        sign = unit * 3 // 2 if self._columns[number].sign else 0
        whole = self._columns[number].whole
        return max(title, *(width + unit + sign for width in widths if whole or width <= unit * _SHORT), 0)

    def _on_section_resized(self, number: int, _old: int, _new: int) -> None:
        last = max((n for n in range(len(self._columns)) if not self.isColumnHidden(n)), default=-1)
        if not self._fitting and number != last and self.isVisible():
            self._dragged = True
            self.dragged.emit()

    def _tell_empty(self) -> None:
        if self._empty:
            self.setAccessibleDescription("" if self.model().rowCount() else self._empty)

    def _on_reset(self) -> None:
        self._tell_empty()
        if not self._dragged:
            self._fit_columns()

    def _on_activated(self, index: QModelIndex) -> None:
        row = index.data(ROW)
        if row is not None:
            self.opened.emit(row)


class EmptyState(QWidget):
    """What stands in place of an empty list: why it is empty and what to do next."""

    def __init__(self, text: str, *steps: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = QLabel(text)
        self._label.setObjectName("hint")
        self._label.setWordWrap(True)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._label)
        for step in steps:
            step.setProperty("main", True)
            column.addWidget(step, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def say(self, text: str) -> None:
        """Another reason."""
        self._label.setText(text)
