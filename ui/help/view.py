"""F1: the manual over the page in front, opened where the question is; the page below keeps what was typed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QTextBrowser, QVBoxLayout

from ui import style
from ui.help import manual
from ui.page import bar, button, label, search_box, shortcut
from villagedesk import resources
from villagedesk.text import language, say, tr

_KEY = Qt.ItemDataRole.UserRole
_WIDEST_PICTURE = 52  # letters
_WIDEST_LIST = 420  # pixels, however large the letters: the page beside it is what is read


class HelpView(QFrame):
    """Contents and search on the left, the page of the manual on the right."""

    closed = Signal()
    print_wanted = Signal(str)  # manual | handout
    keys_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self._language = language()
        self._shown = ""
        self._section = 0
        self._width = 0
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search the manual"))
        self.search.setAccessibleName(tr("Search the manual"))
        search_box(self.search)
        self.pages = QListWidget()
        self.pages.setAccessibleName(tr("Pages of the manual"))
        self.pages.setWordWrap(True)
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("Manual"))
        self.text.setOpenLinks(False)
        self._assemble()
        self._drawing = QTimer(self)  # a page is drawn anew once the window has its width
        self._drawing.setSingleShot(True)
        self._drawing.timeout.connect(self._draw)
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self.pages.setFocus)
        self.pages.currentItemChanged.connect(self._on_chosen)
        shortcut(self, "Esc", self.closed.emit)
        shortcut(self, "Ctrl+F", self.search.setFocus)
        self._list("")  # nothing chosen yet: somebody is about to say which page
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def show_topic(self, key: str) -> None:
        """Open the manual where it speaks of a page of the window."""
        place = manual.place_for(key)
        self._section = place.section
        for number in range(self.pages.count()):
            if self.pages.item(number).data(_KEY) == place.page:
                self.pages.setCurrentRow(number)

    @property
    def topic(self) -> str:
        """The page of the manual in front."""
        return self._shown

    @property
    def section(self) -> int:
        """Which section of it was asked for, 0 for its beginning."""
        return self._section

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the search; a focus proxy would let Tab pass over the buttons above it."""
        super().focusInEvent(event)
        self.search.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pictures fill the column and no more."""
        super().resizeEvent(event)
        if self._shown and self._picture_width() != self._width:
            self._drawing.start(0)

    def _assemble(self) -> None:
        unit = style.letters()
        prints = (
            button(words, "print", partial(self.print_wanted.emit, name))
            for words, name in (
                (say("Print the hand-out (2 pages)"), "handout"),
                (say("Print the whole manual"), "manual"),
            )
        )
        head = QHBoxLayout()
        head.addWidget(button(say("Back to work"), "back", self.closed.emit, kind="primary"))
        head.addLayout(
            bar(label(tr("Manual"), "title"), button(say("Keyboard map"), "key", self.keys_wanted.emit), *prints), 1
        )
        left = QVBoxLayout()
        left.addWidget(self.search)
        left.addWidget(self.pages, 1)
        body = QHBoxLayout()
        for part in (self.search, self.pages):
            part.setFixedWidth(min(unit * 21, _WIDEST_LIST))
        body.addLayout(left)
        body.addWidget(self.text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit, unit, unit, unit)
        column.setSpacing(unit * 3 // 4)
        column.addLayout(head)
        column.addLayout(body, 1)

    def _on_search(self, wanted: str) -> None:
        if self._list(wanted):
            self.pages.setCurrentRow(0)

    def _list(self, wanted: str) -> bool:
        """List the pages that hold what is looked for; whether there is one."""
        hits = manual.find(self._language, wanted)
        self.pages.blockSignals(True)
        self.pages.clear()
        for hit in hits:
            item = QListWidgetItem(f"{hit.title}\n{hit.snippet}" if hit.snippet else hit.title)
            item.setData(_KEY, hit.key)
            self.pages.addItem(item)
        if not hits:
            nothing = QListWidgetItem(tr("Nothing in the manual says this. Try another word."))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.pages.addItem(nothing)
        self.pages.blockSignals(False)
        return bool(hits)

    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        key = item.data(_KEY) if item is not None else ""
        if key:
            if self._shown:  # chosen by hand
                self._section = 0
            self._shown = key
            self._draw()

    def _draw(self) -> None:
        self._width = self._picture_width()
        document = self.text.document()
        document.setDefaultStyleSheet(_sheet())
        folder = resources.path("manual", self._language)
        document.setBaseUrl(QUrl.fromLocalFile(f"{folder}/"))
        self.text.setHtml(manual.as_html(self._language, self._shown, self._width))
        if self._section:
            self.text.scrollToAnchor(manual.anchor(self._section))
        for word in self.search.text().split():
            self.text.find(word, QTextDocument.FindFlag(0))

    def _picture_width(self) -> int:
        return min(style.letters() * _WIDEST_PICTURE, max(200, self.text.viewport().width() - style.letters() * 3))

    def sizeHint(self) -> QSize:
        """As large as the window."""
        return QSize(0, 0)


def _sheet() -> str:
    tokens, unit = style.tokens(), style.letters()
    return (
        f"h1 {{ color: {tokens.accent}; font-size: {round(unit * 1.6)}px; margin-top: {unit // 2}px; }}"
        f"h3 {{ font-size: {round(unit * 1.15)}px; margin-top: {unit}px; }}"
        f"p, li {{ line-height: 155%; margin-bottom: {unit // 2}px; }} small {{ color: {tokens.muted}; }}"
        f"code {{ color: {tokens.accent}; }}"
    )
