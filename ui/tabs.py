"""Tabs that cost nothing until somebody looks at them: made when first brought to the front, filled while there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.page import scrolled
from ui.tight import TightTabs

W = TypeVar("W", bound=QWidget)


@runtime_checkable
class Asking(Protocol):
    """A tab that may hold unsaved typing."""

    def may_leave(self) -> bool:
        """Ask what shall happen to it; False when the tab shall stay."""


class Tab(Generic[W]):
    """One tab: made once, filled again after the page said that things have changed."""

    def __init__(
        self, holder: QWidget, make: Callable[[], W], fill: Callable[[W], object], *, scroll: bool = False
    ) -> None:
        self._holder = holder
        self._make = make
        self._fill = fill
        self._scroll = scroll
        self._stale = True
        self.made: W | None = None

    @property
    def widget(self) -> W:
        """What stands in the tab; made and filled now when nobody has looked at it yet."""
        if self.made is None:
            self.made = self._make()
            column = QVBoxLayout(self._holder)
            column.setContentsMargins(0, 0, 0, 0)
            shown = scrolled(self.made) if self._scroll else self.made
            column.addWidget(shown)
            shown.show()  # the layout would show it a turn later, and a field of it could not take the cursor now
        if self._stale:
            self._stale = False
            self._fill(self.made)
        return self.made

    def outdate(self) -> None:
        """What it shows is no longer true: it is filled when it is looked at again."""
        self._stale = True


class Tabs(TightTabs):
    """Tabs by the widgets in them, as far as somebody has looked at them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs: list[Tab[Any]] = []
        self._begun = False
        self.currentChanged.connect(self._on_front)

    def add(
        self,
        title: str,
        make: Callable[[], W],
        fill: Callable[[W], object] = lambda _made: None,
        *,
        scroll: bool = False,
    ) -> Tab[W]:
        """A tab behind the others; ``fill`` shows what is true now, in front and after every :meth:`refresh`.

        ``scroll``: what stands in it scrolls when the window is low.
        """
        holder = QWidget()
        tab = Tab(holder, make, fill, scroll=scroll)
        self._tabs.append(tab)
        self.addTab(holder, title)
        return tab

    def refresh(self, but: object = None) -> None:
        """Things have changed: fill the tab in front now, the others when looked at; ``but`` the widget that knows."""
        self._begun = True
        for tab in self._tabs:
            if but is None or tab.made is not but:
                tab.outdate()
        self._on_front(self.currentIndex())

    def made(self) -> tuple[QWidget, ...]:
        """What stands in the tabs that somebody has looked at."""
        return tuple(tab.made for tab in self._tabs if tab.made is not None)

    def may_leave(self) -> bool:
        """Ask for every tab that holds unsaved typing."""
        return all(made.may_leave() for made in self.made() if isinstance(made, Asking))

    def currentWidget(self) -> QWidget:
        """What stands in the tab in front."""
        front: QWidget = self._tabs[self.currentIndex()].widget
        return front

    def setCurrentWidget(self, widget: QWidget) -> None:
        """Bring the tab to the front in which ``widget`` stands."""
        self.setCurrentIndex([tab.made for tab in self._tabs].index(widget))

    def _on_front(self, number: int) -> None:
        if self._begun and 0 <= number < len(self._tabs):
            _ = self._tabs[number].widget
