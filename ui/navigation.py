"""The navigation: the groups of a team's week one below the other; the group in use shows its pages below its name."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from ui import style
from ui.icons import icon
from ui.pages import DESK, Group, PageKind, PageSet
from villagedesk.text import tr

_PAGE = Qt.ItemDataRole.UserRole
_GROUP = Qt.ItemDataRole.UserRole + 1
_WIDEST = 16  # letters; a longer name takes two lines
_AROUND = 8  # half letters beside a name: margins, the gap behind its sign, a scroll bar
_SHARE = 25  # percent of the window


class Navigation(QListWidget):
    """Asks for a page when a line is clicked or Enter is pressed on it."""

    wanted = Signal(str)

    def __init__(self, pages: PageSet = DESK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._set = pages
        self._last: dict[str, str] = {}
        self.setObjectName("navigation")
        self.setAccessibleName(tr("Pages"))
        unit = style.letters() * 3 // 2
        self.setIconSize(QSize(unit, unit))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        for number, group in enumerate(pages.shown_groups(), 1):
            self._add_group(group, number)
        self.show_page("")
        self.itemClicked.connect(self._on_chosen)
        self.itemActivated.connect(self._on_chosen)

    def showEvent(self, event: QShowEvent) -> None:
        """As wide as the longest line, once the style sheet says how lines are set."""
        wide = self.sizeHintForColumn(0) + style.letters() * 2
        self.setFixedWidth(min(wide, style.letters() * _WIDEST, self.window().width() * _SHARE // 100))
        self._make_room()
        super().showEvent(event)

    def _make_room(self) -> None:
        """A name too long for one line stands in two: Qt reckons without what the style puts around it."""
        room = self.width() - self.iconSize().width() - style.letters() * _AROUND // 2
        letters, words = self.fontMetrics(), int(Qt.TextFlag.TextWordWrap)
        one = min(self.sizeHintForRow(number) for number in range(self.count()))
        for number in range(self.count()):
            item = self.item(number)
            high = letters.boundingRect(QRect(0, 0, room, 10_000), words, item.text()).height()
            item.setSizeHint(QSize(room, one + max(0, high - letters.height())))

    def show_page(self, key: str) -> None:
        """Mark the line of this page and open its group; the others fold."""
        kind = self._set.kind_of(key) if key else None
        group = kind.group if kind else ""
        shown = (kind.under or kind.key) if kind else ""
        if kind:
            self._last[group] = shown
        for number in range(self.count()):
            item = self.item(number)
            here, alone = item.data(_GROUP) == group, len(self._set.pages_of(item.data(_GROUP))) == 1
            if item.data(_PAGE):
                self.setRowHidden(number, not here)
            else:
                _embolden(item, bold=here and not alone)
            if item.data(_PAGE) == shown or (alone and here):
                self.setCurrentRow(number)

    def shown(self) -> tuple[str, ...]:
        """The lines that are to be seen now, as they read."""
        return tuple(self.item(n).text() for n in range(self.count()) if not self.isRowHidden(n))

    def go_group(self, group: str) -> None:
        """Ask for the page of a group that was in front last, or for its first one."""
        self.wanted.emit(self._last.get(group) or self._set.pages_of(group)[0].key)

    def _add_group(self, group: Group, number: int) -> None:
        item = QListWidgetItem(icon(group.sign, selected=style.tokens().on_accent), str(group.title))
        item.setData(_GROUP, group.key)
        item.setToolTip(f"{group.title}  Ctrl+{number}")
        self.addItem(item)
        pages = self._set.pages_of(group.key)
        for page in pages if len(pages) > 1 else ():
            self._add_page(page)

    def _add_page(self, page: PageKind) -> None:
        empty = QPixmap(self.iconSize())
        empty.fill(Qt.GlobalColor.transparent)
        item = QListWidgetItem(QIcon(empty), str(page.title))
        item.setData(_PAGE, page.key)
        item.setData(_GROUP, page.group)
        item.setToolTip(str(page.title))
        self.addItem(item)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        page = item.data(_PAGE)
        if page:
            self.wanted.emit(page)
        else:
            self.go_group(item.data(_GROUP))


def _embolden(item: QListWidgetItem, *, bold: bool) -> None:
    font = item.font()
    font.setBold(bold)
    item.setFont(font)
