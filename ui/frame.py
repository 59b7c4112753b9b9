"""The desk at work: navigation on the left, search above, the page in the middle, back and forward."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.context import Context, HubContext
from ui.finder import Ask, Finder, Found
from ui.navigation import Navigation
from ui.page import Page, button, let_go
from ui.pages import DESK, PageSet
from ui.stack import Stack
from villagedesk.services.users import NOT_YOURS
from villagedesk.text import tr

_STEPS_BACK = 50
_TO_A_FIELD = {"field", "member_id"}  # places within a page that somebody is led to


class DeskFrame(QWidget):
    """Shows one page of an open desk at a time; a page is made when it is first asked for."""

    went = Signal(str)

    def __init__(self, pages: PageSet = DESK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = pages
        self.setAccessibleName(tr("Desk"))
        self._context: Context | HubContext | None = None
        self._made: dict[str, Page] = {}
        self._trail: list[tuple[str, dict[str, Any]]] = []
        self._at = -1
        self.navigation = Navigation(pages)
        self._back = button(None, "back", self.back)
        self._forward = button(None, "forward", self.forward)
        self.finder = Finder()
        self._pages = Stack()
        self._assemble()
        self.navigation.wanted.connect(self._on_wanted)
        self.finder.chosen.connect(self._on_found)

    @property
    def page(self) -> Page | None:
        """The page in front."""
        shown = self._pages.currentWidget()
        return shown if isinstance(shown, Page) else None

    @property
    def key(self) -> str:
        """The key of the page in front."""
        return self._trail[self._at][0] if self._at >= 0 else ""

    @property
    def place(self) -> tuple[str, Mapping[str, Any]]:
        """The page in front and what it shows."""
        return self._trail[self._at] if self._at >= 0 else (self.pages.first, {})

    @property
    def topic(self) -> str:
        """What the manual is asked about: the page in front, and the tab of it."""
        tabs = getattr(self.page, "tabs", None)
        return self.pages.topic or (f"{self.key}/{tabs.currentIndex()}" if tabs is not None else self.key)

    def open(
        self, context: Context | HubContext, finder: Ask, page: str = "", place: Mapping[str, Any] | None = None
    ) -> None:
        """Begin with a desk or hub, at this page or the first one."""
        self._context = context
        self.finder.ask = finder
        self.go(page or self.pages.first, **(place or {}))

    def go(self, page: str, **place: Any) -> bool:
        """Show a page; ``place`` goes to its ``show_place`` (a household, a field)."""
        if self._context is not None and not self.pages.has(page):
            self._context.messages.tell(NOT_YOURS, "warn")
            return False
        if self.page is not None and not self.page.may_leave():
            self.navigation.show_page(self.key)
            return False
        self._trail = [*self._trail[: self._at + 1], (page, place)][-_STEPS_BACK:]
        self._at = len(self._trail) - 1
        self._show()
        return True

    def back(self) -> None:
        """The page before."""
        self._walk(-1)

    def forward(self) -> None:
        """The page after, once gone back."""
        self._walk(1)

    def step(self, by: int) -> None:
        """The next page of the group in front (``by`` 1), or the one before (-1)."""
        kind = self.pages.kind_of(self.key)
        keys = [page.key for page in self.pages.pages_of(kind.group)]
        self.go(keys[(keys.index(kind.under or kind.key) + by) % len(keys)])

    def empty(self, after: Callable[[], object]) -> None:
        """Take the pages away, one a turn of the event loop, then do ``after``: they shall be made anew."""
        nothing = QWidget()
        self._pages.addWidget(nothing)
        self._pages.setCurrentWidget(nothing)
        turn = QTimer(self)
        turn.timeout.connect(partial(self._drop, turn, after))
        turn.start()

    def _drop(self, turn: QTimer, after: Callable[[], object]) -> None:
        if self._made:
            self._made.popitem()[1].deleteLater()
        else:
            turn.stop()
            after()

    def may_close(self) -> bool:
        """Whether nothing unsaved is in front."""
        return self.page is None or self.page.may_leave()

    def _walk(self, step: int) -> None:
        if 0 <= self._at + step < len(self._trail) and (self.page is None or self.page.may_leave()):
            self._at += step
            self._show()

    def _show(self) -> None:
        if self._context is None:
            return
        key, place = self._trail[self._at]
        page = self._made.get(key)
        if page is None:
            page = self._made[key] = self.pages.kind_of(key).make(self._context)
            self._pages.addWidget(page)
        another = page is not self._pages.currentWidget()
        if another:
            let_go(self)
        self._pages.setCurrentWidget(page)
        before = QApplication.focusWidget()
        page.show_place(**place)
        self.navigation.show_page(self.key)
        self._back.setEnabled(self._at > 0)
        self._forward.setEnabled(self._at < len(self._trail) - 1)
        self.went.emit(key)
        here = QApplication.focusWidget()
        led = bool(place) and here is not before  # the page has led to what was asked for
        self._pages.at_head = not (led or place.keys() & _TO_A_FIELD)
        if here is None or not page.isAncestorOf(here) or (another and not led):
            page.take_cursor()

    def _assemble(self) -> None:
        for tool, name in ((self._back, tr("Back")), (self._forward, tr("Forward"))):
            tool.setAccessibleName(name)
            tool.setToolTip(name)
            tool.setEnabled(False)
        top = QFrame()
        top.setObjectName("top")
        line = QHBoxLayout(top)
        line.setContentsMargins(12, 6, 12, 6)
        line.addWidget(self._back)
        line.addWidget(self._forward)
        line.addStretch(1)
        self.finder.setMinimumWidth(style.letters() * 12)
        self.finder.setMaximumWidth(style.letters() * 28)
        line.addWidget(self.finder, 1000)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(top)
        right.addWidget(self._pages, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.navigation)
        whole.addLayout(right, 1)

    def _on_wanted(self, key: str) -> None:
        if key != self.key:
            self.go(key)
        else:
            self.navigation.show_page(key)

    def _on_found(self, found: Found) -> None:
        person = {"member_id": found.member_id} if found.member_id else {}
        self.go(found.page or self.pages.found, household_id=found.household_id, **person)
